using System.Text.Json.Nodes;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Entities;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Entities;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store;

namespace Bartizan.Response.Playbooks;

/// <summary>What a playbook hears of its subject: the bodies that the security connector's triggers for incidents, alerts and entities send.</summary>
public sealed class PlaybookSubjects(IncidentStore incidents, AlertStore alerts, DataFolder folder)
{
    /// <summary>The body of the trigger; refused when there is no such incident or alert.</summary>
    public async Task<Outcome<JsonNode?>> BodyAsync(PlaybookSubject subject, CancellationToken cancellationToken)
    {
        switch (subject)
        {
            case PlaybookSubject.OfIncident s:
                return await incidents.FindAsync(s.Id, cancellationToken).ConfigureAwait(false) is { } incident
                    ? Of(incident.Value, await alerts.FindAsync(incident.Value.AlertIds, cancellationToken).ConfigureAwait(false))
                    : new Problem(ProblemKind.NotFound, "NotFound", $"There is no incident '{s.Id}'.", "incidentIdentifier");
            case PlaybookSubject.OfAlert s:
                return await alerts.FindAsync(s.Id, cancellationToken).ConfigureAwait(false) is { } alert
                    ? Of(alert, folder.Options.WorkspaceId)
                    : new Problem(ProblemKind.NotFound, "NotFound", $"There is no alert '{s.Id}'.", "entityIdentifier");
            case PlaybookSubject.OfEntity s:
                return new JsonObject
                {
                    ["Entity"] = Of(s.Entity),
                    ["IncidentArmID"] = s.IncidentId is { } id ? ArmId(id) : null,
                    ["WorkspaceId"] = folder.Options.WorkspaceId,
                };
            case PlaybookSubject.Given s:
                return s.Body?.DeepClone();
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    internal static string ArmId(Guid incident) => $"/providers/Microsoft.SecurityInsights/Incidents/{incident:D}";

    internal static JsonObject Of(Entity entity) => new()
    {
        ["kind"] = EntityVocabulary.RestName(entity.Kind),
        ["type"] = EntityVocabulary.RestName(entity.Kind),
        ["properties"] = new JsonObject(entity.Fields.Select(f => KeyValuePair.Create<string, JsonNode?>(char.ToLowerInvariant(f.Key[0]) + f.Key[1..], f.Value))),
    };

    /// <summary>An alert as its trigger tells of it: entities and properties are JSON within text.</summary>
    private static JsonObject Of(Alert alert, Guid workspaceId) => new()
    {
        ["SystemAlertId"] = alert.Id,
        ["WorkspaceId"] = workspaceId,
        ["AlertDisplayName"] = alert.Name,
        ["AlertType"] = AlertRow.TypeOf(alert, workspaceId),
        ["Severity"] = alert.Severity.ToString(),
        ["Description"] = alert.Description,
        ["ProductName"] = alert.ProductName,
        ["ProviderAlertId"] = alert.Id,
        ["StartTimeUtc"] = alert.StartTime.UtcDateTime,
        ["EndTimeUtc"] = alert.EndTime.UtcDateTime,
        ["TimeGenerated"] = alert.TimeGenerated.UtcDateTime,
        ["Entities"] = EntityJson.Write(alert.Entities),
        ["ExtendedProperties"] = new JsonObject(AlertRow.Extended(alert).Select(p => KeyValuePair.Create<string, JsonNode?>(p.Key, p.Value))).ToJsonString(),
        ["ExtendedLinks"] = alert.Properties.GetValueOrDefault("ExtendedLinks") ?? "",
        ["AlertUri"] = alert.Properties.GetValueOrDefault("AlertLink") ?? "",
    };

    private static JsonObject Of(Incident incident, IReadOnlyList<Alert> alerts) => new()
    {
        ["objectSchemaType"] = "Incident",
        ["objectEventType"] = "Create",
        ["object"] = new JsonObject
        {
            ["id"] = ArmId(incident.Id),
            ["name"] = incident.Id.ToString("D"),
            ["type"] = "Microsoft.SecurityInsights/Incidents",
            ["properties"] = new JsonObject
            {
                ["title"] = incident.Title,
                ["description"] = incident.Description,
                ["severity"] = incident.Severity.ToString(),
                ["status"] = incident.Status.ToString(),
                ["incidentNumber"] = incident.Number,
                ["createdTimeUtc"] = incident.Created.UtcDateTime,
                ["lastModifiedTimeUtc"] = incident.LastModified.UtcDateTime,
                ["labels"] = new JsonArray([.. incident.Labels.Select(l => new JsonObject { ["labelName"] = l.Name })]),
                ["additionalData"] = new JsonObject
                {
                    ["alertsCount"] = incident.AlertIds.Count,
                    ["tactics"] = new JsonArray([.. incident.Tactics.Select(t => (JsonNode?)t)]),
                    ["techniques"] = new JsonArray([.. incident.Techniques.Select(t => (JsonNode?)t)]),
                },
                ["alerts"] = new JsonArray([.. alerts.Select(a => new JsonObject
                {
                    ["name"] = a.Id.ToString("D"),
                    ["kind"] = "SecurityAlert",
                    ["properties"] = new JsonObject { ["systemAlertId"] = a.Id.ToString("D"), ["alertDisplayName"] = a.Name, ["severity"] = a.Severity.ToString(), ["timeGenerated"] = a.TimeGenerated.UtcDateTime },
                })]),
                ["relatedEntities"] = new JsonArray([.. alerts.SelectMany(a => a.Entities).DistinctBy(e => e.Id).Select(Of)]),
            },
        },
    };
}
