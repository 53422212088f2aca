using Bartizan.Content.Rules;
using Bartizan.Foundation.Entities;

namespace Bartizan.Detection.Entities;

/// <summary>Entities of result rows, as a rule's mappings say; with a note for each mapping that names no column.</summary>
public sealed class EntityMapper
{
    /// <summary>An alert has at most this many entities, shared evenly among the mappings.</summary>
    public const int MaxPerAlert = 500;

    private readonly List<(EntityKind Kind, (string Identifier, int Column)[] Fields)> mappings = [];
    private readonly List<int> entityColumns = [];
    private readonly List<string> issues = [];
    private readonly RuleRows result;

    public EntityMapper(RuleDefinition rule, RuleRows rows)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(rows);
        result = rows;
        foreach (var mapping in rule.EntityMappings)
        {
            var fields = new List<(string, int)>();
            foreach (var field in mapping.Fields)
            {
                if (rows.IndexOf(field.Column) is >= 0 and var index)
                {
                    fields.Add((field.Identifier, index));
                }
                else
                {
                    issues.Add($"The mapping of {mapping.Kind} names the column '{field.Column}', which the query does not return.");
                }
            }

            if (fields.Count > 0)
            {
                mappings.Add((mapping.Kind, [.. fields]));
            }
        }

        foreach (var column in rule.EntityColumns)
        {
            if (rows.IndexOf(column) is >= 0 and var index)
            {
                entityColumns.Add(index);
            }
            else
            {
                issues.Add($"The entities column '{column}' is not returned by the query.");
            }
        }

        if (rule.EntityMappings.Count == 0 && rule.EntityColumns.Count == 0)
        {
            AddLegacy(rows);
        }
    }

    /// <summary>What cannot be mapped, in sentences for the rule's health.</summary>
    public IReadOnlyList<string> Issues => issues;

    /// <summary>The distinct entities of the rows; a later row adds only what earlier ones did not name.</summary>
    public IReadOnlyList<Entity> Map(IReadOnlyList<object?[]> rows, out int dropped)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var sources = Math.Max(1, mappings.Count + entityColumns.Count);
        var share = Math.Max(1, MaxPerAlert / sources);
        var seen = new HashSet<Entity>();
        var entities = new List<Entity>();
        var counts = new int[sources];
        dropped = 0;
        foreach (var row in rows)
        {
            var source = 0;
            foreach (var (kind, fields) in mappings)
            {
                if (FromRow(kind, fields, row) is { } entity)
                {
                    Add(entity, source, ref dropped);
                }

                source++;
            }

            foreach (var column in entityColumns)
            {
                foreach (var entity in EntityJson.Read(row[column] as string ?? ""))
                {
                    Add(entity, source, ref dropped);
                }

                source++;
            }
        }

        return entities;

        void Add(Entity entity, int source, ref int over)
        {
            if (EntityIdentity.IsNobody(entity) || !seen.Add(entity))
            {
                return;
            }

            if (counts[source]++ < share)
            {
                entities.Add(entity);
            }
            else
            {
                over++;
            }
        }
    }

    private Entity? FromRow(EntityKind kind, (string Identifier, int Column)[] fields, object?[] row)
    {
        var values = FieldsOf(kind, fields.Select(f => KeyValuePair.Create(f.Identifier, result.TextAt(row, f.Column))));
        return values.Count == 0 ? null : new Entity(kind, values);
    }

    /// <summary>Fields of an entity by what identifies it; a full name is taken apart.</summary>
    public static IReadOnlyDictionary<string, string> FieldsOf(EntityKind kind, IEnumerable<KeyValuePair<string, string>> identifiers)
    {
        ArgumentNullException.ThrowIfNull(identifiers);
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, part) in identifiers.Where(i => i.Value.Length > 0).SelectMany(i => Parts(kind, i.Key, i.Value)))
        {
            values.TryAdd(name, part);
        }

        if (kind == EntityKind.FileHash && values.TryGetValue("Value", out var hash) && !values.ContainsKey("Algorithm") && EntityNames.AlgorithmOf(hash) is { Length: > 0 } algorithm)
        {
            values["Algorithm"] = algorithm;
        }

        return values;
    }

    private static IEnumerable<KeyValuePair<string, string>> Parts(EntityKind kind, string identifier, string value) => (kind, identifier) switch
    {
        (EntityKind.Account, "FullName" or "UnstructuredName") => EntityNames.AccountFields(value),
        (EntityKind.Account, "Name") when value.Contains('\\', StringComparison.Ordinal) || value.Contains('@', StringComparison.Ordinal) => EntityNames.AccountFields(value),
        (EntityKind.Host, "FullName" or "UnstructuredName") => EntityNames.HostFields(value),
        (EntityKind.Host, "HostName") when value.Contains('.', StringComparison.Ordinal) => EntityNames.HostFields(value),
        (EntityKind.File, "FullPath") => EntityNames.FileFields(value),
        (EntityKind.File, "Name") when value.Contains('\\', StringComparison.Ordinal) || value.Contains('/', StringComparison.Ordinal) => EntityNames.FileFields(value),
        (EntityKind.IP, "Address") => [new("Address", Address(value))],
        _ => [new(identifier, value)],
    };

    /// <summary><c>203.0.113.4:443</c> and <c>[2001:db8::1]:443</c> are addresses with a port.</summary>
    private static string Address(string value) =>
        System.Net.IPEndPoint.TryParse(value, out var end) && end.Port > 0 ? end.Address.ToString() : value;

    /// <summary>Older rules name the columns themselves; new mappings switch these off altogether.</summary>
    private void AddLegacy(RuleRows rows)
    {
        (string Column, EntityKind Kind, string Identifier)[] legacy =
        [
            ("AccountCustomEntity", EntityKind.Account, "FullName"), ("HostCustomEntity", EntityKind.Host, "FullName"),
            ("IPCustomEntity", EntityKind.IP, "Address"), ("URLCustomEntity", EntityKind.URL, "Url"), ("FileHashCustomEntity", EntityKind.FileHash, "Value"),
        ];
        foreach (var (column, kind, identifier) in legacy)
        {
            if (rows.IndexOf(column) is >= 0 and var index)
            {
                mappings.Add((kind, [(identifier, index)]));
            }
        }
    }
}
