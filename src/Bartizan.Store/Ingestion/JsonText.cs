using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Bartizan.Store.Ingestion;

/// <summary>Values out of UTF-8 text, as event sources write them.</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> space = SearchValues.Create(" \t\r\n"u8);

    /// <summary>ISO 8601 down to 100 ns, further digits cut; else what the invariant culture reads. Without a zone it is UTC.</summary>
    public static bool TryReadTime(ReadOnlySpan<byte> text, out long ticks)
    {
        if (TryReadIso(text, out ticks))
        {
            return true;
        }

        Span<char> chars = stackalloc char[64];
        if (text.Length is 0 or > 64 || !Encoding.UTF8.TryGetChars(text, chars, out var length)
            || !DateTimeOffset.TryParse(
                chars[..length], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return false;
        }

        ticks = time.UtcTicks;
        return true;
    }

    /// <summary>Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by size: the years 2001 to 2286 have ten digits in seconds.</summary>
    public static bool TryReadEpoch(double number, out long ticks)
    {
        var scale = Math.Abs(number) switch
        {
            < 1e11 => TimeSpan.TicksPerSecond,
            < 1e14 => TimeSpan.TicksPerMillisecond,
            < 1e17 => TimeSpan.TicksPerMicrosecond,
            _ => 0.01,
        };
        var value = DateTime.UnixEpoch.Ticks + (number * scale);
        ticks = value is >= 0 and <= 3155378975999999999d ? (long)value : 0;
        return ticks != 0;
    }

    /// <summary>Kusto's and .NET's form: <c>[-][d.]hh:mm:ss[.fffffff]</c>.</summary>
    public static bool TryReadSpan(ReadOnlySpan<byte> text, out long ticks)
    {
        Span<char> chars = stackalloc char[32];
        ticks = 0;
        if (text.Length > 32 || !Encoding.UTF8.TryGetChars(text, chars, out var length)
            || !TimeSpan.TryParse(chars[..length], CultureInfo.InvariantCulture, out var span))
        {
            return false;
        }

        ticks = span.Ticks;
        return true;
    }

    public static bool TryReadLong(ReadOnlySpan<byte> text, out long value)
    {
        text = Trim(text);
        if (text.Length > 2 && text[0] == '0' && (text[1] | 0x20) == 'x')
        {
            return Utf8Parser.TryParse(text[2..], out value, out var hex, 'x') && hex == text.Length - 2;
        }

        if (Utf8Parser.TryParse(text, out value, out var used) && used == text.Length)
        {
            return true;
        }

        // 4624.0 and 1e3 are whole numbers too.
        if (TryReadReal(text, out var real) && Math.Abs(real) < 9e18 && Math.Floor(real) == real)
        {
            value = (long)real;
            return true;
        }

        return false;
    }

    public static bool TryReadReal(ReadOnlySpan<byte> text, out double value)
    {
        text = Trim(text);
        return Utf8Parser.TryParse(text, out value, out var used) && used == text.Length && used > 0;
    }

    public static bool TryReadBool(ReadOnlySpan<byte> text, out bool value)
    {
        text = Trim(text);
        value = Is(text, "true"u8) || Is(text, "yes"u8) || Is(text, "1"u8);
        return value || Is(text, "false"u8) || Is(text, "no"u8) || Is(text, "0"u8);
    }

    public static bool TryReadGuid(ReadOnlySpan<byte> text, out Guid value)
    {
        text = Trim(text);
        if (text.Length == 38 && text[0] == '{' && text[^1] == '}')
        {
            text = text[1..^1];
        }

        return Utf8Parser.TryParse(text, out value, out var used, text.Length == 32 ? 'N' : 'D') && used == text.Length;
    }

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        var start = text.IndexOfAnyExcept(space);
        return start < 0 ? [] : text[start..(text.LastIndexOfAnyExcept(space) + 1)];
    }

    /// <summary>Copies JSON without the white space between its tokens.</summary>
    public static ReadOnlySpan<byte> Compact(ReadOnlySpan<byte> json, ref byte[] buffer)
    {
        if (buffer.Length < json.Length)
        {
            buffer = new byte[Math.Max(json.Length, 4096)];
        }

        var length = 0;
        for (var i = 0; i < json.Length; i++)
        {
            var c = json[i];
            if (c == '"')
            {
                var end = EndOfText(json, i);
                json[i..end].CopyTo(buffer.AsSpan(length));
                length += end - i;
                i = end - 1;
            }
            else if (c > ' ')
            {
                buffer[length++] = c;
            }
        }

        return buffer.AsSpan(0, length);
    }

    /// <summary>The index behind the closing quote of the text that starts at <paramref name="start"/>, or the end of the input.</summary>
    public static int EndOfText(ReadOnlySpan<byte> json, int start)
    {
        var i = start + 1;
        while (i < json.Length)
        {
            var step = json[i..].IndexOfAny((byte)'"', (byte)'\\');
            if (step < 0)
            {
                return json.Length;
            }

            i += step;
            if (json[i] == '"')
            {
                return i + 1;
            }

            i += 2;
        }

        return json.Length;
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(text, word);

    private static bool TryReadIso(ReadOnlySpan<byte> t, out long ticks)
    {
        ticks = 0;
        if (t.Length < 19 || t[4] != '-' || t[7] != '-' || (t[10] is not ((byte)'T' or (byte)'t' or (byte)' ')) || t[13] != ':' || t[16] != ':'
            || !Digits(t[..4], out var year) || !Digits(t.Slice(5, 2), out var month) || !Digits(t.Slice(8, 2), out var day)
            || !Digits(t.Slice(11, 2), out var hour) || !Digits(t.Slice(14, 2), out var minute) || !Digits(t.Slice(17, 2), out var second)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks;
        var rest = t[19..];
        if (rest.Length > 0 && rest[0] is (byte)'.' or (byte)',')
        {
            long unit = TimeSpan.TicksPerSecond;
            var i = 1;
            for (; i < rest.Length && char.IsAsciiDigit((char)rest[i]); i++)
            {
                unit /= 10;
                ticks += (rest[i] - '0') * unit;
            }

            rest = rest[i..];
        }

        return rest.Length == 0 || (rest.Length == 1 && (rest[0] | 0x20) == 'z') || TryReadZone(rest, ref ticks);
    }

    private static bool TryReadZone(ReadOnlySpan<byte> zone, ref long ticks)
    {
        if (zone.Length is not (3 or 5 or 6) || zone[0] is not ((byte)'+' or (byte)'-')
            || !Digits(zone.Slice(1, 2), out var hours) || (zone.Length == 6 && zone[3] != ':'))
        {
            return false;
        }

        var minutes = 0;
        if (zone.Length > 3 && !Digits(zone[^2..], out minutes))
        {
            return false;
        }

        var offset = ((hours * 60) + minutes) * TimeSpan.TicksPerMinute;
        ticks -= zone[0] == '-' ? -offset : offset;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit((char)c))
            {
                return false;
            }

            value = (value * 10) + (c - '0');
        }

        return true;
    }
}
