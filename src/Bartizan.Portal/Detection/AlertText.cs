using Bartizan.Portal.Parts;
using Bartizan.Wire.Detection;

namespace Bartizan.Portal.Detection;

/// <summary>Links from alerts to what lies behind them.</summary>
internal static class AlertText
{
    /// <summary>The alert's own query with its time fixed.</summary>
    public static string? EventsLink(SecurityAlertProperties alert) => alert.Query is { Length: > 0 } query ? LogsLink.To(query) : null;

    /// <summary>The queries of several alerts; where they differ, each alert's events are asked for in turn.</summary>
    public static string EventsQuery(IReadOnlyList<SecurityAlertProperties> alerts)
    {
        var queries = alerts.Select(a => a.Query).Where(q => q is { Length: > 0 }).Distinct(StringComparer.Ordinal).ToList();
        return queries.Count switch
        {
            0 => $"SecurityAlert | where SystemAlertId in ({string.Join(", ", alerts.Select(a => Filters.Kql(a.SystemAlertId)))})",
            1 => queries[0]!,
            _ => string.Join("\n\n", queries.Select((q, i) => $"// Alert query {i + 1} of {queries.Count}: select one and run it\n{q}")),
        };
    }
}
