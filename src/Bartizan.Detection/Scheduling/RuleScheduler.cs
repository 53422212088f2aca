using System.Collections.Concurrent;
using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Detection.Rules;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Queries;
using Microsoft.Extensions.Logging;

namespace Bartizan.Detection.Scheduling;

/// <summary>
/// Runs rules when they are due, and over past spans on demand. What a run raises and that it was run are written together, so
/// that no slot is run twice and none is lost over a crash.
/// </summary>
public sealed partial class RuleScheduler(RuleStore rules, RuleRunner runner, AlertIntake intake, RuleHealth health, AskQuery ask, TimeProvider time, ILogger<RuleScheduler> logger)
{
    /// <summary>Missed slots older than this are given up and told as a gap.</summary>
    public static readonly TimeSpan CatchUp = TimeSpan.FromDays(1);

    /// <summary>Failures of one permanent kind in a row that switch a rule off.</summary>
    public const int MaxFailures = 10;

    private const int MaxTries = 6;
    private const int MaxAtOnce = 2;

    private readonly Dictionary<Guid, Timed> timed = [];
    private readonly ConcurrentQueue<TimeRange> asked = new();
    private long version = -1;
    private DateTimeOffset loaded;

    /// <summary>Runs every slot that is due now; returns how many rules ran.</summary>
    public async Task<int> RunDueAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var due = timed.Values
            .Where(t => t.State.NextTry is not { } next || next <= now)
            .Select(t => (Timed: t, Due: RuleTimetable.Due(t.Rule, t.State.LastSlot, now, CatchUp)))
            .Where(t => t.Due.Slots.Count > 0)
            .OrderBy(t => t.Due.Slots[0])
            .ToList();
        if (due.Count == 0)
        {
            return 0;
        }

        await Parallel.ForEachAsync(
            due,
            new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = cancellationToken },
            async (item, token) => await RunSlotsAsync(item.Timed, item.Due, token).ConfigureAwait(false)).ConfigureAwait(false);
        await health.FlushAsync(cancellationToken).ConfigureAwait(false);
        return due.Count;
    }

    /// <summary>
    /// Runs a rule over a past span, slot by slot as its timetable would have. With <paramref name="raise"/> the alerts are raised as
    /// if it had run then; else they are only returned.
    /// </summary>
    public async Task<IReadOnlyList<RuleRun>> RunOverAsync(RuleDefinition rule, DateTimeOffset from, DateTimeOffset to, bool raise, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var busy = await BusyHours.ReadAsync(ask, from - rule.QueryPeriod, to, cancellationToken).ConfigureAwait(false);
        return await RunOverAsync(rule, busy, from, to, raise, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<RuleRun>> RunOverAsync(RuleDefinition rule, BusyHours busy, DateTimeOffset from, DateTimeOffset to, bool raise, CancellationToken cancellationToken)
    {
        var runs = new List<RuleRun>();
        DateTimeOffset? fired = null;
        foreach (var slot in RuleTimetable.Through(rule, from, to))
        {
            if (!busy.Concern(rule, slot) || RuleTimetable.IsSuppressed(rule, fired, slot))
            {
                continue;
            }

            var run = await runner.RunAsync(rule, slot, cancellationToken).ConfigureAwait(false);
            runs.Add(run);
            if (run.Problem is not null)
            {
                break;
            }

            fired = run.Batch.Alerts.Count > 0 ? slot : fired;
            if (raise && run.Batch.Alerts.Count > 0)
            {
                var outcome = await intake.RaiseAsync(rule, Freeze(run), [], cancellationToken).ConfigureAwait(false);
                if (!outcome.IsSuccess)
                {
                    runs[^1] = run with { Problem = outcome.Problem };
                    break;
                }
            }
        }

        return runs;
    }

    /// <summary>Asks for every enabled rule to be run over a past span, by the background loop and soon.</summary>
    public void Ask(TimeRange span) => asked.Enqueue(span);

    /// <summary>Runs what was asked for.</summary>
    public async Task RunAskedAsync(CancellationToken cancellationToken)
    {
        while (asked.TryDequeue(out var span))
        {
            var runs = await RunAllOverAsync(span.From, span.To, cancellationToken).ConfigureAwait(false);
            foreach (var failed in runs.Where(r => r.Problem is not null))
            {
                LogFailed(logger, failed.Rule.Name, failed.Problem!.Message);
            }
        }
    }

    /// <summary>Runs every enabled rule over a past span and raises what it finds; for events that were loaded after their time.</summary>
    public async Task<IReadOnlyList<RuleRun>> RunAllOverAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var runs = new List<RuleRun>();
        var enabled = (await rules.AllAsync(cancellationToken).ConfigureAwait(false)).Where(r => IsRun(r.Value.Definition)).OrderBy(r => r.Id, StringComparer.Ordinal).ToList();
        if (enabled.Count == 0)
        {
            return runs;
        }

        var busy = await BusyHours.ReadAsync(ask, from - enabled.Max(r => r.Value.Definition.QueryPeriod), to, cancellationToken).ConfigureAwait(false);
        foreach (var live in enabled)
        {
            runs.AddRange(await RunOverAsync(live.Value.Definition, busy, from, to, raise: true, cancellationToken).ConfigureAwait(false));
        }

        return runs;
    }

    private static bool IsRun(RuleDefinition rule) => rule.IsEnabled && rule.Kind is RuleKind.Scheduled or RuleKind.NRT && rule.IsEnabled;

    /// <summary>NRT rules run when events come in, not by the clock.</summary>
    private static bool IsTimed(RuleDefinition rule) => rule.IsEnabled && rule.Kind == RuleKind.Scheduled;

    internal static IReadOnlyList<(Alert Alert, AlertEvidence Evidence)> Freeze(RuleRun run) =>
        [.. run.Batch.Alerts.Select(a => (a.Alert, AlertEvidence.Freeze(
            a.Alert.Id, a.Rows, a.Alert.Query.Rows, a.Alert.Query.Text, run.Window.Start, run.Window.End, AlertIntake.Engine)))];

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (version == rules.Version && now - loaded < TimeSpan.FromMinutes(1) && now >= loaded)
        {
            return;
        }

        version = rules.Version;
        loaded = now;
        var all = await rules.AllAsync(cancellationToken).ConfigureAwait(false);
        var running = all.Where(r => IsTimed(r.Value.Definition)).ToDictionary(r => r.Value.Definition.Id);
        foreach (var id in timed.Keys.Where(id => !running.ContainsKey(id)).ToList())
        {
            timed.Remove(id);
        }

        foreach (var (id, live) in running)
        {
            var state = timed.TryGetValue(id, out var known) ? known.State : await rules.StateAsync(id, cancellationToken).ConfigureAwait(false);
            timed[id] = new Timed(live.Value.Definition, state);
        }
    }

    private async Task RunSlotsAsync(Timed item, DueSlots due, CancellationToken cancellationToken)
    {
        if (due.Gap is { } gap)
        {
            health.Gap(item.Rule, gap.From, gap.To);
        }

        foreach (var slot in due.Slots)
        {
            if (RuleTimetable.IsSuppressed(item.Rule, item.State.LastFired, slot))
            {
                item.State = item.State with { LastSlot = slot };
                await rules.PutAsync(item.State, cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (!await RunSlotAsync(item, slot, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    /// <summary>Runs one slot; false when the next ones must wait.</summary>
    private async Task<bool> RunSlotAsync(Timed item, DateTimeOffset slot, CancellationToken cancellationToken)
    {
        RuleRun run;
        try
        {
            run = await runner.RunAsync(item.Rule, slot, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A defect in one rule's run must not stop the others.
            LogDefect(logger, e, item.Rule.Name);
            run = new RuleRun(item.Rule, RuleWindow.Of(item.Rule, slot)) { Problem = new Problem(ProblemKind.Unavailable, "InternalServerError", e.Message) };
        }

        if (run.Problem is { } problem)
        {
            return await FailAsync(item, slot, run, problem, cancellationToken).ConfigureAwait(false);
        }

        var state = item.State with
        {
            LastSlot = slot,
            LastFired = run.Batch.Alerts.Count > 0 ? slot : item.State.LastFired,
            LastRun = time.GetUtcNow(),
            LastRunFailed = false,
            LastMessage = run.Batch.Issues.Count > 0 ? string.Join(' ', run.Batch.Issues) : null,
            Failures = 0,
            FailureCode = null,
            Tries = 0,
            NextTry = null,
        };
        var raised = await intake.RaiseAsync(item.Rule, Freeze(run), [rules.Put(state)], cancellationToken).ConfigureAwait(false);
        if (!raised.IsSuccess)
        {
            return await FailAsync(item, slot, run, raised.Problem with { Kind = ProblemKind.Unavailable }, cancellationToken).ConfigureAwait(false);
        }

        item.State = state;
        health.Ran(run);
        LogRan(logger, item.Rule.Name, run.Rows, run.Batch.Alerts.Count);
        return true;
    }

    private async Task<bool> FailAsync(Timed item, DateTimeOffset slot, RuleRun run, Problem problem, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        LogFailed(logger, item.Rule.Name, problem.Message);
        health.Failed(run, problem);
        if (IsPassing(problem))
        {
            // Tried again with growing gaps; after that the slot is given up, so that the rule does not fall ever further behind.
            var tries = item.State.Tries + 1;
            var givesUp = tries >= MaxTries;
            if (givesUp)
            {
                health.Gap(item.Rule, run.Window.Start, run.Window.End);
            }

            item.State = item.State with
            {
                Tries = givesUp ? 0 : tries,
                NextTry = givesUp ? null : now + TimeSpan.FromSeconds(15 * Math.Pow(2, tries - 1)),
                LastSlot = givesUp ? slot : item.State.LastSlot ?? slot - item.Rule.QueryFrequency,
                LastRun = now,
                LastRunFailed = true,
                LastMessage = problem.Message,
            };
            await rules.PutAsync(item.State, cancellationToken).ConfigureAwait(false);
            return givesUp;
        }

        var failures = item.State.FailureCode == problem.Code ? item.State.Failures + 1 : 1;
        item.State = item.State with
        {
            LastSlot = slot,
            LastRun = now,
            LastRunFailed = true,
            LastMessage = problem.Message,
            Failures = failures,
            FailureCode = problem.Code,
            Tries = 0,
            NextTry = null,
        };
        await rules.PutAsync(item.State, cancellationToken).ConfigureAwait(false);
        if (failures < MaxFailures)
        {
            return true;
        }

        await rules.DisableAsync(item.Rule.Id, $"{MaxFailures} runs in a row failed: {problem.Message}", "detection", cancellationToken).ConfigureAwait(false);
        health.Disabled(item.Rule, problem);
        return false;
    }

    /// <summary>Reached limits and a busy machine pass; a query that cannot be understood does not.</summary>
    internal static bool IsPassing(Problem problem) =>
        problem.Kind is ProblemKind.LimitReached or ProblemKind.Unavailable or ProblemKind.Throttled or ProblemKind.Conflict or ProblemKind.PreconditionFailed;

    [LoggerMessage(Level = LogLevel.Debug, Message = "Rule '{Rule}' found {Rows} rows and raised {Alerts} alerts.")]
    private static partial void LogRan(ILogger logger, string rule, long rows, int alerts);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rule '{Rule}' failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, string rule, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Rule '{Rule}' met a defect.")]
    private static partial void LogDefect(ILogger logger, Exception exception, string rule);

    private sealed class Timed(RuleDefinition rule, RuleState state)
    {
        public RuleDefinition Rule { get; } = rule;

        public RuleState State { get; set; } = state;
    }
}
