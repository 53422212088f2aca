using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;

namespace Bartizan.Posture.Assignments;

/// <summary>A definition or initiative put in force at a scope.</summary>
public sealed record Assignment(string Id, string Name, ResourceId Scope, string DefinitionId)
{
    public string? DisplayName { get; init; }

    public IReadOnlyList<ResourceId> NotScopes { get; init; } = [];

    /// <summary>Values of parameters as JSON text.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Effects set for some of an initiative's members; the first that fits decides.</summary>
    public IReadOnlyList<EffectOverride> Overrides { get; init; } = [];

    /// <summary>Which resources it is about; all selectors of one of these must hold. None: all resources.</summary>
    public IReadOnlyList<IReadOnlyList<ResourceSelector>> Selectors { get; init; } = [];

    /// <summary>Default or DoNotEnforce; the second still assesses.</summary>
    public string EnforcementMode { get; init; } = "Default";

    /// <summary>Messages by reference id; "" is for all members.</summary>
    public IReadOnlyDictionary<string, string> Messages { get; init; } = new Dictionary<string, string>();

    public bool IsExcluded(ResourceId resource) => NotScopes.Any(resource.IsWithin);

    public bool Selects(string type, string location) =>
        Selectors.Count == 0 || Selectors.Any(all => all.All(s => s.Holds(type, location)));

    /// <summary>Reads the <c>properties</c> of an assignment.</summary>
    public static Outcome<Assignment> Read(string id, ResourceId scope, JsonElement properties)
    {
        if (JsonValues.Text(properties, "policyDefinitionId") is not { Length: > 0 } definition)
        {
            return new Problem(ProblemKind.Invalid, "InvalidPolicyAssignment", "The assignment lacks policyDefinitionId.", "policyDefinitionId");
        }

        var notScopes = new List<ResourceId>();
        foreach (var text in JsonValues.Texts(properties, "notScopes"))
        {
            if (!ResourceId.TryParse(text, out var excluded))
            {
                return new Problem(ProblemKind.Invalid, "InvalidNotScope", $"'{text}' is not a scope.", "notScopes");
            }

            notScopes.Add(excluded);
        }

        return new Assignment(id, id[(id.LastIndexOf('/') + 1)..], scope, definition)
        {
            DisplayName = JsonValues.Text(properties, "displayName"),
            NotScopes = notScopes,
            Parameters = JsonValues.Map(properties, "parameters", p => JsonValues.Find(p, "value")?.GetRawText()),
            Overrides = [.. JsonValues.Items(properties, "overrides").Select(EffectOverride.Read)],
            Selectors = [.. JsonValues.Items(properties, "resourceSelectors").Select(s => (IReadOnlyList<ResourceSelector>)[.. JsonValues.Items(s, "selectors").Select(ResourceSelector.Read)])],
            EnforcementMode = JsonValues.Text(properties, "enforcementMode") ?? "Default",
            Messages = JsonValues.Items(properties, "nonComplianceMessages")
                .GroupBy(m => JsonValues.Text(m, "policyDefinitionReferenceId") ?? "", StringComparer.OrdinalIgnoreCase)
                .ToDictionary(g => g.Key, g => JsonValues.Text(g.First(), "message") ?? "", StringComparer.OrdinalIgnoreCase),
        };
    }
}

/// <summary>Another effect for some members of an initiative.</summary>
/// <param name="References">Reference ids it is for; empty for all.</param>
public sealed record EffectOverride(string Effect, IReadOnlyList<string> References, IReadOnlyList<string> NotReferences)
{
    public bool IsFor(string reference) =>
        (References.Count == 0 || References.Contains(reference, StringComparer.OrdinalIgnoreCase)) && !NotReferences.Contains(reference, StringComparer.OrdinalIgnoreCase);

    internal static EffectOverride Read(JsonElement element)
    {
        var selectors = JsonValues.Items(element, "selectors")
            .Where(s => "policyDefinitionReferenceId".Equals(JsonValues.Text(s, "kind"), StringComparison.OrdinalIgnoreCase)).ToList();
        return new EffectOverride(
            JsonValues.Text(element, "value") ?? "",
            [.. selectors.SelectMany(s => JsonValues.Texts(s, "in"))],
            [.. selectors.SelectMany(s => JsonValues.Texts(s, "notIn"))]);
    }
}

/// <summary>One condition on the location or type of resources.</summary>
public sealed record ResourceSelector(string Kind, IReadOnlyList<string> In, IReadOnlyList<string> NotIn)
{
    public bool Holds(string type, string location)
    {
        var value = Kind.ToLowerInvariant() switch
        {
            "resourcetype" => type,
            "resourcelocation" => location.Replace(" ", "", StringComparison.Ordinal),
            "resourcewithoutlocation" => location.Length == 0 ? "subscriptionLevelResources" : "",
            _ => null,
        };
        return value is null
            || ((In.Count == 0 || In.Contains(value, StringComparer.OrdinalIgnoreCase)) && !NotIn.Contains(value, StringComparer.OrdinalIgnoreCase));
    }

    internal static ResourceSelector Read(JsonElement element) =>
        new(JsonValues.Text(element, "kind") ?? "", JsonValues.Texts(element, "in"), JsonValues.Texts(element, "notIn"));
}
