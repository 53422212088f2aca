using Bartizan.Content.Policies;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Definitions;

namespace Bartizan.Posture.Assignments;

/// <summary>What people are told about a check: one of ours, or an imported or custom definition that is assigned.</summary>
/// <param name="Key">The assessment key, a GUID.</param>
/// <param name="Type">BuiltIn for ours, CustomPolicy for all others; only the first earn points.</param>
public sealed record Check(string Key, string Name, string DisplayName, string Description, string DefinitionId, string Type)
{
    public CloudEnvironment Environment { get; init; } = CloudEnvironment.Azure;

    public string Severity { get; init; } = "Medium";

    public string UserImpact { get; init; } = "Low";

    public string ImplementationEffort { get; init; } = "Low";

    public IReadOnlyList<string> Categories { get; init; } = [];

    public IReadOnlyList<string> Threats { get; init; } = [];

    public IReadOnlyList<string> Controls { get; init; } = [];

    public IReadOnlyList<string> Tactics { get; init; } = [];

    public IReadOnlyList<string> Techniques { get; init; } = [];

    public IReadOnlyList<string> Remediation { get; init; } = [];

    public IReadOnlyList<string> ResourceTypes { get; init; } = [];

    /// <summary>A merge patch of the resource, as JSON, where one mends it.</summary>
    public string? Fix { get; init; }

    public bool IsPreview { get; init; }

    internal static Check Of(CheckDefinition definition) =>
        new(definition.Key, definition.Name, definition.DisplayName, definition.Description, definition.DefinitionId, "BuiltIn")
        {
            Environment = definition.Environment,
            Severity = definition.Severity,
            UserImpact = definition.UserImpact,
            ImplementationEffort = definition.ImplementationEffort,
            Categories = definition.Categories,
            Threats = definition.Threats,
            Controls = definition.Controls,
            Tactics = definition.Tactics,
            Techniques = definition.Techniques,
            Remediation = definition.Remediation,
            ResourceTypes = definition.Types,
            Fix = definition.Fix,
            IsPreview = definition.IsPreview,
        };

    /// <summary>A definition that is not ours; its <c>metadata.securityCenter</c> says how severe it is and what to do.</summary>
    internal static Check Of(string id, string name, PolicyDefinition definition)
    {
        var card = definition.Metadata.Member("securityCenter");
        var severity = card.Member("Severity").AsText;
        return new Check(
            Guid.TryParse(name, out var key) ? key.ToString() : AssessmentKeys.Of(id),
            name,
            definition.DisplayName ?? name,
            definition.Description ?? "",
            id,
            "CustomPolicy")
        {
            Severity = severity is "High" or "Medium" or "Low" ? severity : "Medium",
            Remediation = card.Member("RemediationDescription").AsText is { } steps ? [steps] : [],
            IsPreview = definition.Metadata.Member("preview").IsTrue,
        };
    }
}
