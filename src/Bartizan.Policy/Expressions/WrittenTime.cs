using System.Globalization;

namespace Bartizan.Policy.Expressions;

/// <summary>A point in time with the way it was written, so that a time made from it can be written alike.</summary>
internal sealed record WrittenTime(DateTimeOffset Time, char Separator, WrittenTime.Zone Suffix)
{
    private static readonly string[] Shapes = ["yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFFF"];

    /// <summary>What stood after the seconds.</summary>
    public enum Zone
    {
        None,
        Utc,
        Offset,
    }

    public static WrittenTime? Parse(string? text)
    {
        if (text is null || text.Length < 19 || text[10] is not ('T' or 't' or ' '))
        {
            return null;
        }

        var zone = text[^1] is 'Z' or 'z' ? Zone.Utc : text.AsSpan(19).IndexOfAny('+', '-') >= 0 ? Zone.Offset : Zone.None;
        var local = zone switch
        {
            Zone.Utc => text[..^1],
            Zone.Offset => text[..text.LastIndexOfAny(['+', '-'])],
            _ => text,
        };

        local = local[..10] + "T" + local[11..];
        if (!DateTime.TryParseExact(local, Shapes, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return null;
        }

        var offset = TimeSpan.Zero;
        if (zone == Zone.Offset)
        {
            var written = text[text.LastIndexOfAny(['+', '-'])..];
            if (!TimeSpan.TryParseExact(written[1..], "hh\\:mm", CultureInfo.InvariantCulture, out offset))
            {
                return null;
            }

            offset = written[0] == '-' ? -offset : offset;
        }

        try
        {
            return new WrittenTime(new DateTimeOffset(time, offset), text[10] == ' ' ? ' ' : 'T', zone);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>ISO 8601; <c>Z</c> for UTC, the offset otherwise, fractions only where there are any.</summary>
    public static string Write(DateTimeOffset time) => Write(time, 'T', time.Offset == TimeSpan.Zero ? Zone.Utc : Zone.Offset);

    public string WriteAlike(DateTimeOffset time) => Write(time, Separator, Suffix);

    private static string Write(DateTimeOffset time, char separator, Zone zone) =>
        time.ToString($"yyyy-MM-dd'{separator}'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) + zone switch
        {
            Zone.Utc => "Z",
            Zone.Offset => time.ToString("zzz", CultureInfo.InvariantCulture),
            _ => "",
        };
}
