using System.Buffers.Text;
using System.IO.Compression;
using System.Text;

namespace Bartizan.Portal.Parts;

/// <summary>
/// The address of a query in Logs. The text is deflated and written in base64url, so that a long query stays a usable link.
/// </summary>
internal static class LogsLink
{
    private const int Longest = 256 * 1024;

    public static string To(string kql, string? span = null) =>
        $"logs?q={Pack(kql)}{(span is null ? "" : $"&span={Uri.EscapeDataString(span)}")}";

    public static string Pack(string text)
    {
        using var buffer = new MemoryStream();
        using (var deflate = new DeflateStream(buffer, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflate.Write(Encoding.UTF8.GetBytes(text));
        }

        return Base64Url.EncodeToString(buffer.ToArray());
    }

    /// <summary>The text of a link, or null if it is none of ours or too long to be one.</summary>
    public static string? Unpack(string? packed)
    {
        if (string.IsNullOrEmpty(packed))
        {
            return null;
        }

        try
        {
            using var inflate = new DeflateStream(new MemoryStream(Base64Url.DecodeFromChars(packed)), CompressionMode.Decompress);
            var bytes = new byte[Longest + 1];
            var length = inflate.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > Longest ? null : Encoding.UTF8.GetString(bytes, 0, length);
        }
        catch (Exception failure) when (failure is FormatException or InvalidDataException)
        {
            return null;
        }
    }
}
