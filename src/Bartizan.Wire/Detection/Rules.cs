namespace Bartizan.Wire.Detection;

/// <summary><c>Microsoft.SecurityInsights/alertRules</c>, kinds Scheduled and NRT; the kind is in the envelope.</summary>
public sealed record AlertRuleProperties
{
    public required string DisplayName { get; init; }

    public string? Description { get; init; }

    public required string Severity { get; init; }

    public bool Enabled { get; init; }

    public required string Query { get; init; }

    /// <summary>ISO 8601 durations, such as <c>PT5M</c>.</summary>
    public string? QueryFrequency { get; init; }

    public string? QueryPeriod { get; init; }

    public string? TriggerOperator { get; init; }

    public int? TriggerThreshold { get; init; }

    public string? SuppressionDuration { get; init; }

    public bool SuppressionEnabled { get; init; }

    public IReadOnlyList<string> Tactics { get; init; } = [];

    public IReadOnlyList<string> Techniques { get; init; } = [];

    public string? AlertRuleTemplateName { get; init; }

    public DateTimeOffset? LastModifiedUtc { get; init; }

    /// <summary>Ours: how its last run went.</summary>
    public RuleHealth? Health { get; init; }
}

/// <param name="Status">Success, Failure, Disabled or Never.</param>
public sealed record RuleHealth(string Status, string? Message, DateTimeOffset? LastRun, DateTimeOffset? NextRun, int AlertsLastDay);

/// <summary>What became of a file of rules.</summary>
public sealed record RuleImportReport(IReadOnlyList<string> Taken, IReadOnlyList<RefusedRule> Refused);

/// <summary>A rule that was not taken, and why.</summary>
public sealed record RefusedRule(string Name, string Reason);
