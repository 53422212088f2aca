using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Detection.Rules;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Catalog;
using Bartizan.Store.Ingestion;

namespace Bartizan.Detection.Scheduling;

/// <summary>
/// Near-real-time rules: each looks at the rows of a commit once, right after it, by the moment they were taken in; so late events are
/// seen too and none is seen twice, nor lost over a crash.
/// </summary>
public sealed class NrtRules(RuleStore rules, RuleRunner runner, AlertIntake intake, RuleHealth health, TableCatalog catalog, TimeProvider time)
{
    private const int MaxTries = 6;

    // Commits are announced in about the order of their moments, not quite.
    private static readonly TimeSpan overlap = TimeSpan.FromMinutes(10);

    // What detection itself appends; a rule that reads these runs all the same, but they never stand for "any table".
    private static readonly HashSet<string> ours = new(StringComparer.Ordinal) { "SentinelHealth", TableCatalog.DeadLetters };

    private readonly Dictionary<Guid, Waiting> waiting = [];
    private IReadOnlyList<(RuleDefinition Rule, HashSet<string> Tables, DateTimeOffset Modified)> running = [];
    private long version = -1;

    /// <summary>Runs the rules that read these tables over the new rows, and again those whose last run failed for a passing reason.</summary>
    public async Task<int> RunAsync(IReadOnlyList<EventsAppended> appended, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(appended);
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var runs = 0;
        foreach (var (rule, tables, _) in running)
        {
            var known = waiting.GetValueOrDefault(rule.Id);
            var fresh = appended.Where(a => tables.Count == 0 ? !ours.Contains(a.Table) : tables.Contains(a.Table)).ToList();
            if (fresh.Count == 0 && (known is null || known.NextTry > now))
            {
                continue;
            }

            runs++;
            await RunAsync(rule, [.. known?.Appended ?? [], .. fresh], known?.Tries ?? 0, cancellationToken).ConfigureAwait(false);
        }

        if (runs > 0)
        {
            await health.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        return runs;
    }

    /// <summary>
    /// Runs each rule over the commits that it has not seen: those of which the notice was lost with the process, or whose run was waiting to be
    /// tried again. What came before the rule was last changed is not its matter. Returns how many rules ran.
    /// </summary>
    public async Task<int> RecoverAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        var runs = 0;
        foreach (var (rule, tables, modified) in running)
        {
            var state = await rules.StateAsync(rule.Id, cancellationToken).ConfigureAwait(false);
            if (state.LastSlot is not { } last)
            {
                continue;
            }

            var since = last - overlap > modified ? last - overlap : modified;
            var seen = state.Seen.ToHashSet();
            var missed = new List<EventsAppended>();
            foreach (var table in tables.Count > 0 ? tables : [.. catalog.Tables.Select(t => t.Name).Where(t => !ours.Contains(t))])
            {
                if ((await runner.CommitsAsync(table, since, cancellationToken).ConfigureAwait(false)).TryGetValue(out var commits, out _))
                {
                    missed.AddRange(commits.Where(c => !seen.Contains(c.Received)));
                }
            }

            if (missed.Count > 0)
            {
                runs++;
                await RunAsync(rule, [.. missed.OrderBy(m => m.Received)], 0, cancellationToken).ConfigureAwait(false);
            }
        }

        if (runs > 0)
        {
            await health.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        return runs;
    }

    private async Task RunAsync(RuleDefinition rule, IReadOnlyList<EventsAppended> appended, int tries, CancellationToken cancellationToken)
    {
        var run = await runner.RunNewAsync(rule, appended, cancellationToken).ConfigureAwait(false);
        var state = await rules.StateAsync(rule.Id, cancellationToken).ConfigureAwait(false);
        var problem = run.Problem;
        if (problem is null)
        {
            if (RuleTimetable.IsSuppressed(rule, state.LastFired, run.Window.Now))
            {
                run = run with { Batch = new AlertBatch([], run.Batch.Issues, 0) };
            }

            var after = state with
            {
                LastSlot = Later(state.LastSlot, run.Window.Now),
                Seen = [.. state.Seen.Concat(appended.Select(a => a.Received)).Distinct().Where(r => r >= Later(state.LastSlot, run.Window.Now) - overlap).Order()],
                LastFired = run.Batch.Alerts.Count > 0 ? run.Window.Now : state.LastFired,
                LastRun = time.GetUtcNow(),
                LastRunFailed = false,
                LastMessage = run.Batch.Issues.Count > 0 ? string.Join(' ', run.Batch.Issues) : null,
                Failures = 0,
                FailureCode = null,
            };
            var raised = await intake.RaiseAsync(rule, RuleScheduler.Freeze(run), [rules.Put(after)], cancellationToken).ConfigureAwait(false);
            if (raised.IsSuccess)
            {
                waiting.Remove(rule.Id);
                health.Ran(run);
                return;
            }

            problem = raised.Problem with { Kind = ProblemKind.Unavailable };
        }

        await FailAsync(rule, run, problem, state, appended, tries + 1, cancellationToken).ConfigureAwait(false);
    }

    private static DateTimeOffset Later(DateTimeOffset? known, DateTimeOffset moment) => known is { } k && k > moment ? k : moment;

    private async Task FailAsync(
        RuleDefinition rule, RuleRun run, Problem problem, RuleState state, IReadOnlyList<EventsAppended> appended, int tries, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        health.Failed(run, problem);
        var isPassing = RuleScheduler.IsPassing(problem);
        if (isPassing && tries < MaxTries)
        {
            waiting[rule.Id] = new Waiting(appended, tries, now + TimeSpan.FromSeconds(5 * Math.Pow(2, tries)));
        }
        else
        {
            waiting.Remove(rule.Id);
            health.Gap(rule, run.Window.Start, run.Window.End);
        }

        var failures = isPassing ? state.Failures : state.FailureCode == problem.Code ? state.Failures + 1 : 1;
        await rules.PutAsync(
            state with { LastRun = now, LastRunFailed = true, LastMessage = problem.Message, Failures = failures, FailureCode = isPassing ? state.FailureCode : problem.Code },
            cancellationToken).ConfigureAwait(false);
        if (!isPassing && failures >= RuleScheduler.MaxFailures)
        {
            await rules.DisableAsync(rule.Id, $"{RuleScheduler.MaxFailures} runs in a row failed: {problem.Message}", "detection", cancellationToken).ConfigureAwait(false);
            health.Disabled(rule, problem);
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (version == rules.Version)
        {
            return;
        }

        version = rules.Version;
        var all = await rules.AllAsync(cancellationToken).ConfigureAwait(false);
        running = [.. all.Select(r => r.Value).Where(r => r.Definition.IsEnabled && r.Definition.Kind == RuleKind.NRT).OrderBy(r => r.Definition.Id).Select(r => (r.Definition, TablesOf(r.Definition.Query), r.LastModified))];
    }

    /// <summary>The tables that a query names; none stands for all, where it names what only a function or a wildcard says.</summary>
    private HashSet<string> TablesOf(string query)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in query.Split([.. query.Where(c => !char.IsLetterOrDigit(c) && c is not '_' and not '*').Distinct()], StringSplitOptions.RemoveEmptyEntries))
        {
            if (word is "search" or "find" || word.Contains('*', StringComparison.Ordinal) || word.StartsWith("_Im_", StringComparison.Ordinal) || word.StartsWith("_ASim_", StringComparison.Ordinal))
            {
                return [];
            }

            if (catalog.Find(word) is { } table)
            {
                words.Add(table.Name);
            }
        }

        return words;
    }

    private sealed record Waiting(IReadOnlyList<EventsAppended> Appended, int Tries, DateTimeOffset NextTry);
}
