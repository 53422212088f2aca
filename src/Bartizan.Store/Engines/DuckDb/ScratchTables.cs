using Bartizan.Kql.Binding.Symbols;

namespace Bartizan.Store.Engines.DuckDb;

/// <summary>Tables of given shapes in an engine in memory, with made-up rows where some are wanted.</summary>
internal static class ScratchTables
{
    public static void Make(DuckDbInstance instance, IReadOnlyList<TableSymbol> tables, int rows, DateTimeOffset now)
    {
        using var connection = new EngineConnection(instance.Connect());
        foreach (var table in tables)
        {
            var columns = table.Shape.Columns.Count == 0
                ? "_ VARCHAR"
                : string.Join(", ", table.Shape.Columns.Select((c, i) => $"{Sql.Quote(table.StorageColumns?[i] ?? c.Name)} {EngineType.Sql(c.Type)}"));
            Sql.Execute(connection, $"CREATE TABLE IF NOT EXISTS {Sql.Quote(table.StorageName)} ({columns})");
            if (rows > 0 && table.Shape.Columns.Count > 0)
            {
                MadeUpRows.Append(connection, table, rows, now);
            }
        }
    }
}
