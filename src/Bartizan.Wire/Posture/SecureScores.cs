namespace Bartizan.Wire.Posture;

/// <summary><c>Microsoft.Security/secureScores</c>.</summary>
public sealed record SecureScoreProperties(string DisplayName, ScoreDetails Score, long Weight)
{
    /// <summary>Ours: the share of resources that could be judged, from 0 to 1.</summary>
    public double? Coverage { get; init; }
}

/// <param name="Percentage">A fraction from 0 to 1.</param>
public sealed record ScoreDetails(double Max, double Current, double Percentage);

/// <summary><c>Microsoft.Security/secureScores/secureScoreControls</c>.</summary>
public sealed record SecureScoreControlProperties
{
    public required string DisplayName { get; init; }

    public required ScoreDetails Score { get; init; }

    public int HealthyResourceCount { get; init; }

    public int UnhealthyResourceCount { get; init; }

    public int NotApplicableResourceCount { get; init; }

    public long Weight { get; init; }

    public Arm.ArmResource<SecureScoreControlDefinition>? Definition { get; init; }
}

/// <summary><c>Microsoft.Security/secureScoreControlDefinitions</c>.</summary>
public sealed record SecureScoreControlDefinition(
    string DisplayName, string? Description, int MaxScore, ControlSource Source, IReadOnlyList<ResourceLink> AssessmentDefinitions);

/// <param name="SourceType">BuiltIn or Custom.</param>
public sealed record ControlSource(string SourceType);

public sealed record ResourceLink(string Id);
