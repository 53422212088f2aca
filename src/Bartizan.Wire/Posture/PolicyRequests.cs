namespace Bartizan.Wire.Posture;

/// <summary>The properties of <c>Microsoft.Authorization/policyExemptions</c> that are written.</summary>
/// <param name="ExemptionCategory">Waiver, where the risk is accepted, or Mitigated, where it is met by other means.</param>
/// <param name="PolicyDefinitionReferenceIds">Members of the initiative; null for all.</param>
public sealed record ExemptionRequest(
    string PolicyAssignmentId, string ExemptionCategory, string DisplayName, string? Description, DateTimeOffset? ExpiresOn, IReadOnlyList<string>? PolicyDefinitionReferenceIds);

/// <summary>The properties of <c>Microsoft.Security/assessments/governanceAssignments</c> that are written.</summary>
public sealed record GovernanceRequest(string Owner, DateTimeOffset RemediationDueDate, bool IsGracePeriod);
