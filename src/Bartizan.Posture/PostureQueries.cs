using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Assignments;
using Bartizan.Posture.Evaluation;
using Bartizan.Posture.Recommendations;
using Bartizan.Posture.SecureScore;

namespace Bartizan.Posture;

/// <summary>A finding with the resource and the check it is about.</summary>
public sealed record Finding(ResourceFindings Resource, Assessment Assessment, Check? Check);

/// <summary>What screens and API ask of posture. Every answer is about what the caller may see.</summary>
public sealed class PostureQueries(AssessmentBoard board, PostureSweep sweep, ScoreBook scores, RecommendationList recommendations)
{
    public AssessmentBoard Board => board;

    public ScoreBook Scores => scores;

    public PostureSweep Sweep => sweep;

    public IReadOnlyList<Recommendation> Recommendations(Func<ResourceId, bool>? isVisible = null) => recommendations.All(isVisible);

    public Recommendation? Recommendation(string key, Func<ResourceId, bool>? isVisible = null) => recommendations.Find(key, isVisible);

    /// <summary>Findings at or below a scope, in the order of resource and check.</summary>
    public IEnumerable<Finding> Findings(ResourceId scope, Func<ResourceId, bool>? isVisible = null, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return board.All(isVisible).Where(f => f.Id.IsWithin(scope)).OrderBy(f => f.Id.Text, StringComparer.OrdinalIgnoreCase)
            .SelectMany(f => f.Assessments.Where(a => key is null || a.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).OrderBy(a => a.Key, StringComparer.Ordinal)
                .Select(a => new Finding(f, a, sweep.FindCheck(a.Key))));
    }

    /// <summary>One finding by resource and check.</summary>
    public Finding? Finding(ResourceId resource, string key) =>
        board.Find(resource) is { } findings && findings.Assessments.FirstOrDefault(a => a.Key.Equals(key, StringComparison.OrdinalIgnoreCase)) is { } assessment
            ? new Finding(findings, assessment, sweep.FindCheck(key))
            : null;
}
