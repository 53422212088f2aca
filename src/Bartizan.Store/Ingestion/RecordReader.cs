using System.Text;

namespace Bartizan.Store.Ingestion;

/// <summary>
/// Cuts a stream into records without holding more than one of them: JSON objects a line each (or over several lines), the elements
/// of an array, the elements of the array in <c>{"Records": […]}</c> or <c>{"value": […]}</c>, lines of text, or the elements <c>Event</c> of
/// an XML export, over as many lines as each takes.
/// </summary>
internal sealed class RecordReader(Stream stream, RecordForm form, int maxRecord)
{
    private const int Block = 256 * 1024;

    /// <summary>Of an overlong record this much is shown in the dead letters.</summary>
    private const int Shown = 1024;

    /// <summary>Enough to recognise the beginning of a wrapper.</summary>
    private const int PrefixNeeded = 64;

    private byte[] buffer = new byte[Block];
    private int start;
    private int end;
    private bool atEnd;
    private bool isFirst = true;
    private bool isText = form == RecordForm.Text;
    private bool isXml;
    private bool inArray;
    private bool isWrapped;
    private int nextStart;

    public long BytesRead { get; private set; }

    /// <summary>The record's line, from 1; inside an array the element's number.</summary>
    public long Line { get; private set; }

    /// <summary>Set when the current record is not whole: the reason, the record then being its beginning.</summary>
    public string? Fault { get; private set; }

    public ReadOnlyMemory<byte> Record { get; private set; }

    /// <summary>Moves to the next record; false at the end.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        Fault = null;
        if (isFirst)
        {
            isFirst = false;
            await StartAsync(cancellationToken).ConfigureAwait(false);
        }

        return isXml ? await ReadEventAsync(cancellationToken).ConfigureAwait(false) : inArray ? await ReadElementAsync(cancellationToken).ConfigureAwait(false) : await ReadLineAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// When the current line turned out not to be JSON: tries to read it as the first line of an object that spans several. False
    /// leaves everything as it was.
    /// </summary>
    public async ValueTask<bool> TryExtendAsync(CancellationToken cancellationToken)
    {
        if (inArray || isText || Fault is not null || Record.Span is not [(byte)'{', ..])
        {
            return false;
        }

        var first = Record.Length;
        var scan = new BalanceScan();
        var length = 0;
        while (true)
        {
            length = scan.Scan(buffer.AsSpan(start, end - start), length);
            if (scan.IsComplete)
            {
                if (length <= first)
                {
                    return false;
                }

                Record = buffer.AsMemory(start, length);
                Line += Count(buffer.AsSpan(start, length), (byte)'\n');
                nextStart = start + length;
                return true;
            }

            if (atEnd || end - start > maxRecord || !await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                Record = buffer.AsMemory(start, first);
                return false;
            }
        }
    }

    private static int Count(ReadOnlySpan<byte> text, byte value)
    {
        var count = 0;
        foreach (var b in text)
        {
            count += b == value ? 1 : 0;
        }

        return count;
    }

    private async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        await FillAsync(cancellationToken).ConfigureAwait(false);
        if (buffer.AsSpan(start, end - start).StartsWith(Encoding.UTF8.Preamble))
        {
            start += Encoding.UTF8.Preamble.Length;
        }
        else if (end - start >= 2 && buffer[start] == 0xFF && buffer[start + 1] == 0xFE)
        {
            // PowerShell writes UTF-16 unless told otherwise.
            stream = Encoding.CreateTranscodingStream(new PrefixedStream(buffer[(start + 2)..end], stream), Encoding.Unicode, Encoding.UTF8);
            start = end = 0;
            atEnd = false;
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }

        nextStart = start;
        if (!isText)
        {
            SkipSpace();

            // What unpacks an archive may give its first bytes alone.
            while (end - start < PrefixNeeded && await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                SkipSpace();
            }

            isXml = form == RecordForm.Either && BeginsXml(buffer.AsSpan(start, end - start));
            isText = form == RecordForm.Either && start < end && buffer[start] is not ((byte)'{' or (byte)'[');
            Detect();
        }
    }

    /// <summary>Whether an array of records begins here, bare or in a wrapper.</summary>
    private void Detect()
    {
        if (start < end && buffer[start] == '[')
        {
            Enter(start + 1);
        }
        else if (start < end && WrappedArray(buffer.AsSpan(start, end - start)) is > 0 and var offset)
        {
            Enter(start + offset);
            isWrapped = true;
        }

        nextStart = start;
    }

    private void Enter(int at)
    {
        start = at;
        inArray = true;
        Line = 0;
    }

    /// <summary>Where the elements begin in <c>{"Records":[</c>; -1 when the text starts otherwise.</summary>
    private static int WrappedArray(ReadOnlySpan<byte> text)
    {
        if (text is not [(byte)'{', ..])
        {
            return -1;
        }

        var i = 1 + Space(text[1..]);
        if (i >= text.Length || text[i] != '"')
        {
            return -1;
        }

        var close = JsonText.EndOfText(text, i);
        var name = text[(i + 1)..Math.Max(i + 1, close - 1)];
        if (!name.SequenceEqual("Records"u8) && !name.SequenceEqual("records"u8) && !name.SequenceEqual("value"u8))
        {
            return -1;
        }

        i = close + Space(text[close..]);
        if (i >= text.Length || text[i] != ':')
        {
            return -1;
        }

        i++;
        i += Space(text[i..]);
        return i < text.Length && text[i] == '[' ? i + 1 : -1;
    }

    private static int Space(ReadOnlySpan<byte> text)
    {
        var i = text.IndexOfAnyExcept(" \t\r\n"u8);
        return i < 0 ? text.Length : i;
    }

    private void SkipSpace() => start += Space(buffer.AsSpan(start, end - start));

    private async ValueTask<bool> ReadLineAsync(CancellationToken cancellationToken)
    {
        start = nextStart;
        var searched = 0;
        while (true)
        {
            var newline = buffer.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n');
            if (newline >= 0 || atEnd)
            {
                var length = newline >= 0 ? searched + newline : end - start;
                if (newline < 0 && length == 0)
                {
                    return false;
                }

                Line++;
                nextStart = Math.Min(end, start + length + 1);
                var line = isText ? buffer.AsSpan(start, length).TrimEnd((byte)'\r') : JsonText.Trim(buffer.AsSpan(start, length));
                if (JsonText.Trim(line).IsEmpty)
                {
                    start = nextStart;
                    searched = 0;
                    continue;
                }

                if (!isText)
                {
                    start += Space(buffer.AsSpan(start, length));
                }

                Record = buffer.AsMemory(start, line.Length);
                return Bounded(line.Length);
            }

            searched = end - start;
            if (searched > maxRecord)
            {
                await SkipLineAsync(cancellationToken).ConfigureAwait(false);
                return true;
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private bool Bounded(int length)
    {
        if (length > maxRecord)
        {
            Fault = TooLong(length);
            Record = Record[..Shown];
        }

        return true;
    }

    private string TooLong(long length) => $"is longer than {maxRecord:N0} bytes ({length:N0})";

    /// <summary>Passes over the rest of an overlong line, keeping only its beginning.</summary>
    private async ValueTask SkipLineAsync(CancellationToken cancellationToken)
    {
        var shown = buffer.AsSpan(start, Shown).ToArray();
        long length = end - start;
        Line++;
        while (true)
        {
            start = end = 0;
            if (!await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                break;
            }

            var newline = buffer.AsSpan(0, end).IndexOf((byte)'\n');
            length += newline < 0 ? end : newline;
            if (newline >= 0)
            {
                start = newline + 1;
                break;
            }
        }

        nextStart = start;
        Fault = TooLong(length);
        Record = shown;
    }

    /// <summary>A line of syslog begins with a bracket too, but with a number in it.</summary>
    private static bool BeginsXml(ReadOnlySpan<byte> text) => text.StartsWith("<?xml"u8) || text.StartsWith("<!--"u8) || text.StartsWith("<Event"u8);

    /// <summary>The next element <c>Event</c>; what stands between two of them is passed over.</summary>
    private async ValueTask<bool> ReadEventAsync(CancellationToken cancellationToken)
    {
        start = nextStart;
        int open;
        while ((open = OpeningTag(buffer.AsSpan(start, end - start))) < 0)
        {
            // A tag may be cut by the end of the block.
            start = Math.Max(start, end - "<Event".Length);
            if (!await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        start += open;
        Line++;
        var searched = 0;
        while (true)
        {
            var close = buffer.AsSpan(start + searched, end - start - searched).IndexOf("</Event>"u8);
            if (close >= 0)
            {
                var length = searched + close + "</Event>".Length;
                Record = buffer.AsMemory(start, length);
                nextStart = start + length;
                return Bounded(length);
            }

            searched = Math.Max(0, end - start - "</Event>".Length);
            var isLong = end - start > maxRecord;
            if (isLong || !await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                Fault = isLong ? TooLong(end - start) : "ends in the middle: the file is cut off";
                Record = buffer.AsMemory(start, Math.Min(Shown, end - start));
                nextStart = end;
                return true;
            }
        }
    }

    /// <summary>Where an element <c>Event</c> begins; <c>Events</c> and <c>EventData</c> are none.</summary>
    private static int OpeningTag(ReadOnlySpan<byte> text)
    {
        for (var from = 0; text[from..].IndexOf("<Event"u8) is >= 0 and var at;)
        {
            var next = from + at + "<Event".Length;
            if (next < text.Length && text[next] is (byte)'>' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                return from + at;
            }

            from = next;
        }

        return -1;
    }

    private async ValueTask<bool> ReadElementAsync(CancellationToken cancellationToken)
    {
        start = nextStart;
        while (true)
        {
            while (start < end && buffer[start] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',')
            {
                start++;
            }

            if (start < end || !await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                break;
            }
        }

        if (start >= end)
        {
            return false;
        }

        if (buffer[start] == ']')
        {
            start++;
            return await LeaveAsync(cancellationToken).ConfigureAwait(false) && await ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        Line++;
        var scan = new BalanceScan();
        var length = 0;
        while (true)
        {
            length = scan.Scan(buffer.AsSpan(start, end - start), length);
            if (scan.IsComplete)
            {
                Record = buffer.AsMemory(start, length);
                nextStart = start + length;
                return Bounded(length);
            }

            if (end - start > maxRecord + Block)
            {
                return await SkipElementAsync(scan, length, cancellationToken).ConfigureAwait(false);
            }

            if (!await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                Fault = "ends in the middle: the file is cut off";
                Record = buffer.AsMemory(start, Math.Min(Shown, end - start));
                nextStart = end;
                return true;
            }
        }
    }

    /// <summary>Behind an array: passes over a wrapper's other properties, and looks at what follows as if it were a new stream.</summary>
    private async ValueTask<bool> LeaveAsync(CancellationToken cancellationToken)
    {
        inArray = false;
        while (isWrapped)
        {
            var used = new BalanceScan().Scan(buffer.AsSpan(start, end - start), 0);
            if (start + used >= end)
            {
                start = end;
                if (!await FillAsync(cancellationToken).ConfigureAwait(false))
                {
                    return false;
                }

                continue;
            }

            isWrapped = buffer[start + used] != '}';
            start += used + 1;
        }

        while (true)
        {
            SkipSpace();
            if (end - start >= PrefixNeeded || !await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                break;
            }
        }

        Detect();
        return start < end;
    }

    private async ValueTask<bool> SkipElementAsync(BalanceScan scan, int scanned, CancellationToken cancellationToken)
    {
        var shown = buffer.AsSpan(start, Shown).ToArray();
        long length = scanned;
        while (true)
        {
            start = end = 0;
            if (!await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                nextStart = end;
                break;
            }

            var used = scan.Scan(buffer.AsSpan(0, end), 0);
            length += used;
            if (scan.IsComplete)
            {
                nextStart = used;
                break;
            }
        }

        Fault = TooLong(length);
        Record = shown;
        return true;
    }

    /// <summary>Reads more behind what is there; false at the end of the stream.</summary>
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (atEnd)
        {
            return false;
        }

        if (start > 0 && end == buffer.Length)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }

        if (end == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }

        var read = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken).ConfigureAwait(false);
        BytesRead += read;
        end += read;
        atEnd = read == 0;
        return !atEnd;
    }

    /// <summary>Finds the end of one JSON value by its brackets, over as many blocks as it takes.</summary>
    private struct BalanceScan
    {
        private int depth;
        private bool inText;
        private bool escaped;

        public bool IsComplete { get; private set; }

        /// <summary>Scans from an offset; returns how much of the text was scanned, which is the value's length when complete.</summary>
        public int Scan(ReadOnlySpan<byte> text, int from)
        {
            for (var i = from; i < text.Length; i++)
            {
                var c = text[i];
                if (inText)
                {
                    if (escaped)
                    {
                        escaped = false;
                    }
                    else if (c == '\\')
                    {
                        escaped = true;
                    }
                    else if (c == '"')
                    {
                        inText = false;
                    }

                    continue;
                }

                switch (c)
                {
                    case (byte)'"':
                        inText = true;
                        break;
                    case (byte)'{' or (byte)'[':
                        depth++;
                        break;
                    case (byte)'}' or (byte)']' when depth == 0:
                    case (byte)',' when depth == 0:
                        IsComplete = true;
                        return i;
                    case (byte)'}' or (byte)']':
                        if (--depth == 0)
                        {
                            IsComplete = true;
                            return i + 1;
                        }

                        break;
                }
            }

            return text.Length;
        }
    }
}
