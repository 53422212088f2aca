namespace Bartizan.Wire.Detection;

/// <summary><c>Microsoft.SecurityInsights/bookmarks</c>: a row a hunter kept.</summary>
public sealed record BookmarkProperties
{
    public string? DisplayName { get; init; }

    public string? Query { get; init; }

    /// <summary>The kept row as JSON text.</summary>
    public string? QueryResult { get; init; }

    public string? Notes { get; init; }

    public IReadOnlyList<string>? Labels { get; init; }

    public IReadOnlyList<string>? Tactics { get; init; }

    public IReadOnlyList<string>? Techniques { get; init; }

    public DateTimeOffset? EventTime { get; init; }

    public DateTimeOffset? QueryStartTime { get; init; }

    public DateTimeOffset? QueryEndTime { get; init; }

    public IReadOnlyList<BookmarkEntityMapping>? EntityMappings { get; init; }

    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? Updated { get; init; }

    public ClientProperties? CreatedBy { get; init; }

    public ClientProperties? UpdatedBy { get; init; }

    /// <summary>The incident it is evidence of.</summary>
    public BookmarkIncident? IncidentInfo { get; init; }
}

/// <summary>An entity of a bookmark, such as Account with its FullName.</summary>
public sealed record BookmarkEntityMapping(string? EntityType, IReadOnlyList<BookmarkFieldMapping>? FieldMappings);

public sealed record BookmarkFieldMapping(string? Identifier, string? Value);

public sealed record BookmarkIncident(string? IncidentId, string? Severity, string? Title, string? RelationName);
