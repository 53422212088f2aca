using System.Text.Json;
using System.Text.Json.Serialization;
using Bartizan.Foundation.Entities;

namespace Bartizan.Detection.Entities;

/// <summary>Keeps entities inside records in the form that <see cref="EntityJson"/> writes.</summary>
public sealed class EntityListConverter : JsonConverter<IReadOnlyList<Entity>>
{
    public override IReadOnlyList<Entity> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return EntityJson.Read(document.RootElement);
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<Entity> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteRawValue(EntityJson.Write(value), skipInputValidation: true);
    }
}
