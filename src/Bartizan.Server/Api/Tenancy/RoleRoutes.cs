using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth;
using Bartizan.Server.Auth.People;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Tenancy;

/// <summary><c>Microsoft.Authorization</c>: role definitions, and who holds which role at a scope.</summary>
internal static class RoleRoutes
{
    private const string Definitions = "Microsoft.Authorization/roleDefinitions/";

    private const string Assignments = "Microsoft.Authorization/roleAssignments/";

    public static void MapRoles(this IEndpointRouteBuilder routes)
    {
        routes.ArmList("/providers/Microsoft.Authorization/roleDefinitions", Definitions + "read", ListDefinitions);
        routes.ArmList("/providers/Microsoft.Authorization/roleDefinitions/{name}", Definitions + "read", GetDefinition);
        routes.ArmList("/providers/Microsoft.Authorization/roleAssignments", Assignments + "read", ListAssignments);
        routes.ArmGet("/providers/Microsoft.Authorization/roleAssignments/{name}", Assignments + "read", GetAssignment);
        routes.ArmPut("/providers/Microsoft.Authorization/roleAssignments/{name}", Assignments + "write", PutAssignmentAsync);
        routes.ArmDelete("/providers/Microsoft.Authorization/roleAssignments/{name}", Assignments + "delete", DeleteAssignmentAsync);

        // What may I do here: anybody may ask it of themselves.
        routes.MapGet("/providers/Microsoft.Authorization/permissions", Permissions).ForAnyCaller();
    }

    private static IResult ListDefinitions(ArmScope scope, ListQuery query)
    {
        if (!ODataFilter.TryParse(query.Filter, out var filter, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var found = BuiltInRoles.All.Where(r => filter.Matches(name => name.ToLowerInvariant() switch
        {
            "rolename" => r.Name,
            "type" => "BuiltInRole",
            "atscope()" => true,
            _ => null,
        }));
        return ArmResults.Page(found.Select(r => Shape(r, scope)).ToList(), query);
    }

    private static IResult GetDefinition(string name, ArmScope scope) => BuiltInRoles.Find(name) is { } role
        ? ArmResults.Value(Shape(role, scope))
        : ArmErrors.Result(new Problem(ProblemKind.NotFound, "RoleDefinitionDoesNotExist", $"The specified role definition with ID '{name}' does not exist."));

    private static IResult ListAssignments(ArmScope scope, RoleAssignments assignments, Caller caller, ListQuery query)
    {
        if (!ODataFilter.TryParse(query.Filter, out var filter, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        // Azure shows what holds at the scope: given there, above it, and, unless atScope() is asked for, below it.
        var visible = caller.Scopes(Assignments + "read");
        var atScope = filter.Properties.Contains("atScope()", StringComparer.Ordinal);
        var found = assignments.All.Where(a => ResourceId.TryParse(a.Value.Scope, out var at)
            && (scope.Id.IsWithin(at) || (!atScope && at.IsWithin(scope.Id)))
            && (visible.Includes(at) || visible.Includes(scope.Id))
            && filter.Matches(name => name.ToLowerInvariant() switch
            {
                "principalid" or "assignedto()" => a.Value.PrincipalId,
                "atscope()" => true,
                _ => null,
            }));
        return ArmResults.Page(found.OrderBy(a => a.Id, StringComparer.OrdinalIgnoreCase).Select(Shape).ToList(), query);
    }

    private static IResult GetAssignment(string name, ArmScope scope, RoleAssignments assignments) => Find(name, scope, assignments) is { } found
        ? ArmResults.Value(Shape(found))
        : ArmErrors.Result(new Problem(ProblemKind.NotFound, "RoleAssignmentNotFound", $"The role assignment '{name}' is not found."));

    private static async Task<IResult> PutAssignmentAsync(
        string name, [FromBody] RoleAssignmentBody body, ArmScope scope, RoleAssignments assignments, Principals principals, UserManager<Person> people, Caller caller, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(name, out _))
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "InvalidRoleAssignmentId", $"The role assignment ID '{name}' is not valid. The role assignment ID must be a GUID.", "roleAssignmentName"));
        }

        var asked = body.Properties ?? new RoleAssignmentProperties(body.RoleDefinitionId, body.PrincipalId, body.PrincipalType, body.Description);
        if (asked.RoleDefinitionId is not { } roleId || BuiltInRoles.Find(roleId) is not { } role)
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "RoleDefinitionDoesNotExist", $"The specified role definition with ID '{asked.RoleDefinitionId}' does not exist.", "roleDefinitionId"));
        }

        if (asked.PrincipalId is not { } principal)
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "InvalidPrincipalId", "principalId is required: the object id of a person or a service principal.", "principalId"));
        }

        var isProgram = principals.All.Any(p => p.ObjectId.Equals(principal, StringComparison.OrdinalIgnoreCase));
        if (!isProgram && await people.FindByIdAsync(principal) is null)
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "PrincipalNotFound", $"Principal '{principal}' does not exist in the directory.", "principalId"));
        }

        // A name that stands for another assignment cannot be taken over: Azure lets nothing of an assignment change.
        var before = Find(name, scope, assignments);
        var assignment = new RoleAssignment(name, principal, isProgram ? "ServicePrincipal" : "User", role.Id, scope.Id.Text, asked.Description);
        if (before is not null && (before.Value.PrincipalId != principal || before.Value.RoleId != role.Id))
        {
            return ArmErrors.Result(new Problem(ProblemKind.Conflict, "RoleAssignmentUpdateNotPermitted", "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."));
        }

        return ArmResults.Of(await assignments.PutAsync(assignment, caller.Name, cancellationToken), Shape, before is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> DeleteAssignmentAsync(string name, ArmScope scope, RoleAssignments assignments, Caller caller, CancellationToken cancellationToken)
    {
        var found = Find(name, scope, assignments);
        if (found is null)
        {
            return Results.NoContent();
        }

        var outcome = await assignments.DeleteAsync(found.Id, caller.Name, cancellationToken);
        return outcome.IsSuccess ? ArmResults.Value(Shape(found)) : ArmErrors.Result(outcome.Problem);
    }

    private static IResult Permissions(ArmScope scope, Caller caller) => ArmResults.Value(new
    {
        value = caller.Grants.Where(g => scope.Id.IsWithin(g.Scope)).Select(g => new { actions = g.Role.Actions, notActions = g.Role.NotActions, dataActions = g.Role.DataActions, notDataActions = Array.Empty<string>() }),
    });

    private static Record<RoleAssignment>? Find(string name, ArmScope scope, RoleAssignments assignments) =>
        assignments.All.FirstOrDefault(a => a.Value.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && ResourceId.TryParse(a.Value.Scope, out var at) && at == scope.Id);

    private static string DefinitionId(Guid role, string scope) => (scope == "/" ? "" : scope) + "/providers/Microsoft.Authorization/roleDefinitions/" + role;

    private static object Shape(RoleDefinition role, ArmScope scope) => new
    {
        id = DefinitionId(role.Id, scope.Id.SubscriptionId is { } s ? $"/subscriptions/{s}" : "/"),
        type = "Microsoft.Authorization/roleDefinitions",
        name = role.Id.ToString(),
        properties = new
        {
            roleName = role.Name,
            type = "BuiltInRole",
            description = role.Description,
            assignableScopes = AnyScope,
            permissions = new[] { new { actions = role.Actions, notActions = role.NotActions, dataActions = role.DataActions, notDataActions = Array.Empty<string>() } },
        },
    };

    private static readonly string[] AnyScope = ["/"];

    private static object Shape(Record<RoleAssignment> record) => new
    {
        id = record.Value.Id,
        type = "Microsoft.Authorization/roleAssignments",
        name = record.Value.Name,
        properties = new
        {
            roleDefinitionId = DefinitionId(record.Value.RoleId, ResourceId.TryParse(record.Value.Scope, out var at) && at.SubscriptionId is { } s ? $"/subscriptions/{s}" : "/"),
            principalId = record.Value.PrincipalId,
            principalType = record.Value.PrincipalType,
            scope = record.Value.Scope,
            description = record.Value.Description,
            createdOn = record.CreatedAt,
            updatedOn = record.UpdatedAt,
            createdBy = record.UpdatedBy,
        },
    };
}

/// <summary>The body of a role assignment: under <c>properties</c>, or flat as older clients send it.</summary>
internal sealed record RoleAssignmentBody(RoleAssignmentProperties? Properties, string? RoleDefinitionId, string? PrincipalId, string? PrincipalType, string? Description);

internal sealed record RoleAssignmentProperties(string? RoleDefinitionId, string? PrincipalId, string? PrincipalType, string? Description);
