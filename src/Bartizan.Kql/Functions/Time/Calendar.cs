using System.Globalization;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Time;

/// <summary>Days, weeks, months and years: where they start and end, and the parts of a date.</summary>
internal static class Calendar
{
    private const string Date = "(date:datetime) -> int";
    private const long Day = TimeSpan.TicksPerDay;
    private const long Week = 7 * Day;

    public static IEnumerable<KqlFunction> All() =>
    [
        Start("startofday", "Midnight of the day, moved by so many days.", DayStart, 0, named: true),
        Start("startofweek", "Midnight at the start of the week (Sunday), moved by so many weeks.", WeekStart, 0),
        Start("startofmonth", "Midnight at the start of the month, moved by so many months.", MonthStart, 0),
        Start("startofyear", "Midnight at the start of the year, moved by so many years.", YearStart, 0),
        Start("endofday", "The last tick of the day, moved by so many days.", DayStart, 1),
        Start("endofweek", "The last tick of the week (Saturday), moved by so many weeks.", WeekStart, 1),
        Start("endofmonth", "The last tick of the month, moved by so many months.", MonthStart, 1),
        Start("endofyear", "The last tick of the year, moved by so many years.", YearStart, 1),
        new("dayofweek", "(date:datetime) -> timespan", "The days since Sunday, as a timespan.")
        {
            DuckDb = c => $"((({c[0]} // 864000000000) + 1) % 7 * 864000000000)",
            Managed = a => KqlValue.TimeSpan((int)At(a[0]).DayOfWeek * Day),
        },
        Part("dayofmonth", "The day of the month, from 1.", t => t.Day),
        Part("dayofyear", "The day of the year, from 1.", t => t.DayOfYear),
        Part("hourofday", "The hour of the day, from 0.", t => t.Hour, "(({0}) // 36000000000 % 24)::INTEGER"),
        Part("monthofyear", "The month of the year, from 1.", t => t.Month, null, "getmonth"),
        Part("getyear", "The year of the date.", t => t.Year),
        Part("week_of_year", "The number of the week after ISO 8601: the first week has the year's first Thursday.", t => ISOWeek.GetWeekOfYear(t), null, "weekofyear"),
        new("datetime_part", "(part:string!!=year/quarter/month/week_of_year/day/dayofyear/hour/minute/second/millisecond/microsecond/nanosecond, date:datetime) -> int", "The part of a datetime that the word names.")
        {
            Aliases = ["datepart"],
            Managed = a => PartOf(a[0].AsText, a[1]),
        },
    ];

    internal static DateTime At(KqlValue value) => new(Math.Clamp(value.AsLong, 0, KqlTime.MaxTicks));

    internal static long? AddMonths(long ticks, long months)
    {
        if (ticks is < 0 or > KqlTime.MaxTicks || Math.Abs(months) > 120_000)
        {
            return null;
        }

        var from = new DateTime(ticks);
        var month = (from.Year * 12L) + from.Month - 1 + months;
        var (year, ofYear) = ((int)(month / 12), (int)(month % 12) + 1);
        return month < 12 || year > 9999 ? null
            : new DateTime(year, ofYear, Math.Min(from.Day, DateTime.DaysInMonth(year, ofYear))).Ticks + (ticks % Day);
    }

    /// <summary>Ends are starts of the next, one tick less. The end of the last year is the last tick there is.</summary>
    private static KqlFunction Start(string name, string doc, Func<long, long, long?> start, int ahead, bool named = false) => new(name, "(date:datetime, offset:integer?) -> datetime", doc)
    {
        Naming = named ? NameRule.FirstArgument : NameRule.None,
        DuckDb = name == "startofday" ? c => c.Count == 1 ? $"({c[0]} - {c[0]} % 864000000000)" : null : null,
        Managed = a =>
        {
            var ticks = start(Math.Clamp(a[0].AsLong, 0, KqlTime.MaxTicks), (a.Length > 1 ? Math.Clamp(a[1].AsLong, -10_000_000, 10_000_000) : 0) + ahead) - ahead;
            return ticks is >= 0 and <= KqlTime.MaxTicks ? KqlValue.DateTime(ticks) : KqlValue.Null(KqlType.DateTime);
        },
    };

    private static KqlFunction Part(string name, string doc, Func<DateTime, int> part, string? sql = null, params string[] aliases) => new(name, Date, doc)
    {
        Aliases = aliases,
        DuckDb = sql is null ? null : c => string.Format(CultureInfo.InvariantCulture, sql, c[0]),
        Managed = a => KqlValue.Int(part(At(a[0]))),
    };

    private static long? DayStart(long ticks, long offset) => ticks - (ticks % Day) + (offset * Day);

    /// <summary>Tick 0 is a Monday.</summary>
    private static long? WeekStart(long ticks, long offset)
    {
        var day = ticks / Day;
        return ((day - ((day + 1) % 7)) * Day) + (offset * Week);
    }

    private static long? MonthStart(long ticks, long offset)
    {
        var date = new DateTime(ticks);
        return Edge((date.Year * 12L) + date.Month - 1 + offset);
    }

    private static long? YearStart(long ticks, long offset) => Edge((new DateTime(ticks).Year + offset) * 12);

    /// <summary>The start of a month counted from year 0; the month after the last has one too, for the end of year 9999.</summary>
    private static long? Edge(long month) =>
        month == 120_000 ? KqlTime.MaxTicks + 1 : month is >= 12 and < 120_000 ? new DateTime((int)(month / 12), (int)(month % 12) + 1, 1).Ticks : null;

    private static KqlValue PartOf(string part, KqlValue date)
    {
        var t = At(date);
        var fraction = t.Ticks % TimeSpan.TicksPerSecond;
        return part.ToLowerInvariant() switch
        {
            "year" => KqlValue.Int(t.Year),
            "quarter" => KqlValue.Int(((t.Month - 1) / 3) + 1),
            "month" => KqlValue.Int(t.Month),
            "week_of_year" or "weekofyear" => KqlValue.Int(ISOWeek.GetWeekOfYear(t)),
            "day" => KqlValue.Int(t.Day),
            "dayofyear" => KqlValue.Int(t.DayOfYear),
            "hour" => KqlValue.Int(t.Hour),
            "minute" => KqlValue.Int(t.Minute),
            "second" => KqlValue.Int(t.Second),
            "millisecond" => KqlValue.Int(t.Millisecond),
            "microsecond" => KqlValue.Int((int)(fraction / TimeSpan.TicksPerMicrosecond)),
            "nanosecond" => KqlValue.Int((int)(fraction * 100)),
            _ => KqlValue.Null(KqlType.Int),
        };
    }
}
