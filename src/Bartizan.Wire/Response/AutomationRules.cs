using Bartizan.Wire.Detection;

namespace Bartizan.Wire.Response;

/// <summary><c>Microsoft.SecurityInsights/automationRules</c>.</summary>
public sealed record AutomationRuleProperties
{
    public string? DisplayName { get; init; }

    /// <summary>From 1 to 1000; rules of one trigger act in this order.</summary>
    public int? Order { get; init; }

    public AutomationTrigger? TriggeringLogic { get; init; }

    public IReadOnlyList<AutomationActionEntry>? Actions { get; init; }

    public DateTimeOffset? CreatedTimeUtc { get; init; }

    public DateTimeOffset? LastModifiedTimeUtc { get; init; }

    public ClientProperties? CreatedBy { get; init; }

    public ClientProperties? LastModifiedBy { get; init; }
}

/// <param name="TriggersOn">Incidents or Alerts.</param>
/// <param name="TriggersWhen">Created or Updated.</param>
public sealed record AutomationTrigger(
    bool? IsEnabled, DateTimeOffset? ExpirationTimeUtc, string? TriggersOn, string? TriggersWhen, IReadOnlyList<AutomationConditionEntry>? Conditions);

/// <param name="ConditionType">Property, PropertyChanged, PropertyArrayChanged, PropertyArray or Boolean.</param>
public sealed record AutomationConditionEntry(string? ConditionType, AutomationConditionProperties? ConditionProperties);

/// <summary>What a condition says; each type uses some of these.</summary>
public sealed record AutomationConditionProperties
{
    public string? PropertyName { get; init; }

    /// <summary>Equals, NotEquals, Contains … of properties; And or Or of a Boolean condition.</summary>
    public string? Operator { get; init; }

    public IReadOnlyList<string>? PropertyValues { get; init; }

    /// <summary>ChangedFrom or ChangedTo; Added for arrays.</summary>
    public string? ChangeType { get; init; }

    public string? ArrayType { get; init; }

    public string? ArrayConditionType { get; init; }

    public IReadOnlyList<AutomationConditionEntry>? ItemConditions { get; init; }

    public IReadOnlyList<AutomationConditionEntry>? InnerConditions { get; init; }
}

/// <param name="ActionType">ModifyProperties, AddIncidentTask or RunPlaybook.</param>
public sealed record AutomationActionEntry(int? Order, string? ActionType, AutomationActionConfiguration? ActionConfiguration);

/// <summary>What an action does; each type uses some of these.</summary>
public sealed record AutomationActionConfiguration
{
    public string? Severity { get; init; }

    public string? Status { get; init; }

    public string? Classification { get; init; }

    public string? ClassificationReason { get; init; }

    public string? ClassificationComment { get; init; }

    public IncidentOwnerProperties? Owner { get; init; }

    public IReadOnlyList<IncidentLabelProperties>? Labels { get; init; }

    public string? LogicAppResourceId { get; init; }

    public string? TenantId { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }
}

/// <summary>The body of a playbook's start by hand.</summary>
/// <param name="IncidentArmId">The incident from which an entity was looked at.</param>
public sealed record PlaybookRequest(string? LogicAppsResourceId, string? TenantId, string? IncidentArmId = null);
