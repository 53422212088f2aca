using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Bartizan.Server.Api.Arm;

/// <summary>Reads a body that is kept as a tree of nodes. One that names a property twice is no JSON that can be kept; it is refused as such, not as a fault of ours.</summary>
internal sealed class WholeNodes<T> : JsonConverter<T>
    where T : JsonNode
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            var node = JsonNode.Parse(ref reader);
            LookInto(node);
            return node is null or T ? (T?)node : throw new JsonException("An object is expected.");
        }
        catch (ArgumentException e)
        {
            throw new JsonException($"A property is named twice. {e.Message}", e);
        }
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => value.WriteTo(writer, options);

    /// <summary>Names are compared only when an object is first looked into.</summary>
    private static void LookInto(JsonNode? node)
    {
        IEnumerable<JsonNode?> inner = node switch
        {
            JsonObject o => o.Select(m => m.Value),
            JsonArray a => a,
            _ => [],
        };
        foreach (var part in inner)
        {
            LookInto(part);
        }
    }
}
