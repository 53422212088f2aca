using Bartizan.Content.Documents;
using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Types;

namespace Bartizan.Content.Tables;

/// <summary>
/// The table that one file under <c>content/tables</c> declares, and what is wrong with the file. A column is a line
/// <c>Name: type</c>, or <c>Name: type, what it holds</c>.
/// </summary>
public sealed record TableFile(string File, TableDefinition? Table, IReadOnlyList<FileDiagnostic> Diagnostics)
{
    /// <summary>More columns than this is a mistake; Log Analytics stops at 500.</summary>
    public const int MaxColumns = 500;

    private static readonly Dictionary<string, KqlType> types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["bool"] = KqlType.Bool,
        ["int"] = KqlType.Int,
        ["long"] = KqlType.Long,
        ["real"] = KqlType.Real,
        ["string"] = KqlType.String,
        ["datetime"] = KqlType.DateTime,
        ["timespan"] = KqlType.TimeSpan,
        ["guid"] = KqlType.Guid,
        ["dynamic"] = KqlType.Dynamic,
    };

    public static TableFile Read(string file, string text)
    {
        var reading = new SourceReading(SourceDocument.Read(file, text));
        if (reading.Root() is not { } map)
        {
            return new TableFile(file, null, reading.Diagnostics);
        }

        var name = reading.RequiredText(map, "name") ?? "";
        if (name.Length > 0 && !IsName(name))
        {
            reading.Error("BT001", map["name"]!.Span, $"'{name}' cannot name a table.", "Letters, digits and underscores, not starting with a digit.");
        }

        var columns = ReadColumns(reading, map);
        var table = new TableDefinition
        {
            Name = name,
            Category = reading.Text(map, "category") ?? "",
            Description = reading.RequiredText(map, "description") ?? "",
            TimeColumn = reading.Text(map, "time") ?? "TimeGenerated",
            Retention = reading.Duration(map, "retention"),
            Columns = columns,
        };
        if (columns.Count > 0 && columns.FirstOrDefault(c => c.Name == table.TimeColumn)?.Type != KqlType.DateTime)
        {
            reading.Error("BT005", map["time"]?.Span ?? map.Span, $"The time column '{table.TimeColumn}' is not among the columns, or is no datetime.");
        }

        return new TableFile(file, reading.HasErrors ? null : table, reading.Diagnostics);
    }

    /// <summary>Every table file below a folder, in the order of their paths.</summary>
    public static IEnumerable<TableFile> ReadFolder(string folder) =>
        !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(f => Read(Path.GetRelativePath(folder, f), System.IO.File.ReadAllText(f)));

    private static List<TableColumn> ReadColumns(SourceReading reading, SourceMap map)
    {
        var columns = new List<TableColumn>();
        if (reading.Map(map, "columns") is not { } declared)
        {
            reading.Error("BC005", new TextSpan(map.Span.Start, 0), "'columns' is missing.", "List the columns as 'Name: type'.");
            return columns;
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in declared.Entries)
        {
            if (!IsName(entry.Key))
            {
                reading.Error("BT002", entry.KeySpan, $"'{entry.Key}' cannot name a column.", "Letters, digits and underscores, not starting with a digit.");
            }
            else if (!seen.Add(entry.Key))
            {
                reading.Error("BT003", entry.KeySpan, $"The column '{entry.Key}' is declared twice; names that differ only in case count as the same.");
            }
            else if (entry.Value is not SourceScalar scalar || !TryReadColumn(entry.Key, scalar.Text, out var column))
            {
                reading.Error("BT004", entry.Value.Span, $"The type of '{entry.Key}' is not known.", $"It is one of {string.Join(", ", types.Keys)}.");
            }
            else
            {
                columns.Add(column);
            }
        }

        if (columns.Count > MaxColumns)
        {
            reading.Error("BT006", declared.Span, $"The table has {columns.Count} columns; at most {MaxColumns} are allowed.");
        }

        return columns;
    }

    private static bool TryReadColumn(string name, string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TableColumn? column)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        var about = comma < 0 ? "" : text[(comma + 1)..].Trim();
        column = types.TryGetValue(comma < 0 ? text.Trim() : text[..comma].Trim(), out var type) ? new TableColumn(name, type, about) : null;
        return column is not null;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 128 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
