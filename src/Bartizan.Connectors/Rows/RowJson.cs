using System.Buffers;
using System.Text.Json;
using Bartizan.Store.Ingestion;

namespace Bartizan.Connectors.Rows;

/// <summary>Writes rows as JSON objects, one after the other into the same memory. Empty values are left out.</summary>
internal sealed class RowJson : IDisposable
{
    private readonly ArrayBufferWriter<byte> bytes = new(8 * 1024);
    private readonly Utf8JsonWriter json;

    public RowJson() => json = new Utf8JsonWriter(bytes, new JsonWriterOptions
    {
        SkipValidation = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public Utf8JsonWriter Writer => json;

    public RowJson Begin()
    {
        bytes.ResetWrittenCount();
        json.Reset(bytes);
        json.WriteStartObject();
        return this;
    }

    public RowJson Text(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }

        return this;
    }

    public RowJson Number(string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }

        return this;
    }

    public RowJson Flag(string name, bool? value)
    {
        if (value is { } flag)
        {
            json.WriteBoolean(name, flag);
        }

        return this;
    }

    public RowJson Time(string name, DateTime? value)
    {
        if (value is { } time)
        {
            json.WriteString(name, time);
        }

        return this;
    }

    public RowJson Json(string name, JsonElement value)
    {
        json.WritePropertyName(name);
        value.WriteTo(json);
        return this;
    }

    /// <summary>An object of texts; nothing when all are empty.</summary>
    public RowJson Bag(string name, params ReadOnlySpan<(string Name, string? Value)> values)
    {
        var started = false;
        foreach (var (key, value) in values)
        {
            if (string.IsNullOrEmpty(value))
            {
                continue;
            }

            if (!started)
            {
                json.WriteStartObject(name);
                started = true;
            }

            json.WriteString(key, value);
        }

        if (started)
        {
            json.WriteEndObject();
        }

        return this;
    }

    public void Append(RecordSink sink, string table)
    {
        json.WriteEndObject();
        json.Flush();
        sink.Append(table, bytes.WrittenSpan);
    }

    public void Dispose() => json.Dispose();
}
