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
        var stored = Read(connection);
        var tables = new List<StoredTable>();
        foreach (var table in declared)
        {
            var kept = stored.GetValueOrDefault(table.Name) ?? [];

            // A stored column keeps its type and place; columns that a newer declaration brings come behind.
            var columns = kept.Concat(table.Columns).DistinctBy(c => c.Name, StringComparer.OrdinalIgnoreCase).ToList();
            var current = table with { Columns = columns };
            if (columns.Count > kept.Count)
            {
                Apply(connection, current, kept);
            }

            tables.Add(current);
        }

        var names = declared.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        tables.AddRange(stored.Where(s => !names.Contains(s.Key)).Select(s => new StoredTable
        {
            Name = s.Key,
            Category = "Custom",
            IsCustom = true,
            Columns = s.Value,
        }));
        return tables;
    }

    public static void Apply(EngineConnection connection, StoredTable table) =>
        Apply(connection, table, Read(connection, table.Name).GetValueOrDefault(table.Name) ?? []);

    private static void Apply(EngineConnection connection, StoredTable table, IReadOnlyList<KqlColumn> kept)
    {
        var added = table.Columns.Skip(kept.Count).ToList();
        if (kept.Count == 0)
        {
            var columns = string.Join(", ", table.Columns.Select(c => $"{Sql.Quote(c.Name)} {EngineType.Sql(c.Type)}"));
            Sql.Execute(connection, $"CREATE TABLE IF NOT EXISTS {Sql.Quote(table.Name)} ({columns})");
        }
        else
        {
            added.ForEach(c => Sql.Execute(connection, $"ALTER TABLE {Sql.Quote(table.Name)} ADD COLUMN {Sql.Quote(c.Name)} {EngineType.Sql(c.Type)}"));
        }

        if (added.Count == 0)
        {
            return;
        }

        var rows = string.Join(", ", added.Select((_, i) => $"($1, ${2 + (i * 3)}, ${3 + (i * 3)}, ${4 + (i * 3)})"));
        object?[] values = [table.Name, .. added.SelectMany((c, i) => new object?[] { kept.Count + i, c.Name, c.Type.ToString() })];
        Sql.Execute(connection, $"INSERT INTO store.columns VALUES {rows}", values);
    }

    private static Dictionary<string, IReadOnlyList<KqlColumn>> Read(EngineConnection connection, string? table = null)
    {
        var rows = table is null
            ? Sql.Query(connection, "SELECT table_name, column_name, column_type FROM store.columns ORDER BY table_name, ordinal")
            : Sql.Query(connection, "SELECT table_name, column_name, column_type FROM store.columns WHERE table_name = ? ORDER BY ordinal", table);
        return rows.GroupBy(r => (string)r[0]!, StringComparer.Ordinal).ToDictionary(
            g => g.Key,
            g => (IReadOnlyList<KqlColumn>)[.. g.Select(r => new KqlColumn((string)r[1]!, Enum.Parse<KqlType>((string)r[2]!)))],
            StringComparer.Ordinal);
    }
}
