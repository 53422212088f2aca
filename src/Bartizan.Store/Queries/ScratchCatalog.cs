using System.Collections.Concurrent;
using System.Globalization;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Functions;

namespace Bartizan.Store.Queries;

/// <summary>Notes which tables of a schema a binding names, and gives each a storage name that holds its database's.</summary>
internal sealed class ScratchCatalog(ISchemaCatalog inner, string database, ConcurrentDictionary<string, TableSymbol> named) : ISchemaCatalog
{
    public IEnumerable<TableSymbol> Named => named.Values;

    public string Name => inner.Name;

    public IEnumerable<string> TableNames => inner.TableNames;

    public IEnumerable<string> FunctionNames => inner.FunctionNames;

    public TableSymbol? FindTable(string name)
    {
        if (inner.FindTable(name) is not { } table)
        {
            return null;
        }

        var storage = $"{database}/{table.Name}";
        return named.GetOrAdd(storage, _ => table with
        {
            // Under numbers, since names that differ only in case are two columns here and one to the engine.
            StorageName = storage,
            StorageColumns = [.. table.Shape.Columns.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"f{i}"))],
        });
    }

    public FunctionSymbol? FindFunction(string name) => inner.FindFunction(name);

    public ISchemaCatalog? FindDatabase(string name) => Wrap(inner.FindDatabase(name));

    public ISchemaCatalog? FindServiceDatabase(string function, string? argument) => Wrap(inner.FindServiceDatabase(function, argument));

    private ScratchCatalog? Wrap(ISchemaCatalog? other) => other is null ? null : ReferenceEquals(other, inner) ? this : new ScratchCatalog(other, other.Name, named);
}

/// <summary>What queries without a server know of their surroundings.</summary>
internal sealed class SqlContextFactory(string database)
{
    public SqlContext At(DateTimeOffset now) => new(now.UtcTicks, database, "", "");
}
