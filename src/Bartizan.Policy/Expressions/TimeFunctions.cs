using System.Globalization;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>Points in time: addDays, dateTimeAdd, dateTimeFromEpoch, dateTimeToEpoch.</summary>
internal static class TimeFunctions
{
    /// <summary>More days than the calendar has.</summary>
    private const long MaxDays = 10_000_000;

    public static IReadOnlyList<TemplateFunction> All { get; } =
    [
        new("addDays", 2, 2, AddDays),
        new("dateTimeAdd", 2, 3, DateTimeAdd),
        new("dateTimeFromEpoch", 1, 1, a => a[0] is NumberValue { IsInteger: true } n && n.Integer is >= -62135596800 and <= 253402300799
            ? PolicyValue.Of(DateTimeOffset.FromUnixTimeSeconds(n.Integer).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))
            : PolicyValue.Undefined),
        new("dateTimeToEpoch", 1, 1, a => WrittenTime.Parse(a[0].AsText) is { } t ? PolicyValue.Of(t.ToUnixTimeSeconds()) : PolicyValue.Undefined),
    ];

    private static PolicyValue AddDays(PolicyValue[] a)
    {
        if (WrittenTime.Parse(a[0].AsText) is not { } start || a[1] is not NumberValue { IsInteger: true } days)
        {
            return PolicyValue.Undefined;
        }

        return Shift(start, Math.Clamp(days.Integer, -MaxDays, MaxDays) * (decimal)TimeSpan.TicksPerDay, "addDays") is var (time, fault) && fault is null
            ? PolicyValue.Of(WrittenTime.Write(time))
            : fault!;
    }

    private static PolicyValue DateTimeAdd(PolicyValue[] a)
    {
        if (WrittenTime.Parse(a[0].AsText) is not { } start || Ticks(a[1].AsText) is not { } ticks)
        {
            return PolicyValue.Undefined;
        }

        var (time, fault) = Shift(start, ticks, "dateTimeAdd");
        if (fault is not null)
        {
            return fault;
        }

        if (a.Length < 3 || a[2].AsText is not { } format)
        {
            return PolicyValue.Of(WrittenTime.Write(time));
        }

        try
        {
            // 'K' asks for the kind of a time, and one in UTC says so; 'U' is always of UTC.
            return PolicyValue.Of(time.Offset == TimeSpan.Zero || format == "U"
                ? time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture)
                : time.ToString(format, CultureInfo.InvariantCulture));
        }
        catch (FormatException)
        {
            return new FailureValue($"dateTimeAdd() does not know the format '{format}'.");
        }
    }

    private static (DateTimeOffset Time, FailureValue? Fault) Shift(DateTimeOffset start, decimal ticks, string function)
    {
        try
        {
            return (start.AddTicks((long)ticks), null);
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            return (start, new FailureValue($"{function}() leaves the years 1 to 9999."));
        }
    }

    /// <summary>An ISO 8601 duration; a year counts 365 days and a month 30.</summary>
    private static decimal? Ticks(string? duration)
    {
        if (duration is null)
        {
            return null;
        }

        var text = duration.AsSpan();
        var sign = 1;
        if (text.StartsWith("-"))
        {
            sign = -1;
            text = text[1..];
        }

        if (!text.StartsWith("P"))
        {
            return null;
        }

        var seconds = 0m;
        var inTime = false;
        var number = "";
        foreach (var c in text[1..])
        {
            if (c == 'T' && !inTime && number.Length == 0)
            {
                inTime = true;
                continue;
            }

            if (char.IsAsciiDigit(c) || c == '.')
            {
                number += c;
                continue;
            }

            var unit = (inTime, c) switch
            {
                (false, 'Y') => 365 * 86400m,
                (false, 'M') => 30 * 86400m,
                (false, 'W') => 7 * 86400m,
                (false, 'D') => 86400m,
                (true, 'H') => 3600m,
                (true, 'M') => 60m,
                (true, 'S') => 1m,
                _ => 0m,
            };

            if (unit == 0 || number.Length > 12 || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n))
            {
                return null;
            }

            // Past the calendar is past it, however far.
            seconds = Math.Min(seconds + (n * unit), MaxDays * 86400m);
            number = "";
        }

        return number.Length == 0 ? sign * seconds * TimeSpan.TicksPerSecond : null;
    }
}
