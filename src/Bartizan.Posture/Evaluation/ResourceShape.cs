using System.Buffers;
using System.Text.Json;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Aliases;

namespace Bartizan.Posture.Evaluation;

/// <summary>
/// How policies see a resource: Azure's envelope, whatever the cloud. A record that is one already stays as it is; the description of
/// another cloud becomes its <c>properties</c>, so that <c>AWS::S3::Bucket/VersioningConfiguration.Status</c> is an alias like any other.
/// </summary>
public static class ResourceShape
{
    public static PolicyResource Of(Resource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        if (IsEnvelope(resource))
        {
            return PolicyResource.Parse(resource.Record);
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("id", resource.Id.Text);
            writer.WriteString("name", resource.Name);
            writer.WriteString("type", resource.Type);
            writer.WriteString("location", resource.Location);
            writer.WriteStartObject("tags");
            foreach (var (name, value) in resource.Tags)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
            writer.WritePropertyName("properties");
            Description(resource.Record).WriteTo(writer);
            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = 256 });
        return PolicyResource.Parse(document.RootElement);
    }

    private static bool IsEnvelope(Resource resource) =>
        resource.Environment is not (CloudEnvironment.Aws or CloudEnvironment.Gcp)
        && resource.Record.ValueKind == JsonValueKind.Object
        && resource.Record.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
        && resource.Record.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String;

    /// <summary>Cloud Asset Inventory wraps a resource's own JSON in <c>resource.data</c>.</summary>
    private static JsonElement Description(JsonElement record) =>
        record.ValueKind == JsonValueKind.Object && record.TryGetProperty("resource", out var inner) && inner.ValueKind == JsonValueKind.Object
        && inner.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object
            ? data
            : record;
}
