using System.Globalization;
using System.Text;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Types;

namespace Bartizan.Store.Engines.DuckDb;

/// <summary>A few rows for a table of any shape, always the same: values of each type, with nulls and empty texts among them.</summary>
internal static class MadeUpRows
{
    private static readonly string[] Texts =
        ["", "alice@contoso.com", "HOST-1", "10.0.0.4", "powershell.exe -enc ZQBjAGgAbwA=", "https://example.org/a/b?x=1&y=2", "4625", "{\"a\":{\"b\":[1,2,3]},\"name\":\"x\"}"];

    private static readonly string?[] Dynamics =
        [null, "{\"a\":{\"b\":[1,2,3]},\"name\":\"x\",\"id\":7}", "[{\"name\":\"IpAddress\",\"value\":\"10.0.0.4\"},{\"name\":\"b\",\"value\":2.5}]", "\"text\"", "[1,2,\"3\",null]", "12"];

    public static void Append(EngineConnection connection, TableSymbol table, int count, DateTimeOffset now)
    {
        using var chunk = new RowChunk([.. table.Shape.Columns.Select(c => c.Type)]);
        for (var row = 0; row < Math.Min(count, RowChunk.Capacity); row++)
        {
            for (var column = 0; column < table.Shape.Columns.Count; column++)
            {
                Set(chunk, column, table.Shape.Columns[column].Type, (row * 7) + column, now.UtcTicks - (row * TimeSpan.TicksPerMinute * 17));
            }

            chunk.EndRow();
        }

        chunk.Complete();
        using var append = new RowAppend();
        append.Add(table.StorageName, [.. table.Shape.Columns.Select((c, i) => table.StorageColumns?[i] ?? c.Name)], [chunk]);
        append.Write(connection);
    }

    private static void Set(RowChunk chunk, int column, KqlType type, int seed, long ticks)
    {
        switch (type)
        {
            case KqlType.Bool when seed % 3 != 0:
                chunk.SetBool(column, seed % 2 == 0);
                break;
            case KqlType.Int when seed % 5 != 0:
                chunk.SetInt(column, seed);
                break;
            case KqlType.Long when seed % 5 != 0:
                chunk.SetLong(column, seed * 1000L);
                break;
            case KqlType.Real when seed % 5 != 0:
                chunk.SetReal(column, seed / 4.0);
                break;
            case KqlType.DateTime when seed % 11 != 0:
                chunk.SetLong(column, ticks);
                break;
            case KqlType.TimeSpan when seed % 4 != 0:
                chunk.SetLong(column, seed * TimeSpan.TicksPerSecond);
                break;
            case KqlType.Guid when seed % 4 != 0:
                chunk.SetGuid(column, new Guid(seed, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8));
                break;
            case KqlType.String:
                chunk.SetText(column, Encoding.UTF8.GetBytes(Texts[seed % Texts.Length]));
                break;
            case KqlType.Dynamic when Dynamics[seed % Dynamics.Length] is { } json:
                chunk.SetText(column, Encoding.UTF8.GetBytes(json));
                break;
            case KqlType.Decimal when seed % 3 != 0:
                chunk.SetText(column, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}.5")));
                break;
        }
    }
}
