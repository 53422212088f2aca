using System.Globalization;
using System.Xml;

namespace Bartizan.Content.Documents;

/// <summary>Durations as rules write them: <c>5m</c>, <c>1h</c>, <c>14d</c>, <c>1w</c>, ISO 8601 <c>PT5H</c>, or <c>05:00:00</c>.</summary>
public static class Durations
{
    public static bool TryParse(string text, out TimeSpan value)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Trim();
        value = default;
        if (text.Length < 2)
        {
            return false;
        }

        if (text[0] is 'P' or 'p')
        {
            return TryIso(text.ToUpperInvariant(), out value);
        }

        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value) && value >= TimeSpan.Zero;
        }

        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        if (digits == 0 || !long.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > 100_000_000)
        {
            return false;
        }

        TimeSpan? unit = text[digits..].TrimStart().ToLowerInvariant() switch
        {
            "s" or "sec" or "second" or "seconds" => TimeSpan.FromSeconds(1),
            "m" or "min" or "minute" or "minutes" => TimeSpan.FromMinutes(1),
            "h" or "hr" or "hour" or "hours" => TimeSpan.FromHours(1),
            "d" or "day" or "days" => TimeSpan.FromDays(1),
            "w" or "week" or "weeks" => TimeSpan.FromDays(7),
            _ => null,
        };
        if (unit is null || count > TimeSpan.MaxValue.Ticks / unit.Value.Ticks)
        {
            return false;
        }

        value = unit.Value * count;
        return true;
    }

    /// <summary>The shortest of Sentinel's own forms.</summary>
    public static string Write(TimeSpan value) =>
        value.Ticks % TimeSpan.TicksPerDay == 0 && value > TimeSpan.Zero ? $"{(long)value.TotalDays}d"
        : value.Ticks % TimeSpan.TicksPerHour == 0 ? $"{(long)value.TotalHours}h"
        : value.Ticks % TimeSpan.TicksPerMinute == 0 ? $"{(long)value.TotalMinutes}m"
        : XmlConvert.ToString(value);

    private static bool TryIso(string text, out TimeSpan value)
    {
        value = default;
        try
        {
            if (text.EndsWith('W') && int.TryParse(text[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var weeks) && weeks < 10_000)
            {
                value = TimeSpan.FromDays(7 * weeks);
                return true;
            }

            value = XmlConvert.ToTimeSpan(text);
            return value >= TimeSpan.Zero;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return false;
        }
    }
}
