using System.Text.Json;

namespace Bartizan.Wire.Posture;

/// <summary><c>Microsoft.Management/managementGroups</c>.</summary>
public sealed record ManagementGroupProperties(string? TenantId, string? DisplayName);

/// <summary><c>Microsoft.Authorization/policyAssignments</c>.</summary>
public sealed record PolicyAssignmentProperties
{
    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    public required string PolicyDefinitionId { get; init; }

    public string? Scope { get; init; }

    public IReadOnlyList<string> NotScopes { get; init; } = [];

    /// <summary>Each parameter's <c>{"value": …}</c>.</summary>
    public IReadOnlyDictionary<string, PolicyParameterValue>? Parameters { get; init; }

    /// <summary>Default or DoNotEnforce.</summary>
    public string? EnforcementMode { get; init; }

    public IReadOnlyList<NonComplianceMessage>? NonComplianceMessages { get; init; }

    public JsonElement? Overrides { get; init; }

    public JsonElement? ResourceSelectors { get; init; }
}

public sealed record PolicyParameterValue(JsonElement Value);

/// <param name="PolicyDefinitionReferenceId">The member of the initiative that it is for; null for all.</param>
public sealed record NonComplianceMessage(string Message, string? PolicyDefinitionReferenceId);

/// <summary><c>Microsoft.Authorization/policyExemptions</c>.</summary>
public sealed record PolicyExemptionProperties
{
    public required string PolicyAssignmentId { get; init; }

    /// <summary>Members of the initiative; empty for the whole assignment.</summary>
    public IReadOnlyList<string> PolicyDefinitionReferenceIds { get; init; } = [];

    /// <summary>Waiver or Mitigated.</summary>
    public required string ExemptionCategory { get; init; }

    public DateTimeOffset? ExpiresOn { get; init; }

    public string? DisplayName { get; init; }

    public string? Description { get; init; }
}
