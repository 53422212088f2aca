using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Bartizan.Agent.Buffer;

/// <summary>
/// A batch as it lies on disk: length (4 bytes), the first 8 bytes of the SHA-256 of what follows, then number, count and four parts, each
/// with its length. A frame that was cut off or altered does not match its hash.
/// </summary>
internal static class BatchFrame
{
    public const int HeaderLength = 12;
    public const int MaxLength = 16 * 1024 * 1024;

    public static byte[] Write(NumberedBatch numbered)
    {
        var batch = numbered.Batch;
        byte[] table = Encoding.UTF8.GetBytes(batch.Table), source = Encoding.UTF8.GetBytes(batch.Source), position = Encoding.UTF8.GetBytes(batch.Position);
        var length = 8 + 4 + (4 * 4) + table.Length + source.Length + position.Length + batch.Lines.Length;
        var frame = new byte[HeaderLength + length];
        var body = frame.AsSpan(HeaderLength);
        BinaryPrimitives.WriteInt64LittleEndian(body, numbered.Number);
        BinaryPrimitives.WriteInt32LittleEndian(body[8..], batch.Count);
        var rest = body[12..];
        Put(ref rest, table);
        Put(ref rest, source);
        Put(ref rest, position);
        Put(ref rest, batch.Lines.Span);
        BinaryPrimitives.WriteInt32LittleEndian(frame, length);
        Hash(body, frame.AsSpan(4, 8));
        return frame;
    }

    /// <summary>Reads the frame that begins here; false at the end, and where it is torn.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out NumberedBatch? batch, out int length)
    {
        batch = null;
        length = 0;
        if (bytes.Length < HeaderLength)
        {
            return false;
        }

        var size = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span);
        if (size is < 28 or > MaxLength || bytes.Length < HeaderLength + size)
        {
            return false;
        }

        var body = bytes.Slice(HeaderLength, size);
        Span<byte> hash = stackalloc byte[8];
        Hash(body.Span, hash);
        if (!hash.SequenceEqual(bytes.Span.Slice(4, 8)))
        {
            return false;
        }

        var rest = body[12..];
        if (!TryTake(ref rest, out var table) || !TryTake(ref rest, out var source) || !TryTake(ref rest, out var position) || !TryTake(ref rest, out var lines))
        {
            return false;
        }

        batch = new NumberedBatch(
            BinaryPrimitives.ReadInt64LittleEndian(body.Span),
            new RowBatch(Text(table), BinaryPrimitives.ReadInt32LittleEndian(body.Span[8..]), lines, Text(source), Text(position)));
        length = HeaderLength + size;
        return true;
    }

    private static void Hash(ReadOnlySpan<byte> body, Span<byte> hash)
    {
        Span<byte> full = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, full);
        full[..8].CopyTo(hash);
    }

    private static void Put(ref Span<byte> rest, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, part.Length);
        part.CopyTo(rest[4..]);
        rest = rest[(4 + part.Length)..];
    }

    private static bool TryTake(ref ReadOnlyMemory<byte> rest, out ReadOnlyMemory<byte> part)
    {
        part = default;
        if (rest.Length < 4)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(rest.Span);
        if (length < 0 || length > rest.Length - 4)
        {
            return false;
        }

        part = rest.Slice(4, length);
        rest = rest[(4 + length)..];
        return true;
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
