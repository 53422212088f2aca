using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Bartizan.Foundation.Entities;

/// <summary>
/// One account, host, address, file … as an alert or a query result names it. Fields carry the schema's names
/// (<c>HostName</c>, <c>UPNSuffix</c>); entities that belong to it (a process's host, a file's hash) are related by role.
/// </summary>
public sealed class Entity : IEquatable<Entity>
{
    private static readonly FrozenDictionary<string, Entity> nothingRelated = FrozenDictionary<string, Entity>.Empty;

    private IReadOnlyList<EntityKey>? keys;

    public Entity(EntityKind kind, IEnumerable<KeyValuePair<string, string>> fields, IEnumerable<KeyValuePair<string, Entity>>? related = null)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Kind = kind;
        Fields = fields.Where(f => f.Value.Length > 0)
            .DistinctBy(f => f.Key, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(f => f.Key, f => f.Value, StringComparer.OrdinalIgnoreCase);
        Related = related?.ToFrozenDictionary(r => r.Key, r => r.Value, StringComparer.OrdinalIgnoreCase) ?? nothingRelated;
    }

    public EntityKind Kind { get; }

    public IReadOnlyDictionary<string, string> Fields { get; }

    /// <summary>Entities this one belongs to or holds, by role: <c>Host</c>, <c>ImageFile</c>, <c>ParentProcess</c>, <c>Account</c>.</summary>
    public IReadOnlyDictionary<string, Entity> Related { get; }

    /// <summary>What identifies it, strongest first; never empty for an entity that has a field.</summary>
    public IReadOnlyList<EntityKey> Keys => keys ??= EntityIdentity.KeysOf(this);

    /// <summary>Whether some identifier holds everywhere, so that the same identifier elsewhere means the same thing.</summary>
    public bool IsStrong => Keys.Count > 0 && Keys[0].IsStrong;

    /// <summary>Name of the entity in addresses and graphs; the same fields give the same id on every machine.</summary>
    public Guid Id => Keys.Count == 0 ? Guid.Empty : Keys[0].ToId();

    /// <summary>What a node or a row shows for it.</summary>
    public string FriendlyName => EntityNames.FriendlyNameOf(this);

    public string? this[string field] => Fields.GetValueOrDefault(field);

    public bool TryGet(string field, [NotNullWhen(true)] out string? value) => Fields.TryGetValue(field, out value);

    public static Entity Of(EntityKind kind, params ReadOnlySpan<(string Field, string? Value)> fields)
    {
        var given = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (field, value) in fields)
        {
            if (!string.IsNullOrEmpty(value))
            {
                given[field] = value;
            }
        }

        return new Entity(kind, given);
    }

    public bool Equals(Entity? other) =>
        other is not null && Kind == other.Kind && Fields.Count == other.Fields.Count && Related.Count == other.Related.Count
        && Fields.All(f => other.Fields.TryGetValue(f.Key, out var value) && value == f.Value)
        && Related.All(r => other.Related.TryGetValue(r.Key, out var value) && value.Equals(r.Value));

    public override bool Equals(object? obj) => Equals(obj as Entity);

    public override int GetHashCode() => HashCode.Combine(Kind, Fields.Count, Keys.Count == 0 ? null : Keys[0].Text);

    public override string ToString() => $"{Kind} {FriendlyName}";
}
