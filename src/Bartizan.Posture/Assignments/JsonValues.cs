using System.Text.Json;

namespace Bartizan.Posture.Assignments;

/// <summary>Reads members of JSON objects in any case, leniently: what has another kind counts as absent.</summary>
internal static class JsonValues
{
    public static JsonElement? Find(JsonElement element, string name)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return property.Value;
                }
            }
        }

        return null;
    }

    public static string? Text(JsonElement element, string name) =>
        Find(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static IReadOnlyList<string> Texts(JsonElement element, string name) =>
        [.. Items(element, name).Where(i => i.ValueKind == JsonValueKind.String).Select(i => i.GetString()!)];

    public static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        Find(element, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static IReadOnlyDictionary<string, string> Map(JsonElement element, string name, Func<JsonElement, string?> read)
    {
        var map = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (Find(element, name) is { ValueKind: JsonValueKind.Object } found)
        {
            foreach (var property in found.EnumerateObject())
            {
                if (read(property.Value) is { } value)
                {
                    map[property.Name] = value;
                }
            }
        }

        return map;
    }
}
