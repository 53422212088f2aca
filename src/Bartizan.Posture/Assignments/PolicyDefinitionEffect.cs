using System.Text.Json;

namespace Bartizan.Posture.Assignments;

/// <summary>Which parameter of a definition sets its effect; an override of the effect sets that one.</summary>
internal static class PolicyDefinitionEffect
{
    private const string Start = "[parameters('";

    public static string? ParameterOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var properties = JsonValues.Find(root, "properties") ?? root;
        return JsonValues.Find(properties, "policyRule") is { } rule && JsonValues.Find(rule, "then") is { } then
            && JsonValues.Text(then, "effect") is { } effect && effect.StartsWith(Start, StringComparison.OrdinalIgnoreCase) && effect.EndsWith("')]", StringComparison.Ordinal)
            ? effect[Start.Length..^3]
            : null;
    }
}
