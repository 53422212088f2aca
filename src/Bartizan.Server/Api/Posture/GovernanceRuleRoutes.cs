using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Posture.Evaluation;
using Bartizan.Posture.Governance;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Posture;

/// <summary><c>Microsoft.Security/governanceRules</c>: which findings get which owner, and how long to mend them.</summary>
internal static class GovernanceRuleRoutes
{
    private const string Action = "Microsoft.Security/governanceRules";
    private const string Root = "/providers/" + Action;

    public static void MapGovernanceRules(this IEndpointRouteBuilder routes)
    {
        routes.ArmList(Root, Action + "/read", ListAsync);
        routes.ArmGet(Root + "/{name}", Action + "/read", GetAsync);
        routes.ArmPut(Root + "/{name}", Action + "/write", PutAsync);
        routes.ArmDelete(Root + "/{name}", Action + "/delete", async (string name, ArmScope scope, Caller caller, GovernanceRuleBook book, CancellationToken cancellationToken) =>
            ArmResults.Deleted(await book.DeleteAsync(scope.Id, name, caller.Name, cancellationToken)));
        routes.ArmPost(Root + "/{name}/execute", Action + "/execute/action", ExecuteAsync);
        routes.ArmGet(Root + "/{name}/operationResults/{operation}", Action + "/read", async (string name, ArmScope scope, GovernanceRuleBook book, CancellationToken cancellationToken) =>
            await book.FindAsync(scope.Id, name, cancellationToken) is null ? Missing(name, scope) : ArmResults.Value(new Ended("Succeeded")));
    }

    private static async Task<IResult> ListAsync(ArmScope scope, Caller caller, ListQuery query, GovernanceRuleBook book, CancellationToken cancellationToken)
    {
        var visible = caller.Scopes(Action + "/read");
        var found = new List<ArmResource<JsonElement>>();
        await foreach (var record in book.EnumerateAsync(cancellationToken))
        {
            var at = ResourceId.Parse(record.Value.Scope);
            if (at.IsWithin(scope.Id) && visible.Includes(at))
            {
                found.Add(Shape(record));
            }
        }

        return ArmResults.Page([.. found.OrderBy(f => f.Id, StringComparer.OrdinalIgnoreCase)], query);
    }

    private static async Task<IResult> GetAsync(string name, ArmScope scope, GovernanceRuleBook book, CancellationToken cancellationToken) =>
        await book.FindAsync(scope.Id, name, cancellationToken) is { } found ? ArmResults.Resource(Shape(found)) : Missing(name, scope);

    private static async Task<IResult> PutAsync(
        string name, [FromBody] JsonElement body, ArmScope scope, Caller caller, GovernanceRuleBook book, CancellationToken cancellationToken)
    {
        var existed = await book.FindAsync(scope.Id, name, cancellationToken) is not null;
        var properties = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("properties", out var inner) ? inner : body;
        var outcome = await book.PutAsync(scope.Id, name, properties, caller.Name, cancellationToken);
        return outcome.TryGetValue(out var record, out var problem)
            ? ArmResults.Resource(Shape(record), existed ? StatusCodes.Status200OK : StatusCodes.Status201Created)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> ExecuteAsync(
        string name, HttpContext context, ArmScope scope, Caller caller, GovernanceRuleBook book, GovernanceRound round, CancellationToken cancellationToken)
    {
        if (await book.FindAsync(scope.Id, name, cancellationToken) is not { } found)
        {
            return Missing(name, scope);
        }

        // The body may be left out.
        var wish = context.Request.ContentLength is null or 0 ? null : await context.Request.ReadFromJsonAsync<Execution>(cancellationToken);
        await round.ExecuteAsync(found.Value.Id, wish?.Override ?? false, caller.Name, cancellationToken);

        // It is carried out before the answer; clients that ask whether it is over are told so at once.
        context.Response.Headers.Location =
            $"{context.Request.Scheme}://{context.Request.Host}{found.Value.Id}/operationResults/{Guid.CreateVersion7()}?api-version=2022-01-01-preview";
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    private static IResult Missing(string name, ArmScope scope) =>
        ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", $"There is no governance rule '{name}' at '{scope.Id}'."));

    private static ArmResource<JsonElement> Shape(Record<StoredGovernanceRule> record) => new()
    {
        Id = record.Value.Id,
        Name = record.Value.Name,
        Type = Action,
        Properties = PostureShapes.Parse(record.Value.Json),
        SystemData = new SystemData(null, null, record.CreatedAt, record.UpdatedBy, "User", record.UpdatedAt),
    };

    private sealed record Execution(bool Override);

    private sealed record Ended(string Status);
}
