using System.Buffers;

namespace Bartizan.Connectors.Syslog;

/// <summary>
/// Cuts a TCP stream into messages: by length where a frame begins with one (RFC 6587, octet counting), else by line feed. Line feeds
/// inside a counted message become blanks, so that a message is always one line.
/// </summary>
internal static class SyslogFrames
{
    /// <summary>A longer message is cut here; RFC 5424 asks receivers for 2,048 bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Takes the next message off the front, or returns false when more bytes are needed.</summary>
    /// <param name="isLast">No more will come: what is left is a message.</param>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, bool isLast, ArrayBufferWriter<byte> lines)
    {
        var reader = new SequenceReader<byte>(buffer);
        reader.AdvancePastAny((byte)'\n', (byte)'\r', (byte)0);
        buffer = buffer.Slice(reader.Position);
        if (buffer.IsEmpty)
        {
            return false;
        }

        if (Counted(buffer) is { } counted)
        {
            if (buffer.Length < counted.Start + counted.Length)
            {
                if (!isLast)
                {
                    return false;
                }

                Write(buffer.Slice(counted.Start), lines);
                buffer = buffer.Slice(buffer.End);
                return true;
            }

            Write(buffer.Slice(counted.Start, counted.Length), lines);
            buffer = buffer.Slice(counted.Start + counted.Length);
            return true;
        }

        var end = buffer.PositionOf((byte)'\n');
        if (end is null && !isLast && buffer.Length < MaxBytes)
        {
            return false;
        }

        Write(end is { } at ? buffer.Slice(0, at) : buffer, lines);
        buffer = end is { } feed ? buffer.Slice(buffer.GetPosition(1, feed)) : buffer.Slice(buffer.End);
        return true;
    }

    /// <summary>Appends a message as one line.</summary>
    public static void Write(ReadOnlySequence<byte> message, ArrayBufferWriter<byte> lines)
    {
        var length = (int)Math.Min(message.Length, MaxBytes);
        var span = lines.GetSpan(length + 1);
        message.Slice(0, length).CopyTo(span);
        span[..length].Replace((byte)'\n', (byte)' ');
        span[..length].Replace((byte)'\r', (byte)' ');
        span[length] = (byte)'\n';
        lines.Advance(length + 1);
    }

    /// <summary><c>123 &lt;34&gt;1 …</c>: the length, a blank, then a message that begins with its priority.</summary>
    private static (int Start, int Length)? Counted(ReadOnlySequence<byte> buffer)
    {
        Span<byte> head = stackalloc byte[9];
        var length = (int)Math.Min(buffer.Length, head.Length);
        buffer.Slice(0, length).CopyTo(head);
        var digits = 0;
        var count = 0;
        while (digits < length && digits < 7 && head[digits] is >= (byte)'0' and <= (byte)'9')
        {
            count = count * 10 + head[digits] - '0';
            digits++;
        }

        return digits > 0 && digits + 1 < length && head[digits] == ' ' && head[digits + 1] == '<' && count is > 0 and <= MaxBytes ? (digits + 1, count) : null;
    }
}
