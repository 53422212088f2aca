using System.Text.Json.Serialization;
using System.Threading.Channels;
using Bartizan.Content.Rules;
using Bartizan.Detection.Rules;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;
using Microsoft.Extensions.Hosting;

namespace Bartizan.Detection.Scheduling;

/// <summary>How far a run on demand has come.</summary>
public enum TriggeredRunState
{
    Accepted,
    InProgress,
    Succeeded,
    Failed,
}

/// <summary>One run of a rule that somebody asked for.</summary>
/// <param name="At">The moment its query takes for now.</param>
/// <param name="Alerts">Alerts it raised; one that was raised before is not raised again.</param>
public sealed record TriggeredRun(Guid Id, Guid RuleId, DateTimeOffset At, string Author, TriggeredRunState State, long Rows, int Alerts, string? Error)
{
    internal static RecordKind<TriggeredRun> Kind { get; } = new(
        "triggeredRuleRuns", TriggeredRunJson.Default.TriggeredRun, RecordField.Text<TriggeredRun>("rule", r => r.RuleId.ToString("D")), RecordField.Text<TriggeredRun>("state", r => r.State.ToString()));
}

/// <summary>Runs rules on demand, one after the other; what was accepted is run, also after a restart.</summary>
public sealed class TriggeredRuns(RecordStore records, RuleStore rules, RuleScheduler scheduler, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan farthest = TimeSpan.FromDays(30);

    private readonly RecordSet<TriggeredRun> runs = records.Open(TriggeredRun.Kind);
    private readonly Channel<Guid> queue = Channel.CreateUnbounded<Guid>();

    /// <summary>Accepts a run; null for <paramref name="at"/> is now.</summary>
    public async Task<Outcome<TriggeredRun>> AskAsync(Guid ruleId, DateTimeOffset? at, string author, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await rules.FindAsync(ruleId, cancellationToken).ConfigureAwait(false) is not { } rule)
        {
            return new Problem(ProblemKind.NotFound, "NotFound", $"There is no rule '{ruleId}'.", "ruleId");
        }

        if (rule.Value.Definition.Kind is not (RuleKind.Scheduled or RuleKind.NRT))
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", $"Rules of the kind {rule.Value.Definition.Kind} have no query to run.", "ruleId");
        }

        if (at > now || at < now - farthest)
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", $"executionTimeUtc lies in the last {farthest.TotalDays} days.", "properties.executionTimeUtc");
        }

        var run = new TriggeredRun(Guid.CreateVersion7(now), ruleId, at ?? now, author, TriggeredRunState.Accepted, 0, 0, null);
        await KeepAsync(run, cancellationToken).ConfigureAwait(false);
        queue.Writer.TryWrite(run.Id);
        return run;
    }

    public async Task<TriggeredRun?> FindAsync(Guid id, CancellationToken cancellationToken) => (await runs.FindAsync(id.ToString("D"), cancellationToken).ConfigureAwait(false))?.Value;

    public Task<Outcome<RecordPage<TriggeredRun>>> ListAsync(int take, string? continuation, CancellationToken cancellationToken) =>
        runs.ListAsync(new RecordQuery { Take = take, Continuation = continuation, WantCount = true }, cancellationToken);

    /// <summary>Carries one run out.</summary>
    public async Task<TriggeredRun?> RunAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not { State: TriggeredRunState.Accepted or TriggeredRunState.InProgress } run)
        {
            return null;
        }

        run = run with { State = TriggeredRunState.InProgress };
        await KeepAsync(run, cancellationToken).ConfigureAwait(false);
        if (await rules.FindAsync(run.RuleId, cancellationToken).ConfigureAwait(false) is not { } rule)
        {
            run = run with { State = TriggeredRunState.Failed, Error = "The rule is gone." };
        }
        else
        {
            // One slot: the rule as it would have run at that moment.
            var definition = rule.Value.Definition with { IsSuppressionEnabled = false };
            var ran = await scheduler.RunOverAsync(definition, run.At - definition.QueryFrequency, run.At, raise: true, cancellationToken).ConfigureAwait(false);
            var problem = ran.Select(r => r.Problem).FirstOrDefault(p => p is not null);
            run = run with
            {
                State = problem is null ? TriggeredRunState.Succeeded : TriggeredRunState.Failed,
                Rows = ran.Sum(r => r.Rows),
                Alerts = ran.Sum(r => r.Batch.Alerts.Count),
                Error = problem?.Message,
            };
        }

        await KeepAsync(run, cancellationToken).ConfigureAwait(false);
        return run;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        RecordValue[] open = [nameof(TriggeredRunState.Accepted), nameof(TriggeredRunState.InProgress)];
        foreach (var left in (await runs.ListAsync(new RecordQuery { Filters = [new RecordFilter.In("state", open)], Take = 1000 }, stoppingToken).ConfigureAwait(false)).Value.Items)
        {
            queue.Writer.TryWrite(left.Value.Id);
        }

        await foreach (var id in queue.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false))
        {
            await RunAsync(id, stoppingToken).ConfigureAwait(false);
        }
    }

    private Task KeepAsync(TriggeredRun run, CancellationToken cancellationToken) => runs.PutAsync(run.Id.ToString("D"), run, null, run.Author, cancellationToken);
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(TriggeredRun))]
internal sealed partial class TriggeredRunJson : JsonSerializerContext;
