namespace Bartizan.Wire.Detection;

/// <summary><c>Microsoft.Security/alertsSuppressionRules</c>.</summary>
public sealed record SuppressionRuleProperties
{
    /// <summary>The type of alert, or <c>*</c> for any.</summary>
    public string? AlertType { get; init; }

    public DateTimeOffset? LastModifiedUtc { get; init; }

    public DateTimeOffset? ExpirationDateUtc { get; init; }

    public string? Reason { get; init; }

    /// <summary>Enabled, Disabled or Expired.</summary>
    public string? State { get; init; }

    public string? Comment { get; init; }

    public SuppressionScope? SuppressionAlertsScope { get; init; }
}

public sealed record SuppressionScope
{
    public IReadOnlyList<SuppressionScopeElement>? AllOf { get; init; }
}

/// <summary>A field such as <c>entities.ip.address</c> with <c>in</c> or <c>contains</c>.</summary>
public sealed record SuppressionScopeElement
{
    public string? Field { get; init; }

    public IReadOnlyList<string>? In { get; init; }

    public string? Contains { get; init; }
}

/// <summary>What a suppression rule would have dismissed.</summary>
public sealed record SuppressionPreviewResult
{
    public int Count { get; init; }

    public int AlertsLookedAt { get; init; }

    /// <summary>False when there are more alerts than are looked at.</summary>
    public bool IsComplete { get; init; }

    public IReadOnlyList<SuppressedAlert> Alerts { get; init; } = [];
}

public sealed record SuppressedAlert(string Id, string AlertDisplayName, string Severity, DateTimeOffset TimeGeneratedUtc);
