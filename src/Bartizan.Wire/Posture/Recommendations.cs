namespace Bartizan.Wire.Posture;

/// <summary>
/// <c>Microsoft.Bartizan/recommendations</c>: one check over everything the caller may see. The name is the key of the assessment.
/// </summary>
public sealed record RecommendationProperties
{
    public required string DisplayName { get; init; }

    public required string Severity { get; init; }

    /// <summary>Unhealthy, Healthy, NotApplicable or Unknown: the worst of its resources.</summary>
    public required string State { get; init; }

    public int Unhealthy { get; init; }

    public int Healthy { get; init; }

    public int NotApplicable { get; init; }

    public int Unknown { get; init; }

    /// <summary>By how many percentage points of the whole score mending all would raise it; 0 for checks that are not scored.</summary>
    public double ScoreGain { get; init; }

    public string? ControlId { get; init; }

    public string? ControlName { get; init; }

    public IReadOnlyList<string> ResourceTypes { get; init; } = [];

    /// <summary>Azure, Aws, Gcp, Kubernetes, Machine.</summary>
    public IReadOnlyList<string> Environments { get; init; } = [];

    public string? Owner { get; init; }

    public DateTimeOffset? DueDate { get; init; }

    public DateTimeOffset? EvaluatedAt { get; init; }

    /// <summary>Whether a change of the resource itself would mend it.</summary>
    public bool CanFix { get; init; }

    /// <summary>Full metadata; present on a single recommendation, absent in lists.</summary>
    public AssessmentMetadataProperties? Metadata { get; init; }
}

/// <summary><c>Microsoft.Bartizan/scoreOverview</c>: the joined score and what it is made of.</summary>
public sealed record ScoreOverview(
    ScoreDetails Score, double Coverage, IReadOnlyList<ScopeScoreEntry> Scopes, IReadOnlyList<ControlScoreEntry> Controls, PostureCounts Counts);

/// <summary>One subscription or account.</summary>
public sealed record ScopeScoreEntry(string Id, string DisplayName, string Environment, ScoreDetails Score, long Weight, double Coverage);

/// <summary>One control over all scopes.</summary>
/// <param name="PotentialPercent">Percentage points that mending all its resources would bring.</param>
public sealed record ControlScoreEntry(
    string Id, string DisplayName, string? Description, double Max, double Current, double PotentialPercent, int Healthy, int Unhealthy, int NotApplicable, int Unknown,
    IReadOnlyList<string> AssessmentKeys);

/// <summary>Figures for the overview.</summary>
public sealed record PostureCounts(
    int Resources, int UnhealthyResources, int HealthyResources, int Recommendations, int ActiveRecommendations,
    IReadOnlyDictionary<string, int> UnhealthyBySeverity);
