namespace Bartizan.Posture.SecureScore;

/// <summary>A group of checks that earn points together.</summary>
/// <param name="Id">GUID of the control definition, as in <c>secureScoreControlDefinitions</c>.</param>
/// <param name="MaxPoints">Points for a perfect control; 0 means "Not scored".</param>
/// <param name="AssessmentKeys">The checks that count; a check may count in several controls.</param>
public sealed record Control(string Id, string DisplayName, int MaxPoints, IReadOnlySet<string> AssessmentKeys);
