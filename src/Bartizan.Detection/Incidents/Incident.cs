using System.Text.Json.Serialization;
using Bartizan.Content.Rules;

namespace Bartizan.Detection.Incidents;

/// <summary>Where an incident stands: new (nobody is on it), active, closed.</summary>
public enum IncidentStatus
{
    New,
    Active,
    Closed,
}

public enum Classification
{
    Undetermined,
    TruePositive,
    BenignPositive,
    FalsePositive,
}

public enum ClassificationReason
{
    SuspiciousActivity,
    SuspiciousButExpected,
    IncorrectAlertLogic,
    InaccurateData,
}

public enum OwnerKind
{
    Unknown,
    User,
    Group,
}

/// <summary>Whom an incident is assigned to.</summary>
public sealed record IncidentOwner
{
    public Guid? ObjectId { get; init; }

    public string? Email { get; init; }

    public string? AssignedTo { get; init; }

    public string? UserPrincipalName { get; init; }

    public OwnerKind Kind { get; init; } = OwnerKind.User;

    /// <summary>The name to show; null when nobody is named.</summary>
    [JsonIgnore]
    public string? DisplayName => AssignedTo ?? UserPrincipalName ?? Email ?? ObjectId?.ToString("D");
}

/// <summary>A tag, set by a person or by a rule.</summary>
public sealed record IncidentLabel(string Name, bool IsAutomatic = false);

/// <summary>
/// A case file: alerts and what people say and do about them. The record is the truth; every version is also a row of
/// <c>SecurityIncident</c>.
/// </summary>
public sealed record Incident
{
    public const int MaxAlerts = 150;
    public const int MaxDescription = 5_000;

    public required Guid Id { get; init; }

    /// <summary>What people say aloud; given once, in order, never again.</summary>
    public required int Number { get; init; }

    public required string Title { get; init; }

    public string Description { get; init; } = "";

    public AlertSeverity Severity { get; init; }

    public IncidentStatus Status { get; init; }

    public Classification? Classification { get; init; }

    public ClassificationReason? ClassificationReason { get; init; }

    public string ClassificationComment { get; init; } = "";

    public IncidentOwner? Owner { get; init; }

    public IReadOnlyList<IncidentLabel> Labels { get; init; } = [];

    public DateTimeOffset? FirstActivity { get; init; }

    public DateTimeOffset? LastActivity { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>The first change after its creation: the end of triage time.</summary>
    public DateTimeOffset? FirstModified { get; init; }

    public DateTimeOffset LastModified { get; init; }

    /// <summary>When it was last closed.</summary>
    public DateTimeOffset? Closed { get; init; }

    public string ProviderName { get; init; } = "Bartizan";

    public string ModifiedBy { get; init; } = "";

    public IReadOnlyList<Guid> RuleIds { get; init; } = [];

    public IReadOnlyList<Guid> AlertIds { get; init; } = [];

    public IReadOnlyList<Guid> BookmarkIds { get; init; } = [];

    public IReadOnlyList<string> ProductNames { get; init; } = [];

    public IReadOnlyList<string> Tactics { get; init; } = [];

    public IReadOnlyList<string> Techniques { get; init; } = [];

    /// <summary>What searches find it by beside its own fields: the names of its alerts, the identifiers of their entities, their custom details.</summary>
    public IReadOnlyList<string> AlertNames { get; init; } = [];

    public IReadOnlyList<string> EntityTexts { get; init; } = [];

    public IReadOnlyList<string> CustomDetails { get; init; } = [];

    /// <summary>The incident it was merged into; null while it stands for itself.</summary>
    public Guid? MergedInto { get; init; }

    public IReadOnlyList<IncidentLink> Links { get; init; } = [];

    public int CommentCount { get; init; }

    public int TaskCount { get; init; }

    public int CompletedTaskCount { get; init; }

    /// <summary>What an alert must agree in to join; null when none may.</summary>
    public string? GroupingKey { get; init; }

    /// <summary>The run of the first alert; the grouping window counts from it.</summary>
    public DateTimeOffset? GroupingStart { get; init; }
}
