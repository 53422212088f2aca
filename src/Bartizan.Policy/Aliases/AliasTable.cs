using System.Collections.Frozen;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Policy.Aliases;

/// <summary>
/// Which alias means which place in a resource, by resource type. Read from what <c>GET /providers?$expand=resourceTypes/aliases</c>
/// returns. Where a table is silent the default rule holds.
/// </summary>
public sealed class AliasTable
{
    private readonly FrozenDictionary<string, AliasEntry[]> entries;

    private AliasTable(IEnumerable<AliasEntry> all)
    {
        entries = all.GroupBy(e => e.Name, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.OrdinalIgnoreCase);
        Count = entries.Values.Sum(e => e.Length);
    }

    public static AliasTable Empty { get; } = new([]);

    /// <summary>How many pairs of alias and resource type the table has.</summary>
    public int Count { get; }

    /// <summary>The types that have aliases.</summary>
    public IReadOnlyList<string> ResourceTypes => [.. entries.Values.SelectMany(e => e).Select(e => e.ResourceType).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Several tables as one; for the same alias and type the first that has it decides.</summary>
    public static AliasTable Merge(params IEnumerable<AliasTable> tables)
    {
        var merged = new Dictionary<string, AliasEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var table in tables)
        {
            foreach (var entry in table.entries.Values.SelectMany(e => e))
            {
                merged.TryAdd(entry.Name + "\n" + entry.ResourceType, entry);
            }
        }

        return new AliasTable(merged.Values);
    }

    /// <summary>Reads a table from JSON text.</summary>
    public static Outcome<AliasTable> Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return FromElement(document.RootElement);
        }
        catch (JsonException e)
        {
            return new Problem(ProblemKind.Invalid, "InvalidAliasTable", $"The alias table is not JSON: {e.Message}");
        }
    }

    public static Outcome<AliasTable> FromElement(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Object && Find(root, "value") is { ValueKind: JsonValueKind.Array } list)
        {
            root = list;
        }
        else if (root.ValueKind == JsonValueKind.Object && Find(root, "namespace") is not null)
        {
            return new AliasTable(ReadNamespace(root, HasMetadata(root)));
        }

        if (root.ValueKind != JsonValueKind.Array)
        {
            return new Problem(
                ProblemKind.Invalid,
                "InvalidAliasTable",
                "An alias table is an array of {namespace, resourceTypes:[{resourceType, aliases:[{name, defaultPath, paths}]}]}.");
        }

        // A table that never speaks of attributes does not know them; one that does, means their absence.
        var hasMetadata = HasMetadata(root);
        return new AliasTable(root.EnumerateArray().SelectMany(n => ReadNamespace(n, hasMetadata)));
    }

    internal AliasEntry[] Find(string alias) => entries.TryGetValue(alias, out var found) ? found : [];

    /// <summary>The aliases of the same type as one that is not found, for suggestions.</summary>
    internal IEnumerable<string> NamesLike(string alias)
    {
        var type = alias[..(alias.LastIndexOf('/') + 1)];
        return entries.Keys.Where(k => k.StartsWith(type, StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<AliasEntry> ReadNamespace(JsonElement ns, bool hasMetadata)
    {
        var prefix = Text(ns, "namespace") ?? "";
        foreach (var type in Items(ns, "resourceTypes"))
        {
            var typeName = Text(type, "resourceType") ?? "";
            var fullType = typeName.StartsWith(prefix + "/", StringComparison.OrdinalIgnoreCase) ? typeName : $"{prefix}/{typeName}";
            foreach (var alias in Items(type, "aliases"))
            {
                if (Text(alias, "name") is { Length: > 0 } name)
                {
                    yield return ReadAlias(alias, name, fullType, hasMetadata);
                }
            }
        }
    }

    private static AliasEntry ReadAlias(JsonElement alias, string name, string type, bool hasMetadata)
    {
        var paths = new List<(AliasPath, string[])>();
        foreach (var path in Items(alias, "paths"))
        {
            if (Text(path, "path") is { Length: > 0 } text)
            {
                paths.Add((AliasPath.Parse(text), [.. Items(path, "apiVersions").Select(v => v.GetString() ?? "")]));
            }
        }

        var defaultPath = Text(alias, "defaultPath") is { Length: > 0 } given
            ? AliasPath.Parse(given)
            : paths.Count > 0 ? paths[^1].Item1 : AliasPath.Parse(DefaultRule.PathOf(name), isLenient: true);
        return new AliasEntry(name, type, defaultPath, hasMetadata ? IsModifiable(alias) : null) { Paths = paths };
    }

    private static bool HasMetadata(JsonElement root) => root.GetRawText().Contains("\"defaultMetadata\"", StringComparison.OrdinalIgnoreCase);

    private static bool IsModifiable(JsonElement alias) =>
        Find(alias, "defaultMetadata") is { ValueKind: JsonValueKind.Object } metadata
        && Text(metadata, "attributes") is { } attributes
        && attributes.Contains("Modifiable", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        Find(parent, name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    private static string? Text(JsonElement parent, string name) =>
        Find(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Find(JsonElement parent, string name)
    {
        if (parent.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in parent.EnumerateObject())
            {
                if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return property.Value;
                }
            }
        }

        return null;
    }
}
