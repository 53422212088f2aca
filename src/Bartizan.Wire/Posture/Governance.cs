namespace Bartizan.Wire.Posture;

/// <summary><c>Microsoft.Bartizan/governanceReport</c>: one finding with whoever is to mend it.</summary>
/// <param name="Id">The assessment's.</param>
/// <param name="State">Overdue, OnTime, Unassigned or Completed.</param>
/// <param name="RuleId">The governance rule that assigned it; null for one assigned by hand.</param>
/// <param name="IsGracePeriod">The finding does not lower the score now.</param>
public sealed record GovernanceEntry(
    string Id, string ResourceId, string ResourceName, string AssessmentKey, string DisplayName, string Severity, string State, string? Owner, DateTimeOffset? DueDate,
    string? AssignmentId, string? RuleId, bool IsGracePeriod);

/// <summary><c>Microsoft.Bartizan/governanceSummary</c>: the findings by state, and by owner.</summary>
public sealed record GovernanceSummary(GovernanceCounts Total, IReadOnlyList<GovernanceOwner> Owners);

/// <param name="Owner">Null for those that nobody was given.</param>
public sealed record GovernanceOwner(string? Owner, GovernanceCounts Counts, DateTimeOffset? EarliestDue);

public sealed record GovernanceCounts(int Overdue, int OnTime, int Unassigned, int Completed);
