using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Bartizan.Cli.Output;

/// <summary>Rows under named columns, and the four ways of writing them. Cells are text, numbers, truth values, times, JSON or null.</summary>
internal sealed class ResultTable(params IReadOnlyList<string> columns)
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<IReadOnlyList<object?>> rows = [];

    public int Count => rows.Count;

    public void Add(params IReadOnlyList<object?> cells) => rows.Add(cells);

    public void Write(OutputFormat format)
    {
        switch (format)
        {
            case OutputFormat.Json:
                Console.WriteLine(JsonSerializer.Serialize(rows.Select(Record).ToList(), Readable));
                break;
            case OutputFormat.Csv:
                WriteSeparated(',', Quoted);
                break;
            case OutputFormat.Tsv:
                WriteSeparated('\t', Escaped);
                break;
            default:
                WriteTable();
                break;
        }
    }

    public static void WriteJson(object value) => Console.WriteLine(JsonSerializer.Serialize(value, value.GetType(), Readable));

    internal static string Text(object? cell) => cell switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => "",
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!,
        JsonElement json => json.GetRawText(),
        _ => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "",
    };

    private Dictionary<string, object?> Record(IReadOnlyList<object?> row)
    {
        var record = new Dictionary<string, object?>();
        for (var i = 0; i < columns.Count; i++)
        {
            record[columns[i]] = row[i];
        }

        return record;
    }

    private void WriteSeparated(char separator, Func<string, string> escape)
    {
        var text = new StringBuilder();
        foreach (var row in rows.Prepend(columns))
        {
            text.AppendJoin(separator, row.Select(c => escape(Text(c)))).Append('\n');
        }

        Console.Out.Write(text.ToString());
    }

    /// <summary>RFC 4180. A text that a spreadsheet would run as a formula is made plain, numbers are not.</summary>
    private static string Quoted(string cell)
    {
        var plain = cell.Length > 0 && "=+-@\t\r".Contains(cell[0], StringComparison.Ordinal) && !double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? "'" + cell : cell;
        return plain.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : plain;
    }

    private static string Escaped(string cell) =>
        cell.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private void WriteTable()
    {
        var table = new Table().Border(Console.IsOutputRedirected ? TableBorder.None : TableBorder.Rounded);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(c => new Markup(Markup.Escape(Printable(Text(c))))));
        }

        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = 4000;
        }

        AnsiConsole.Write(table);
    }

    /// <summary>What events hold may be meant for the terminal rather than its reader.</summary>
    private static string Printable(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) && c != '\n' ? '\uFFFD' : c)) : text;
}
