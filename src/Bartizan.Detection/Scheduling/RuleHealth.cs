using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Bartizan.Content.Rules;
using Bartizan.Detection.Rows;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store;
using Bartizan.Store.Ingestion;

namespace Bartizan.Detection.Scheduling;

/// <summary>How rules fare, as rows of <c>SentinelHealth</c>: every run, every failure, every gap in what a rule has seen.</summary>
public sealed class RuleHealth(DataFolder folder, TimeProvider time)
{
    private readonly ConcurrentQueue<string> rows = new();

    public void Ran(RuleRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var issues = string.Join(' ', run.Batch.Issues);
        Add(run.Rule, issues.Length > 0 ? "Warning" : "Success", issues.Length > 0 ? issues : "Rule executed successfully.", "", run);
    }

    public void Failed(RuleRun run, Problem problem)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(problem);
        Add(run.Rule, "Failure", problem.Message, problem.Code, run);
    }

    public void Disabled(RuleDefinition rule, Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        Add(rule, "Failure", $"The rule was switched off: {problem.Message}", "AutoDisabled", null);
    }

    /// <summary>A span that the rule will never look at.</summary>
    public void Gap(RuleDefinition rule, DateTimeOffset from, DateTimeOffset to) => Add(
        rule, "Failure", string.Create(CultureInfo.InvariantCulture, $"Runs between {from.UtcDateTime:u} and {to.UtcDateTime:u} were given up."), "Gap", null, from, to);

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        while (rows.TryDequeue(out var row))
        {
            text.Append(row).Append('\n');
        }

        if (text.Length > 0)
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()));
            await folder.Ingestion.AppendAsync("SentinelHealth", stream, new IngestionOptions { Source = "detection" }, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Add(RuleDefinition rule, string status, string description, string reason, RuleRun? run, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        ArgumentNullException.ThrowIfNull(rule);
        rows.Enqueue(RowText.Write(json =>
        {
            json.Time("TimeGenerated", time.GetUtcNow());
            json.WriteString("OperationName", rule.Kind == RuleKind.NRT ? "NRT analytics rule run" : "Scheduled analytics rule run");
            json.WriteString("SentinelResourceId", rule.Id);
            json.WriteString("SentinelResourceName", rule.Name);
            json.WriteString("SentinelResourceType", "Analytic Rule");
            json.WriteString("SentinelResourceKind", rule.Kind.ToString());
            json.WriteString("Status", status);
            json.WriteString("Description", description);
            json.WriteString("Reason", reason);
            json.WriteString("WorkspaceId", folder.Options.WorkspaceId);
            json.WriteStartObject("ExtendedProperties");
            json.Time("QueryStartTimeUTC", run?.Window.Start ?? from);
            json.Time("QueryEndTimeUTC", run?.Window.End ?? to);
            if (run is not null)
            {
                json.WriteNumber("QueryResultAmount", run.Rows);
                json.WriteNumber("AlertsGeneratedAmount", run.Batch.Alerts.Count);
                json.WriteNumber("EntitiesDropped", run.Batch.EntitiesDropped);
                json.WriteNumber("QueryDurationMs", Math.Round(run.Duration.TotalMilliseconds));
            }

            json.WriteEndObject();
        }));
    }
}
