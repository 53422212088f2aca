using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Assignments;
using Bartizan.Posture.SecureScore;

namespace Bartizan.Posture.Recommendations;

/// <summary>One check over everything in view: how many resources stand how, and what mending them would bring.</summary>
/// <param name="Control">The control it earns most in; null for a check that is not of ours.</param>
/// <param name="ScoreGain">Percentage points of the whole score, if all its resources were mended and failed nothing else in the control.</param>
public sealed record Recommendation(Check Check, CheckCount Count, Control? Control, double ScoreGain, IReadOnlyList<CloudEnvironment> Environments)
{
    public AssessmentStatus State => Count switch
    {
        { Unhealthy: > 0 } => AssessmentStatus.Unhealthy,
        { Unknown: > 0 } => AssessmentStatus.Unknown,
        { Healthy: > 0 } => AssessmentStatus.Healthy,
        _ => AssessmentStatus.NotApplicable,
    };

    public int SeverityRank => Check.Severity switch
    {
        "High" => 3,
        "Medium" => 2,
        _ => 1,
    };
}
