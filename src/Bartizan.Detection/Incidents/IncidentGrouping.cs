using System.Security.Cryptography;
using System.Text;
using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;

namespace Bartizan.Detection.Incidents;

/// <summary>Which incident an alert joins, by its rule's grouping configuration. Pure.</summary>
public static class IncidentGrouping
{
    /// <summary>What alerts must agree in to lie in one incident; null when this alert joins none.</summary>
    public static string? KeyOf(RuleDefinition rule, Alert alert)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(alert);
        var grouping = rule.Incidents;
        if (!grouping.GroupingEnabled)
        {
            return null;
        }

        var parts = grouping.Method switch
        {
            GroupingMethod.AnyAlert => ["any"],
            GroupingMethod.AllEntities => [.. alert.Entities.Where(e => e.Keys.Count > 0).Select(e => e.Keys[0].Text)],
            _ => Selected(grouping, alert).ToList(),
        };

        // Alerts that share only the absence of everything do not belong together.
        if (parts.Count == 0)
        {
            return null;
        }

        parts.Sort(StringComparer.Ordinal);
        var text = $"{rule.Id:D}\n{string.Join('\n', parts.Distinct(StringComparer.Ordinal))}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }

    /// <summary>The incident to join among those with the alert's key: the one whose window the alert falls in, newest first.</summary>
    public static Incident? Find(RuleDefinition rule, Alert alert, IEnumerable<Incident> sameKey)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(alert);
        return sameKey
            .Where(i => i.GroupingStart is { } start
                && (alert.Query.End - start).Duration() <= rule.Incidents.Lookback
                && i.AlertIds.Count < Incident.MaxAlerts
                && (i.Status != IncidentStatus.Closed || rule.Incidents.ReopenClosed))
            .OrderByDescending(i => i.Number)
            .FirstOrDefault();
    }

    private static IEnumerable<string> Selected(IncidentConfiguration grouping, Alert alert)
    {
        foreach (var kind in grouping.GroupByEntities)
        {
            foreach (var entity in alert.Entities.Where(e => e.Kind == kind && e.Keys.Count > 0))
            {
                yield return entity.Keys[0].Text;
            }
        }

        foreach (var detail in grouping.GroupByAlertDetails)
        {
            yield return detail.Equals("Severity", StringComparison.OrdinalIgnoreCase) ? $"severity={alert.Severity}" : $"name={alert.Name}";
        }

        foreach (var detail in grouping.GroupByCustomDetails)
        {
            foreach (var value in alert.CustomDetails.GetValueOrDefault(detail) ?? [])
            {
                yield return $"detail:{detail}={value}";
            }
        }
    }
}
