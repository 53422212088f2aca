namespace Bartizan.Wire.Detection;

/// <summary><c>Microsoft.SecurityInsights/securityMLAnalyticsSettings</c> of the kind Anomaly.</summary>
public sealed record AnomalySettingProperties
{
    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    public bool? Enabled { get; init; }

    public DateTimeOffset? LastModifiedUtc { get; init; }

    public IReadOnlyList<AnomalyDataConnector>? RequiredDataConnectors { get; init; }

    public IReadOnlyList<string>? Tactics { get; init; }

    public IReadOnlyList<string>? Techniques { get; init; }

    public string? AnomalyVersion { get; init; }

    public AnomalyObservations? CustomizableObservations { get; init; }

    /// <summary>How often it looks, as an ISO 8601 duration.</summary>
    public string? Frequency { get; init; }

    /// <summary>Production or Flighting.</summary>
    public string? SettingsStatus { get; init; }

    public bool? IsDefaultSettings { get; init; }

    public int? AnomalySettingsVersion { get; init; }

    public string? SettingsDefinitionId { get; init; }
}

public sealed record AnomalyDataConnector(string ConnectorId, IReadOnlyList<string> DataTypes);

/// <summary>What can be tuned; thresholds are all there is.</summary>
public sealed record AnomalyObservations
{
    public IReadOnlyList<AnomalyThreshold>? ThresholdObservations { get; init; }
}

/// <summary>A number, written as text, between its bounds.</summary>
public sealed record AnomalyThreshold(string? Name, string? Description, string? Minimum, string? Maximum, string? Value, int? SequenceNumber = null, string? Rerun = null);

/// <summary>The body of <c>alertRules/{id}/triggerRuleRun</c>.</summary>
public sealed record TriggerRuleRunRequest(TriggerRuleRunProperties? Properties);

public sealed record TriggerRuleRunProperties(DateTimeOffset? ExecutionTimeUtc);

/// <summary><c>Microsoft.SecurityInsights/triggeredAnalyticsRuleRuns</c>.</summary>
public sealed record TriggeredRuleRunProperties(
    DateTimeOffset ExecutionTimeUtc, string RuleId, string TriggeredAnalyticsRuleRunId, string ProvisioningState, TriggeredRuleRunFindings? RuleRunAdditionalData);

public sealed record TriggeredRuleRunFindings(long Rows, int Alerts, string? Error);
