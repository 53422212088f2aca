namespace Bartizan.Wire.Posture;

/// <summary><c>Microsoft.Bartizan/scoreChanges</c>: one line of a scope's ledger.</summary>
/// <param name="Controls">Every control as it stood afterwards.</param>
/// <param name="Items">The findings that changed; the first of <paramref name="ItemCount"/>.</param>
public sealed record ScoreChangeEntry(
    string Id, string Scope, DateTimeOffset At, ScoreDetails Before, ScoreDetails After, IReadOnlyList<ScoreChangeControl> Controls, IReadOnlyList<ScoreChangeItem> Items, int ItemCount);

/// <summary>A control at the moment of a change.</summary>
public sealed record ScoreChangeControl(string Id, string DisplayName, double Max, double Current, int Healthy, int Unhealthy);

/// <param name="Reason">Arrival, Removal, Resource, Definition, Assignment or Exemption.</param>
/// <param name="From">The status before; null for one that is new.</param>
/// <param name="To">The status after; null for one that is gone.</param>
public sealed record ScoreChangeItem(string ResourceId, string Key, string Reason, string? From, string? To);
