using Bartizan.Foundation.Resources;

namespace Bartizan.Content.Policies;

/// <summary>
/// One check of ours: a policy definition with what people need to act on it. Written in <c>content/policies</c>, judged as an
/// Azure Policy definition, whatever the cloud.
/// </summary>
/// <param name="Key">GUID of the assessment; Azure's own where it asks the same question, so that queries written for it find ours.</param>
/// <param name="Name">Short name in lower case; also the name of the policy definition.</param>
/// <param name="Types">Resource types the check is about.</param>
/// <param name="Rule">The whole policy definition as JSON.</param>
public sealed record CheckDefinition(
    string Key, string Name, string DisplayName, string Description, CloudEnvironment Environment, IReadOnlyList<string> Types, string Rule)
{
    /// <summary>A rule that holds where the check applies at all; null when the types alone decide.</summary>
    public string? Applies { get; init; }

    /// <summary>Low, Medium or High.</summary>
    public string Severity { get; init; } = "Medium";

    /// <summary>Low, Moderate or High: what people notice of the remedy.</summary>
    public string UserImpact { get; init; } = "Low";

    /// <summary>Low, Moderate or High.</summary>
    public string ImplementationEffort { get; init; } = "Low";

    public IReadOnlyList<string> Categories { get; init; } = [];

    public IReadOnlyList<string> Threats { get; init; } = [];

    /// <summary>Display names of the secure score controls it belongs to.</summary>
    public IReadOnlyList<string> Controls { get; init; } = [];

    /// <summary>MITRE ATT&amp;CK tactics, by name.</summary>
    public IReadOnlyList<string> Tactics { get; init; } = [];

    /// <summary>MITRE ATT&amp;CK techniques, by name.</summary>
    public IReadOnlyList<string> Techniques { get; init; } = [];

    /// <summary>Steps, in order.</summary>
    public IReadOnlyList<string> Remediation { get; init; } = [];

    /// <summary>GUIDs of Azure's built-in definitions that ask the same question; standards are mapped through them.</summary>
    public IReadOnlyList<string> BuiltIns { get; init; } = [];

    /// <summary>The change of the resource that mends it, as a JSON merge patch; null where a person has to decide.</summary>
    public string? Fix { get; init; }

    /// <summary>Shown, but without points.</summary>
    public bool IsPreview { get; init; }

    /// <summary>Part of the default initiative, but off until somebody turns it on.</summary>
    public bool IsOptional { get; init; }

    /// <summary>The effect when nobody sets one: audit or auditIfNotExists.</summary>
    public string Effect { get; init; } = "Audit";

    public IReadOnlyList<CheckFixture> Fixtures { get; init; } = [];

    /// <summary>The file it was read from, below the content folder.</summary>
    public string File { get; init; } = "";

    public string DefinitionId => "/providers/Microsoft.Authorization/policyDefinitions/" + Name;

    /// <summary>The parameter of the default initiative that sets this check's effect.</summary>
    public string EffectParameter => Name + "-effect";
}

/// <summary>A resource that the check must judge as it says.</summary>
/// <param name="Expected">Healthy, Unhealthy or NotApplicable.</param>
/// <param name="Resource">The resource as JSON, in the shape that policies see.</param>
/// <param name="Related">Other resources of the estate.</param>
public sealed record CheckFixture(string Expected, string Resource, IReadOnlyList<string> Related);
