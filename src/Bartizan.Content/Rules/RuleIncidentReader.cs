using Bartizan.Content.Documents;
using Bartizan.Foundation.Entities;

namespace Bartizan.Content.Rules;

/// <summary>How a rule's alerts become incidents.</summary>
internal sealed class RuleIncidentReader(SourceReading reading)
{
    private static readonly string[] alertDetails = ["DisplayName", "Severity"];

    public IncidentConfiguration Read(SourceMap map)
    {
        if (reading.Map(map, "incidentConfiguration") is not { } incidents)
        {
            return new IncidentConfiguration();
        }

        var configuration = new IncidentConfiguration { CreateIncident = reading.Boolean(incidents, "createIncident") ?? true };
        return reading.Map(incidents, "groupingConfiguration") is { } grouping ? Grouped(configuration, grouping) : configuration;
    }

    private IncidentConfiguration Grouped(IncidentConfiguration configuration, SourceMap grouping)
    {
        var entities = new List<EntityKind>();
        foreach (var item in reading.Scalars(grouping, "groupByEntities"))
        {
            if (EntityVocabulary.TryParse(item.Text, out var kind))
            {
                entities.Add(kind);
            }
            else
            {
                reading.Error("BR020", item.Span, $"'{item.Text}' is no entity type.");
            }
        }

        var details = reading.Texts(grouping, "groupByAlertDetails");
        foreach (var item in reading.Scalars(grouping, "groupByAlertDetails").Where(d => !alertDetails.Contains(d.Text, StringComparer.OrdinalIgnoreCase)))
        {
            reading.Error("BR021", item.Span, $"Alerts cannot be grouped by '{item.Text}'.", "Group by DisplayName or Severity.");
        }

        configuration = configuration with
        {
            GroupingEnabled = reading.Boolean(grouping, "enabled") ?? false,
            ReopenClosed = reading.Boolean(grouping, "reopenClosedIncident") ?? false,
            Lookback = reading.Duration(grouping, "lookbackDuration") ?? TimeSpan.FromHours(5),
            Method = reading.Choice(grouping, "matchingMethod", RuleWords.GroupingMethods) ?? GroupingMethod.AllEntities,
            GroupByEntities = entities,
            GroupByAlertDetails = details,
            GroupByCustomDetails = reading.Texts(grouping, "groupByCustomDetails"),
        };
        if (configuration.Lookback < TimeSpan.FromMinutes(5) || configuration.Lookback > TimeSpan.FromDays(7))
        {
            reading.Error("BR022", grouping["lookbackDuration"]?.Span ?? grouping.Span, "'lookbackDuration' must lie between 5m and 7d.");
        }

        if (configuration is { GroupingEnabled: true, Method: GroupingMethod.Selected, GroupByEntities: [], GroupByAlertDetails: [], GroupByCustomDetails: [] })
        {
            reading.Error("BR023", grouping.Span, "Grouping by selection selects nothing.", "Name entities, alert details or custom details, or use AllEntities.");
        }

        return configuration;
    }
}
