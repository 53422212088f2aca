namespace Bartizan.Wire.Detection;

/// <summary>How well the techniques of MITRE ATT&amp;CK are covered: claimed by rules, tested with events, seen in alerts.</summary>
public sealed record AttackCoverageAnswer(DateTimeOffset Since, IReadOnlyList<AttackTechniqueCoverage> Techniques);

/// <param name="Tactics">In the order of the matrix, as the rules that name the technique say.</param>
/// <param name="ClaimedBy">Enabled rules.</param>
/// <param name="TestedBy">Those of them that carry events which must fire them.</param>
/// <param name="AlertsSeen">Alerts since the moment asked for.</param>
/// <param name="AvailableIn">Templates and disabled rules that would add to it.</param>
public sealed record AttackTechniqueCoverage(
    string Technique, IReadOnlyList<string> Tactics, IReadOnlyList<string> ClaimedBy, IReadOnlyList<string> TestedBy, long AlertsSeen, IReadOnlyList<string> AvailableIn);
