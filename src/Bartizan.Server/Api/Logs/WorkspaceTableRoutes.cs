using System.Text.RegularExpressions;
using Bartizan.Content.Tables;
using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Types;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Catalog;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Logs;

/// <summary><c>Microsoft.OperationalInsights/workspaces/{workspace}/tables</c>: the tables of the workspace that this server holds.</summary>
internal static partial class WorkspaceTableRoutes
{
    private const string Root = Workspace + "/tables";
    private const string Workspace = "/providers/Microsoft.OperationalInsights/workspaces/{workspace}";
    private const string Write = "Microsoft.OperationalInsights/workspaces/tables/write";
    private const string Read = "Microsoft.OperationalInsights/workspaces/tables/read";

    public static void MapWorkspaceTables(this IEndpointRouteBuilder routes)
    {
        routes.ArmGet(Root, Read, List);
        routes.ArmGet(Root + "/{table}", Read, Get);
        routes.ArmPut(Root + "/{table}", Write, PutAsync).Partly("tables of one's own (…_CL) and their columns; events are kept until they are removed by hand, so no retention can be set");
        routes.ArmPatch(Root + "/{table}", Write, PutAsync).Partly("as PUT");
        routes.ArmDelete(Root + "/{table}", "Microsoft.OperationalInsights/workspaces/tables/delete", Delete).Partly("refused for a table that is there, as events are kept; 204 for one that is not");
        routes.ArmPost(Workspace + "/schema", "Microsoft.OperationalInsights/workspaces/schema/read", Schema);

        // Management packs of the older agents; the answer is a bare array, as in Azure.
        routes.ArmGet(Workspace + "/intelligencePacks", "Microsoft.OperationalInsights/workspaces/intelligencepacks/read", () => ArmResults.Value(Array.Empty<object>())).AtWorkspace().Partly("there are none, so the list is empty");
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

    /// <summary>Makes a table of one's own, or gives it further columns; what is there already stays as it is.</summary>
    private static async Task<IResult> PutAsync(
        string workspace, string table, [FromBody] TableBody body, ArmScope scope, Home home, TableCatalog catalog, Caller caller, AuditLog audit, CancellationToken cancellationToken)
    {
        if (!IsHome(workspace, scope, home))
        {
            return NotHeld(workspace);
        }

        if (body.Properties?.RetentionInDays is not null || body.Properties?.TotalRetentionInDays is > 0)
        {
            return ArmErrors.Result(new Problem(
                ProblemKind.Invalid, "RetentionNotSupported", "This server keeps events until they are removed by hand; retentionInDays and totalRetentionInDays cannot be set.", "properties.retentionInDays"));
        }

        var known = catalog.Find(table);
        var columns = body.Properties?.Schema?.Columns ?? [];
        if (known is { IsCustom: false } || (known is null && (!CustomName().IsMatch(table) || columns.Count == 0)))
        {
            return ArmErrors.Result(new Problem(
                ProblemKind.Invalid, "InvalidParameter",
                known is not null ? $"'{table}' has the columns that it has in Azure; they cannot be changed." : $"A table of one's own has a name that ends in _CL, and columns; '{table}' is not made.", "name"));
        }

        if ((known?.Columns.Count ?? 0) + columns.Count > TableFile.MaxColumns)
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "InvalidParameter", $"A table has at most {TableFile.MaxColumns} columns.", "properties.schema.columns"));
        }

        var wanted = new List<KqlColumn>();
        foreach (var column in columns)
        {
            if (column.Name is not { } name || !ColumnName().IsMatch(name) || StandardColumns.All.Any(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                return ArmErrors.Result(new Problem(
                    ProblemKind.Invalid, "InvalidParameter", $"'{column.Name}' cannot be the name of a column: a letter, then up to 44 letters, digits and underscores, and none of the standard ones.", "properties.schema.columns"));
            }

            if (LogsShapes.TypeOf(column.Type) is not { } type)
            {
                return ArmErrors.Result(new Problem(
                    ProblemKind.Invalid, "InvalidParameter", $"The column '{name}' has the type '{column.Type}'; there are string, int, long, real, boolean, dateTime, guid and dynamic.", "properties.schema.columns"));
            }

            var before = wanted.Concat(known?.Columns ?? []).FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (before is not null && before.Type != type)
            {
                return ArmErrors.Result(new Problem(
                    ProblemKind.Conflict, "InvalidParameter", $"The column '{name}' is a {LogsShapes.TypeName(before.Type)} already; the type of a column does not change.", "properties.schema.columns"));
            }

            wanted.Add(new KqlColumn(name, type));
        }

        var made = await catalog.ExtendAsync(table, wanted, cancellationToken);
        await audit.AppendAsync(caller.Name, "tables/write", "table", made.Name, string.Join(", ", wanted.Select(c => c.Name)), cancellationToken);
        return ArmResults.Resource(Shape(made, home));
    }

    /// <summary>Nothing that was taken in is removed by a request; what is not there needs no removal.</summary>
    private static IResult Delete(string workspace, string table, ArmScope scope, Home home, TableCatalog catalog) => !IsHome(workspace, scope, home)
        ? NotHeld(workspace)
        : catalog.Find(table) is { } found
            ? ArmErrors.Result(new Problem(ProblemKind.Conflict, "TableDeletionNotSupported", $"This server keeps events until they are removed by hand; the table '{found.Name}' stays.", "name"))
            : Results.NoContent();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]{0,59}_CL$")]
    private static partial Regex CustomName();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]{0,44}$")]
    private static partial Regex ColumnName();

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

/// <summary>The body of a table: what this server reads of it.</summary>
internal sealed record TableBody(TableBodyProperties? Properties);

internal sealed record TableBodyProperties(TableBodySchema? Schema, int? RetentionInDays, int? TotalRetentionInDays);

internal sealed record TableBodySchema(string? Name, IReadOnlyList<TableBodyColumn>? Columns);

internal sealed record TableBodyColumn(string? Name, string? Type);
