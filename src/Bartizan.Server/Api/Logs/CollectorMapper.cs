using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Bartizan.Store.Ingestion;

namespace Bartizan.Server.Api.Logs;

/// <summary>
/// A record of the Data Collector API: each property becomes a column whose name says its type, <c>_s _b _d _t _g</c>, as the original makes them.
/// </summary>
internal sealed class CollectorMapper(string table, string timeField, string resourceId) : IRecordMapper
{
    private static readonly HashSet<string> Own = new(StringComparer.Ordinal) { "TimeGenerated", "Computer", "MG", "ManagementGroupName", "SourceSystem", "RawData", "TenantId" };

    public RecordForm Form => RecordForm.Json;

    public void Map(ReadOnlySpan<byte> record, RecordSink sink)
    {
        JsonDocument document;
        try
        {
            var reader = new Utf8JsonReader(record);
            document = JsonDocument.ParseValue(ref reader);
        }
        catch (JsonException e)
        {
            sink.Refuse($"is not well-formed JSON at byte {e.BytePositionInLine + 1}");
            return;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                sink.Refuse("is not a JSON object");
                return;
            }

            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer))
            {
                Write(document.RootElement, writer);
            }

            sink.Append(table, buffer.WrittenSpan);
        }
    }

    private void Write(JsonElement record, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("SourceSystem", "RestAPI");
        if (resourceId.Length > 0)
        {
            writer.WriteString("_ResourceId", resourceId);
        }

        if (timeField.Length > 0 && record.TryGetProperty(timeField, out var time) && time.ValueKind == JsonValueKind.String && Time(time.GetString()!) is { } at)
        {
            writer.WriteString("TimeGenerated", at);
        }

        foreach (var property in record.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Null && !Own.Contains(property.Name))
            {
                writer.WritePropertyName(property.Name + Suffix(property.Value));
                property.Value.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    private static string Suffix(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "_b",
        JsonValueKind.Number => "_d",
        JsonValueKind.String when Guid.TryParseExact(value.GetString(), "D", out _) => "_g",
        JsonValueKind.String when Time(value.GetString()!) is not null => "_t",
        _ => "_s",
    };

    /// <summary>ISO 8601 with a time, as the API takes it.</summary>
    private static DateTimeOffset? Time(string text) =>
        text.Length >= 16 && char.IsDigit(text[0]) && text.Contains('T', StringComparison.Ordinal)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
