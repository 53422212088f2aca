using System.Text.Json;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Values;

namespace Bartizan.Posture.Assignments;

/// <summary>What a definition says of its effect that is needed before it is evaluated.</summary>
internal static class PolicyDefinitionEffect
{
    private const string Start = "[parameters('";

    /// <summary>Which parameter of a definition sets its effect; an override of the effect sets that one.</summary>
    public static string? ParameterOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Then(document) is { } then && JsonValues.Text(then, "effect") is { } effect ? Parameter(effect) : null;
    }

    /// <summary>How a resource stands under effect manual before anybody has attested: <c>details.defaultState</c>, in the open or from a parameter; else Unknown.</summary>
    public static AttestedState DefaultStateOf(string json, PolicyDefinition definition, IReadOnlyDictionary<string, PolicyValue> parameters)
    {
        using var document = JsonDocument.Parse(json);
        var text = Then(document) is { } then && JsonValues.Find(then, "details") is { } details ? JsonValues.Text(details, "defaultState") : null;
        if (text is not null && Parameter(text) is { } name)
        {
            var given = parameters.FirstOrDefault(p => p.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
            text = (given ?? definition.FindParameter(name)?.DefaultValue)?.AsText;
        }

        return Enum.TryParse<AttestedState>(text, ignoreCase: true, out var state) && Enum.IsDefined(state) ? state : AttestedState.Unknown;
    }

    private static JsonElement? Then(JsonDocument document)
    {
        var properties = JsonValues.Find(document.RootElement, "properties") ?? document.RootElement;
        return JsonValues.Find(properties, "policyRule") is { } rule ? JsonValues.Find(rule, "then") : null;
    }

    private static string? Parameter(string text) =>
        text.StartsWith(Start, StringComparison.OrdinalIgnoreCase) && text.EndsWith("')]", StringComparison.Ordinal) ? text[Start.Length..^3] : null;
}
