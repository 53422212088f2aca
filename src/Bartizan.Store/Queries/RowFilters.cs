using System.Globalization;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Types;
using Bartizan.Store.Catalog;
using Bartizan.Store.Engines.DuckDb;

namespace Bartizan.Store.Queries;

/// <summary>The condition that a request puts on every read of a table: its time range and what its caller may see.</summary>
internal static class RowFilters
{
    public static string? For(TableSymbol table, QueryRequest request, TableCatalog catalog)
    {
        var conditions = new List<string>();
        var time = catalog.Find(table.Name)?.TimeColumn;
        if (request.TimeRange is { } range && time is not null && table.Shape.Find(time)?.Type == KqlType.DateTime)
        {
            var column = Sql.Quote(time);
            conditions.Add(string.Create(CultureInfo.InvariantCulture, $"({column} >= {range.From.UtcTicks} AND {column} < {range.To.UtcTicks})"));
        }

        if (request.Received is { } received && catalog.Find(table.Name) is not null)
        {
            conditions.Add(received.Count == 0 ? "false" : $"{Sql.Quote(StandardColumns.Received)} IN ({string.Join(", ", received.Select(r => r.UtcTicks.ToString(CultureInfo.InvariantCulture)))})");
        }

        var isInventory = catalog.Find(table.Name) is null && table.Shape.Find("id") is not null;
        if ((isInventory ? request.InventoryScopes ?? request.VisibleScopes : request.VisibleScopes) is { } scopes)
        {
            conditions.Add(Scopes(table, scopes));
        }

        return conditions.Count == 0 ? null : string.Join(" AND ", conditions);
    }

    /// <summary>Rows of a resource in one of the scopes. A table without such a column shows nothing to who sees only some resources.</summary>
    private static string Scopes(TableSymbol table, IReadOnlyList<Bartizan.Foundation.Resources.ResourceId> scopes)
    {
        var name = table.Shape.Find("_ResourceId") is not null ? "_ResourceId" : table.Shape.Find("id") is not null ? "id" : null;
        if (name is null || scopes.Count == 0)
        {
            return "false";
        }

        var column = $"lower({Sql.Quote(name)})";
        return $"({string.Join(" OR ", scopes.Select(s => Within(column, s.ToString().TrimEnd('/').ToLowerInvariant())))})";
    }

    private static string Within(string column, string scope)
    {
        var text = "'" + scope.Replace("'", "''", StringComparison.Ordinal) + "'";
        return scope.Length == 0 ? "true" : $"({column} = {text} OR starts_with({column}, {text} || '/'))";
    }
}
