using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Posture;
using Bartizan.Posture.Governance;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Wire.Arm;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Posture;

/// <summary><c>Microsoft.Security/assessments/governanceAssignments</c>: who mends a finding, and until when.</summary>
internal static class GovernanceRoutes
{
    private const string Action = "Microsoft.Security/assessments/governanceAssignments";
    private const string Root = "/providers/Microsoft.Security/assessments/{key}/governanceAssignments";

    public static void MapGovernance(this IEndpointRouteBuilder routes)
    {
        routes.ArmList(Root, Action + "/read", ListAsync);
        routes.ArmGet(Root + "/{name}", Action + "/read", GetAsync);
        routes.ArmPut(Root + "/{name}", Action + "/write", PutAsync);
        routes.ArmDelete(Root + "/{name}", Action + "/delete", async (string key, string name, ArmScope scope, Caller caller, GovernanceBook book, CancellationToken cancellationToken) =>
            ArmResults.Deleted(await book.DeleteAsync(scope.Id, key, name, caller.Name, cancellationToken)));
    }

    private static async Task<IResult> ListAsync(string key, ArmScope scope, Caller caller, ListQuery query, GovernanceBook book, CancellationToken cancellationToken)
    {
        var visible = caller.Scopes(Action + "/read");
        var all = await book.ListAsync(scope.Id, key, cancellationToken);
        return ArmResults.Page([.. all.Where(a => visible.Includes(ResourceId.Parse(a.ResourceId))).Select(Shape)], query);
    }

    private static async Task<IResult> GetAsync(string key, string name, ArmScope scope, GovernanceBook book, CancellationToken cancellationToken) =>
        await book.FindAsync(scope.Id, key, name, cancellationToken) is { } found
            ? ArmResults.Resource(Shape(found.Value))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", $"The assessment '{key}' of '{scope.Id}' has no governance assignment '{name}'."));

    private static async Task<IResult> PutAsync(
        string key, string name, [FromBody] JsonElement body, ArmScope scope, Caller caller, GovernanceBook book, PostureQueries posture, CancellationToken cancellationToken)
    {
        if (posture.Finding(scope.Id, key) is null)
        {
            return ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", $"There is no assessment '{key}' of '{scope.Id}'."));
        }

        var existed = await book.FindAsync(scope.Id, key, name, cancellationToken) is not null;
        var properties = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("properties", out var inner) ? inner : body;
        var outcome = await book.PutAsync(scope.Id, key, name, properties, caller.Name, cancellationToken);
        return outcome.TryGetValue(out var record, out var problem)
            ? ArmResults.Resource(Shape(record.Value), existed ? StatusCodes.Status200OK : StatusCodes.Status201Created)
            : ArmErrors.Result(problem);
    }

    private static ArmResource<JsonElement> Shape(GovernanceAssignment assignment) => new()
    {
        Id = assignment.Id,
        Name = assignment.Name,
        Type = Action,
        Properties = PostureShapes.Parse(assignment.Json),
    };
}
