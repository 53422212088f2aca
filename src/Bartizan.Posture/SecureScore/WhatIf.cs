using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;

namespace Bartizan.Posture.SecureScore;

/// <summary>The score as it would be. Nothing is changed by asking.</summary>
public sealed class WhatIf(AssessmentBoard board, ScoreBook scores)
{
    /// <param name="mended">Keys of checks whose failing resources are taken to be mended.</param>
    /// <param name="exempted">Keys of checks whose failing resources are taken to be exempt.</param>
    public IReadOnlyList<ScopeScore> Ask(IReadOnlySet<string> mended, IReadOnlySet<string> exempted, Func<ResourceId, bool>? isVisible = null) =>
    [
        .. board.Scopes.Select(s => Calculator.Score(
            s.Id, scores.Controls, scores.Counted(s.All().Where(f => isVisible is null || isVisible(f.Id))).Select(a => Changed(a, mended, exempted))))
            .Where(s => s.Max > 0),
    ];

    private static Assessment Changed(Assessment assessment, IReadOnlySet<string> mended, IReadOnlySet<string> exempted) =>
        assessment.Status is not (AssessmentStatus.Unhealthy or AssessmentStatus.Unknown) ? assessment
        : exempted.Contains(assessment.Key) ? assessment with { Status = AssessmentStatus.NotApplicable, Cause = AssessmentCause.Exempt }
        : mended.Contains(assessment.Key) && assessment.Status == AssessmentStatus.Unhealthy ? assessment with { Status = AssessmentStatus.Healthy }
        : assessment;
}
