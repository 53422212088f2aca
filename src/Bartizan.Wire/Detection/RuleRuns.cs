namespace Bartizan.Wire.Detection;

/// <summary>Runs rules over a past span, as their timetables would have: the last day where nothing is said.</summary>
/// <param name="Raise">Whether the alerts are raised; otherwise they are only counted.</param>
public sealed record RuleRunRequest(DateTimeOffset? From, DateTimeOffset? To, bool Raise = true);

public sealed record RuleRunAnswer(int Runs, int Alerts, IReadOnlyList<RuleRunEntry> Found);

public sealed record RuleRunEntry(string Rule, DateTimeOffset WindowStart, DateTimeOffset WindowEnd, long Rows, int Alerts, string? Failure);
