using System.Globalization;
using System.Text.Json;
using Bartizan.Kql.Types;
using Bartizan.Store.Queries;
using Bartizan.Wire.Logs;

namespace Bartizan.Server.Api.Logs;

/// <summary>Query results as the Log Analytics API writes them.</summary>
internal static class LogsShapes
{
    public static LogsAnswer Answer(QueryResult result, bool withStatistics, bool withRender) => new()
    {
        Tables = [Table(result, "PrimaryResult"), .. result.Others.Select((r, i) => Table(r, $"Table_{i + 1}"))],
        Statistics = withStatistics
            ? JsonSerializer.SerializeToElement(new
            {
                query = new
                {
                    executionTime = (result.Statistics.Translation + result.Statistics.Execution).TotalSeconds,
                    translationTime = result.Statistics.Translation.TotalSeconds,
                    datasetStatistics = new[] { new { tableRowCount = result.Statistics.Rows } },
                },
            })
            : null,
        Render = withRender ? Render(result.Visualization) : null,
        Error = result.IsPartial
            ? JsonSerializer.SerializeToElement(new
            {
                code = "PartialError",
                message = "There were some errors when processing your query.",
                details = new[]
                {
                    new
                    {
                        code = "EngineError",
                        message = "Something went wrong processing your query on the server.",
                        innererror = new { code = "-2133196797", message = "The results of this query exceed the set limit, so not all records were returned.", severity = 2, severityName = "Warning" },
                    },
                },
            })
            : null,
    };

    /// <summary>What <c>render</c> asked for. The engine's names begin with a capital, the API's do not; without a picture the API says so.</summary>
    private static JsonElement Render(JsonElement? chart) => JsonSerializer.SerializeToElement(
        chart?.EnumerateObject().ToDictionary(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name), object? (p) => p.Value) ?? new() { ["visualization"] = null });

    public static string TypeName(KqlType type) => type switch
    {
        KqlType.Bool => "bool",
        KqlType.Int => "int",
        KqlType.Long => "long",
        KqlType.Real => "real",
        KqlType.Decimal => "decimal",
        KqlType.DateTime => "datetime",
        KqlType.TimeSpan => "timespan",
        KqlType.Guid => "guid",
        KqlType.Dynamic => "dynamic",
        _ => "string",
    };

    /// <summary>The type that a name of Azure's means; null for none.</summary>
    public static KqlType? TypeOf(string? name) => name?.ToLowerInvariant() switch
    {
        "bool" or "boolean" => KqlType.Bool,
        "int" => KqlType.Int,
        "long" => KqlType.Long,
        "real" => KqlType.Real,
        "datetime" => KqlType.DateTime,
        "guid" => KqlType.Guid,
        "dynamic" => KqlType.Dynamic,
        "string" => KqlType.String,
        _ => null,
    };

    private static LogsTable Table(QueryResult result, string name) => new(
        name,
        [.. result.Columns.Select(c => new LogsColumn(c.Name, TypeName(c.Type)))],
        [.. result.Rows.Select(IReadOnlyList<JsonElement> (row) => [.. row.Select(Cell)])]);

    /// <summary>Numbers and truth values are JSON's own; everything else is text, dynamic values too.</summary>
    public static JsonElement Cell(object? value) => value switch
    {
        null => JsonSerializer.SerializeToElement<string?>(null),
        bool or int or long => JsonSerializer.SerializeToElement(value),
        double number => double.IsFinite(number) ? JsonSerializer.SerializeToElement(number) : JsonSerializer.SerializeToElement(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity"),
        decimal number => JsonSerializer.SerializeToElement(number.ToString(CultureInfo.InvariantCulture)),
        DateTime time => JsonSerializer.SerializeToElement(time.ToString(time.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)),
        TimeSpan span => JsonSerializer.SerializeToElement(span.ToString("c", CultureInfo.InvariantCulture)),
        Guid id => JsonSerializer.SerializeToElement(id.ToString()),
        _ => JsonSerializer.SerializeToElement(Convert.ToString(value, CultureInfo.InvariantCulture)),
    };
}
