using System.Globalization;
using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Entities;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Ingestion;
using Bartizan.Store.Queries;

namespace Bartizan.Detection.Scheduling;

/// <summary>Asks the store a query.</summary>
public delegate Task<Outcome<QueryResult>> AskQuery(QueryRequest request, CancellationToken cancellationToken);

/// <summary>What came of one run of a rule: rows and the alerts they make, nothing of it written yet.</summary>
public sealed record RuleRun(RuleDefinition Rule, RuleWindow Window)
{
    public long Rows { get; init; }

    public AlertBatch Batch { get; init; } = new([], [], 0);

    public TimeSpan Duration { get; init; }

    /// <summary>Why there is no answer; null when there is one.</summary>
    public Problem? Problem { get; init; }

    /// <summary>The rows were more than a run keeps.</summary>
    public bool IsPartial { get; init; }
}

/// <summary>Runs a rule's query over one window and makes alerts of the rows.</summary>
public sealed class RuleRunner(AskQuery ask, TimeProvider time)
{
    /// <summary>Rows that a run keeps. The threshold sees how many there were; alerts need no more than this.</summary>
    private static readonly QueryLimits limits = new() { Timeout = TimeSpan.FromMinutes(5), MaxRows = 20_000, MaxBytes = 64L * 1024 * 1024 };

    /// <param name="slot">The moment the query takes for now.</param>
    public async Task<RuleRun> RunAsync(RuleDefinition rule, DateTimeOffset slot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var window = RuleWindow.Of(rule, slot);
        return await RunAsync(
            rule, window, new QueryRequest(rule.Query) { Now = window.Now, TimeRange = new TimeRange(window.Start, window.End), Limits = limits }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs a rule over just the rows that were taken in at these moments, whatever time they tell of.</summary>
    public async Task<RuleRun> RunNewAsync(RuleDefinition rule, IReadOnlyList<EventsAppended> appended, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(appended);
        var window = new RuleWindow(appended.Min(a => a.From), appended.Max(a => a.To).AddTicks(1), appended.Max(a => a.Received));
        return await RunAsync(
            rule, window, new QueryRequest(rule.Query) { Now = window.Now, Received = [.. appended.Select(a => a.Received).Distinct().Order()], Limits = limits }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The commits of a table since a moment, oldest first.</summary>
    public async Task<Outcome<IReadOnlyList<EventsAppended>>> CommitsAsync(string table, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var moment = since.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        var text = $"['{table}'] | where ingestion_time() > datetime({moment}) | summarize Rows = count(), From = min(TimeGenerated), To = max(TimeGenerated) by Received = ingestion_time() | sort by Received asc";
        var outcome = await ask(new QueryRequest(text) { Limits = limits }, cancellationToken).ConfigureAwait(false);
        return outcome.TryGetValue(out var result, out var problem)
            ? result.Rows.Where(r => r[0] is DateTime && r[2] is DateTime && r[3] is DateTime)
                .Select(r => new EventsAppended(table, Convert.ToInt64(r[1], CultureInfo.InvariantCulture), Moment(r[2]), Moment(r[3]), Moment(r[0]))).ToArray()
            : problem;

        static DateTimeOffset Moment(object? value) => new(DateTime.SpecifyKind((DateTime)value!, DateTimeKind.Utc));
    }

    private async Task<RuleRun> RunAsync(RuleDefinition rule, RuleWindow window, QueryRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var outcome = await ask(request, cancellationToken).ConfigureAwait(false);
        var run = new RuleRun(rule, window) { Duration = time.GetElapsedTime(started) };
        if (!outcome.TryGetValue(out var result, out var problem))
        {
            return run with { Problem = problem };
        }

        var rows = new RuleRows(result.Columns, result.Rows);
        var total = Math.Max(result.Rows.Count, result.Statistics.Rows);
        return run with
        {
            Rows = total,
            IsPartial = result.IsPartial,
            Batch = AlertBuilder.Build(rule, rows, total, window, time.GetUtcNow()),
        };
    }
}
