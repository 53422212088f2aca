using System.Text.Json;

namespace Bartizan.Wire.Posture;

/// <summary><c>Microsoft.Security/assessments</c>: one check's finding on one resource.</summary>
public sealed record AssessmentProperties
{
    public string? DisplayName { get; init; }

    public required AssessmentResource ResourceDetails { get; init; }

    public required AssessmentStatusDetails Status { get; init; }

    public IReadOnlyDictionary<string, string>? AdditionalData { get; init; }

    public AssessmentMetadataProperties? Metadata { get; init; }

    /// <summary>Ours: the clauses that decided and the values they read.</summary>
    public JsonElement? Evidence { get; init; }
}

/// <param name="Source">Azure, Aws, Gcp, Kubernetes, OnPremise.</param>
public sealed record AssessmentResource(string Source, string Id);

/// <param name="Code">Healthy, Unhealthy, NotApplicable; ours: Unknown.</param>
public sealed record AssessmentStatusDetails(
    string Code, string? Cause, string? Description, DateTimeOffset? FirstEvaluationDate, DateTimeOffset? StatusChangeDate);

/// <summary><c>Microsoft.Security/assessmentMetadata</c>: what a check is about.</summary>
public sealed record AssessmentMetadataProperties
{
    public required string DisplayName { get; init; }

    public string? PolicyDefinitionId { get; init; }

    public string? Description { get; init; }

    /// <summary>Steps, in Markdown.</summary>
    public string? RemediationDescription { get; init; }

    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Low, Medium or High.</summary>
    public required string Severity { get; init; }

    public string? UserImpact { get; init; }

    public string? ImplementationEffort { get; init; }

    public IReadOnlyList<string> Threats { get; init; } = [];

    public bool Preview { get; init; }

    public required string AssessmentType { get; init; }

    public IReadOnlyList<string> Tactics { get; init; } = [];

    public IReadOnlyList<string> Techniques { get; init; } = [];
}
