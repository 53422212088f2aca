using System.Globalization;
using System.Text;

namespace Bartizan.Kql.Functions.Time;

/// <summary>format_datetime, format_timespan: runs of letters stand for parts, the delimiters for themselves.</summary>
internal static class Formats
{
    private const string Delimiters = " /-:,._[]";

    public static IEnumerable<KqlFunction> All() =>
    [
        new("format_datetime", "(date:datetime, format:string!!) -> string", "The datetime printed by a pattern (yyyy, MM, dd, HH, mm, ss, fff, tt …); '' for a pattern with other letters.")
        {
            Naming = NameRule.FirstArgument,
            Managed = a =>
            {
                var moment = Calendar.At(a[0]);
                return KqlValue.Text(Format(a[1].AsText, run => DatePart(run, moment)));
            },
        },
        new("format_timespan", "(timespan:timespan, format:string!!) -> string", "The timespan printed by a pattern (d, HH, mm, ss, fffffff …); '' for a pattern with other letters.")
        {
            Naming = NameRule.FirstArgument,
            Managed = a => KqlValue.Text(FormatSpan(a[0].AsLong, a[1].AsText)),
        },
    ];

    private static string Format(string format, Func<string, string?> part)
    {
        var result = new StringBuilder();
        for (var i = 0; i < format.Length;)
        {
            var c = format[i];
            if (Delimiters.Contains(c, StringComparison.Ordinal))
            {
                result.Append(c);
                i++;
                continue;
            }

            var end = i;
            while (end < format.Length && format[end] == c)
            {
                end++;
            }

            if (part(format[i..end]) is not { } text)
            {
                return "";
            }

            result.Append(text);
            i = end;
        }

        return result.ToString();
    }

    private static string FormatSpan(long ticks, string format)
    {
        var negative = ticks < 0;
        var whole = negative ? (ulong)(-(Int128)ticks) : (ulong)ticks;
        var text = Format(format, run => SpanPart(run, whole));
        return negative && text.Length > 0 ? "-" + text : text;
    }

    private static string? DatePart(string run, DateTime t) => run switch
    {
        "d" or "dd" => Digits(t.Day, run.Length),
        "h" or "hh" => Digits(((t.Hour + 11) % 12) + 1, run.Length),
        "H" or "HH" => Digits(t.Hour, run.Length),
        "m" or "mm" => Digits(t.Minute, run.Length),
        "M" or "MM" => Digits(t.Month, run.Length),
        "s" or "ss" => Digits(t.Second, run.Length),
        "y" or "yy" => Digits(t.Year % 100, run.Length),
        "yyyy" => Digits(t.Year, 4),
        "tt" => t.Hour < 12 ? "AM" : "PM",
        _ => Fraction(run, t.Ticks % TimeSpan.TicksPerSecond),
    };

    private static string? SpanPart(string run, ulong ticks) => run switch
    {
        "h" or "hh" or "H" or "HH" => Digits((long)(ticks / TimeSpan.TicksPerHour % 24), run.Length),
        "m" or "mm" => Digits((long)(ticks / TimeSpan.TicksPerMinute % 60), run.Length),
        "s" or "ss" => Digits((long)(ticks / TimeSpan.TicksPerSecond % 60), run.Length),
        ['d', ..] when run.Length <= 8 => Digits((long)(ticks / TimeSpan.TicksPerDay), run.Length),
        _ => Fraction(run, (long)(ticks % TimeSpan.TicksPerSecond)),
    };

    /// <summary>f: so many digits; F: without zeros at the end.</summary>
    private static string? Fraction(string run, long ticks)
    {
        if (run[0] is not ('f' or 'F') || run.Length > 7)
        {
            return null;
        }

        var digits = ticks.ToString("D7", CultureInfo.InvariantCulture)[..run.Length];
        return run[0] == 'F' ? digits.TrimEnd('0') : digits;
    }

    private static string Digits(long value, int length) => value.ToString(CultureInfo.InvariantCulture).PadLeft(length, '0');
}
