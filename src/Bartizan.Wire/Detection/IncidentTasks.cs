namespace Bartizan.Wire.Detection;

/// <summary><c>…/incidents/{id}/tasks</c>.</summary>
public sealed record IncidentTaskProperties
{
    public string? Title { get; init; }

    public string? Description { get; init; }

    /// <summary>New, Completed.</summary>
    public string? Status { get; init; }

    public DateTimeOffset? CreatedTimeUtc { get; init; }

    public DateTimeOffset? LastModifiedTimeUtc { get; init; }

    public ClientProperties? CreatedBy { get; init; }

    public ClientProperties? LastModifiedBy { get; init; }
}

/// <summary>An incident that resembles another, and why.</summary>
/// <param name="SimilarityReasons">In words: <c>entities</c>, <c>rule</c>, <c>title</c>, <c>product</c>, <c>customDetails</c>.</param>
public sealed record SimilarIncidentEntry(
    string Id, int IncidentNumber, string Title, string Severity, string Status, string? Classification, string? ClassificationReason, string? Owner, DateTimeOffset LastModifiedTimeUtc,
    double Score, IReadOnlyList<string> SimilarityReasons, IReadOnlyList<string> SharedEntities, IReadOnlyList<string> SharedCustomDetails);
