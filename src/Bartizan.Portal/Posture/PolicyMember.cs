using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bartizan.Portal.Posture;

/// <summary>One check of an assigned definition or initiative, with the effect that the assignment gives it.</summary>
/// <param name="Parameter">The parameter that sets the effect; null where none does.</param>
internal sealed partial record PolicyMember(string Reference, string Title, string Groups, string Effect, string? Parameter, IReadOnlyList<string> Allowed)
{
    private const string TitlePrefix = "Effect of: ";

    public bool IsOff => Effect.Equals("Disabled", StringComparison.OrdinalIgnoreCase);

    /// <param name="assignment">The assignment's properties.</param>
    /// <param name="definition">Those of what it assigns.</param>
    public static IReadOnlyList<PolicyMember> Of(JsonElement assignment, JsonElement definition)
    {
        var parameters = Member(definition, "parameters");
        var given = Member(assignment, "parameters");
        if (Member(definition, "policyDefinitions") is not { ValueKind: JsonValueKind.Array } members)
        {
            var effect = Named(Member(Member(Member(definition, "policyRule"), "then"), "effect"));
            return effect is null ? [] : [Make(effect, PolicyPage.Text(definition, "displayName") ?? effect, "", effect, parameters, given)];
        }

        var all = new List<PolicyMember>();
        foreach (var member in members.EnumerateArray())
        {
            var reference = PolicyPage.Text(member, "policyDefinitionReferenceId") ?? PolicyPage.Text(member, "policyDefinitionId") ?? "";
            var passed = Member(Member(Member(member, "parameters"), "effect"), "value");
            var parameter = Named(passed);
            var groups = Member(member, "groupNames") is { ValueKind: JsonValueKind.Array } names ? string.Join(", ", names.EnumerateArray().Select(n => n.ToString())) : "";
            var shown = parameter is null ? null : PolicyPage.Text(Member(Member(parameters, parameter), "metadata"), "displayName");
            var title = shown?.StartsWith(TitlePrefix, StringComparison.Ordinal) == true ? shown[TitlePrefix.Length..] : shown ?? reference;
            all.Add(parameter is null
                ? new PolicyMember(reference, title, groups, passed.ValueKind == JsonValueKind.String ? passed.GetString()! : "As defined", null, [])
                : Make(reference, title, groups, parameter, parameters, given));
        }

        return [.. all.OrderBy(m => m.Title, StringComparer.OrdinalIgnoreCase)];
    }

    private static PolicyMember Make(string reference, string title, string groups, string parameter, JsonElement parameters, JsonElement given)
    {
        var declared = Member(parameters, parameter);
        var effect = PolicyPage.Text(Member(given, parameter), "value") ?? PolicyPage.Text(declared, "defaultValue") ?? "Audit";
        string[] allowed = Member(declared, "allowedValues") is { ValueKind: JsonValueKind.Array } values ? [.. values.EnumerateArray().Select(v => v.ToString())] : ["Audit", "Deny", "Disabled"];
        return new PolicyMember(reference, title, groups, effect, parameter, allowed.Contains(effect, StringComparer.Ordinal) ? allowed : [effect, .. allowed]);
    }

    private static JsonElement Member(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    /// <summary>The parameter that <c>[parameters('x')]</c> names.</summary>
    private static string? Named(JsonElement value) => value.ValueKind == JsonValueKind.String && ParameterPattern().Match(value.GetString()!) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"^\[\s*parameters\(\s*'([^']+)'\s*\)\s*\]$", RegexOptions.IgnoreCase)]
    private static partial Regex ParameterPattern();
}
