namespace Bartizan.Posture.SecureScore;

/// <summary>One line of the ledger: how a scope's score changed, when, and what made it.</summary>
/// <param name="Items">The findings that changed, at most <see cref="ScoreLedger.MaxItems"/> of <paramref name="ItemCount"/>.</param>
/// <param name="Controls">Every control as it stood afterwards, so that the moment can be opened again.</param>
public sealed record ScoreChange(
    string Id, string Scope, DateTimeOffset At, ScorePoint Before, ScorePoint After, IReadOnlyList<ControlPoint> Controls, IReadOnlyList<ScoreItem> Items, int ItemCount);

/// <summary>A score at one moment.</summary>
/// <param name="Percentage">A fraction from 0 to 1.</param>
public sealed record ScorePoint(double Max, double Current, double Percentage);

/// <summary>A control at one moment.</summary>
public sealed record ControlPoint(string Id, string DisplayName, double Max, double Current, int Healthy, int Unhealthy);

/// <summary>A finding that changed.</summary>
/// <param name="Reason">Arrival, Removal, Resource, Definition, Assignment, Exemption or Governance.</param>
/// <param name="From">The status before; null for one that is new.</param>
/// <param name="To">The status after; null for one that is gone.</param>
public sealed record ScoreItem(string ResourceId, string Key, string Reason, string? From, string? To);
