using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Bartizan.Foundation.Entities;

namespace Bartizan.Detection.Entities;

/// <summary>
/// Entities as the JSON text of <c>SecurityAlert.Entities</c>: a flat list whose items have a running <c>$id</c> and point at
/// each other with <c>$ref</c>. Written the same for the same entities; read with forward and backward references.
/// </summary>
public static class EntityJson
{
    private const int MaxRead = 2_000;

    public static string Write(IReadOnlyList<Entity> entities)
    {
        ArgumentNullException.ThrowIfNull(entities);
        var ids = new Dictionary<Entity, string>(ReferenceEqualityComparer.Instance);
        var flat = new List<Entity>();
        foreach (var entity in entities)
        {
            Flatten(entity);
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var entity in flat)
            {
                json.WriteStartObject();
                json.WriteString("$id", ids[entity]);
                foreach (var (name, value) in entity.Fields.OrderBy(f => f.Key, StringComparer.Ordinal))
                {
                    json.WriteString(name, value);
                }

                foreach (var (role, related) in entity.Related.OrderBy(r => r.Key, StringComparer.Ordinal))
                {
                    json.WriteStartObject(role);
                    json.WriteString("$ref", ids[related]);
                    json.WriteEndObject();
                }

                json.WriteString("Type", EntityVocabulary.AlertName(entity.Kind));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);

        // What others point at comes first; the original counts from 3.
        void Flatten(Entity entity)
        {
            if (ids.ContainsKey(entity))
            {
                return;
            }

            foreach (var related in entity.Related.OrderBy(r => r.Key, StringComparer.Ordinal))
            {
                Flatten(related.Value);
            }

            ids[entity] = (flat.Count + 3).ToString(CultureInfo.InvariantCulture);
            flat.Add(entity);
        }
    }

    /// <summary>Reads the text back; what is no entity of a known kind is passed over. Entities that others hold are listed too.</summary>
    public static IReadOnlyList<Entity> Read(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return [];
        }
    }

    public static IReadOnlyList<Entity> Read(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        var byId = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var items = list.EnumerateArray().Take(MaxRead).Where(i => i.ValueKind == JsonValueKind.Object).ToArray();
        foreach (var item in items)
        {
            if (item.TryGetProperty("$id", out var id) && id.ValueKind == JsonValueKind.String)
            {
                byId[id.GetString()!] = item;
            }
        }

        var built = new Dictionary<string, Entity?>(StringComparer.Ordinal);
        return [.. items.Select(i => Build(i, 0)).OfType<Entity>()];

        Entity? Build(JsonElement item, int depth)
        {
            var id = item.TryGetProperty("$id", out var idElement) ? idElement.ToString() : null;
            if (id is not null && built.TryGetValue(id, out var known))
            {
                return known;
            }

            // A cycle of references stops here: the inner one is read without what it points at.
            if (id is not null)
            {
                built[id] = null;
            }

            var entity = BuildNew(item, depth);
            if (id is not null)
            {
                built[id] = entity;
            }

            return entity;
        }

        Entity? BuildNew(JsonElement item, int depth)
        {
            if (!item.TryGetProperty("Type", out var type) || type.ValueKind != JsonValueKind.String || !EntityVocabulary.TryParse(type.GetString(), out var kind))
            {
                return null;
            }

            var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            var related = new Dictionary<string, Entity>(StringComparer.OrdinalIgnoreCase);
            foreach (var property in item.EnumerateObject())
            {
                if (property.Name is "$id" or "Type")
                {
                    continue;
                }

                if (property.Value.ValueKind == JsonValueKind.Object && depth < 8)
                {
                    var target = property.Value.TryGetProperty("$ref", out var reference) && byId.TryGetValue(reference.ToString(), out var found)
                        ? found
                        : property.Value;
                    if (Build(target, depth + 1) is { } other)
                    {
                        related[property.Name] = other;
                    }
                }
                else if (property.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Object or JsonValueKind.Array))
                {
                    fields[property.Name] = property.Value.ToString();
                }
            }

            return new Entity(kind, fields, related);
        }
    }
}
