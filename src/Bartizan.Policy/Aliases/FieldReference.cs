using Bartizan.Policy.Values;

namespace Bartizan.Policy.Aliases;

/// <summary>A field named in a definition, ready to be read from resources of any type.</summary>
internal sealed class FieldReference
{
    private readonly AliasEntry[] entries;
    private readonly AliasPath[] fallbacks;
    private readonly Func<PolicyResource, PolicyValue>? direct;

    private FieldReference(string name, AliasEntry[] entries, AliasPath[] fallbacks, Func<PolicyResource, PolicyValue>? direct = null)
    {
        Name = name;
        this.entries = entries;
        this.fallbacks = fallbacks;
        this.direct = direct;
        Wildcards = Count(name);
    }

    public string Name { get; }

    /// <summary>How many <c>[*]</c> the name has; the paths have as many.</summary>
    public int Wildcards { get; }

    public bool IsLocation { get; private init; }

    /// <summary>What the tables say of it, for all types.</summary>
    public IReadOnlyList<AliasEntry> Entries => entries;

    public static FieldReference Resolve(string name, AliasTable table)
    {
        switch (name.ToLowerInvariant())
        {
            case "type":
                return Member(name, "type");
            case "location":
                return new FieldReference(name, [], [], r => r.Root.Member("location")) { IsLocation = true };
            case "fullname":
                return new FieldReference(name, [], [], r => r.FullName);
            case "apiversion":
                return new FieldReference(name, [], [], r => r.ApiVersion is { } v ? PolicyValue.Of(v) : PolicyValue.Undefined);
            case "name" or "kind" or "id" or "tags":
                return Member(name, name);
        }

        if (TagName.TryParse(name, out var tag))
        {
            return new FieldReference(name, [], [], r => r.Root.Member("tags").Member(tag));
        }

        if (!name.Contains('/', StringComparison.Ordinal))
        {
            return DefaultRule.IsEnvelope(name) || name.StartsWith("properties.", StringComparison.OrdinalIgnoreCase)
                ? new FieldReference(name, [], [AliasPath.Parse(name)])
                : new FieldReference(name, [], [AliasPath.Parse(name), AliasPath.Parse("properties." + name, isLenient: true)]);
        }

        return new FieldReference(name, FindEntries(name, table), Fallbacks(name));
    }

    /// <summary>Reads the field where no <c>[*]</c> is in its name.</summary>
    public PolicyValue Read(PolicyResource resource) => direct is null ? PathFor(resource).Read(resource.Root) : direct(resource);

    /// <summary>The path for this resource: the table's for its type and version, else the default rule's.</summary>
    public AliasPath PathFor(PolicyResource resource)
    {
        foreach (var entry in entries)
        {
            if (resource.Type is null || resource.Type.Equals(entry.ResourceType, StringComparison.OrdinalIgnoreCase))
            {
                return entry.PathFor(resource.ApiVersion);
            }
        }

        // A resource may come flattened, without its properties bag; then the rest is looked for at the top.
        for (var i = 0; i < fallbacks.Length - 1; i++)
        {
            var value = fallbacks[i].Wildcards == 0 ? fallbacks[i].Read(resource.Root) : fallbacks[i].ReadToFirstWildcard(resource.Root);
            if (!value.IsUndefined || (i == 0 && resource.HasProperties && Name.Contains('/', StringComparison.Ordinal)))
            {
                return fallbacks[i];
            }
        }

        return fallbacks[^1];
    }

    private static FieldReference Member(string name, string member) => new(name, [], [], r => r.Root.Member(member));

    private static AliasPath[] Fallbacks(string alias)
    {
        var path = DefaultRule.PathOf(alias);
        var flat = alias[(alias.LastIndexOf('/') + 1)..];
        return path == flat ? [AliasPath.Parse(path)] : [AliasPath.Parse(path, isLenient: true), AliasPath.Parse(flat, isLenient: true)];
    }

    private static AliasEntry[] FindEntries(string name, AliasTable table)
    {
        var found = table.Find(name);
        if (found.Length > 0)
        {
            return found;
        }

        // Tables list some arrays only with, some only without the wildcard.
        return name.EndsWith("[*]", StringComparison.Ordinal)
            ? Respell(table.Find(name[..^3]), path => path + "[*]", 0)
            : Respell(table.Find(name + "[*]"), path => path[..^3], 1);
    }

    private static AliasEntry[] Respell(AliasEntry[] entries, Func<string, string> spell, int wildcards) =>
    [
        .. from e in entries
           where wildcards == 0 ? !e.DefaultPath.EndsInWildcard : e.DefaultPath.EndsInWildcard
           select e with
           {
               DefaultPath = AliasPath.Parse(spell(e.DefaultPath.Text)),
               Paths = [.. e.Paths.Where(p => wildcards == 0 || p.Path.EndsInWildcard).Select(p => (AliasPath.Parse(spell(p.Path.Text)), p.Versions))],
           },
    ];

    private static int Count(string name)
    {
        var count = 0;
        for (var at = name.IndexOf("[*]", StringComparison.Ordinal); at >= 0; at = name.IndexOf("[*]", at + 3, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }
}
