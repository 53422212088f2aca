using Bartizan.Wire.Detection;

namespace Bartizan.Wire.Investigation;

/// <summary>An incident in plain words, by steps of the kill chain, with the weaknesses of the resources that take part.</summary>
public sealed record IncidentStory(string Summary, IReadOnlyList<IncidentStoryStep> Steps, IReadOnlyList<IncidentStoryFinding> Findings);

/// <param name="Order">The tactic's place in the ATT&amp;CK matrix; steps are told in the order in which they were seen.</param>
public sealed record IncidentStoryStep(
    string Tactic, int Order, DateTimeOffset First, DateTimeOffset Last, string Severity, string Sentence, IReadOnlyList<string> Techniques, IReadOnlyList<IncidentStoryAlert> Alerts);

public sealed record IncidentStoryAlert(string Id, string Name, string Severity, DateTimeOffset Start);

/// <param name="AssessmentId">The ARM id of the assessment: where its fix is offered.</param>
public sealed record IncidentStoryFinding(string ResourceId, string ResourceName, string AssessmentId, string DisplayName, string Severity);

/// <summary>What is known of one entity from alerts and incidents.</summary>
/// <param name="Hosts">Hosts that its alerts name beside it.</param>
/// <param name="IsComplete">False when it is in more alerts than were looked at.</param>
public sealed record EntityPageProfile(
    EntityDocument Entity, string FriendlyName, DateTimeOffset? FirstSeen, DateTimeOffset? LastSeen, int AlertsCount, string? Severity, IReadOnlyList<string> Techniques,
    IReadOnlyList<string> Hosts, IReadOnlyList<string> Accounts, IReadOnlyList<EntityIncident> Incidents, bool IsComplete);

public sealed record EntityIncident(string Id, int IncidentNumber, string Title, string Severity, string Status, DateTimeOffset LastModifiedTimeUtc);

/// <summary>The body of <c>…/entities/{id}/getTimeline</c>.</summary>
public sealed record EntityTimelineRequest(DateTimeOffset? StartTime, DateTimeOffset? EndTime, IReadOnlyList<string>? Kinds, int? NumberOfBucket);

/// <summary>The answer of <c>…/entities/{id}/getTimeline</c>: what worked, and the kinds that did not.</summary>
public sealed record EntityTimeline(EntityTimelineSummary MetaData, IReadOnlyList<EntityTimelineItem> Value);

public sealed record EntityTimelineSummary(int TotalCount, IReadOnlyList<EntityTimelineCount> Aggregations, IReadOnlyList<EntityTimelineError> Errors);

public sealed record EntityTimelineCount(int Count, string Kind);

public sealed record EntityTimelineError(string Kind, string? QueryId, string ErrorMessage);

/// <summary>An alert or a bookmark that names the entity; what a kind does not have is left out.</summary>
public sealed record EntityTimelineItem(string Kind, string AzureResourceId, string DisplayName, DateTimeOffset StartTimeUtc, DateTimeOffset EndTimeUtc)
{
    public string? ProductName { get; init; }

    public string? Description { get; init; }

    public string? Severity { get; init; }

    public DateTimeOffset? TimeGenerated { get; init; }

    public string? AlertType { get; init; }

    public string? Intent { get; init; }

    public IReadOnlyList<string>? Techniques { get; init; }

    public string? Notes { get; init; }

    public DateTimeOffset? EventTime { get; init; }

    public ClientProperties? CreatedBy { get; init; }

    public IReadOnlyList<string>? Labels { get; init; }
}
