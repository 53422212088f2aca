using System.Text.Json;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding.Symbols;

/// <summary>
/// Databases described by one JSON text: tables with columns, saved functions, which platform uses which database, and which
/// functions stand for a database. Tables are made when they are first asked for.
/// </summary>
public sealed class SchemaSet
{
    private readonly Dictionary<string, SchemaDatabase> databases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> platforms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> services = new(StringComparer.Ordinal);
    private readonly HashSet<string> columnFunctions = new(StringComparer.Ordinal);
    private string defaultName = "";

    private SchemaSet()
    {
    }

    /// <summary>Reads the text; <see cref="JsonException"/> when it is no JSON of this form.</summary>
    public static SchemaSet Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("databases", out var list) || list.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("A schema file is an object with a member 'databases'.");
        }

        var set = new SchemaSet { defaultName = Text(root, "default") ?? "" };
        Fill(root, "platforms", set.platforms);
        Fill(root, "database_functions", set.services);
        if (root.TryGetProperty("column_argument_functions", out var functions) && functions.ValueKind == JsonValueKind.Array)
        {
            set.columnFunctions.UnionWith(functions.EnumerateArray().Select(f => f.GetString() ?? ""));
        }

        foreach (var database in list.EnumerateObject())
        {
            set.databases[database.Name] = new SchemaDatabase(set, database.Name, database.Value.Clone());
        }

        return set;
    }

    /// <summary>The database that queries of a platform are bound against; null when the file has none for it.</summary>
    public ISchemaCatalog? ForPlatform(string? platform)
    {
        var name = platform is not null && platforms.TryGetValue(platform, out var own) ? own : platforms.GetValueOrDefault("*", defaultName);
        return databases.GetValueOrDefault(name) ?? databases.GetValueOrDefault(defaultName) ?? databases.Values.FirstOrDefault();
    }

    internal bool TakesColumns(string function) => columnFunctions.Contains(function);

    internal SchemaDatabase? Find(string name) => databases.GetValueOrDefault(name);

    internal SchemaDatabase? FindService(string function) => services.TryGetValue(function, out var name) ? Find(name) : null;

    private static void Fill(JsonElement root, string member, Dictionary<string, string> target)
    {
        if (root.TryGetProperty(member, out var map) && map.ValueKind == JsonValueKind.Object)
        {
            foreach (var pair in map.EnumerateObject())
            {
                target[pair.Name] = pair.Value.GetString() ?? "";
            }
        }
    }

    internal static string? Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>One database of a <see cref="SchemaSet"/>.</summary>
internal sealed class SchemaDatabase : ISchemaCatalog
{
    private readonly SchemaSet set;
    private readonly Dictionary<string, JsonElement> tables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> functions = new(StringComparer.Ordinal);
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, TableSymbol> madeTables = new(StringComparer.Ordinal);
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, FunctionSymbol> madeFunctions = new(StringComparer.Ordinal);

    public SchemaDatabase(SchemaSet set, string name, JsonElement json)
    {
        this.set = set;
        Name = name;
        if (json.TryGetProperty("tables", out var list) && list.ValueKind == JsonValueKind.Object)
        {
            foreach (var table in list.EnumerateObject())
            {
                tables[table.Name] = table.Value;
            }
        }

        if (json.TryGetProperty("functions", out var array) && array.ValueKind == JsonValueKind.Array)
        {
            foreach (var function in array.EnumerateArray())
            {
                functions[SchemaSet.Text(function, "name") ?? ""] = function;
            }
        }
    }

    public string Name { get; }

    public IEnumerable<string> TableNames => tables.Keys;

    public IEnumerable<string> FunctionNames => functions.Keys;

    public TableSymbol? FindTable(string name) =>
        tables.TryGetValue(name, out var json) ? madeTables.GetOrAdd(name, n => new TableSymbol(n, Shape(json))) : null;

    public FunctionSymbol? FindFunction(string name) =>
        functions.TryGetValue(name, out var json) ? madeFunctions.GetOrAdd(name, n => Function(n, json)) : null;

    public ISchemaCatalog? FindDatabase(string name) => set.Find(name);

    public ISchemaCatalog? FindServiceDatabase(string function, string? argument) => set.FindService(function);

    private FunctionSymbol Function(string name, JsonElement json)
    {
        RowShape? returns = null;
        if (SchemaSet.Text(json, "body") is null)
        {
            var like = SchemaSet.Text(json, "like") is { } table ? FindTable(table)?.Shape ?? RowShape.Empty : RowShape.Empty;
            var own = Shape(json);
            returns = new RowShape([.. like.Columns, .. own.Columns], own.IsOpen);
        }

        return new FunctionSymbol(name, SchemaSet.Text(json, "parameters") ?? "()", SchemaSet.Text(json, "body"), returns) { TakesColumns = set.TakesColumns(name) };
    }

    private static RowShape Shape(JsonElement json)
    {
        var columns = new List<KqlColumn>();
        if (json.TryGetProperty("columns", out var list) && list.ValueKind == JsonValueKind.Array)
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var column in list.EnumerateArray())
            {
                if (SchemaSet.Text(column, "name") is { } name && names.Add(name))
                {
                    columns.Add(new KqlColumn(name, Enum.TryParse<KqlType>(SchemaSet.Text(column, "type"), ignoreCase: true, out var type) ? type : KqlType.Unknown));
                }
            }
        }

        return new RowShape(columns, json.TryGetProperty("open", out var open) && open.ValueKind == JsonValueKind.True);
    }
}
