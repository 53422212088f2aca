using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Posture.Fixes;
using Bartizan.Response.Fixes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Api.Posture;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Posture;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Response;

/// <summary>
/// Ours: <c>Microsoft.Bartizan/proposeFix</c> and <c>fixPlans</c>, below the resource that they mend. Who writes a plan proposes; who approves it and who
/// carries it out need rights of their own, and to carry it out the right to write the resource too.
/// </summary>
internal static class FixRoutes
{
    private const int MaxNameLength = 90;
    private const string Read = "Microsoft.Bartizan/fixPlans/read";
    private const string Plans = "/providers/" + FixShapes.Type;

    private static readonly Dictionary<string, Func<FixPlan, object?>> Fields = new(StringComparer.OrdinalIgnoreCase)
    {
        ["status"] = p => p.Status.ToString(),
        ["resourceId"] = p => p.Resource,
        ["resourceName"] = p => p.ResourceName,
        ["resourceType"] = p => p.ResourceType,
        ["recommendation"] = p => p.Key,
        ["displayName"] = p => p.Title,
    };

    public static void MapFixes(this IEndpointRouteBuilder routes)
    {
        routes.ArmPost("/providers/Microsoft.Bartizan/proposeFix", "Microsoft.Security/assessments/read", ProposeAsync);
        routes.ArmList(Plans, Read, ListAsync);
        routes.ArmGet(Plans + "/{name}", Read, GetAsync);
        routes.ArmPut(Plans + "/{name}", "Microsoft.Bartizan/fixPlans/write", PutAsync);
        routes.ArmPost(Plans + "/{name}/approve", "Microsoft.Bartizan/fixPlans/approve/action", ApproveAsync);
        routes.ArmPost(Plans + "/{name}/reject", "Microsoft.Bartizan/fixPlans/approve/action", RejectAsync);
        routes.ArmPost(Plans + "/{name}/execute", "Microsoft.Bartizan/fixPlans/execute/action", ExecuteAsync);
        routes.ArmPost(Plans + "/{name}/undo", "Microsoft.Bartizan/fixPlans/execute/action", UndoAsync);
    }

    private static async Task<IResult> ProposeAsync([FromBody] FixRequest body, ArmScope scope, FixProposals proposals, CancellationToken cancellationToken) =>
        ArmResults.Of(await proposals.ProposeAsync(scope.Id, KeyOf(body), cancellationToken), FixShapes.Proposal);

    private static async Task<IResult> ListAsync(ArmScope scope, Caller caller, ListQuery query, FixPlans plans, CancellationToken cancellationToken)
    {
        if (!FilterText.Read(query.Filter, Fields).TryGetValue(out var holds, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var visible = caller.Scopes(Read);
        var found = new List<ArmResource<FixPlanProperties>>();
        await foreach (var record in plans.EnumerateAsync([], cancellationToken))
        {
            var at = ResourceId.Parse(record.Value.Resource);
            if (at.IsWithin(scope.Id) && visible.Includes(at) && holds(record.Value))
            {
                found.Add(FixShapes.Plan(record));
            }
        }

        return ArmResults.Page(found, query);
    }

    private static async Task<IResult> GetAsync(string name, ArmScope scope, FixPlans plans, CancellationToken cancellationToken) =>
        await plans.FindAsync(scope.Id, name, cancellationToken) is { } found ? ArmResults.Resource(FixShapes.Plan(found)) : Missing(name, scope);

    private static async Task<IResult> PutAsync(
        string name, [FromBody] ArmResource<FixRequest> body, ArmScope scope, Caller caller, FixPlans plans, CancellationToken cancellationToken)
    {
        if (name.Length > MaxNameLength || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "InvalidName", $"A plan's name has up to {MaxNameLength} letters, digits, '-', '_' and '.'.", "name"));
        }

        // A plan copies what stands in the resource, so it takes the right to see that.
        if (!caller.May("Microsoft.Security/assessments/read", scope.Id))
        {
            return ArmErrors.Result(ArmGate.Refusal(caller, "Microsoft.Security/assessments/read", scope.Id));
        }

        return Shaped(await plans.CreateAsync(scope.Id, name, KeyOf(body.Properties), caller.Name, cancellationToken), StatusCodes.Status201Created);
    }

    private static Task<IResult> ApproveAsync(string name, [FromBody] FixDecision? body, ArmScope scope, Caller caller, FixPlans plans, CancellationToken cancellationToken) =>
        OnAsync(name, scope, plans, plan => plans.ApproveAsync(plan, body?.Note, caller.Name, cancellationToken), cancellationToken);

    private static Task<IResult> RejectAsync(string name, [FromBody] FixDecision? body, ArmScope scope, Caller caller, FixPlans plans, CancellationToken cancellationToken) =>
        OnAsync(name, scope, plans, plan => plans.RejectAsync(plan, body?.Note, caller.Name, cancellationToken), cancellationToken);

    private static Task<IResult> ExecuteAsync(string name, ArmScope scope, Caller caller, FixPlans plans, FixRunner runner, CancellationToken cancellationToken) =>
        OnAsync(name, scope, plans, plan => WritingAsync(plan, caller, () => runner.ExecuteAsync(plan, caller.Name, cancellationToken)), cancellationToken);

    private static Task<IResult> UndoAsync(string name, ArmScope scope, Caller caller, FixPlans plans, FixRunner runner, CancellationToken cancellationToken) =>
        OnAsync(name, scope, plans, plan => WritingAsync(plan, caller, () => runner.UndoAsync(plan, caller.Name, cancellationToken)), cancellationToken);

    /// <summary>The server writes with a right of its own; it does so only for somebody who may write there too.</summary>
    private static async Task<Outcome<Record<FixPlan>>> WritingAsync(FixPlan plan, Caller caller, Func<Task<Outcome<Record<FixPlan>>>> act)
    {
        var target = ResourceId.Parse(plan.Operation.Target);
        var action = plan.Operation.Kind == FixOperation.Deployment ? "Microsoft.Resources/deployments/write" : $"{plan.ResourceType}/write";
        return caller.May(action, target) ? await act() : ArmGate.Refusal(caller, action, target);
    }

    private static async Task<IResult> OnAsync(string name, ArmScope scope, FixPlans plans, Func<FixPlan, Task<Outcome<Record<FixPlan>>>> act, CancellationToken cancellationToken) =>
        await plans.FindAsync(scope.Id, name, cancellationToken) is { } found ? Shaped(await act(found.Value)) : Missing(name, scope);

    private static IResult Shaped(Outcome<Record<FixPlan>> outcome, int status = StatusCodes.Status200OK) =>
        outcome.TryGetValue(out var record, out var problem) ? ArmResults.Resource(FixShapes.Plan(record), status) : ArmErrors.Result(problem);

    private static IResult Missing(string name, ArmScope scope) =>
        ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", $"There is no fix plan '{name}' for '{scope.Id}'."));

    private static string KeyOf(FixRequest? body) => body?.Recommendation is { } key ? key[(key.LastIndexOf('/') + 1)..] : "";
}
