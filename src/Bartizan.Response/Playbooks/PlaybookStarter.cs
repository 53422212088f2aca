using System.Text.Json;
using System.Text.Json.Nodes;
using Bartizan.Connectors.Http;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Outcomes;
using Bartizan.Response.Playbooks.Expressions;
using Microsoft.Extensions.Hosting;

namespace Bartizan.Response.Playbooks;

/// <summary>Starts playbooks on incidents and sees them through; when the server starts, closes the runs that its end cut off.</summary>
public sealed class PlaybookStarter(PlaybookStore playbooks, IncidentStore incidents, AlertStore alerts, OutboundHttp http, TimeProvider time) : BackgroundService
{
    /// <summary>Runs at once; more wait for their turn.</summary>
    private const int MaxAtOnce = 4;

    private readonly SemaphoreSlim turns = new(MaxAtOnce, MaxAtOnce);
    private readonly CancellationTokenSource ending = new();

    /// <summary>Starts a playbook on an incident.</summary>
    /// <param name="resourceId">Its resource id, or its name.</param>
    /// <returns>The run, and the task that ends with it.</returns>
    public async Task<Outcome<(Guid Run, Task<PlaybookRun> End)>> StartAsync(string? resourceId, Guid incidentId, string startedBy, CancellationToken cancellationToken)
    {
        var name = resourceId?[(resourceId.TrimEnd('/').LastIndexOf('/') + 1)..].TrimEnd('/') ?? "";
        if (name.Length == 0 || await playbooks.FindAsync(name, cancellationToken).ConfigureAwait(false) is not { } playbook)
        {
            return new Problem(ProblemKind.NotFound, "PlaybookNotFound", $"There is no playbook '{resourceId}'.", "logicAppResourceId");
        }

        if (!playbook.Value.IsEnabled)
        {
            return new Problem(ProblemKind.Conflict, "PlaybookDisabled", $"The playbook '{name}' is switched off.", "logicAppResourceId");
        }

        if (await incidents.FindAsync(incidentId, cancellationToken).ConfigureAwait(false) is not { } incident)
        {
            return new Problem(ProblemKind.NotFound, "NotFound", $"There is no incident '{incidentId}'.", "incidentIdentifier");
        }

        if (!PlaybookReader.Read(playbook.Value.Definition).TryGetValue(out var definition, out var problem))
        {
            return problem;
        }

        var trigger = Trigger(incident.Value, await alerts.FindAsync(incident.Value.AlertIds, cancellationToken).ConfigureAwait(false));
        var now = time.GetUtcNow();
        var run = new PlaybookRun { Id = Guid.CreateVersion7(now), Playbook = name, IncidentId = incidentId, StartedBy = startedBy, Started = now };
        await playbooks.KeepAsync(run, cancellationToken).ConfigureAwait(false);
        return (run.Id, Task.Run(() => RunAsync(definition, run, trigger), CancellationToken.None));
    }

    public override void Dispose()
    {
        ending.Dispose();
        turns.Dispose();
        base.Dispose();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await ending.CancelAsync().ConfigureAwait(false);
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => playbooks.CloseInterruptedAsync(stoppingToken);

    internal static JsonObject Trigger(Incident incident, IReadOnlyList<Alert> alerts) => new()
    {
        ["objectSchemaType"] = "Incident",
        ["objectEventType"] = "Create",
        ["object"] = new JsonObject
        {
            ["id"] = $"/providers/Microsoft.SecurityInsights/Incidents/{incident.Id:D}",
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
                ["relatedEntities"] = new JsonArray([.. alerts.SelectMany(a => a.Entities).DistinctBy(e => e.Id).Select(e => new JsonObject
                {
                    ["kind"] = Foundation.Entities.EntityVocabulary.RestName(e.Kind),
                    ["properties"] = new JsonObject(e.Fields.Select(f => KeyValuePair.Create<string, JsonNode?>(char.ToLowerInvariant(f.Key[0]) + f.Key[1..], f.Value))),
                })]),
            },
        },
    };

    private async Task<PlaybookRun> RunAsync(PlaybookDefinition definition, PlaybookRun run, JsonNode trigger)
    {
        await turns.WaitAsync(ending.Token).ConfigureAwait(false);
        try
        {
            var execution = new PlaybookExecution(
                definition, run, trigger, new IncidentConnector(incidents, new IncidentComments(incidents), time), SendAsync, time, r => playbooks.KeepAsync(r, ending.Token));
            var ended = await execution.RunAsync(ending.Token).ConfigureAwait(false);
            await playbooks.KeepAsync(ended, CancellationToken.None).ConfigureAwait(false);
            return ended;
        }
        finally
        {
            turns.Release();
        }
    }

    private async Task<Outcome<JsonObject>> SendAsync(JsonObject inputs, CancellationToken cancellationToken)
    {
        var headers = (inputs["headers"] as JsonObject ?? []).ToDictionary(h => h.Key, h => ExpressionEvaluation.Text(h.Value), StringComparer.OrdinalIgnoreCase);
        var body = inputs["body"] is { } given ? ExpressionEvaluation.Text(given) : null;
        var answer = await http.SendAsync(ExpressionEvaluation.Text(inputs["method"] ?? "GET"), ExpressionEvaluation.Text(inputs["uri"]), headers, body, cancellationToken).ConfigureAwait(false);
        if (!answer.TryGetValue(out var received, out var problem))
        {
            return problem;
        }

        return new JsonObject
        {
            ["statusCode"] = received.StatusCode,
            ["headers"] = new JsonObject(received.Headers.Select(h => KeyValuePair.Create<string, JsonNode?>(h.Key, h.Value))),
            ["body"] = Json(received.Body) ?? received.Body,
        };
    }

    /// <summary>A body that is JSON is JSON to the steps after it.</summary>
    private static JsonNode? Json(string text)
    {
        try
        {
            return text.TrimStart() is ['{' or '[', ..] ? JsonNode.Parse(text, null, new JsonDocumentOptions { MaxDepth = 64 }) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
