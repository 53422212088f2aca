using Bartizan.Foundation.Outcomes;
using Bartizan.Response.Automation;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Api.Detection;
using Bartizan.Server.Auth.Roles;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Response;

namespace Bartizan.Server.Api.Response;

/// <summary><c>Microsoft.SecurityInsights/automationRules</c>.</summary>
internal static class AutomationRuleRoutes
{
    private const int MaxNameLength = 260;
    private const string Rules = InsightsPath.Provider + "/automationRules";
    private const string Read = "Microsoft.SecurityInsights/automationRules/read";

    public static void MapAutomationRules(this IEndpointRouteBuilder routes)
    {
        var insights = routes.MapInsights();
        insights.ArmList(Rules, Read, ListAsync);
        insights.ArmGet(Rules + "/{rule}", Read, GetAsync);
        insights.ArmPut(Rules + "/{rule}", "Microsoft.SecurityInsights/automationRules/write", PutAsync);
        insights.ArmDelete(Rules + "/{rule}", "Microsoft.SecurityInsights/automationRules/delete", DeleteAsync);
    }

    private static async Task<IResult> ListAsync(ListQuery query, AutomationRuleStore rules, Home home, CancellationToken cancellationToken)
    {
        var page = await rules.ListAsync(query.Top, query.Continuation, cancellationToken);
        return page.TryGetValue(out var found, out var problem)
            ? ArmResults.Page([.. found.Items.Select(r => AutomationShapes.Shape(r, home))], found.Continuation, query, found.Count)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> GetAsync(string rule, AutomationRuleStore rules, Home home, CancellationToken cancellationToken) =>
        await rules.FindAsync(rule, cancellationToken) is { } found
            ? ArmResults.Resource(AutomationShapes.Shape(found, home))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "NotFound", $"There is no automation rule '{rule}'.", "automationRuleId"));

    private static async Task<IResult> PutAsync(
        string rule, ArmResource<AutomationRuleProperties> body, IfMatch match, Caller caller, AutomationRuleStore rules, Home home, CancellationToken cancellationToken)
    {
        if (rule.Length > MaxNameLength || rule.Any(char.IsControl))
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "BadRequest", $"The id of an automation rule has up to {MaxNameLength} printable characters; Azure's are GUIDs.", "automationRuleId"));
        }

        if (!AutomationShapes.Read(rule, body.Properties).TryGetValue(out var read, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var isNew = await rules.FindAsync(rule, cancellationToken) is null;
        var outcome = await rules.PutAsync(read, match.With(body.Etag), InsightsPath.ActorOf(caller), cancellationToken);
        return outcome.TryGetValue(out var saved, out problem)
            ? ArmResults.Resource(AutomationShapes.Shape(saved, home), isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> DeleteAsync(string rule, IfMatch match, Caller caller, AutomationRuleStore rules, CancellationToken cancellationToken) =>
        ArmResults.Deleted(await rules.DeleteAsync(rule, match.With(null), caller.Name, cancellationToken));
}
