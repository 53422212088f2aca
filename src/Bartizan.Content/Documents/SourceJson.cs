using System.Globalization;
using System.Text.Json.Nodes;

namespace Bartizan.Content.Documents;

/// <summary>A file's values as JSON: plain numbers and booleans keep their type, everything quoted is text.</summary>
public static class SourceJson
{
    public static JsonNode? ToNode(SourceNode node, Func<string, string>? text = null)
    {
        switch (node)
        {
            case SourceMap map:
                var properties = new JsonObject();
                foreach (var entry in map.Entries)
                {
                    properties.TryAdd(entry.Key, ToNode(entry.Value, text));
                }

                return properties;
            case SourceList list:
                return new JsonArray([.. list.Items.Select(i => ToNode(i, text))]);
            case SourceScalar { IsNull: true }:
                return null;
            case SourceScalar { IsQuoted: false } scalar:
                return long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? JsonValue.Create(whole)
                    : bool.TryParse(scalar.Text, out var truth) ? JsonValue.Create(truth)
                    : IsNumber(scalar.Text, out var number) ? JsonValue.Create(number)
                    : JsonValue.Create(Changed(scalar.Text));
            default:
                return JsonValue.Create(Changed(((SourceScalar)node).Text));
        }

        string Changed(string value) => text is null ? value : text(value);
    }

    private static bool IsNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
