namespace Bartizan.Wire.Detection;

/// <summary><c>Microsoft.SecurityInsights/incidents</c>.</summary>
public sealed record IncidentProperties
{
    public string? Title { get; init; }

    public string? Description { get; init; }

    /// <summary>High, Medium, Low, Informational.</summary>
    public string? Severity { get; init; }

    /// <summary>New, Active, Closed.</summary>
    public string? Status { get; init; }

    public string? Classification { get; init; }

    public string? ClassificationReason { get; init; }

    public string? ClassificationComment { get; init; }

    public IncidentOwnerProperties? Owner { get; init; }

    public IReadOnlyList<IncidentLabelProperties>? Labels { get; init; }

    public DateTimeOffset? FirstActivityTimeUtc { get; init; }

    public DateTimeOffset? LastActivityTimeUtc { get; init; }

    public DateTimeOffset? CreatedTimeUtc { get; init; }

    public DateTimeOffset? LastModifiedTimeUtc { get; init; }

    public int? IncidentNumber { get; init; }

    public string? IncidentUrl { get; init; }

    public string? ProviderName { get; init; }

    public string? ProviderIncidentId { get; init; }

    public IReadOnlyList<string>? RelatedAnalyticRuleIds { get; init; }

    public IncidentAdditionalProperties? AdditionalData { get; init; }
}

/// <param name="OwnerType">Unknown, User or Group.</param>
public sealed record IncidentOwnerProperties(string? ObjectId, string? Email, string? AssignedTo, string? UserPrincipalName, string? OwnerType = "User");

/// <param name="LabelType">User or AutoAssigned.</param>
public sealed record IncidentLabelProperties(string LabelName, string? LabelType = null);

/// <summary>Computed figures of an incident.</summary>
public sealed record IncidentAdditionalProperties
{
    public int AlertsCount { get; init; }

    public int BookmarksCount { get; init; }

    public int CommentsCount { get; init; }

    public IReadOnlyList<string> AlertProductNames { get; init; } = [];

    public IReadOnlyList<string> Tactics { get; init; } = [];

    public IReadOnlyList<string> Techniques { get; init; } = [];

    public int? TasksCount { get; init; }

    public int? CompletedTasksCount { get; init; }

    /// <summary>Ours: when it was last closed.</summary>
    public DateTimeOffset? ClosedTimeUtc { get; init; }
}

/// <summary><c>…/incidents/{id}/comments</c>.</summary>
public sealed record CommentProperties(string Message, DateTimeOffset? CreatedTimeUtc = null, DateTimeOffset? LastModifiedTimeUtc = null, ClientProperties? Author = null);

/// <summary>A person or service principal as comments and tasks name it.</summary>
public sealed record ClientProperties(string? Email, string? Name, string? ObjectId, string? UserPrincipalName);

/// <summary><c>Microsoft.Bartizan</c>'s counters above the queue, for the same filter.</summary>
public sealed record IncidentCounts(int Open, int New, int Active, int Closed, IReadOnlyDictionary<string, int> OpenBySeverity);

/// <summary>One entry of an incident's activity log.</summary>
public sealed record ActivityEntry(DateTimeOffset At, string Author, string Kind, string Text, IReadOnlyList<FieldChangeEntry> Changes);

public sealed record FieldChangeEntry(string Field, string From, string To);
