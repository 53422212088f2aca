using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Bartizan.Content.Rules;
using Bartizan.Detection.Scheduling;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store;
using Bartizan.Store.Ingestion;

namespace Bartizan.Detection.Trials;

/// <summary>What became of one fixture of a rule.</summary>
/// <param name="Complaint">What is wrong, in a sentence; null when it passed.</param>
public sealed record TrialOutcome(RuleDefinition Rule, RuleTest Test, int Alerts, string? Complaint)
{
    public bool IsPassed => Complaint is null;
}

/// <summary>
/// Runs the events inside rules against the rules. All fixtures share one scratch store; each lies in a month of its own, so that
/// none sees another's events.
/// </summary>
public sealed class RuleTrial(DataFolder scratch, RuleRunner runner)
{
    private static readonly TimeSpan apart = TimeSpan.FromDays(30);

    private int runs;

    public async Task<IReadOnlyList<TrialOutcome>> RunAsync(RuleDefinition rule, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var outcomes = new List<TrialOutcome>();
        foreach (var test in rule.Tests)
        {
            outcomes.Add(await RunAsync(rule, test, cancellationToken).ConfigureAwait(false));
        }

        return outcomes;
    }

    private async Task<TrialOutcome> RunAsync(RuleDefinition rule, RuleTest test, CancellationToken cancellationToken)
    {
        var shift = runs++ * apart;
        foreach (var (table, events) in test.Events)
        {
            if (await AppendAsync(table, events, shift, cancellationToken).ConfigureAwait(false) is { } complaint)
            {
                return new TrialOutcome(rule, test, 0, complaint);
            }
        }

        var run = await runner.RunAsync(rule, test.At + shift, cancellationToken).ConfigureAwait(false);
        if (run.Problem is { } problem)
        {
            return new TrialOutcome(rule, test, 0, Tell(problem));
        }

        var alerts = run.Batch.Alerts.Count;
        var wanted = test.Fires ? test.Alerts : 0;
        var complaintOfCount = wanted is { } number
            ? alerts == number ? null : $"It raised {alerts} alerts where {number} were expected ({run.Rows} rows)."
            : alerts > 0 ? null : $"It raised no alert ({run.Rows} rows).";
        return new TrialOutcome(rule, test, alerts, complaintOfCount ?? (run.Batch.Issues.Count > 0 ? string.Join(' ', run.Batch.Issues) : null));
    }

    private async Task<string?> AppendAsync(string table, IReadOnlyList<string> events, TimeSpan shift, CancellationToken cancellationToken)
    {
        var lines = new StringBuilder();
        foreach (var text in events)
        {
            var row = JsonNode.Parse(text)!.AsObject();
            row["TimeGenerated"] = (DateTimeOffset.Parse((string)row["TimeGenerated"]!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) + shift)
                .UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
            lines.Append(row.ToJsonString()).Append('\n');
        }

        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(lines.ToString()));
        var outcome = await scratch.Ingestion.AppendAsync(table, stream, IngestionOptions.Default, cancellationToken).ConfigureAwait(false);
        return !outcome.TryGetValue(out var receipt, out var problem) ? problem.Message
            : receipt.Rejected > 0 ? $"An event for {table} was refused: {(receipt.Problems is [var first, ..] ? first.Message : "")}"
            : null;
    }

    private static string Tell(Problem problem) => problem.Diagnostics.Count == 0
        ? problem.Message
        : string.Join(' ', problem.Diagnostics.Take(3).Select(d => $"{d.Code} at {d.Span.Start}: {d.Message}"));
}
