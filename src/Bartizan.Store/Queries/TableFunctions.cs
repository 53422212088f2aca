using System.Collections.Concurrent;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Sql;
using Bartizan.Store.Catalog;

namespace Bartizan.Store.Queries;

/// <summary>
/// Functions that queries may call as tables and whose rows other rooms hold (<c>_GetWatchlist</c>). A room defines one with its columns and
/// what gives its rows; null rows mean that there is no such thing, which is an empty table.
/// </summary>
public sealed class TableFunctions(TableCatalog catalog)
{
    private readonly ConcurrentDictionary<string, Func<IReadOnlyList<KqlValue>, FunctionRows?>> providers = new(StringComparer.Ordinal);

    /// <param name="symbol">Its <see cref="FunctionSymbol.Returns"/> says the columns; an open shape leaves further ones to the rows.</param>
    public void Define(FunctionSymbol symbol, Func<IReadOnlyList<KqlValue>, FunctionRows?> rows)
    {
        ArgumentNullException.ThrowIfNull(symbol);
        providers[symbol.Name] = rows;
        catalog.Define(symbol);
    }

    internal FunctionRows? Rows(FunctionSymbol function, IReadOnlyList<KqlValue> arguments) =>
        providers.TryGetValue(function.Name, out var provider) ? provider(arguments) : null;
}
