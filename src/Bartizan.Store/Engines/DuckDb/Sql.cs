using System.Globalization;
using System.Text;
using DuckDB.NET.Data;

namespace Bartizan.Store.Engines.DuckDb;

/// <summary>The store's own statements: names quoted here, values always as parameters.</summary>
internal static class Sql
{
    public static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    public static int Execute(EngineConnection connection, string sql, params object?[] values)
    {
        using var command = Command(connection, sql, values);
        return command.ExecuteNonQuery();
    }

    public static IEnumerable<object?[]> Query(EngineConnection connection, string sql, params object?[] values)
    {
        using var command = Command(connection, sql, values);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            }

            yield return row;
        }
    }

    public static long Number(EngineConnection connection, string sql, params object?[] values) =>
        Convert.ToInt64(Query(connection, sql, values).Single()[0] ?? 0L, CultureInfo.InvariantCulture);

    /// <summary>Many rows of texts and numbers at once, past the statement parser.</summary>
    /// <param name="table">With its schema: <c>schema.table</c>.</param>
    public static void Append(EngineConnection connection, string table, IEnumerable<object?[]> rows)
    {
        var dot = table.IndexOf('.', StringComparison.Ordinal);
        using var appender = connection.Inner.CreateAppender(table[..dot], table[(dot + 1)..]);
        foreach (var row in rows)
        {
            var appended = appender.CreateRow();
            foreach (var value in row)
            {
                _ = value switch
                {
                    null => appended.AppendNullValue(),
                    long number => appended.AppendValue(number),
                    _ => appended.AppendValue((string)value),
                };
            }

            appended.EndRow();
        }
    }

    /// <summary><c>?, ?, ?</c> for a list of values.</summary>
    public static string Marks(int count) => new StringBuilder().Insert(0, "?, ", count).ToString().TrimEnd(',', ' ');

    private static DuckDBCommand Command(EngineConnection connection, string sql, object?[] values)
    {
        var command = connection.Inner.CreateCommand();
#pragma warning disable CA2100 // Callers compose statements from constants, quoted names and parameter marks.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var value in values)
        {
            command.Parameters.Add(new DuckDBParameter(value ?? DBNull.Value));
        }

        return command;
    }
}
