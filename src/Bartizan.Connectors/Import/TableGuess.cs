using System.Text.Json;
using Bartizan.Store.Catalog;

namespace Bartizan.Connectors.Import;

/// <summary>
/// The table that an exported row came from: by its <c>Type</c> where that names a table, else the declared table that has most of the
/// row's filled properties as columns, and clearly more than any other.
/// </summary>
internal sealed class TableGuess
{
    private const double LeastShare = 0.7;
    private const int LeastMatches = 6;

    /// <summary>Below this share the next best table must fit clearly worse.</summary>
    private const double SureShare = 0.95;
    private const double LeastLead = 1.3;

    private readonly List<(string Name, HashSet<string> Columns)> tables;
    private readonly Dictionary<string, string?> known = new(StringComparer.Ordinal);

    public TableGuess(TableCatalog catalog)
    {
        var standard = StandardColumns.All.Select(c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        tables = [.. catalog.Tables.Where(t => !t.IsCustom).OrderBy(t => t.Name, StringComparer.Ordinal)
            .Select(t => (t.Name, t.Columns.Select(c => c.Name).Where(n => !standard.Contains(n)).ToHashSet(StringComparer.OrdinalIgnoreCase)))];
        Standard = standard;
    }

    public HashSet<string> Standard { get; }

    public string? Find(JsonElement row)
    {
        if (row.TryGetProperty("Type", out var type) && type.ValueKind == JsonValueKind.String && tables.Exists(t => t.Name == type.GetString()))
        {
            return type.GetString();
        }

        var names = row.EnumerateObject().Where(p => IsFilled(p.Value) && !Standard.Contains(p.Name)).Select(p => p.Name).ToList();
        var signature = string.Join('\n', names);
        if (!known.TryGetValue(signature, out var table))
        {
            known[signature] = table = Find(names);
        }

        return table;
    }

    /// <summary>Exports mark a column whose type differs between tables by a suffix: <c>ReportId_long</c>.</summary>
    public static string Column(HashSet<string> columns, string name)
    {
        var bar = name.LastIndexOf('_');
        return !columns.Contains(name) && bar > 0 && name[(bar + 1)..] is "string" or "long" or "int" or "real" or "bool" or "datetime" or "guid" or "dynamic"
            && columns.Contains(name[..bar])
                ? name[..bar]
                : name;
    }

    public HashSet<string> ColumnsOf(string table) => tables.Find(t => t.Name == table).Columns;

    private static bool IsFilled(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => false,
        JsonValueKind.String => value.GetString()!.Length > 0,
        _ => true,
    };

    private string? Find(List<string> names)
    {
        var fits = tables
            .Select(t => (t.Name, t.Columns.Count, Matches: names.Count(n => t.Columns.Contains(Column(t.Columns, n)))))
            .OrderByDescending(t => t.Matches).ThenBy(t => t.Count).Take(2).ToList();
        if (fits is not [var best, var next] || best.Matches < LeastMatches || best.Matches < LeastShare * names.Count)
        {
            return null;
        }

        return best.Matches >= SureShare * names.Count || best.Matches >= LeastLead * next.Matches ? best.Name : null;
    }
}
