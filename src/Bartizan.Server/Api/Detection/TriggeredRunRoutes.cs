using Bartizan.Detection.Scheduling;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Detection;

namespace Bartizan.Server.Api.Detection;

/// <summary><c>alertRules/{id}/triggerRuleRun</c> and the runs it begins.</summary>
internal static class TriggeredRunRoutes
{
    private const string Runs = InsightsPath.Provider + "/triggeredAnalyticsRuleRuns";
    private const string Read = "Microsoft.SecurityInsights/triggeredAnalyticsRuleRuns/read";

    public static void MapTriggeredRuns(this IEndpointRouteBuilder routes)
    {
        var insights = routes.MapInsights();
        insights.ArmPost(InsightsPath.Provider + "/alertRules/{rule:guid}/triggerRuleRun", "Microsoft.SecurityInsights/alertRules/triggerRuleRun/action", TriggerAsync);
        insights.ArmList(Runs, Read, ListAsync);
        insights.ArmGet(Runs + "/{run:guid}", Read, GetAsync);
    }

    private static async Task<IResult> TriggerAsync(Guid rule, TriggerRuleRunRequest request, Caller caller, TriggeredRuns runs, Home home, CancellationToken cancellationToken)
    {
        var outcome = await runs.AskAsync(rule, request.Properties?.ExecutionTimeUtc, caller.Name, cancellationToken);
        return outcome.TryGetValue(out var run, out var problem) ? ArmResults.Resource(Shape(run, home), StatusCodes.Status202Accepted) : ArmErrors.Result(problem);
    }

    private static async Task<IResult> ListAsync(ListQuery query, TriggeredRuns runs, Home home, CancellationToken cancellationToken)
    {
        var page = await runs.ListAsync(query.Top, query.Continuation, cancellationToken);
        return page.TryGetValue(out var found, out var problem)
            ? ArmResults.Page([.. found.Items.Select(r => Shape(r.Value, home))], found.Continuation, query, found.Count)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> GetAsync(Guid run, TriggeredRuns runs, Home home, CancellationToken cancellationToken) =>
        await runs.FindAsync(run, cancellationToken) is { } found
            ? ArmResults.Resource(Shape(found, home))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "NotFound", $"There is no run '{run}'.", "ruleRunId"));

    private static ArmResource<TriggeredRuleRunProperties> Shape(TriggeredRun run, Home home) => new()
    {
        Id = InsightsPath.Id(home, $"triggeredAnalyticsRuleRuns/{run.Id:D}"),
        Name = run.Id.ToString("D"),
        Type = "Microsoft.SecurityInsights/triggeredAnalyticsRuleRuns",
        Properties = new TriggeredRuleRunProperties(
            run.At, run.RuleId.ToString("D"), run.Id.ToString("D"), run.State.ToString(),
            run.State is TriggeredRunState.Succeeded or TriggeredRunState.Failed ? new TriggeredRuleRunFindings(run.Rows, run.Alerts, run.Error) : null),
    };
}
