using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Types;

namespace Bartizan.Cli.Kql;

/// <summary>One line of <c>kql check</c>: a line that cannot be read is an error of that line only.</summary>
internal static class CheckedQuery
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Read(string line, int number, SchemaSet schemas)
    {
        string? id = null;
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            id = Text(root, "id") ?? $"line {number}";
            if (Text(root, "query") is not { } query)
            {
                return Write(id, Refusal("BZ2101", $"Line {number} has no text 'query'."), []);
            }

            if (schemas.ForPlatform(Text(root, "platform")) is not { } catalog)
            {
                return Write(id, Refusal("BZ2102", "The schema file has no database for this query."), []);
            }

            var analysis = KqlAnalysis.Of(query, catalog);
            return Write(id, [.. analysis.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)], analysis.Shape.Columns);
        }
#pragma warning disable CA1031 // The edge: whatever goes wrong with one line is said of that line, and the next is read.
        catch (Exception fault) when (fault is not JsonException)
        {
            return Write(id ?? $"line {number}", Refusal("BZ2999", $"Line {number} could not be checked: {fault.Message}"), []);
        }
#pragma warning restore CA1031
        catch (JsonException problem)
        {
            return Write(id ?? $"line {number}", Refusal("BZ2101", $"Line {number} is no JSON object: {problem.Message}"), []);
        }
    }

    private static string? Text(JsonElement root, string member) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(member, out var value)
            ? value.ValueKind == JsonValueKind.String ? value.GetString() : member == "id" ? value.GetRawText() : null
            : null;

    private static Diagnostic[] Refusal(string code, string message) => [Diagnostic.Error(code, new TextSpan(0, 0), message)];

    private static string Write(string id, IReadOnlyList<Diagnostic> errors, IReadOnlyList<KqlColumn> columns)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteBoolean("ok", errors.Count == 0);
            json.WritePropertyName("error");
            if (errors.Count > 0)
            {
                Write(json, errors[0]);
            }
            else
            {
                json.WriteNullValue();
            }

            json.WriteStartArray("columns");
            foreach (var column in columns)
            {
                json.WriteStartObject();
                json.WriteString("name", column.Name);
                json.WriteString("type", column.Type.ToString().ToLowerInvariant());
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("errors");
            foreach (var error in errors)
            {
                Write(json, error);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, Diagnostic error)
    {
        json.WriteStartObject();
        json.WriteString("code", error.Code);
        json.WriteString("message", error.Hint is null ? error.Message : $"{error.Message} {error.Hint}");
        json.WriteNumber("start", error.Span.Start);
        json.WriteNumber("length", error.Span.Length);
        json.WriteEndObject();
    }
}
