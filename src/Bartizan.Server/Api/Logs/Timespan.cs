using System.Globalization;
using System.Xml;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Queries;

namespace Bartizan.Server.Api.Logs;

/// <summary>The <c>timespan</c> of a query: an ISO 8601 duration that ends now, or <c>start/end</c>, <c>start/duration</c>, <c>duration/end</c>.</summary>
internal static class Timespan
{
    public static Outcome<TimeRange?> Read(string? text, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return (TimeRange?)null;
        }

        var parts = text.Split('/');
        TimeRange? range = parts switch
        {
            [var only] when Duration(only) is { } length => Make(now - length, now),
            [var start, var end] when Time(start) is { } from && Time(end) is { } to => Make(from, to),
            [var start, var end] when Time(start) is { } from && Duration(end) is { } length => Make(from, from + length),
            [var start, var end] when Duration(start) is { } length && Time(end) is { } to => Make(to - length, to),
            _ => null,
        };
        return range ?? (Outcome<TimeRange?>)new Problem(
            ProblemKind.Invalid, "InvalidTimespan", $"The timespan '{text}' is not an ISO 8601 duration such as P1D, nor a start and an end with '/' between them.", "timespan");
    }

    private static TimeRange? Make(DateTimeOffset from, DateTimeOffset to) => from <= to ? new TimeRange(from, to) : null;

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    private static TimeSpan? Duration(string text)
    {
        try
        {
            return text.StartsWith('P') && XmlConvert.ToTimeSpan(text) is var span && span >= TimeSpan.Zero && span.TotalDays < 365_000 ? span : null;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return null;
        }
    }
}
