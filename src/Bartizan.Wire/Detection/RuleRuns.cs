namespace Bartizan.Wire.Detection;

/// <summary>Runs rules over a past span, as their timetables would have: the last day where nothing is said.</summary>
/// <param name="Raise">Whether the alerts are raised; otherwise they are only counted.</param>
public sealed record RuleRunRequest(DateTimeOffset? From, DateTimeOffset? To, bool Raise = true);

/// <summary>Runs a rule that is not saved over a past span, as its timetable would have; nothing is raised.</summary>
/// <param name="Kind">Scheduled or NRT.</param>
/// <param name="Properties">What <c>alertRules</c> takes as the rule's properties.</param>
public sealed record RuleSimulationRequest(string Kind, System.Text.Json.JsonElement Properties, DateTimeOffset? From, DateTimeOffset? To);

public sealed record RuleRunAnswer(int Runs, int Alerts, IReadOnlyList<RuleRunEntry> Found);

public sealed record RuleRunEntry(string Rule, DateTimeOffset WindowStart, DateTimeOffset WindowEnd, long Rows, int Alerts, string? Failure);
