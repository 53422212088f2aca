using System.Globalization;
using System.Text.Json;
using Bartizan.Content.Rules;
using Bartizan.Detection.Entities;
using Bartizan.Detection.Rows;
using Bartizan.Foundation.Entities;

namespace Bartizan.Detection.Alerts;

/// <summary>An alert as a row of <c>SecurityAlert</c>, with the columns and the words that queries over it expect.</summary>
public static class AlertRow
{
    /// <summary>The bytes a row may have; entities beyond are left out of it, the record keeps them.</summary>
    private const int MaxEntities = 32 * 1024;

    /// <summary>The type of an alert: all alerts of a rule have the same.</summary>
    public static string TypeOf(Alert alert, Guid workspaceId)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return $"{workspaceId:D}_{alert.RuleId:D}";
    }

    public static string Write(Alert alert, Guid workspaceId)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return RowText.Write(json =>
        {
            json.Time("TimeGenerated", alert.TimeGenerated);
            json.WriteString("DisplayName", alert.Name);
            json.WriteString("AlertName", alert.Name);
            json.WriteString("AlertSeverity", alert.Severity.ToString());
            json.WriteString("Description", alert.Description);
            json.WriteString("ProviderName", alert.ProviderName);
            json.WriteString("VendorName", "Bartizan");
            json.WriteString("VendorOriginalId", alert.Id);
            json.WriteString("SystemAlertId", alert.Id);
            json.WriteString("AlertType", TypeOf(alert, workspaceId));
            json.WriteString("ConfidenceLevel", alert.Properties.GetValueOrDefault("ConfidenceLevel") ?? "");
            json.WriteBoolean("IsIncident", false);
            json.Time("StartTime", alert.StartTime);
            json.Time("EndTime", alert.EndTime);
            json.Time("ProcessingEndTime", alert.TimeGenerated);
            json.WriteString("RemediationSteps", alert.Properties.GetValueOrDefault("RemediationSteps") ?? "");
            json.WriteString("ExtendedProperties", ExtendedProperties(alert));
            json.WriteString("Entities", EntitiesText(alert.Entities));
            json.WriteString("SourceSystem", "Detection");
            json.WriteString("ExtendedLinks", alert.Properties.GetValueOrDefault("ExtendedLinks") ?? "");
            json.WriteString("ProductName", alert.ProductName);
            json.WriteString("ProductComponentName", alert.Properties.GetValueOrDefault("ProductComponentName") ?? (alert.Kind == RuleKind.NRT ? "NRT Alerts" : "Scheduled Alerts"));
            json.WriteString("AlertLink", alert.Properties.GetValueOrDefault("AlertLink") ?? "");
            json.WriteString("Status", alert.Status == AlertStatus.Active ? "New" : alert.Status.ToString());
            json.WriteString("CompromisedEntity", Compromised(alert.Entities) ?? "Unknown");
            json.WriteString("Tactics", string.Join(", ", alert.Tactics));
            json.WriteString("Techniques", JsonList(alert.Techniques.Select(ParentOf).Distinct()));
            json.WriteString("SubTechniques", JsonList(alert.Techniques.Where(t => t.Contains('.', StringComparison.Ordinal))));
            if (alert.Entities.FirstOrDefault(e => e.Kind == EntityKind.AzureResource)?["ResourceId"] is { } resource)
            {
                json.WriteString("ResourceId", resource);
            }
        });
    }

    /// <summary>The properties an alert has beside its columns, by their English names; in the API they are its additional data.</summary>
    public static IReadOnlyDictionary<string, string> Extended(Alert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        var query = alert.Query;
        var properties = new Dictionary<string, string>
        {
            ["Query Period"] = query.Period.ToString("c", CultureInfo.InvariantCulture),
            ["Trigger Operator"] = query.Operator.ToString(),
            ["Trigger Threshold"] = query.Threshold.ToString(CultureInfo.InvariantCulture),
            ["Correlation Id"] = alert.Id.ToString("D"),
            ["Search Query Results Overall Count"] = query.Rows.ToString(CultureInfo.InvariantCulture),
            ["Query"] = query.Text,
            ["OriginalQuery"] = query.Original,
            ["Query Start Time UTC"] = Moment(query.Start),
            ["Query End Time UTC"] = Moment(query.End),
            ["Analytic Rule Ids"] = $"[\"{alert.RuleId:D}\"]",
            ["Analytic Rule Name"] = alert.RuleName,
            ["Event Grouping"] = alert.Grouping.ToString(),
            ["ProcessedBySentinel"] = "True",
            ["Alert generation status"] = "Full alert created",
        };
        if (alert.CustomDetails.Count > 0)
        {
            properties["Custom Details"] = RowText.Write(json =>
            {
                foreach (var (key, values) in alert.CustomDetails)
                {
                    json.Texts(key, values);
                }
            });
        }

        return properties;
    }

    public static string? Compromised(IReadOnlyList<Entity> entities)
    {
        ArgumentNullException.ThrowIfNull(entities);
        EntityKind[] order = [EntityKind.Host, EntityKind.AzureResource, EntityKind.Account, EntityKind.Mailbox, EntityKind.IP];
        return order.Select(kind => entities.FirstOrDefault(e => e.Kind == kind)?.FriendlyName).FirstOrDefault(name => name is not null);
    }

    private static string ExtendedProperties(Alert alert) => RowText.Write(json =>
    {
        foreach (var (key, value) in Extended(alert))
        {
            json.WriteString(key, value);
        }
    });

    private static string EntitiesText(IReadOnlyList<Entity> entities)
    {
        for (var count = entities.Count; ; count /= 2)
        {
            var text = EntityJson.Write([.. entities.Take(count)]);
            if (text.Length <= MaxEntities || count == 0)
            {
                return text;
            }
        }
    }

    private static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string ParentOf(string technique) => technique.Split('.')[0];

    private static string JsonList(IEnumerable<string> values) => "[" + string.Join(',', values.Select(v => $"\"{JsonEncodedText.Encode(v)}\"")) + "]";
}
