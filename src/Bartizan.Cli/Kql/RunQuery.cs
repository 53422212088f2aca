using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;
using Bartizan.Store.Queries;

namespace Bartizan.Cli.Kql;

/// <summary>One line of <c>kql run</c>: a line that cannot be read or run is an error of that line only.</summary>
internal sealed class RunQuery(ScratchDatabase database, SchemaSet schemas, TimeSpan timeout)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task<string> AnswerAsync(string line, int number, CancellationToken cancellation)
    {
        string id = $"line {number}";
        string? query;
        ISchemaCatalog? catalog;
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return Refused(id, $"Line {number} is no JSON object.");
            }

            id = root.TryGetProperty("id", out var name) ? name.ValueKind == JsonValueKind.String ? name.GetString()! : name.GetRawText() : id;
            query = root.TryGetProperty("query", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
            catalog = schemas.ForPlatform(root.TryGetProperty("platform", out var platform) && platform.ValueKind == JsonValueKind.String ? platform.GetString() : null);
        }
        catch (JsonException problem)
        {
            return Refused(id, $"Line {number} is no JSON: {problem.Message}");
        }

        if (query is null || catalog is null)
        {
            return Refused(id, query is null ? $"Line {number} has no text 'query'." : "The schema file has no database for this query.");
        }

        var request = new QueryRequest(query) { Limits = new QueryLimits { Timeout = timeout } };
        var answer = await database.RunAsync(request, catalog, cancellation);
        return answer.TryGetValue(out var result, out var refusal)
            ? Write(id, null, result.Others.Count > 0 ? result.Others[^1] : result)
            : Write(id, refusal, null);
    }

    private static string Refused(string id, string message) => Write(id, new Problem(ProblemKind.Invalid, "BZ2101", message), null);

    private static string Write(string id, Problem? problem, QueryResult? result)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteBoolean("ok", problem is null);
            json.WritePropertyName("error");
            if (problem is null)
            {
                json.WriteNullValue();
            }
            else
            {
                json.WriteStartObject();
                json.WriteString("code", problem.Code);
                json.WriteString("message", problem.Message);
                if (problem.Diagnostics.FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error) is { } first)
                {
                    json.WriteNumber("start", first.Span.Start);
                    json.WriteNumber("length", first.Span.Length);
                }

                json.WriteEndObject();
            }

            json.WriteStartArray("columns");
            foreach (var column in result?.Columns ?? [])
            {
                json.WriteStartObject();
                json.WriteString("name", column.Name);
                json.WriteString("type", Conversion.NameOf(column.Type));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("rows");
            foreach (var row in result?.Rows ?? [])
            {
                json.WriteStartArray();
                for (var i = 0; i < row.Length; i++)
                {
                    WriteCell(json, row[i], result!.Columns[i].Type);
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Moments, durations and decimals as Kusto prints them; dynamic as the JSON it holds; NaN and infinities as text.</summary>
    private static void WriteCell(Utf8JsonWriter json, object? cell, KqlType type)
    {
        switch (cell)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int or long:
                json.WriteNumberValue(Convert.ToInt64(cell, CultureInfo.InvariantCulture));
                break;
            case double real when double.IsFinite(real):
                json.WriteNumberValue(real);
                break;
            case double real:
                json.WriteStringValue(Conversion.RealText(real));
                break;
            case decimal number:
                json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case DateTime moment:
                json.WriteStringValue(KqlTime.FormatDateTime(moment.Ticks));
                break;
            case TimeSpan span:
                json.WriteStringValue(KqlTime.FormatTimeSpan(span.Ticks));
                break;
            case Guid guid:
                json.WriteStringValue(guid);
                break;
            case string text when type == KqlType.Dynamic && Json.Parse(text) is { } value:
                value.WriteTo(json);
                break;
            default:
                json.WriteStringValue((string)cell);
                break;
        }
    }
}
