using System.Buffers.Text;
using System.Text;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>base64, data URIs and URI components.</summary>
internal static class EncodingFunctions
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static IReadOnlyList<TemplateFunction> All { get; } =
    [
        new("base64", 1, 1, a => a[0].AsText is { } t ? PolicyValue.Of(Encode(t)) : PolicyValue.Undefined),
        new("base64ToString", 1, 1, a => TextOrUndefined(Decode(a[0].AsText))),
        new("base64ToJson", 1, 1, a => Decode(a[0].AsText) is { } t ? PolicyJson.TryParse(t) ?? PolicyValue.Undefined : PolicyValue.Undefined),
        new("dataUri", 1, 1, a => a[0].AsText is { } t ? PolicyValue.Of("data:text/plain;charset=utf8;base64," + Encode(t)) : PolicyValue.Undefined),
        new("dataUriToString", 1, 1, a => TextOrUndefined(FromDataUri(a[0].AsText))),
        new("uri", 2, 2, a => a[0].AsText is { } b && a[1].AsText is { } r ? PolicyValue.Of(Combine(b, r)) : PolicyValue.Undefined),
        new("uriComponent", 1, 1, a => a[0].AsText is { } t ? PolicyValue.Of(Uri.EscapeDataString(t)) : PolicyValue.Undefined),
        new("uriComponentToString", 1, 1, a => TextOrUndefined(Unescape(a[0].AsText))),
    ];

    private static PolicyValue TextOrUndefined(string? text) => text is null ? PolicyValue.Undefined : PolicyValue.Of(text);

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string? Decode(string? base64)
    {
        if (base64 is null || !Base64.IsValid(base64.AsSpan().Trim()))
        {
            return null;
        }

        return FromUtf8(Convert.FromBase64String(base64.Trim()));
    }

    private static string? FromUtf8(byte[] bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string? FromDataUri(string? uri)
    {
        var comma = uri?.LastIndexOf(',') ?? -1;
        return uri is null || comma < 0 || !uri.StartsWith("data:", StringComparison.Ordinal) ? null : Decode(uri[(comma + 1)..]);
    }

    /// <summary>An absolute second part stands alone; else it takes the place of what follows the base's last slash.</summary>
    private static string Combine(string start, string relative)
    {
        if (relative.StartsWith("http://", StringComparison.Ordinal) || relative.StartsWith("https://", StringComparison.Ordinal))
        {
            return relative;
        }

        var rest = relative.TrimStart('/');
        var scheme = start.IndexOf("://", StringComparison.Ordinal);
        var path = start.IndexOf('/', scheme < 0 ? 0 : scheme + 3);
        return path < 0 ? $"{start}/{rest}" : start[..(start.LastIndexOf('/') + 1)] + rest;
    }

    private static string? Unescape(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var bytes = new List<byte>(text.Length);
        var source = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] != '%')
            {
                bytes.Add(source[i]);
                continue;
            }

            if (i + 2 >= source.Length || !char.IsAsciiHexDigit((char)source[i + 1]) || !char.IsAsciiHexDigit((char)source[i + 2]))
            {
                return null;
            }

            bytes.Add(Convert.FromHexString([(char)source[i + 1], (char)source[i + 2]])[0]);
            i += 2;
        }

        return FromUtf8([.. bytes]);
    }
}
