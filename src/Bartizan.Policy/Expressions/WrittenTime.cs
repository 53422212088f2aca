using System.Globalization;

namespace Bartizan.Policy.Expressions;

/// <summary>Points in time as text: read in ISO 8601 with 'T' or a space between date and time, written with 'T' and a zone.</summary>
internal static class WrittenTime
{
    private const int FractionDigits = 7;

    /// <summary>The time; one without a zone is in UTC. Null when the text is not a time.</summary>
    public static DateTimeOffset? Parse(string? text)
    {
        if (text is null || text.Length < 19 || text[10] is not ('T' or 't' or ' '))
        {
            return null;
        }

        var local = text.AsSpan();
        var offset = TimeSpan.Zero;
        if (local[^1] is 'Z' or 'z')
        {
            local = local[..^1];
        }
        else if (local[19..].IndexOfAny('+', '-') is var sign && sign >= 0)
        {
            if (!TimeSpan.TryParseExact(local[(20 + sign)..], "hh\\:mm", CultureInfo.InvariantCulture, out offset))
            {
                return null;
            }

            offset = local[19 + sign] == '-' ? -offset : offset;
            local = local[..(19 + sign)];
        }

        if (Fraction(local[19..]) is not { } ticks
            || !DateTime.TryParseExact(
                string.Concat(local[..10], "T", local[11..19]), "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return null;
        }

        try
        {
            return new DateTimeOffset(time.AddTicks(ticks), offset);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>ISO 8601; <c>Z</c> for UTC, the offset otherwise; a fraction only where there is one, in thousandths if they suffice.</summary>
    public static string Write(DateTimeOffset time)
    {
        var fraction = time.Ticks % TimeSpan.TicksPerSecond;
        var digits = fraction == 0 ? "" : fraction % TimeSpan.TicksPerMillisecond == 0 ? ".fff" : fraction % TimeSpan.TicksPerMicrosecond == 0 ? ".ffffff" : ".fffffff";
        return time.ToString($"yyyy-MM-dd'T'HH:mm:ss{digits}", CultureInfo.InvariantCulture)
            + (time.Offset == TimeSpan.Zero ? "Z" : time.ToString("zzz", CultureInfo.InvariantCulture));
    }

    /// <summary>Ticks of what follows the seconds; digits beyond a tick are cut.</summary>
    private static long? Fraction(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return 0;
        }

        if (text[0] != '.' || text.Length < 2 || text.Length > 20 || text[1..].ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        var kept = text.Slice(1, Math.Min(text.Length - 1, FractionDigits)).ToString().PadRight(FractionDigits, '0');
        return long.Parse(kept, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
