namespace Bartizan.Kql.Functions;

/// <summary>Everything that a query may call, each once. Built on first use; read-only.</summary>
public static class FunctionCatalog
{
    private static readonly Lazy<Index> Built = new(() => new Index(Families.All()));

    /// <summary>All entries, in the order of their families.</summary>
    public static IReadOnlyList<KqlFunction> All => Built.Value.All;

    /// <summary>A scalar, window or language function by its name or a legacy spelling; names are case-sensitive.</summary>
    public static KqlFunction? FindScalar(string name) => Built.Value.Scalars.GetValueOrDefault(name);

    public static KqlFunction? FindAggregate(string name) => Built.Value.Aggregates.GetValueOrDefault(name);

    public static KqlFunction? FindPlugin(string name) => Built.Value.Plugins.GetValueOrDefault(name);

    /// <summary>An operator by its canonical name (<c>_add</c>, <c>_has</c>).</summary>
    public static KqlFunction? FindOperator(string name) => Built.Value.Operators.GetValueOrDefault(name);

    /// <summary>The entry that a bound call names.</summary>
    public static KqlFunction? ByKey(string key) => Built.Value.Keys.GetValueOrDefault(key);

    private sealed class Index
    {
        public Index(IEnumerable<KqlFunction> entries)
        {
            var list = entries.ToList();
            var scalars = list.Where(f => f.Kind is FunctionKind.Scalar or FunctionKind.Window or FunctionKind.Language).Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
            All = [.. list.Select(f => f with { Key = f.Key != "" ? f.Key : f.Kind == FunctionKind.Aggregate && scalars.Contains(f.Name) ? f.Name + "$aggregate" : f.Kind == FunctionKind.Plugin ? f.Name + "$plugin" : f.Name })];
            foreach (var function in All)
            {
                Keys.Add(function.Key, function);
                var names = function.Kind switch
                {
                    FunctionKind.Aggregate => Aggregates,
                    FunctionKind.Plugin => Plugins,
                    FunctionKind.Operator => Operators,
                    _ => Scalars,
                };
                names.Add(function.Name, function);
                foreach (var alias in function.Aliases)
                {
                    names.Add(alias, function);
                }
            }
        }

        public IReadOnlyList<KqlFunction> All { get; }

        public Dictionary<string, KqlFunction> Scalars { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, KqlFunction> Aggregates { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, KqlFunction> Plugins { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, KqlFunction> Operators { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, KqlFunction> Keys { get; } = new(StringComparer.Ordinal);
    }
}
