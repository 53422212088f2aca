using System.Collections.Concurrent;
using System.Diagnostics;
using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Sql;
using Bartizan.Store.Engines.DuckDb;

namespace Bartizan.Store.Queries;

/// <summary>
/// An engine in memory for queries over given schemas: their tables are made when a query first names them, empty or with a few made-up
/// rows. For the command line and for tests; it keeps nothing.
/// </summary>
public sealed class ScratchDatabase : IDisposable
{
    private readonly DuckDbInstance instance;
    private readonly TimeProvider time;
    private readonly int rows;
    private readonly HashSet<string> made = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    private ScratchDatabase(DuckDbInstance instance, TimeProvider time, int rows)
    {
        this.instance = instance;
        this.time = time;
        this.rows = rows;
    }

    /// <summary>True where <c>externaldata</c> has no rows instead of being refused, to try queries that name sources outside.</summary>
    public bool IsExternalDataEmpty { get; init; }

    /// <param name="rows">How many rows each table gets.</param>
    /// <param name="externalDataIsEmpty">Lets queries run whose sources outside cannot be read here, as if these had no rows.</param>
    public static Outcome<ScratchDatabase> Open(TimeProvider time, int rows = 0, bool externalDataIsEmpty = false) =>
        DuckDbInstance.Open(null, new StoreOptions()).Then<ScratchDatabase>(
            instance => new ScratchDatabase(instance, time, rows) { IsExternalDataEmpty = externalDataIsEmpty });

    public async Task<Outcome<QueryResult>> RunAsync(QueryRequest request, ISchemaCatalog schema, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(schema);
        using var limit = new CancellationTokenSource(request.Limits.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await Task.Run(() => Run(request, schema, both.Token, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The statements that a query would run.</summary>
    public Outcome<QueryExplanation> Explain(string text, ISchemaCatalog schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return Explanations.Of(CompiledQuery.Compile(text, schema), new SqlContextFactory(schema.Name).At(time.GetUtcNow()));
    }

    public void Dispose() => instance.Dispose();

    private Outcome<QueryResult> Run(QueryRequest request, ISchemaCatalog schema, CancellationToken stop, CancellationToken callerStop)
    {
        var clock = Stopwatch.StartNew();
        var catalog = new ScratchCatalog(schema, schema.Name, new ConcurrentDictionary<string, TableSymbol>(StringComparer.Ordinal));
        var query = CompiledQuery.Compile(request.Text, catalog);
        if (!query.HasErrors)
        {
            Make(catalog.Named);
        }

        var settings = new QuerySettings(new SqlContextFactory(schema.Name).At(request.Now ?? time.GetUtcNow())) { Parameters = request.Parameters };
        var execution = new QueryExecution(request, clock, _ => { });
        return execution.Run(query, settings, () => Session(stop), callerStop);
    }

    private QuerySession Session(CancellationToken stop) => new(instance, (_, _) => null, stop)
    {
        ExternalData = (_, _) => IsExternalDataEmpty ? [] : null,
    };

    private void Make(IEnumerable<TableSymbol> tables)
    {
        lock (gate)
        {
            ScratchTables.Make(instance, [.. tables.Where(t => made.Add(t.StorageName))], rows, time.GetUtcNow());
        }
    }
}
