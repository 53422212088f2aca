using System.Text.Json;

namespace Bartizan.Wire.Posture;

/// <summary><c>Microsoft.Bartizan/proposeFix</c>: what would mend a finding. Nothing is kept or changed by asking.</summary>
/// <param name="Recommendation">The key of the assessment, or the id of its finding.</param>
public sealed record FixRequest(string? Recommendation);

/// <summary>What is said with an approval or a refusal.</summary>
public sealed record FixDecision(string? Note);

/// <summary><c>Microsoft.Bartizan/fixPlans</c>: a fix that was frozen when it was proposed, and how far it is.</summary>
public sealed record FixPlanProperties
{
    public required string ResourceId { get; init; }

    public required string ResourceName { get; init; }

    public required string ResourceType { get; init; }

    /// <summary>The key of the assessment that it mends.</summary>
    public required string Recommendation { get; init; }

    public required string DisplayName { get; init; }

    /// <summary>Proposed, Approved, Rejected, Running, Succeeded, Failed or Undone; absent for a proposal that is not kept.</summary>
    public string? Status { get; init; }

    public required FixOperationShape Operation { get; init; }

    /// <summary>SHA-256 of the operation: what is approved is what is carried out.</summary>
    public string? Digest { get; init; }

    public IReadOnlyList<FixChangeShape> Changes { get; init; } = [];

    /// <summary>Other verdicts on the same resource that would turn, found by judging it as it would be.</summary>
    public IReadOnlyList<FixEffectShape> Effects { get; init; } = [];

    /// <summary>Whether the check passes on the changed resource; absent where only carrying it out can tell.</summary>
    public bool? Mends { get; init; }

    public required FixRiskShape Risk { get; init; }

    /// <summary>The same change for tools that people have.</summary>
    public IReadOnlyList<FixSnippetShape> Snippets { get; init; } = [];

    public IReadOnlyList<FixStepShape> Steps { get; init; } = [];
}

/// <param name="Kind">Patch or Deployment.</param>
/// <param name="Target">The address that is written to.</param>
/// <param name="Undo">Absent where no request takes the change back.</param>
public sealed record FixOperationShape(string Kind, string Target, JsonElement Body, JsonElement? Undo);

/// <summary>One place of the resource; what is absent stands nowhere before, or is gone afterwards.</summary>
public sealed record FixChangeShape(string Path, JsonElement? Before, JsonElement? After);

public sealed record FixEffectShape(string Recommendation, string DisplayName, string Before, string After);

/// <param name="Level">Low, Moderate or High.</param>
public sealed record FixRiskShape(string Level, IReadOnlyList<string> Notes);

public sealed record FixSnippetShape(string Tool, string Language, string Text);

public sealed record FixStepShape(DateTimeOffset At, string By, string Status, string? Note);

/// <summary><c>Microsoft.Bartizan/azureConnections</c>: how this server reaches a resource manager to carry fixes out.</summary>
public sealed record AzureConnectionProperties
{
    /// <summary>The resource manager, such as https://management.azure.com.</summary>
    public string Endpoint { get; init; } = "https://management.azure.com";

    /// <summary>Who gives tokens, such as https://login.microsoftonline.com.</summary>
    public string Authority { get; init; } = "https://login.microsoftonline.com";

    public string TenantId { get; init; } = "";

    public string ClientId { get; init; } = "";

    /// <summary>Sent to set it; never given back. Left out, the one that is known stays.</summary>
    public string? ClientSecret { get; init; }

    public IReadOnlyList<string> Subscriptions { get; init; } = [];
}
