using System.Globalization;

namespace Bartizan.Kql.Functions;

/// <summary>Moments and durations as ticks: what Kusto reads and prints.</summary>
public static class KqlTime
{
    /// <summary>The last tick of year 9999.</summary>
    public const long MaxTicks = 3155378975999999999;

    private const DateTimeStyles Styles = DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal | DateTimeStyles.NoCurrentDateDefault | DateTimeStyles.AllowWhiteSpaces;

    private static readonly string[] ShortForms = ["yyyy-MM", "yyyy", "yyyyMMdd", "yyyyMMddHHmmss", "yyyy-MM-dd HH", "yyyy-MM-ddTHH"];

    /// <summary>ISO forms and what else is unmistakably a date; a time alone is none.</summary>
    public static long? ParseDateTime(string text)
    {
        text = text.Trim();
        if (text.Length is 0 or > 64)
        {
            return null;
        }

        if (ParseIso(text) is { } iso)
        {
            return iso;
        }

        if (DateTime.TryParseExact(text, ShortForms, CultureInfo.InvariantCulture, Styles, out var exact))
        {
            return exact.Ticks;
        }

        // The lenient reader takes a bare time or number for something; only texts with a date part pass.
        return text.Any(char.IsAsciiDigit) && text.AsSpan().IndexOfAny("-/, ") >= 0
            && DateTime.TryParse(text, CultureInfo.InvariantCulture, Styles, out var parsed) && (parsed.Year > 1 || text.Contains("0001", StringComparison.Ordinal))
            ? parsed.Ticks
            : null;
    }

    /// <summary><c>[-][d.]hh:mm[:ss[.fffffff]]</c>, and a number with a unit (<c>2h</c>, <c>1.5d</c>).</summary>
    public static long? ParseTimeSpan(string text)
    {
        var span = text.AsSpan().Trim();
        if (span.Length is 0 or > 40)
        {
            return null;
        }

        var unitAt = span.Length;
        while (unitAt > 0 && char.IsAsciiLetter(span[unitAt - 1]))
        {
            unitAt--;
        }

        if (unitAt < span.Length)
        {
            return Unit(span[unitAt..]) is { } unit && decimal.TryParse(span[..unitAt], NumberStyles.Float, CultureInfo.InvariantCulture, out var count)
                && Math.Abs(count) < long.MaxValue / (decimal)unit ? (long)(count * unit) : null;
        }

        return span.Contains(':') || span.Contains('.')
            ? TimeSpan.TryParse(span, CultureInfo.InvariantCulture, out var value) ? value.Ticks : null
            : long.TryParse(span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var days) && Math.Abs(days) < 10_000_000 ? days * TimeSpan.TicksPerDay : null;
    }

    /// <summary>As <c>tostring</c> prints a datetime: <c>2017-10-30T01:02:03.7654321Z</c>.</summary>
    public static string FormatDateTime(long ticks) =>
        ticks is >= 0 and <= MaxTicks ? new DateTime(ticks).ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture) : "";

    /// <summary>As <c>tostring</c> prints a timespan: <c>1.02:03:04.5000000</c>.</summary>
    public static string FormatTimeSpan(long ticks) => new TimeSpan(ticks).ToString("c", CultureInfo.InvariantCulture);

    /// <summary>Ticks of a unit word; null when it is none.</summary>
    public static long? Unit(ReadOnlySpan<char> unit) => unit switch
    {
        "d" or "day" or "days" => TimeSpan.TicksPerDay,
        "h" or "hr" or "hrs" or "hour" or "hours" => TimeSpan.TicksPerHour,
        "m" or "min" or "mins" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
        "s" or "sec" or "secs" or "second" or "seconds" => TimeSpan.TicksPerSecond,
        "ms" or "milli" or "millis" or "millisec" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
        "micro" or "micros" or "microsec" or "microsecond" or "microseconds" => TimeSpan.TicksPerMicrosecond,
        "tick" or "ticks" => 1,
        _ => null,
    };

    /// <summary>The common form by hand: it is the hot one, and more than seven digits of a second are cut, not refused.</summary>
    private static long? ParseIso(string text)
    {
        if (text.Length < 10 || text[4] != '-' || text[7] != '-' || !Digits(text, 0, 4, out var year) || !Digits(text, 5, 2, out var month) || !Digits(text, 8, 2, out var day)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return null;
        }

        var ticks = new DateTime(year, month, day).Ticks;
        if (text.Length == 10)
        {
            return ticks;
        }

        if (text[10] is not ('T' or 't' or ' ') || text.Length < 16 || text[13] != ':' || !Digits(text, 11, 2, out var hour) || !Digits(text, 14, 2, out var minute) || hour > 23 || minute > 59)
        {
            return null;
        }

        ticks += (hour * TimeSpan.TicksPerHour) + (minute * TimeSpan.TicksPerMinute);
        var at = 16;
        if (at < text.Length && text[at] == ':')
        {
            if (!Digits(text, 17, 2, out var second) || second > 59)
            {
                return null;
            }

            ticks += second * TimeSpan.TicksPerSecond;
            at = 19;
            if (at < text.Length && text[at] is '.' or ',')
            {
                var unit = TimeSpan.TicksPerSecond;
                for (at++; at < text.Length && char.IsAsciiDigit(text[at]); at++)
                {
                    unit /= 10;
                    ticks += (text[at] - '0') * unit;
                }
            }
        }

        return Zone(text.AsSpan(at).Trim()) is { } offset && ticks - offset is >= 0 and <= MaxTicks ? ticks - offset : null;
    }

    private static long? Zone(ReadOnlySpan<char> zone)
    {
        if (zone is "" or "Z" or "z" or "UTC" or "GMT")
        {
            return 0;
        }

        if (zone[0] is not ('+' or '-'))
        {
            return null;
        }

        var digits = zone[1..].ToString().Replace(":", "", StringComparison.Ordinal);
        if (digits.Length is not (2 or 4) || !Digits(digits, 0, 2, out var hours) || hours > 14)
        {
            return null;
        }

        var minutes = 0;
        if (digits.Length == 4 && (!Digits(digits, 2, 2, out minutes) || minutes > 59))
        {
            return null;
        }

        return (zone[0] == '-' ? -1 : 1) * ((hours * TimeSpan.TicksPerHour) + (minutes * TimeSpan.TicksPerMinute));
    }

    private static bool Digits(string text, int start, int count, out int value)
    {
        value = 0;
        if (start + count > text.Length)
        {
            return false;
        }

        for (var i = start; i < start + count; i++)
        {
            if (!char.IsAsciiDigit(text[i]))
            {
                return false;
            }

            value = (value * 10) + (text[i] - '0');
        }

        return true;
    }
}
