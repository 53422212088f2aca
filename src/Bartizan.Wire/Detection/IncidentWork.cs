namespace Bartizan.Wire.Detection;

/// <summary>The body of <c>incidents/{id}/merge</c>: the incidents that go into this one, by id or number.</summary>
public sealed record IncidentMergeRequest(IReadOnlyList<string>? Incidents, string? Reason);

/// <summary>The body of <c>incidents/{id}/split</c>: the alerts that leave, by SystemAlertId.</summary>
public sealed record IncidentSplitRequest(IReadOnlyList<Guid>? Alerts, string? Title, string? Reason);

/// <summary>A merge or a split.</summary>
public sealed record IncidentOperationEntry(
    string Id, string Kind, DateTimeOffset At, string Actor, string Target, IReadOnlyList<string> Sources, IReadOnlyList<Guid> Alerts, string Reason, DateTimeOffset? Undone);

/// <summary>The body that links an incident to another: Related, DuplicateOf, CausedBy or ParentOf.</summary>
public sealed record IncidentLinkRequest(string? Kind);

/// <param name="Direction">From where the kind is said of this incident, To where it is said of the other.</param>
public sealed record IncidentLinkEntry(string Incident, int Number, string Title, string Status, string Kind, string Direction);

/// <summary>A clock: Running, Met or Missed.</summary>
public sealed record IncidentClockEntry(DateTimeOffset Due, DateTimeOffset? Stopped, string State);

public sealed record IncidentClocksEntry(IncidentClockEntry Acknowledge, IncidentClockEntry Close);

/// <summary>Ours: <c>Microsoft.Bartizan/incidentSla/default</c>; times as ISO 8601 durations.</summary>
public sealed record IncidentSlaProperties(IReadOnlyList<IncidentSlaTarget>? Targets);

public sealed record IncidentSlaTarget(string Severity, string Acknowledge, string Close);

/// <summary>Hours: mean and percentiles.</summary>
public sealed record HoursSpread(int Count, double Mean, double P5, double P50, double P90, double P99);

public sealed record IncidentMetricsEntry(string Name, int Incidents, int Closed, HoursSpread? Acknowledge, HoursSpread? Close, int AcknowledgeMissed, int CloseMissed);

public sealed record RuleScorecardEntry(
    string RuleId, string Name, int Incidents, int Open, int TruePositives, int BenignPositives, int IncorrectAlertLogic, int InaccurateData, int Undetermined, double? Quality, double? MedianHoursToClose);
