using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bartizan.Policy.Values;

/// <summary>Values from JSON and back.</summary>
public static class PolicyJson
{
    /// <summary>Deeper JSON is refused: no Azure resource comes near it, and reading is recursive.</summary>
    public const int MaxDepth = 256;

    private const int ScanLimit = 16;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth * 2 };

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth };

    public static PolicyValue FromElement(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => FromObject(element),
        JsonValueKind.Array => FromArray(element),
        JsonValueKind.String => PolicyValue.Of(element.GetString()!),
        JsonValueKind.Number => FromNumber(element),
        JsonValueKind.True => PolicyValue.True,
        JsonValueKind.False => PolicyValue.False,
        JsonValueKind.Null => PolicyValue.Null,
        _ => PolicyValue.Undefined,
    };

    /// <summary>Reads JSON text; null when it is not JSON.</summary>
    public static PolicyValue? TryParse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            return FromElement(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Compact JSON; undefined writes as null.</summary>
    public static string Write(PolicyValue value) => Write(value, Plain);

    /// <summary>JSON for people, two spaces a level.</summary>
    public static string WriteIndented(PolicyValue value) => Write(value, Plain with { Indented = true, NewLine = "\n" });

    private static string Write(PolicyValue value, JsonWriterOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            Write(writer, value);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static void Write(Utf8JsonWriter writer, PolicyValue value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        switch (value)
        {
            case StringValue s:
                writer.WriteStringValue(s.Text);
                break;
            case NumberValue { IsInteger: true } n:
                writer.WriteNumberValue(n.Integer);
                break;
            case NumberValue n when double.IsFinite(n.Real):
                writer.WriteNumberValue(n.Real);
                break;
            case BooleanValue b:
                writer.WriteBooleanValue(b.Value);
                break;
            case ArrayValue a:
                writer.WriteStartArray();
                foreach (var item in a.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case ObjectValue o:
                writer.WriteStartObject();
                for (var i = 0; i < o.Names.Length; i++)
                {
                    writer.WritePropertyName(o.Names[i]);
                    Write(writer, o.Values[i]);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static PolicyValue FromNumber(JsonElement element) =>
        element.TryGetInt64(out var integer) ? PolicyValue.Of(integer) : PolicyValue.Of(element.GetDouble());

    private static ArrayValue FromArray(JsonElement element)
    {
        var items = new PolicyValue[element.GetArrayLength()];
        var i = 0;
        foreach (var item in element.EnumerateArray())
        {
            items[i++] = FromElement(item);
        }

        return new ArrayValue(items);
    }

    private static ObjectValue FromObject(JsonElement element)
    {
        var names = new List<string>();
        var values = new List<PolicyValue>();
        Dictionary<string, int>? places = null;
        foreach (var property in element.EnumerateObject())
        {
            var name = property.Name;
            if (places is null && names.Count == ScanLimit)
            {
                places = names.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i, StringComparer.Ordinal);
            }

            // The last of two equal names wins, as in ARM.
            var at = places is null ? names.IndexOf(name) : places.GetValueOrDefault(name, -1);
            if (at >= 0)
            {
                values[at] = FromElement(property.Value);
                continue;
            }

            places?.Add(name, names.Count);
            names.Add(name);
            values.Add(FromElement(property.Value));
        }

        return new ObjectValue([.. names], [.. values]);
    }
}
