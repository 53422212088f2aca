using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Codecs;

/// <summary>Base64, URL encoding, compression, code points. What cannot be decoded gives '' or null.</summary>
internal static class Encodings
{
    private const string OneText = "(string:text) -> string";

    // A small text can unpack to gigabytes; beyond this the answer is ''.
    private const int MaxUnpacked = 64 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static IEnumerable<KqlFunction> All() =>
    [
        On("base64_encode_tostring", "The text's UTF-8 bytes in base64.", t => Convert.ToBase64String(Encoding.UTF8.GetBytes(t)), "base64_encodestring"),
        On("base64_decode_tostring", "The text whose UTF-8 bytes stand in base64; '' when they are no text.", t => FromBase64(t) is { } bytes ? Utf8(bytes) : "", "base64_decodestring"),
        new("base64_decode_toarray", "(base64_string:text) -> dynamic", "The bytes that stand in base64, as an array of numbers; null when it cannot be decoded.")
        {
            Managed = a => FromBase64(Conversion.ToText(a[0])) is { } bytes ? Json.ArrayOf(bytes.Select(b => b.ToString(CultureInfo.InvariantCulture))) : KqlValue.Null(KqlType.Dynamic),
        },
        new("base64_encode_fromarray", "(array:array) -> string", "The bytes of an array of numbers, in base64; '' when one is no byte.")
        {
            Managed = a => KqlValue.Text(Bytes(a[0]) is { } bytes ? Convert.ToBase64String(bytes) : ""),
        },
        new("base64_decode_toguid", "(base64_string:text) -> guid", "The guid whose bytes stand in base64.")
        {
            Managed = a => FromBase64(Conversion.ToText(a[0])) is { Length: 16 } bytes ? KqlValue.Guid(new Guid(bytes)) : KqlValue.Null(KqlType.Guid),
        },
        new("base64_encode_fromguid", "(guid:guid) -> string", "The bytes of a guid in base64.")
        {
            Managed = a => KqlValue.Text(Convert.ToBase64String(a[0].AsGuid.ToByteArray())),
        },
        On("url_encode", "The text as it may stand in a URL, + for a blank.", t => UrlEncode(t, "+")),
        On("url_encode_component", "The text as it may stand in a URL, %20 for a blank.", t => UrlEncode(t, "%20")),
        On("url_decode", "The text that stands URL-encoded.", t => UrlDecode(t)),
        On("gzip_compress_to_base64_string", "The text compressed with gzip, in base64.", t => Packed(t, GzipPacked)),
        On("gzip_decompress_from_base64_string", "The text that stands compressed with gzip, in base64; '' when it cannot be decoded.", t => Unpacked(t, s => new GZipStream(s, CompressionMode.Decompress))),
        On("zlib_compress_to_base64_string", "The text compressed with zlib, in base64.", t => Packed(t, ZlibPacked)),
        On("zlib_decompress_from_base64_string", "The text that stands compressed with zlib, in base64; '' when it cannot be decoded.", t => Unpacked(t, s => new ZLibStream(s, CompressionMode.Decompress))),
        new("unicode_codepoints_from_string", "(value:any) -> dynamic", "The code points of the text, as an array of numbers.")
        {
            Aliases = ["to_utf8"],
            Managed = a => Json.ArrayOf(Conversion.ToText(a[0]).EnumerateRunes().Select(r => r.Value.ToString(CultureInfo.InvariantCulture))),
        },
        new("unicode_codepoints_to_string", "(value:integer|dynamic*) -> string", "The text of code points, given one by one or in arrays.")
        {
            Aliases = ["make_string"],
            Managed = a => KqlValue.Text(FromCodePoints(a)),
        },
        On("punycode_from_string", "The text in Punycode.", t => Punycode.Encode(t) ?? ""),
        On("punycode_to_string", "The text that stands in Punycode.", t => Punycode.Decode(t) ?? ""),
        On("punycode_domain_to_string", "The domain name with Punycode (xn--) in place of labels that are not ASCII.", t => Punycode.EncodeDomain(t) ?? ""),
        On("punycode_domain_from_string", "The domain name with its Punycode labels (xn--) decoded.", t => Punycode.DecodeDomain(t) ?? ""),
    ];

    private static KqlFunction On(string name, string doc, Func<string, string> change, params string[] aliases) => new(name, OneText, doc)
    {
        Aliases = aliases,
        Managed = a => KqlValue.Text(change(Conversion.ToText(a[0]))),
    };

    internal static byte[]? FromBase64(string text)
    {
        var bytes = new byte[(text.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }

    private static string Utf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (ArgumentException)
        {
            return "";
        }
    }

    private static byte[]? Bytes(KqlValue value)
    {
        if (Json.Array(value) is not { } items)
        {
            return null;
        }

        var bytes = new byte[items.Count];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (items[i].ValueKind != JsonValueKind.Number || !items[i].TryGetByte(out bytes[i]))
            {
                return null;
            }
        }

        return bytes;
    }

    private static string UrlEncode(string text, string blank)
    {
        var builder = new StringBuilder(text.Length * 2);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || "-_.!*()".Contains((char)b, StringComparison.Ordinal))
            {
                builder.Append((char)b);
            }
            else if (b == ' ')
            {
                builder.Append(blank);
            }
            else
            {
                builder.Append('%').Append(b.ToString("x2", CultureInfo.InvariantCulture));
            }
        }

        return builder.ToString();
    }

    /// <summary>What follows a % and is no byte in hexadecimal stands as it is.</summary>
    private static string UrlDecode(string text)
    {
        if (text.AsSpan().IndexOfAny('%', '+') < 0)
        {
            return text;
        }

        var source = Encoding.UTF8.GetBytes(text);
        var result = new List<byte>(source.Length);
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '%' && i + 2 < source.Length && char.IsAsciiHexDigit((char)source[i + 1]) && char.IsAsciiHexDigit((char)source[i + 2]))
            {
                result.Add((byte)((Hex(source[i + 1]) << 4) | Hex(source[i + 2])));
                i += 2;
            }
            else
            {
                result.Add(source[i] == '+' ? (byte)' ' : source[i]);
            }
        }

        return Encoding.UTF8.GetString([.. result]);
    }

    private static int Hex(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static string FromCodePoints(ReadOnlySpan<KqlValue> values)
    {
        var builder = new StringBuilder();
        foreach (var value in values)
        {
            foreach (var number in value.Type != KqlType.Dynamic ? [value] : Json.Array(value)?.ConvertAll(i => Json.ToNumber(Json.ToDynamic(i))) ?? [Json.ToNumber(value)])
            {
                if (!number.IsNull && number.AsLong is >= 0 and <= 0x10FFFF and var point && Rune.IsValid((int)point))
                {
                    builder.Append(new Rune((int)point).ToString());
                }
            }
        }

        return builder.ToString();
    }

    private static string Packed(string text, Func<byte[], byte[]> pack) => Convert.ToBase64String(pack(Encoding.UTF8.GetBytes(text)));

    private static byte[] GzipPacked(byte[] bytes)
    {
        byte[] header = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];
        var tail = new byte[8];
        BitConverter.TryWriteBytes(tail, Crc32(bytes));
        BitConverter.TryWriteBytes(tail.AsSpan(4), bytes.Length);
        return [.. header, .. Deflated(bytes), .. tail];
    }

    private static byte[] ZlibPacked(byte[] bytes)
    {
        var (a, b) = (1u, 0u);
        foreach (var one in bytes)
        {
            a = (a + one) % 65521;
            b = (b + a) % 65521;
        }

        return [0x78, 0x01, .. Deflated(bytes), (byte)(b >> 8), (byte)b, (byte)(a >> 8), (byte)a];
    }

    /// <summary>Bytes that compression would not make fewer are stored as they are.</summary>
    private static byte[] Deflated(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        return bytes.Length > ushort.MaxValue || (bytes.Length > 0 && packed.Length < bytes.Length)
            ? packed.ToArray()
            : [1, (byte)bytes.Length, (byte)(bytes.Length >> 8), (byte)~bytes.Length, (byte)(~bytes.Length >> 8), .. bytes];
    }

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB88320);
            }
        }

        return ~crc;
    }

    private static string Unpacked(string text, Func<Stream, Stream> open)
    {
        if (FromBase64(text) is not { } bytes)
        {
            return "";
        }

        try
        {
            using var stream = open(new MemoryStream(bytes));
            using var result = new MemoryStream();
            var buffer = new byte[64 * 1024];
            int read;
            while ((read = stream.Read(buffer)) > 0)
            {
                result.Write(buffer, 0, read);
                if (result.Length > MaxUnpacked)
                {
                    return "";
                }
            }

            return Utf8(result.GetBuffer().AsSpan(0, (int)result.Length));
        }
        catch (InvalidDataException)
        {
            return "";
        }
    }
}
