using System.Collections.Concurrent;
using Bartizan.Kql.Sql;
using Bartizan.Store.Catalog;

namespace Bartizan.Store.Queries;

/// <summary>Texts that were compiled lately, by the version of the catalogue they were compiled against.</summary>
internal sealed class CompiledQueries(TableCatalog catalog)
{
    private const int Most = 1_000;
    private const int LongestKept = 64 * 1024;

    private readonly ConcurrentDictionary<(string Text, long Version), CompiledQuery> kept = new();

    public CompiledQuery Get(string text)
    {
        var key = (text, catalog.Version);
        if (kept.TryGetValue(key, out var query))
        {
            return query;
        }

        query = CompiledQuery.Compile(text, catalog);
        if (text.Length <= LongestKept)
        {
            if (kept.Count >= Most)
            {
                kept.Clear();
            }

            kept[key] = query;
        }

        return query;
    }
}
