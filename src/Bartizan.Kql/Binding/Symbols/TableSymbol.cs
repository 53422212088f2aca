using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding.Symbols;

/// <summary>A table or view that a query may name.</summary>
/// <param name="Name">The name in queries, case-sensitive.</param>
/// <param name="StorageName">What the engine calls it; <paramref name="Name"/> where the two are the same.</param>
public sealed record TableSymbol(string Name, RowShape Shape, string StorageName)
{
    public TableSymbol(string name, RowShape shape)
        : this(name, shape, name)
    {
    }

    /// <summary>What the engine calls the columns, in the order of the shape, where that is not their names; null for one that it does not have, since no row has a value in it.</summary>
    public IReadOnlyList<string?>? StorageColumns { get; init; }
}
