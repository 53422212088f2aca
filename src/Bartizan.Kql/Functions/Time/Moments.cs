using System.Globalization;
using Bartizan.Kql.Functions.Operators;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Time;

/// <summary>The present, moments made from parts, and steps and distances in calendar units.</summary>
internal static class Moments
{
    private const string Units = "year/quarter/month/week/day/hour/minute/second/millisecond/microsecond/nanosecond";
    private const long Epoch = 621355968000000000;

    public static IEnumerable<KqlFunction> All() =>
    [
        new("now", "(offset:timespan?) -> datetime", "The time at which the query started, moved by the offset; the same wherever it stands in the query.")
        {
            DuckDb = c => Clock(c, "+", 1),
        },
        new("ago", "(timespan:timespan) -> datetime", "The time at which the query started, less the timespan.")
        {
            DuckDb = c => Clock(c, "-", -1),
        },
        new("datetime_add", $"(part:string!!={Units}, value:integer, datetime:datetime) -> datetime", "The datetime moved by so many of the unit; null when that leaves the calendar.")
        {
            Managed = a => Add(a[0].AsText.ToLowerInvariant(), a[1].AsLong, a[2].AsLong),
        },
        new("datetime_diff", $"(part:string!!={Units}, datetime1:datetime, datetime2:datetime) -> long", "How many edges of the unit lie between the second datetime and the first; negative when the first is earlier.")
        {
            Managed = a => Difference(a[0].AsText.ToLowerInvariant(), a[1], a[2]),
        },
        new("make_datetime", "(value:any) -> datetime; (year:number, month:number, day:number, hour:number?, minute:number?, second:number?) -> datetime", "The datetime with these parts; null when there is none.")
        {
            Naming = new NameRule(NameRuleKind.OnlyArgument),
            Managed = a => a.Length == 1 ? Conversion.ToDateTime(a[0]) : Make(a),
        },
        new("make_timespan", "(value:any) -> timespan; (hours:integer, minutes:integer, seconds:number?) -> timespan; (days:integer, hours:integer, minutes:integer, seconds:number) -> timespan", "The timespan with these parts; null when one is out of its range.")
        {
            Naming = new NameRule(NameRuleKind.OnlyArgument),
            Managed = a => a.Length == 1 ? Conversion.ToTimeSpan(a[0]) : MakeSpan(a),
        },
        Unix("unixtime_seconds_todatetime", "seconds", TimeSpan.TicksPerSecond, 1),
        Unix("unixtime_milliseconds_todatetime", "milliseconds", TimeSpan.TicksPerMillisecond, 1),
        Unix("unixtime_microseconds_todatetime", "microseconds", TimeSpan.TicksPerMicrosecond, 1),
        Unix("unixtime_nanoseconds_todatetime", "nanoseconds", 1, 100),
    ];

    private static KqlValue Add(string unit, long count, long ticks)
    {
        if (UnitTicks(unit) is { } size)
        {
            return Moment(ticks + ((Int128)size * count));
        }

        if (unit == "nanosecond")
        {
            return Moment(ticks + ((Int128)count / 100));
        }

        return MonthsOf(unit) is { } months && Math.Abs((decimal)count) < 200_000 ? KqlValue.DateTime(Calendar.AddMonths(ticks, count * months)) : KqlValue.Null(KqlType.DateTime);
    }

    private static KqlValue Difference(string unit, KqlValue left, KqlValue right)
    {
        var (a, b) = (Math.Clamp(left.AsLong, 0, KqlTime.MaxTicks), Math.Clamp(right.AsLong, 0, KqlTime.MaxTicks));
        switch (unit)
        {
            case "nanosecond":
                return KqlValue.Long((long)Int128.Clamp(((Int128)a - b) * 100, long.MinValue, long.MaxValue));
            case "week":
                // Tick 0 is a Monday, and a week begins on Sunday.
                return KqlValue.Long(((a + TimeSpan.TicksPerDay) / (7 * TimeSpan.TicksPerDay)) - ((b + TimeSpan.TicksPerDay) / (7 * TimeSpan.TicksPerDay)));
            default:
                if (UnitTicks(unit) is { } size)
                {
                    return KqlValue.Long((a / size) - (b / size));
                }

                return MonthsOf(unit) is { } months ? KqlValue.Long((Months(a) / months) - (Months(b) / months)) : KqlValue.Null(KqlType.Long);
        }
    }

    private static long Months(long ticks)
    {
        var date = new DateTime(ticks);
        return (date.Year * 12L) + date.Month - 1;
    }

    private static long? UnitTicks(string unit) => unit switch
    {
        "week" => 7 * TimeSpan.TicksPerDay,
        "day" => TimeSpan.TicksPerDay,
        "hour" => TimeSpan.TicksPerHour,
        "minute" => TimeSpan.TicksPerMinute,
        "second" => TimeSpan.TicksPerSecond,
        "millisecond" => TimeSpan.TicksPerMillisecond,
        "microsecond" => TimeSpan.TicksPerMicrosecond,
        _ => null,
    };

    private static int? MonthsOf(string unit) => unit switch
    {
        "year" => 12,
        "quarter" => 3,
        "month" => 1,
        _ => null,
    };

    private static KqlValue Moment(Int128 ticks) => ticks >= 0 && ticks <= KqlTime.MaxTicks ? KqlValue.DateTime((long)ticks) : KqlValue.Null(KqlType.DateTime);

    private static KqlValue Make(ReadOnlySpan<KqlValue> a)
    {
        Span<long> parts = [1, 1, 1, 0, 0];
        for (var i = 0; i < Math.Min(a.Length, 5); i++)
        {
            parts[i] = a[i].AsLong;
        }

        var seconds = a.Length > 5 ? a[5].AsReal : 0;
        return parts[0] is >= 1 and <= 9999 && parts[1] is >= 1 and <= 12 && parts[2] >= 1 && parts[2] <= DateTime.DaysInMonth((int)parts[0], (int)parts[1])
            && parts[3] is >= 0 and < 24 && parts[4] is >= 0 and < 60 && seconds is >= 0 and < 60
            ? KqlValue.DateTime(new DateTime((int)parts[0], (int)parts[1], (int)parts[2], (int)parts[3], (int)parts[4], 0).Ticks + SecondTicks(seconds))
            : KqlValue.Null(KqlType.DateTime);
    }

    private static KqlValue MakeSpan(ReadOnlySpan<KqlValue> a)
    {
        var days = a.Length == 4 ? a[0].AsLong : 0;
        var rest = a.Length == 4 ? a[1..] : a;
        var (hours, minutes, seconds) = (rest[0].AsLong, rest[1].AsLong, rest.Length > 2 ? rest[2].AsReal : 0);
        return Math.Abs((decimal)days) < 10_675_199 && hours is >= 0 and < 24 && minutes is >= 0 and < 60 && seconds is >= 0 and < 60
            ? KqlValue.TimeSpan((days * TimeSpan.TicksPerDay) + (hours * TimeSpan.TicksPerHour) + (minutes * TimeSpan.TicksPerMinute) + SecondTicks(seconds))
            : KqlValue.Null(KqlType.TimeSpan);
    }

    private static long SecondTicks(double seconds) => (long)Math.Round((decimal)seconds * TimeSpan.TicksPerSecond);

    private static KqlFunction Unix(string name, string unit, long ticks, long divisor) => new(name, "(number:number) -> datetime", $"The moment so many {unit} after the start of 1970.")
    {
        Managed = a => a[0].Type switch
        {
            KqlType.Real => double.IsFinite(a[0].AsReal) && Math.Abs(a[0].AsReal) < 1e25 ? Moment(Epoch + (Int128)((decimal)a[0].AsReal * ticks / divisor)) : KqlValue.Null(KqlType.DateTime),
            KqlType.Decimal => KqlDecimal.Multiply(a[0].AsDecimal, KqlDecimal.FromLong(ticks)) is { } product && KqlDecimal.Divide(product, KqlDecimal.FromLong(divisor))?.ToBigInteger() is { } whole && System.Numerics.BigInteger.Abs(whole) < long.MaxValue
                ? Moment(Epoch + (Int128)whole) : KqlValue.Null(KqlType.DateTime),
            _ => Moment(Epoch + ((Int128)a[0].AsLong * ticks / divisor)),
        },
    };

    /// <summary>A constant where the offset is one, so that the engine can compare with it while it scans.</summary>
    private static string Clock(SqlCall c, string sign, int factor)
    {
        var now = c.Context.NowTicks;
        if (c.Count == 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{now}::BIGINT");
        }

        if (c.Arguments[0] is { IsConstant: true } offset)
        {
            var moment = offset.Constant is long ticks ? Arithmetic.Typed((long)Int128.Clamp(now + ((Int128)ticks * factor), -1, long.MaxValue), KqlType.DateTime) : KqlValue.Null(KqlType.DateTime);
            return moment.IsNull ? "NULL::BIGINT" : string.Create(CultureInfo.InvariantCulture, $"{moment.AsLong}::BIGINT");
        }

        var (least, most) = factor > 0 ? (-now, KqlTime.MaxTicks - now) : (now - KqlTime.MaxTicks, now);
        return string.Create(CultureInfo.InvariantCulture, $"(CASE WHEN {c[0]} BETWEEN {least} AND {most} THEN {now} {sign} {c[0]} END)");
    }
}
