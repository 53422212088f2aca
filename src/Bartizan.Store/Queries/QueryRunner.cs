using System.Diagnostics;
using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Sql;
using Bartizan.Kql.Types;
using Bartizan.Store.Catalog;
using Bartizan.Store.Engines.DuckDb;
using Bartizan.Store.Terms;
using Microsoft.Extensions.Logging;

namespace Bartizan.Store.Queries;

/// <summary>
/// Runs KQL over what the store holds: inside the limits of the request, in a transaction that may only read, and over those rows alone that the
/// request may see. Compiled texts are kept for as long as the catalogue does not change.
/// </summary>
public sealed partial class QueryRunner
{
    private readonly EventDatabase database;
    private readonly TableCatalog catalog;
    private readonly TermIndex terms;
    private readonly TableFunctions functions;
    private readonly TimeProvider time;
    private readonly ILogger<QueryRunner> logger;
    private readonly CompiledQueries compiled;

    internal QueryRunner(EventDatabase database, TableCatalog catalog, TermIndex terms, TableFunctions functions, TimeProvider time, ILogger<QueryRunner> logger)
    {
        this.database = database;
        this.catalog = catalog;
        this.terms = terms;
        this.functions = functions;
        this.time = time;
        this.logger = logger;
        compiled = new CompiledQueries(catalog);
    }

    /// <summary>What is wrong with a text, without running it.</summary>
    public IReadOnlyList<Diagnostic> Check(string text) => compiled.Get(text).Diagnostics;

    /// <summary>The columns that a text gives, as far as it and the schema tell; none where it has errors.</summary>
    public IReadOnlyList<RowShape> Shapes(string text) => compiled.Get(text).Shapes;

    /// <summary>The statements that would be run, with what is computed before them left out.</summary>
    public Outcome<QueryExplanation> Explain(string text) => Explanations.Of(compiled.Get(text), Context(time.GetUtcNow()));

    public async Task<Outcome<QueryResult>> RunAsync(QueryRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var limit = new CancellationTokenSource(request.Limits.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);

        // The engine works on the thread that asks it; callers are not held up.
        return await Task.Run(() => Run(request, both.Token, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private Outcome<QueryResult> Run(QueryRequest request, CancellationToken stop, CancellationToken callerStop)
    {
        var clock = Stopwatch.StartNew();
        var query = compiled.Get(request.Text);
        var settings = new QuerySettings(Context(request.Now ?? time.GetUtcNow())) { Parameters = request.Parameters };
        var execution = new QueryExecution(request, clock, reason => Log.EngineRefused(logger, reason));
        return execution.Run(query, settings, () => new QuerySession(database.Instance, (table, words) => Restriction(table, words, request), stop) { Functions = functions.Rows }, callerStop);
    }

    private string? Restriction(TableSymbol table, TermCondition? words, QueryRequest request)
    {
        var rows = RowFilters.For(table, request, catalog);
        var segments = words is not null && catalog.Find(table.Name) is { } stored ? terms.Restriction(stored.Name, words) : null;
        return rows is null || segments is null ? rows ?? segments : $"{rows} AND {segments}";
    }

    private SqlContext Context(DateTimeOffset now) => new(now.UtcTicks, catalog.Name, "", "");

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The engine would not run a statement of a query: {Reason}")]
        public static partial void EngineRefused(ILogger logger, string reason);
    }
}
