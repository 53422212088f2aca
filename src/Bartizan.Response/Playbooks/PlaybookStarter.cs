using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bartizan.Connectors.Http;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Outcomes;
using Bartizan.Response.Playbooks.Expressions;
using Microsoft.Extensions.Hosting;

namespace Bartizan.Response.Playbooks;

/// <summary>Starts playbooks on incidents, alerts and entities and sees them through; when the server starts, closes the runs that its end cut off.</summary>
public sealed class PlaybookStarter(PlaybookStore playbooks, PlaybookSubjects subjects, IncidentStore incidents, OutboundHttp http, TimeProvider time) : BackgroundService
{
    /// <summary>Runs at once; more wait for their turn.</summary>
    private const int MaxAtOnce = 4;

    private readonly SemaphoreSlim turns = new(MaxAtOnce, MaxAtOnce);
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentDictionary<Guid, CancellationTokenSource> running = new();

    /// <summary>Starts a playbook.</summary>
    /// <param name="resourceId">Its resource id, or its name.</param>
    /// <param name="runId">The run this is to be: one of this id that was begun before is not begun again.</param>
    /// <returns>The run, and the task that ends with it.</returns>
    public async Task<Outcome<(Guid Run, Task<PlaybookRun> End)>> StartAsync(string? resourceId, PlaybookSubject subject, string startedBy, Guid? runId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var name = resourceId?[(resourceId.TrimEnd('/').LastIndexOf('/') + 1)..].TrimEnd('/') ?? "";
        if (name.Length == 0 || await playbooks.FindAsync(name, cancellationToken).ConfigureAwait(false) is not { } playbook)
        {
            return new Problem(ProblemKind.NotFound, "PlaybookNotFound", $"There is no playbook '{resourceId}'.", "logicAppResourceId");
        }

        if (!playbook.Value.IsEnabled)
        {
            return new Problem(ProblemKind.Conflict, "PlaybookDisabled", $"The playbook '{name}' is switched off.", "logicAppResourceId");
        }

        if (runId is { } known && await playbooks.FindRunAsync(known, cancellationToken).ConfigureAwait(false) is { } begun)
        {
            return (known, Task.FromResult(begun.Value));
        }

        if (!PlaybookReader.Read(playbook.Value.Definition).TryGetValue(out var definition, out var problem))
        {
            return problem;
        }

        if (definition.Trigger is { } wanted && wanted != subject.Trigger)
        {
            return new Problem(ProblemKind.Invalid, "PlaybookTriggerMismatch", $"The playbook '{name}' is set off by {Noun(wanted)}, not by {Noun(subject.Trigger)}.", "logicAppResourceId");
        }

        if (!(await subjects.BodyAsync(subject, cancellationToken).ConfigureAwait(false)).TryGetValue(out var trigger, out problem) && problem is not null)
        {
            return problem;
        }

        var now = time.GetUtcNow();
        var run = new PlaybookRun
        {
            Id = runId ?? Guid.CreateVersion7(now),
            Playbook = name,
            Trigger = subject.Trigger,
            IncidentId = subject is PlaybookSubject.OfIncident i ? i.Id : (subject as PlaybookSubject.OfEntity)?.IncidentId,
            AlertId = (subject as PlaybookSubject.OfAlert)?.Id,
            EntityId = (subject as PlaybookSubject.OfEntity)?.Id,
            StartedBy = startedBy,
            Started = now,
        };
        await playbooks.KeepAsync(run, cancellationToken).ConfigureAwait(false);
        running[run.Id] = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        return (run.Id, Task.Run(() => RunAsync(definition, run, trigger), CancellationToken.None));
    }

    /// <summary>Ends a run where it stands; what it did stays done. False when it is not under way.</summary>
    public async Task<bool> CancelAsync(Guid run)
    {
        if (!running.TryGetValue(run, out var source))
        {
            return false;
        }

        await source.CancelAsync().ConfigureAwait(false);
        return true;
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

    /// <summary>As it would have come over the wire: ids and times are text.</summary>
    private static JsonNode? Plain(JsonNode? body) => body is null ? null : JsonNode.Parse(body.ToJsonString());

    private static string Noun(PlaybookTrigger trigger) => trigger switch
    {
        PlaybookTrigger.Incident => "an incident",
        PlaybookTrigger.Alert => "an alert",
        PlaybookTrigger.Entity => "an entity",
        _ => "a request",
    };

    private async Task<PlaybookRun> RunAsync(PlaybookDefinition definition, PlaybookRun run, JsonNode? trigger)
    {
        var source = running[run.Id];
        var latest = run;
        try
        {
            await turns.WaitAsync(source.Token).ConfigureAwait(false);
            try
            {
                var execution = new PlaybookExecution(
                    definition, run, Plain(trigger), new IncidentConnector(incidents, time), SendAsync, WaitAsync, time, KeepAsync);
                latest = await execution.RunAsync(source.Token).ConfigureAwait(false);
            }
            finally
            {
                turns.Release();
            }
        }
        catch (OperationCanceledException) when (!ending.IsCancellationRequested)
        {
            latest = latest with { Status = StepStatus.Cancelled, Ended = time.GetUtcNow() };
        }
        finally
        {
            running.TryRemove(run.Id, out _);
            source.Dispose();
        }

        await playbooks.KeepAsync(latest, CancellationToken.None).ConfigureAwait(false);
        return latest;

        async Task KeepAsync(PlaybookRun now)
        {
            latest = now;
            await playbooks.KeepAsync(now, ending.Token).ConfigureAwait(false);
        }
    }

    /// <summary>A run that waits lets others have their turn.</summary>
    private async Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        turns.Release();
        try
        {
            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await turns.WaitAsync(CancellationToken.None).ConfigureAwait(false);
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
