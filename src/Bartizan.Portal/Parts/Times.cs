using System.Globalization;

namespace Bartizan.Portal.Parts;

/// <summary>How moments and spans are written: UTC everywhere, as in the tables.</summary>
internal static class Times
{
    /// <summary>Without the year, where that goes without saying.</summary>
    public static string Short(DateTimeOffset at, DateTimeOffset now) =>
        at.UtcDateTime.ToString((at - now).Duration() < TimeSpan.FromDays(300) ? "MMM d, HH:mm" : "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Minute(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static string Exact(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture);

    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("dddd, d MMMM yyyy", CultureInfo.InvariantCulture);

    public static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Kql(DateTimeOffset at) => $"datetime({at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture)})";

    public static string Ago(DateTimeOffset at, DateTimeOffset now) => (now - at) switch
    {
        { TotalSeconds: < 60 } => "just now",
        { TotalMinutes: < 60 } past => Words((int)past.TotalMinutes, "minute"),
        { TotalHours: < 48 } past => Words((int)past.TotalHours, "hour"),
        var past => Words((int)past.TotalDays, "day"),
    };

    private static string Words(int count, string unit) => $"{Counts.Of(count, unit)} ago";
}
