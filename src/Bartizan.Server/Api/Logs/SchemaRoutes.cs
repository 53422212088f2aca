using Bartizan.Server.Api.Arm;
using Bartizan.Store.Catalog;
using Bartizan.Store.Queries;
using Bartizan.Wire.Logs;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Logs;

/// <summary>What an editor of queries asks: names to complete, and what is wrong with a text.</summary>
internal static class SchemaRoutes
{
    public static void MapSchema(this IEndpointRouteBuilder routes)
    {
        routes.ArmGet("/providers/Microsoft.Bartizan/schema", "Microsoft.OperationalInsights/workspaces/tables/read", Schema).AtWorkspace();
        routes.ArmPost("/providers/Microsoft.Bartizan/query/check", LogsRun.Query, Check).AtWorkspace();
        routes.ArmPost("/providers/Microsoft.Bartizan/query/explain", LogsRun.Query, Explain).AtWorkspace();
    }

    private static IResult Schema(TableCatalog catalog) => ArmResults.Value(new WorkspaceSchema(
        [
            .. catalog.TableNames.Order(StringComparer.OrdinalIgnoreCase).Select(name => Table(catalog, name)).OfType<SchemaTable>(),
        ],
        [.. catalog.FunctionNames.Order(StringComparer.OrdinalIgnoreCase).Select(n => new SchemaFunction(n, "", null, null))]));

    private static SchemaTable? Table(TableCatalog catalog, string name)
    {
        if (catalog.FindTable(name) is not { } symbol)
        {
            return null;
        }

        var stored = catalog.Find(name);
        return new SchemaTable(
            name, stored?.Description, stored?.Category,
            [.. symbol.Shape.Columns.Where(c => c.Name != StandardColumns.Received).Select(c => new SchemaColumn(c.Name, LogsShapes.TypeName(c.Type), stored?.About.GetValueOrDefault(c.Name)))]);
    }

    private static IResult Check([FromBody] LogsQuery body, QueryRunner runner) => ArmResults.Value<IReadOnlyList<QueryDiagnostic>>(
        [.. runner.Check(body.Query ?? "").Select(d => new QueryDiagnostic(d.Code, d.Severity.ToString(), d.Span.Start, d.Span.Length, d.Message, d.Hint))]);

    private static IResult Explain([FromBody] LogsQuery body, QueryRunner runner, TimeProvider time)
    {
        var start = time.GetTimestamp();
        return ArmResults.Of(
            runner.Explain(body.Query ?? ""),
            e => new Wire.Logs.QueryExplanation("", string.Join(";\n\n", e.Statements), time.GetElapsedTime(start).TotalMilliseconds));
    }
}
