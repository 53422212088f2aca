using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth;
using Bartizan.Server.Auth.Roles;
using Bartizan.Wire.Access;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Tenancy;

/// <summary>Programs that may sign in. Making one gives it a secret, which is shown once, and a role at a scope.</summary>
internal static class ServicePrincipalRoutes
{
    private const string Action = "Microsoft.Bartizan/servicePrincipals/";

    public static void MapServicePrincipals(this IEndpointRouteBuilder routes)
    {
        routes.ArmGet("/providers/Microsoft.Bartizan/servicePrincipals", Action + "read", List).AtTenant();
        routes.ArmPost("/providers/Microsoft.Bartizan/servicePrincipals", "Microsoft.Authorization/servicePrincipals/write", CreateAsync).AtTenant();
        routes.ArmPost("/providers/Microsoft.Bartizan/servicePrincipals/{id}/resetSecret", "Microsoft.Authorization/servicePrincipals/write", ResetAsync).AtTenant();
        routes.ArmDelete("/providers/Microsoft.Bartizan/servicePrincipals/{id}", "Microsoft.Authorization/servicePrincipals/delete", DeleteAsync).AtTenant();
    }

    private static IResult List(Principals principals, RoleAssignments roles, ListQuery query) => ArmResults.Page(
        principals.All.OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase).Select(p => Shape(p, roles)).ToList(), query);

    private static async Task<IResult> CreateAsync(
        [FromBody] ServicePrincipalRequest body, Principals principals, RoleAssignments roles, Home home, Caller caller, TimeProvider time, CancellationToken cancellationToken)
    {
        if (BuiltInRoles.Find(body.Role ?? "Reader") is not { } role)
        {
            return ArmErrors.Result(new Problem(
                ProblemKind.Invalid, "RoleDefinitionDoesNotExist", $"There is no role '{body.Role}'; there are {string.Join(", ", BuiltInRoles.All.Select(r => r.Name))}.", "role"));
        }

        if (!ResourceId.TryParse(body.Scope ?? "/", out var scope))
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "InvalidScope", $"'{body.Scope}' is not a scope such as / or /subscriptions/… .", "scope"));
        }

        if (!caller.May("Microsoft.Authorization/roleAssignments/write", scope))
        {
            return ArmErrors.Result(ArmGate.Refusal(caller, "Microsoft.Authorization/roleAssignments/write", scope));
        }

        var made = await principals.CreateAsync(body.Name ?? "", isLocalAdministrator: false, caller.Name, cancellationToken);
        if (!made.TryGetValue(out var created, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var name = Guid.CreateVersion7(time.GetUtcNow()).ToString();
        var assigned = await roles.PutAsync(new RoleAssignment(name, created.Principal.ObjectId, "ServicePrincipal", role.Id, scope.Text, null), caller.Name, cancellationToken);
        return assigned.IsSuccess ? ArmResults.Value(Secret(created, roles, home), StatusCodes.Status201Created) : ArmErrors.Result(assigned.Problem);
    }

    private static async Task<IResult> ResetAsync(string id, Principals principals, RoleAssignments roles, Home home, Caller caller, CancellationToken cancellationToken) =>
        ArmResults.Of(await principals.ResetSecretAsync(id, caller.Name, cancellationToken), made => Secret(made, roles, home));

    private static async Task<IResult> DeleteAsync(string id, Principals principals, Caller caller, CancellationToken cancellationToken) =>
        ArmResults.Deleted(await principals.DeleteAsync(id, caller.Name, cancellationToken));

    private static ServicePrincipalEntry Shape(ServicePrincipal principal, RoleAssignments roles) => new(
        principal.ObjectId, principal.AppId, principal.Name,
        [.. roles.All.Where(a => a.Value.PrincipalId.Equals(principal.ObjectId, StringComparison.OrdinalIgnoreCase))
            .Select(a => new RoleAtScope(BuiltInRoles.Find(a.Value.RoleId.ToString())?.Name ?? a.Value.RoleId.ToString(), a.Value.Scope))]);

    private static ServicePrincipalCreated Secret(ServicePrincipalSecret made, RoleAssignments roles, Home home) =>
        new(Shape(made.Principal, roles), made.Secret, home.TenantId.ToString(), home.SubscriptionId.ToString());
}
