using Bartizan.Content.Rules;
using Bartizan.Detection.Scheduling;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Queries;

namespace Bartizan.Detection.Trials;

/// <summary>Alerts of one rule over a recording.</summary>
public sealed record ReplayedRule(RuleDefinition Rule, int Alerts, long Rows, Problem? Problem);

/// <summary>Runs rules over whatever a store holds, through the hours in which there are events.</summary>
public sealed class RecordingReplay(AskQuery ask, RuleRunner runner)
{
    private static readonly TimeSpan gap = TimeSpan.FromHours(2);

    /// <summary>Stretches of time with events in these tables; a gap of hours begins a new one.</summary>
    public async Task<Outcome<IReadOnlyList<TimeRange>>> SpansAsync(IEnumerable<string> tables, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tables);
        var spans = new List<TimeRange>();
        foreach (var table in tables.Order(StringComparer.Ordinal))
        {
            var outcome = await ask(
                new QueryRequest($"['{table}'] | summarize First = min(TimeGenerated), Last = max(TimeGenerated) by bin(TimeGenerated, 1h) | project First, Last"), cancellationToken).ConfigureAwait(false);
            if (!outcome.TryGetValue(out var result, out var problem))
            {
                return problem;
            }

            foreach (var row in result.Rows)
            {
                if (row is [DateTime first, DateTime last])
                {
                    spans.Add(new TimeRange(Utc(first), Utc(last).AddSeconds(1)));
                }
            }
        }

        return Merge(spans);
    }

    /// <summary>Each rule as its timetable would have run it through the spans.</summary>
    public async Task<IReadOnlyList<ReplayedRule>> RunAsync(IEnumerable<RuleDefinition> rules, IReadOnlyList<TimeRange> spans, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(spans);
        var replayed = new List<ReplayedRule>();
        foreach (var rule in rules)
        {
            var (alerts, rows) = (0, 0L);
            Problem? problem = null;
            foreach (var slot in spans.SelectMany(s => RuleTimetable.Through(rule, s.From, s.To)))
            {
                var run = await runner.RunAsync(rule, slot, cancellationToken).ConfigureAwait(false);
                problem = run.Problem;
                if (problem is not null)
                {
                    break;
                }

                alerts += run.Batch.Alerts.Count;
                rows += run.Rows;
            }

            replayed.Add(new ReplayedRule(rule, alerts, rows, problem));
        }

        return replayed;
    }

    private static List<TimeRange> Merge(List<TimeRange> spans)
    {
        var merged = new List<TimeRange>();
        foreach (var span in spans.OrderBy(s => s.From))
        {
            if (merged is [.., var last] && span.From - last.To <= gap)
            {
                merged[^1] = last with { To = span.To > last.To ? span.To : last.To };
            }
            else
            {
                merged.Add(span);
            }
        }

        return merged;
    }

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
