using System.Text.Json;
using System.Text.Json.Nodes;
using Bartizan.Response.Playbooks.Expressions;

namespace Bartizan.Response.Playbooks;

/// <summary>The part of JSON schema that ParseJson steps use: type, properties, required, items. Other words of a schema say nothing here.</summary>
internal static class PlaybookSchema
{
    public static void Check(JsonNode? value, JsonNode? schema, string path)
    {
        if (schema is not JsonObject rules)
        {
            return;
        }

        var allowed = rules["type"] switch
        {
            JsonArray many => [.. many.Select(ExpressionEvaluation.Text)],
            null => (string[])[],
            var one => [ExpressionEvaluation.Text(one)],
        };
        if (allowed.Length > 0 && !allowed.Any(t => Is(value, t)))
        {
            throw new ExpressionException($"{path} is not of the type {string.Join(" or ", allowed)}.");
        }

        if (value is JsonObject o)
        {
            foreach (var name in (rules["required"] as JsonArray ?? []).Select(ExpressionEvaluation.Text).Where(n => !o.ContainsKey(n)))
            {
                throw new ExpressionException($"{path} has no member '{name}'.");
            }

            foreach (var (name, inner) in (rules["properties"] as JsonObject ?? []).Where(p => o.ContainsKey(p.Key)))
            {
                Check(o[name], inner, $"{path}.{name}");
            }
        }
        else if (value is JsonArray items && rules["items"] is { } each)
        {
            for (var i = 0; i < items.Count; i++)
            {
                Check(items[i], each, $"{path}[{i}]");
            }
        }
    }

    private static bool Is(JsonNode? value, string type) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("null", JsonValueKind.Null) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => decimal.IsInteger(ExpressionEvaluation.Number(value)),
        _ => false,
    };
}
