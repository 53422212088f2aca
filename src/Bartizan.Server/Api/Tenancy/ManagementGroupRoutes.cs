using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;

namespace Bartizan.Server.Api.Tenancy;

/// <summary>The root management group, which holds every subscription.</summary>
internal static class ManagementGroupRoutes
{
    private const string Read = "Microsoft.Management/managementGroups/read";

    private const string Type = "Microsoft.Management/managementGroups";

    // A list shows the root to whoever reads anything under it; subscriptions below are filtered.
    public static void MapManagementGroups(this IEndpointRouteBuilder routes)
    {
        routes.ArmList("/providers/Microsoft.Management/managementGroups", Read, List);
        routes.ArmList("/providers/Microsoft.Management/managementGroups/{group}", Read, GetAsync);
        routes.ArmList("/providers/Microsoft.Management/managementGroups/{group}/descendants", Read, DescendantsAsync);
        routes.ArmQuery("/providers/Microsoft.Management/getEntities", Read, EntitiesAsync);
    }

    private static IResult List(Home home, ListQuery query) => ArmResults.Page<object>(
        [new { id = Id(home), name = home.TenantId.ToString(), type = Type, properties = new { tenantId = home.TenantId.ToString(), displayName = "Tenant Root Group" } }], query);

    private static async Task<IResult> GetAsync(string group, HttpContext context, Home home, Subscriptions subscriptions, Caller caller, CancellationToken cancellationToken)
    {
        if (!IsRoot(group, home))
        {
            return NotFound(group);
        }

        var wantsChildren = context.Request.Query["$expand"].ToString().Contains("children", StringComparison.OrdinalIgnoreCase);
        var children = wantsChildren
            ? (await subscriptions.ListAsync(caller, cancellationToken)).Select(s => new { type = "/subscriptions", id = $"/subscriptions/{s.Id}", name = s.Id, displayName = s.Name }).ToList()
            : null;
        return ArmResults.Value(new
        {
            id = Id(home),
            name = home.TenantId.ToString(),
            type = Type,
            properties = new { tenantId = home.TenantId.ToString(), displayName = "Tenant Root Group", details = new { version = 1 }, children },
        });
    }

    private static async Task<IResult> DescendantsAsync(string group, Home home, Subscriptions subscriptions, Caller caller, ListQuery query, CancellationToken cancellationToken) =>
        IsRoot(group, home)
            ? ArmResults.Page((await subscriptions.ListAsync(caller, cancellationToken)).Select(s => new
            {
                id = $"/subscriptions/{s.Id}",
                name = s.Id,
                type = "/subscriptions",
                properties = new { displayName = s.Name, parent = new { id = Id(home) } },
            }).ToList(), query)
            : NotFound(group);

    /// <summary>The root and all that lies below it, as flat entities.</summary>
    private static async Task<IResult> EntitiesAsync(Home home, Subscriptions subscriptions, Caller caller, ListQuery query, CancellationToken cancellationToken)
    {
        var root = home.TenantId.ToString();
        var below = await subscriptions.ListAsync(caller, cancellationToken);
        return ArmResults.Page<object>(
            [
                Entity(Id(home), Type, root, "Tenant Root Group", null, [], below.Count),
                .. below.Select(s => Entity($"/subscriptions/{s.Id}", "/subscriptions", s.Id, s.Name, Id(home), [root], 0)),
            ],
            query);

        object Entity(string id, string type, string name, string displayName, string? parent, string[] above, int children) => new
        {
            id,
            type,
            name,
            properties = new
            {
                tenantId = root,
                displayName,
                parent = new { id = parent },
                permissions = "view",
                inheritedPermissions = "view",
                numberOfDescendants = children,
                numberOfChildren = children,
                numberOfChildGroups = 0,
                parentDisplayNameChain = above.Select(_ => "Tenant Root Group"),
                parentNameChain = above,
            },
        };
    }

    private static string Id(Home home) => $"/providers/{Type}/{home.TenantId}";

    private static bool IsRoot(string group, Home home) => group.Equals(home.TenantId.ToString(), StringComparison.OrdinalIgnoreCase);

    private static IResult NotFound(string group) => ArmErrors.Result(
        new Problem(ProblemKind.NotFound, "NotFound", $"'/providers/{Type}/{group}' not found. The only management group here is the root, named as the tenant."));
}
