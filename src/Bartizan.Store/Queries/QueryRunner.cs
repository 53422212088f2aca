using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Plans.Managed;
using Bartizan.Kql.Sql;
using Bartizan.Kql.Types;
using Bartizan.Store.Catalog;
using Bartizan.Store.Engines.DuckDb;
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
    private readonly TimeProvider time;
    private readonly ILogger<QueryRunner> logger;
    private readonly CompiledQueries compiled;

    internal QueryRunner(EventDatabase database, TableCatalog catalog, TimeProvider time, ILogger<QueryRunner> logger)
    {
        this.database = database;
        this.catalog = catalog;
        this.time = time;
        this.logger = logger;
        compiled = new CompiledQueries(catalog);
    }

    /// <summary>What is wrong with a text, without running it.</summary>
    public IReadOnlyList<Diagnostic> Check(string text) => compiled.Get(text).Diagnostics;

    /// <summary>The columns that a text gives, as far as it and the schema tell; none where it has errors.</summary>
    public IReadOnlyList<RowShape> Shapes(string text) => compiled.Get(text).Shapes;

    /// <summary>The statements that would be run, with what is computed before them left out.</summary>
    public Outcome<QueryExplanation> Explain(string text)
    {
        var query = compiled.Get(text);
        if (query.Refusal is { } refusal)
        {
            return refusal;
        }

        var engine = new ExplainingEngine();
        var prepared = query.Prepare(new QuerySettings(Context(time.GetUtcNow())), engine);
        return prepared.TryGetValue(out var statements, out var problem)
            ? new QueryExplanation([.. engine.Statements, .. statements.Items.Select(s => s.Sql)])
            : problem;
    }

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
        if (query.Refusal is { } refusal)
        {
            return refusal;
        }

        var translation = clock.Elapsed;
        try
        {
            using var session = new QuerySession(database.Connect(), t => RowFilters.For(t, request, catalog), stop);
            var settings = new QuerySettings(Context(request.Now ?? time.GetUtcNow())) { Parameters = request.Parameters };
            if (!query.Prepare(settings, session).TryGetValue(out var statements, out var problem))
            {
                return problem;
            }

            var results = new List<QueryResult>();
            var budget = new ResultBudget(request.Limits);
            foreach (var statement in statements.Items)
            {
                results.Add(Read(session, statement, budget, translation, clock));
            }

            var empty = new QueryResult { Columns = [], Rows = [], Statistics = new QueryStatistics(translation, clock.Elapsed, 0) };
            return (results.Count > 0 ? results[0] : empty) with { Others = [.. results.Skip(1)], Diagnostics = query.Diagnostics };
        }
        catch (OperationCanceledException) when (!callerStop.IsCancellationRequested)
        {
            return new Problem(
                ProblemKind.LimitReached,
                "QueryTimeout",
                string.Create(CultureInfo.InvariantCulture, $"The query did not end within {request.Limits.Timeout.TotalSeconds:0.#} seconds; narrow its time range or summarize earlier."));
        }
        catch (QueryLimitException e)
        {
            return new Problem(ProblemKind.LimitReached, "QueryLimitReached", e.Message);
        }
        catch (EngineException e)
        {
            Log.EngineRefused(logger, e.Message);
            return EngineProblems.Of(e.Message);
        }
    }

    private SqlContext Context(DateTimeOffset now) => new(now.UtcTicks, catalog.Name, "", "");

    private static QueryResult Read(QuerySession session, ResultStatement statement, ResultBudget budget, TimeSpan translation, Stopwatch clock)
    {
        var started = clock.Elapsed;
        var rows = new List<object?[]>();
        var isPartial = false;
        foreach (var row in session.Read(statement.Sql, [.. statement.Columns.Select(c => c.Type)]))
        {
            if (!budget.Take(row))
            {
                isPartial = true;
                break;
            }

            rows.Add(Array.ConvertAll(row, Cell));
        }

        return new QueryResult
        {
            Name = statement.Name,
            Columns = statement.Columns,
            Rows = rows,
            IsPartial = isPartial,
            Visualization = statement.Chart is { } chart ? ChartJson(chart) : null,
            Statistics = new QueryStatistics(translation, clock.Elapsed - started, rows.Count),
        };
    }

    private static object? Cell(KqlValue value) => value.IsNull
        ? null
        : value.Type switch
        {
            KqlType.Bool => value.AsBool,
            KqlType.Int => (int)value.AsLong,
            KqlType.Long => value.AsLong,
            KqlType.Real => value.AsReal,
            KqlType.Decimal => DecimalCell(value),
            KqlType.DateTime => new DateTime(value.AsLong, DateTimeKind.Utc),
            KqlType.TimeSpan => new TimeSpan(value.AsLong),
            KqlType.Guid => value.AsGuid,
            _ => value.AsText,
        };

    // What .NET's decimal cannot hold is given as its text.
    private static object DecimalCell(KqlValue value)
    {
        var text = value.AsDecimal.ToString();
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && KqlDecimal.Parse(number.ToString(CultureInfo.InvariantCulture)) is { } same && same.Equals(value.AsDecimal)
            ? number
            : text;
    }

    private static JsonElement ChartJson(ChartRequest chart)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("Visualization", chart.Kind);
            foreach (var (name, value) in chart.Properties)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.ToArray());
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The engine would not run a statement of a query: {Reason}")]
        public static partial void EngineRefused(ILogger logger, string reason);
    }
}
