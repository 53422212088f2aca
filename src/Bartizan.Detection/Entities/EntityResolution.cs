using Bartizan.Foundation.Entities;

namespace Bartizan.Detection.Entities;

/// <summary>An entity as one context (an alert, a query's row) names it.</summary>
public sealed record EntitySighting(Entity Entity, string Context);

/// <summary>Several sightings that are one thing, with the identifiers that say so.</summary>
/// <param name="Entity">All fields known of it.</param>
/// <param name="Because">Per merge, the identifier that tied two sightings together.</param>
/// <param name="PossiblySameAs">Ids of entities that share one strong identifier but contradict in another; a person decides.</param>
public sealed record ResolvedEntity(
    Guid Id, Entity Entity, IReadOnlyList<EntitySighting> Sightings, IReadOnlyList<string> Because, IReadOnlyList<Guid> PossiblySameAs);

/// <summary>
/// Joins sightings that share a strong identifier, anywhere; and a weak one to the only match in its own context. The result
/// does not depend on the order of the sightings.
/// </summary>
public static class EntityResolution
{
    /// <summary>Identifiers of which a thing has only one: two values mean two things, whatever else they share.</summary>
    private static readonly Dictionary<EntityKind, string[]> singular = new()
    {
        [EntityKind.Account] = ["AadUserId", "Sid", "ObjectGuid"],
        [EntityKind.Host] = ["AzureID", "OMSAgentID"],
    };

    public static IReadOnlyList<ResolvedEntity> Resolve(IEnumerable<EntitySighting> sightings)
    {
        ArgumentNullException.ThrowIfNull(sightings);
        var distinct = sightings
            .Where(s => s.Entity.Keys.Count > 0)
            .OrderBy(s => s.Entity.Keys[0].Text, StringComparer.Ordinal).ThenBy(s => s.Context, StringComparer.Ordinal)
            .ToArray();
        var groups = distinct.Select(s => new Group(s)).ToList();
        var byKey = new Dictionary<string, Group>(StringComparer.Ordinal);
        foreach (var group in groups.ToArray())
        {
            foreach (var key in group.Sightings[0].Entity.Keys.Where(k => k.IsStrong))
            {
                Join(byKey, groups, key.Text, group.Root, key.FieldSet);
            }
        }

        JoinWeak(groups);
        var resolved = groups.Select(g => g.ToResolved()).ToArray();
        var ids = groups.Zip(resolved).ToDictionary(p => p.First, p => p.Second.Id);
        return [.. groups.Zip(resolved)
            .Select(p => p.Second with { PossiblySameAs = [.. p.First.Contradicts.Select(c => ids[c.Root]).Where(id => id != p.Second.Id).Distinct().Order()] })
            .OrderBy(r => r.Entity.Kind).ThenBy(r => r.Entity.FriendlyName, StringComparer.OrdinalIgnoreCase).ThenBy(r => r.Id)];
    }

    private static void Join(Dictionary<string, Group> byKey, List<Group> groups, string key, Group group, string fieldSet)
    {
        if (!byKey.TryGetValue(key, out var other))
        {
            byKey[key] = group;
            return;
        }

        other = other.Root;
        if (other == group)
        {
            return;
        }

        if (Contradict(group, other))
        {
            group.Contradicts.Add(other);
            other.Contradicts.Add(group);
            return;
        }

        other.Absorb(group, fieldSet);
        groups.Remove(group);
    }

    private static void JoinWeak(List<Group> groups)
    {
        foreach (var weak in groups.Where(g => !g.IsStrong).ToArray())
        {
            var matches = groups.Where(g => g != weak && g.Kind == weak.Kind
                && (g.IsStrong || string.CompareOrdinal(g.FirstKey, weak.FirstKey) <= 0)
                && g.Contexts.Overlaps(weak.Contexts) && Agrees(weak, g)).Take(2).ToArray();
            if (matches is [var only] || (matches.Length == 0 && SameWeak(groups, weak) is { } same && (only = same) is not null))
            {
                only.Absorb(weak, weak.Sightings[0].Entity.Keys[0].FieldSet + " in the same alert");
                groups.Remove(weak);
            }
        }
    }

    /// <summary>Two weak sightings with the same fields and the same context are one.</summary>
    private static Group? SameWeak(List<Group> groups, Group weak) =>
        groups.FirstOrDefault(g => g != weak && !g.IsStrong && g.FirstKey == weak.FirstKey && g.Contexts.Overlaps(weak.Contexts));

    private static bool Agrees(Group weak, Group strong) =>
        weak.Sightings[0].Entity.Keys is [var key, ..] && weak.Sightings[0].Entity.Fields.Count > 0
        && key.FieldSet.Replace("+Host", "", StringComparison.Ordinal).Split('+').All(field => strong.Sightings.Any(s =>
            string.Equals(s.Entity[field], weak.Sightings[0].Entity[field], StringComparison.OrdinalIgnoreCase)))
        && !Contradict(weak, strong);

    private static bool Contradict(Group a, Group b) =>
        singular.TryGetValue(a.Kind, out var fields)
        && fields.Any(f => a.ValuesOf(f) is { Count: > 0 } x && b.ValuesOf(f) is { Count: > 0 } y && !x.Overlaps(y));

    private sealed class Group(EntitySighting first)
    {
        private Group? absorbedBy;

        public List<EntitySighting> Sightings { get; } = [first];

        public List<string> Because { get; } = [];

        public HashSet<Group> Contradicts { get; } = [];

        public HashSet<string> Contexts { get; } = [first.Context];

        public EntityKind Kind => first.Entity.Kind;

        public string FirstKey => first.Entity.Keys[0].Text;

        public bool IsStrong => Sightings.Exists(s => s.Entity.IsStrong);

        public Group Root => absorbedBy is null ? this : absorbedBy.Root;

        public HashSet<string> ValuesOf(string field) =>
            Sightings.Select(s => s.Entity[field]).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);

        public void Absorb(Group other, string because)
        {
            Sightings.AddRange(other.Sightings);
            Because.AddRange(other.Because);
            Because.Add(because);
            Contexts.UnionWith(other.Contexts);
            Contradicts.UnionWith(other.Contradicts);
            other.absorbedBy = this;
        }

        public ResolvedEntity ToResolved()
        {
            // What a contradicting entity shares cannot name either of them.
            var shared = Contradicts.SelectMany(c => c.Root.Sightings).SelectMany(s => s.Entity.Keys).Select(k => k.Text).ToHashSet(StringComparer.Ordinal);
            var keys = Sightings.SelectMany(s => s.Entity.Keys).Where(k => !shared.Contains(k.Text)).DefaultIfEmpty(first.Entity.Keys[0]).ToArray();
            var named = keys.Where(k => k.IsStrong).DefaultIfEmpty(keys[0]).MinBy(k => k.Text, StringComparer.Ordinal)!;
            var fields = Sightings.SelectMany(s => s.Entity.Fields).DistinctBy(f => f.Key, StringComparer.OrdinalIgnoreCase);
            var related = Sightings.SelectMany(s => s.Entity.Related).DistinctBy(r => r.Key, StringComparer.OrdinalIgnoreCase);

            // A weak entity means something only where it was seen: elsewhere the same name may be another thing.
            var id = named.IsStrong || Contexts.Count == 0 ? named.ToId() : (named with { Text = named.Text + "@" + Contexts.Min(StringComparer.Ordinal) }).ToId();
            return new ResolvedEntity(id, new Entity(Kind, fields, related), Sightings, [.. Because.Distinct()], []);
        }
    }
}
