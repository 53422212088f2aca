namespace Bartizan.Kql.Binding;

/// <summary>The names that let statements and parameters declare, innermost first.</summary>
internal sealed class NameScope(NameScope? outer)
{
    private readonly Dictionary<string, Meaning> names = new(StringComparer.Ordinal);

    public static NameScope Empty { get; } = new(null);

    public Meaning? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.names.TryGetValue(name, out var meaning))
            {
                return meaning;
            }
        }

        return null;
    }

    public NameScope? Outer { get; } = outer;

    /// <summary>False when this very scope has the name already.</summary>
    public bool Declare(string name, Meaning meaning) => names.TryAdd(name, meaning);

    public void Replace(string name, Meaning meaning) => names[name] = meaning;

    public IEnumerable<KeyValuePair<string, Meaning>> All()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            foreach (var pair in scope.names)
            {
                if (seen.Add(pair.Key))
                {
                    yield return pair;
                }
            }
        }
    }
}
