using System.Text.Json.Serialization;

namespace Bartizan.Wire.Posture;

/// <summary>One row of <c>Microsoft.PolicyInsights/policyStates</c>.</summary>
/// <param name="PolicyDefinitionAction">The effect, in lower case.</param>
public sealed record PolicyState(
    DateTimeOffset Timestamp, string ResourceId, string PolicyAssignmentId, string PolicyDefinitionId, bool IsCompliant, string SubscriptionId, string ResourceType,
    string ResourceLocation, string ResourceGroup, string PolicyAssignmentName, string PolicyDefinitionName, string PolicyDefinitionAction, string PolicyDefinitionReferenceId,
    string ComplianceState);

/// <summary>The answer of <c>queryResults</c>.</summary>
public sealed record PolicyStatePage(IReadOnlyList<PolicyState> Value)
{
    [JsonPropertyName("@odata.context")]
    public string Context { get; init; } = "policyStates/$metadata#latest";

    [JsonPropertyName("@odata.count")]
    public int Count => Value.Count;

    [JsonPropertyName("@odata.nextLink")]
    public string? NextLink { get; init; }
}

/// <summary>The answer of <c>summarize</c>: what is not compliant, counted.</summary>
public sealed record PolicyStateSummaries(IReadOnlyList<PolicyStateSummary> Value);

public sealed record PolicyStateSummary(StateCounts Results, IReadOnlyList<AssignmentSummary> PolicyAssignments);

public sealed record AssignmentSummary(string PolicyAssignmentId, StateCounts Results, IReadOnlyList<DefinitionSummary> PolicyDefinitions);

public sealed record DefinitionSummary(string PolicyDefinitionId, string PolicyDefinitionReferenceId, string Effect, StateCounts Results);

public sealed record StateCounts(int NonCompliantResources, int NonCompliantPolicies);
