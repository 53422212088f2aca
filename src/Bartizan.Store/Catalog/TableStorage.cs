using System.Collections.Frozen;
using Bartizan.Kql.Types;
using Bartizan.Store.Engines.DuckDb;

namespace Bartizan.Store.Catalog;

/// <summary>
/// Brings the engine's tables in line with what is declared. The engine does not know that a BIGINT is a datetime, so the types are
/// kept in a table of their own, written in the same transaction as the DDL.
/// </summary>
internal static class TableStorage
{
    public static void Prepare(EngineConnection connection)
    {
        Sql.Execute(connection, "CREATE SCHEMA IF NOT EXISTS store");
        Sql.Execute(connection, "CREATE TABLE IF NOT EXISTS store.columns (table_name VARCHAR, ordinal INTEGER, column_name VARCHAR, column_type VARCHAR)");
        Sql.Execute(connection, "CREATE TABLE IF NOT EXISTS store.batches (batch VARCHAR, records BIGINT, accepted BIGINT, rejected BIGINT, complete BOOLEAN, written BIGINT)");
        Sql.Execute(connection, "CREATE TABLE IF NOT EXISTS store.terms (table_name VARCHAR, from_moment BIGINT, to_moment BIGINT, rows BIGINT, filter BLOB)");
    }

    /// <summary>Declared tables as they now stand, and the custom ones that the store holds beside them.</summary>
    public static IReadOnlyList<StoredTable> Reconcile(EngineConnection connection, IReadOnlyList<StoredTable> declared)
    {
        GiveDefaults(connection);
        var stored = Read(connection);
        var tables = new List<StoredTable>();
        foreach (var table in declared)
        {
            // A stored column keeps its type; one that is declared no more comes behind.
            var kept = stored.GetValueOrDefault(table.Name) ?? [];
            var types = kept.ToDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);
            var columns = table.Columns.Select(c => types.GetValueOrDefault(c.Name) ?? c).Concat(kept).DistinctBy(c => c.Name, StringComparer.OrdinalIgnoreCase).ToList();
            var current = table with { Columns = columns, Stored = kept.Select(c => c.Name).ToFrozenSet(StringComparer.Ordinal) };
            var always = columns.Where(c => c.Name == StandardColumns.Time || c.Name == table.TimeColumn || StandardColumns.All.Any(s => s.Name == c.Name)).ToList();
            tables.Add(Add(connection, current, always));
        }

        var names = declared.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        tables.AddRange(stored.Where(s => !names.Contains(s.Key)).Select(s => new StoredTable
        {
            Name = s.Key,
            Category = "Custom",
            IsCustom = true,
            Columns = s.Value,
            Stored = s.Value.Select(c => c.Name).ToFrozenSet(StringComparer.Ordinal),
        }));
        return tables;
    }

    /// <summary>Gives the engine's table those of the columns that it lacks; the table is made if it is not there. The rows it has hold nothing in them.</summary>
    public static StoredTable Add(EngineConnection connection, StoredTable table, IReadOnlyList<KqlColumn> columns)
    {
        var added = columns.Where(c => !table.Stored.Contains(c.Name)).ToList();
        if (added.Count == 0)
        {
            return table;
        }

        if (table.Stored.Count == 0)
        {
            Sql.Execute(connection, $"CREATE TABLE IF NOT EXISTS {Sql.Quote(table.Name)} ({string.Join(", ", added.Select(Ddl))})");
        }
        else
        {
            added.ForEach(c => Sql.Execute(connection, $"ALTER TABLE {Sql.Quote(table.Name)} ADD COLUMN {Ddl(c)}"));
        }

        var rows = string.Join(", ", added.Select((_, i) => $"($1, ${2 + (i * 3)}, ${3 + (i * 3)}, ${4 + (i * 3)})"));
        object?[] values = [table.Name, .. added.SelectMany((c, i) => new object?[] { table.Stored.Count + i, c.Name, c.Type.ToString() })];
        Sql.Execute(connection, $"INSERT INTO store.columns VALUES {rows}", values);
        return table with { Stored = table.Stored.Concat(added.Select(c => c.Name)).ToFrozenSet(StringComparer.Ordinal) };
    }

    private static string Ddl(KqlColumn column) => $"{Sql.Quote(column.Name)} {EngineType.Sql(column.Type)}{(column.Type == KqlType.String ? " DEFAULT ''" : "")}";

    /// <summary>Tables of an earlier version have text columns without a default, which rows now rely on.</summary>
    private static void GiveDefaults(EngineConnection connection)
    {
        var without = Sql.Query(
            connection,
            "SELECT c.table_name, c.column_name FROM store.columns c JOIN duckdb_columns() d ON d.table_name = c.table_name AND d.column_name = c.column_name AND d.schema_name = 'main' "
            + "WHERE c.column_type = 'String' AND d.column_default IS NULL").ToList();
        without.ForEach(c => Sql.Execute(connection, $"ALTER TABLE {Sql.Quote((string)c[0]!)} ALTER COLUMN {Sql.Quote((string)c[1]!)} SET DEFAULT ''"));
    }

    private static Dictionary<string, IReadOnlyList<KqlColumn>> Read(EngineConnection connection)
    {
        var rows = Sql.Query(connection, "SELECT table_name, column_name, column_type FROM store.columns ORDER BY table_name, ordinal");
        return rows.GroupBy(r => (string)r[0]!, StringComparer.Ordinal).ToDictionary(
            g => g.Key,
            g => (IReadOnlyList<KqlColumn>)[.. g.Select(r => new KqlColumn((string)r[1]!, Enum.Parse<KqlType>((string)r[2]!)))],
            StringComparer.Ordinal);
    }
}
