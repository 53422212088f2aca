using Bartizan.Posture.Evaluation;
using Bartizan.Posture.Governance;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Wire.Posture;

namespace Bartizan.Server.Api.Posture;

/// <summary>Ours: findings by owner and date, as <c>governanceReport</c> and, counted, <c>governanceSummary</c>.</summary>
internal static class GovernanceReportRoutes
{
    private const string Read = "Microsoft.Security/assessments/governanceAssignments/read";
    private const string Root = "/providers/Microsoft.Bartizan/";

    private static readonly Dictionary<string, Func<GovernanceEntry, object?>> Fields = new(StringComparer.OrdinalIgnoreCase)
    {
        ["state"] = e => e.State,
        ["owner"] = e => e.Owner,
        ["severity"] = e => e.Severity,
        ["dueDate"] = e => e.DueDate,
        ["assessmentKey"] = e => e.AssessmentKey,
        ["displayName"] = e => e.DisplayName,
        ["resourceId"] = e => e.ResourceId,
        ["ruleId"] = e => e.RuleId,
    };

    public static void MapGovernanceReport(this IEndpointRouteBuilder routes)
    {
        routes.ArmList(Root + "governanceReport", Read, ListAsync);
        routes.ArmList(Root + "governanceSummary", Read, SummaryAsync);
    }

    private static async Task<IResult> ListAsync(ArmScope scope, Caller caller, ListQuery query, GovernanceReport report, PostureSweep sweep, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!FilterText.Read(query.Filter, Fields).TryGetValue(out var holds, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var now = time.GetUtcNow();
        var all = (await EntriesAsync(scope, caller, report, cancellationToken)).Select(f => Shape(f, sweep, now)).Where(holds);
        return ArmResults.Page([.. all.Where(e => query.Search is not { } text || Mentions(e, text))], query);
    }

    private static async Task<IResult> SummaryAsync(ArmScope scope, Caller caller, GovernanceReport report, CancellationToken cancellationToken)
    {
        var all = await EntriesAsync(scope, caller, report, cancellationToken);
        return ArmResults.Value(new GovernanceSummary(
            Count(all),
            [.. all.GroupBy(f => f.Assignment?.Owner, StringComparer.OrdinalIgnoreCase)
                .Select(g => new GovernanceOwner(g.Key, Count([.. g]), g.Where(f => f.State is GovernanceState.Overdue or GovernanceState.OnTime).Min(f => f.Assignment?.DueDate)))
                .OrderByDescending(o => o.Counts.Overdue).ThenBy(o => o.Owner, StringComparer.OrdinalIgnoreCase)]));
    }

    private static Task<IReadOnlyList<GovernedFinding>> EntriesAsync(ArmScope scope, Caller caller, GovernanceReport report, CancellationToken cancellationToken) =>
        report.ListAsync(scope.Id, RecommendationRoutes.Sees(caller.Scopes(Read)), cancellationToken);

    private static GovernanceCounts Count(IReadOnlyList<GovernedFinding> findings) => new(
        findings.Count(f => f.State == GovernanceState.Overdue), findings.Count(f => f.State == GovernanceState.OnTime),
        findings.Count(f => f.State == GovernanceState.Unassigned), findings.Count(f => f.State == GovernanceState.Completed));

    private static bool Mentions(GovernanceEntry entry, string text) =>
        entry.DisplayName.Contains(text, StringComparison.OrdinalIgnoreCase) || entry.ResourceId.Contains(text, StringComparison.OrdinalIgnoreCase)
        || (entry.Owner?.Contains(text, StringComparison.OrdinalIgnoreCase) ?? false);

    private static GovernanceEntry Shape(GovernedFinding finding, PostureSweep sweep, DateTimeOffset now)
    {
        var check = sweep.FindCheck(finding.Assessment.Key);
        return new GovernanceEntry(
            finding.Assessment.Id, finding.Resource.Id.Text, finding.Resource.Name, finding.Assessment.Key, check?.DisplayName ?? finding.Assessment.Key, check?.Severity ?? "",
            finding.State.ToString(), finding.Assignment?.Owner, finding.Assignment?.DueDate, finding.Assignment?.Id, finding.Assignment?.RuleId, finding.Assignment?.IsInGrace(now) ?? false);
    }
}
