using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Plans.Managed;
using Bartizan.Kql.Sql;
using Bartizan.Kql.Types;
using Bartizan.Store.Engines.DuckDb;

namespace Bartizan.Store.Queries;

/// <summary>One run of a compiled query over a session, within the limits of its request; what goes wrong becomes a problem.</summary>
internal sealed class QueryExecution(QueryRequest request, Stopwatch clock, Action<string> refused)
{
    private readonly ResultBudget budget = new(request.Limits);

    public Outcome<QueryResult> Run(CompiledQuery query, QuerySettings settings, Func<QuerySession> open, CancellationToken callerStop)
    {
        if (query.Refusal is { } refusal)
        {
            return refusal;
        }

        var translation = clock.Elapsed;
        try
        {
            using var session = open();
            if (!query.Prepare(settings with { MaxRows = request.Limits.MaxRows + 1L }, session).TryGetValue(out var statements, out var problem))
            {
                return problem;
            }

            var results = statements.Items.Select(s => Read(session, s, translation)).ToList();
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
            refused(e.Message);
            return EngineProblems.Of(e.Message);
        }
    }

    private QueryResult Read(QuerySession session, ResultStatement statement, TimeSpan translation)
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
}
