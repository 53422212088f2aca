using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Store.Catalog;
using Bartizan.Wire.Arm;

namespace Bartizan.Server.Api.Logs;

/// <summary><c>Microsoft.OperationalInsights/workspaces/{workspace}/tables</c>: the tables of the workspace that this server holds.</summary>
internal static class WorkspaceTableRoutes
{
    private const string Root = Workspace + "/tables";
    private const string Workspace = "/providers/Microsoft.OperationalInsights/workspaces/{workspace}";
    private const string Read = "Microsoft.OperationalInsights/workspaces/tables/read";

    public static void MapWorkspaceTables(this IEndpointRouteBuilder routes)
    {
        routes.ArmGet(Root, Read, List);
        routes.ArmGet(Root + "/{table}", Read, Get);
        routes.ArmPost(Workspace + "/schema", "Microsoft.OperationalInsights/workspaces/schema/read", Schema);

        // Management packs of the older agents; the answer is a bare array, as in Azure.
        routes.ArmGet(Workspace + "/intelligencePacks", "Microsoft.OperationalInsights/workspaces/intelligencepacks/read", () => ArmResults.Value(Array.Empty<object>())).Partly("there are none, so the list is empty");
    }

    /// <summary>Whether a path names the workspace that lies here; others are resources like any other.</summary>
    public static bool IsHome(string workspace, ArmScope scope, Home home) => scope.Id.Append($"providers/Microsoft.OperationalInsights/workspaces/{workspace}") == home.WorkspaceScope;

    public static IResult NotHeld(string workspace) => ArmErrors.Result(new Problem(
        ProblemKind.NotFound, "ResourceNotFound", $"The workspace '{workspace}' is in the inventory, but its logs are not on this server; those that are lie in '{Home.Workspace}'."));

    private static IResult List(string workspace, ArmScope scope, Home home, TableCatalog catalog, ListQuery query) => IsHome(workspace, scope, home)
        ? ArmResults.Page([.. catalog.Tables.Where(t => t.Name[0] != '_').OrderBy(t => t.Name, StringComparer.OrdinalIgnoreCase).Select(t => Shape(t, home))], query)
        : NotHeld(workspace);

    private static IResult Get(string workspace, string table, ArmScope scope, Home home, TableCatalog catalog) => !IsHome(workspace, scope, home)
        ? NotHeld(workspace)
        : catalog.Find(table) is { } found
            ? ArmResults.Resource(Shape(found, home))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", $"There is no table '{table}' in the workspace."));

    /// <summary>The older form: every column that a search can name, once.</summary>
    private static IResult Schema(string workspace, ArmScope scope, Home home, TableCatalog catalog) => IsHome(workspace, scope, home)
        ? ArmResults.Value(new
        {
            metadata = new { resultType = "schema", requestId = Guid.CreateVersion7().ToString() },
            value = catalog.Tables.SelectMany(t => t.Columns, (t, c) => (Column: c, Table: t.Name)).Where(c => c.Column.Name != StandardColumns.Received && c.Column.Name != StandardColumns.Extra)
                .GroupBy(c => c.Column.Name, StringComparer.OrdinalIgnoreCase).OrderBy(g => g.Key, StringComparer.OrdinalIgnoreCase)
                .Select(g => new
                {
                    name = g.Key,
                    displayName = g.Key,
                    type = LogsShapes.TypeName(g.First().Column.Type),
                    indexed = true,
                    stored = true,
                    facet = false,
                    ownerType = g.Select(c => c.Table).Order(StringComparer.Ordinal),
                }),
        })
        : NotHeld(workspace);

    private static ArmResource<object> Shape(StoredTable table, Home home)
    {
        var days = table.Retention is { } kept ? (int)kept.TotalDays : (int?)null;
        var columns = table.Columns.Where(c => c.Name != StandardColumns.Received && c.Name != StandardColumns.Extra)
            .Select(c => new { name = c.Name, type = LogsShapes.TypeName(c.Type), description = table.About.GetValueOrDefault(c.Name), isDefaultDisplay = false, isHidden = false }).ToList();
        return new ArmResource<object>
        {
            Id = $"{home.WorkspaceScope.Text}/tables/{table.Name}",
            Name = table.Name,
            Type = "Microsoft.OperationalInsights/workspaces/tables",
            Properties = new
            {
                plan = "Analytics",
                retentionInDays = days,
                totalRetentionInDays = days,
                provisioningState = "Succeeded",
                schema = new
                {
                    name = table.Name,
                    displayName = table.Name,
                    description = table.Description,
                    tableType = table.IsCustom ? "CustomLog" : "Microsoft",
                    tableSubType = "Any",
                    columns = table.IsCustom ? columns : [],
                    standardColumns = table.IsCustom ? [] : columns,
                    categories = table.Category.Length == 0 ? [] : new[] { table.Category },
                },
            },
        };
    }
}
