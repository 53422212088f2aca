using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;

namespace Bartizan.Posture.Evaluation;

/// <summary>From what each assigned definition says of a resource to one assessment for each check; times are kept where nothing changed.</summary>
internal static class FindingsMerge
{
    public static List<Assessment> Merge(
        ResourceId resource, IEnumerable<Judgement> judgements, IReadOnlyList<Assessment>? before, DateTimeOffset now)
    {
        var merged = new List<Assessment>();
        foreach (var group in judgements.GroupBy(j => j.Key, StringComparer.OrdinalIgnoreCase))
        {
            // The same check may be assigned twice; what is worst stands.
            var worst = group.MaxBy(j => Rank(j.Status))!;
            var known = before?.FirstOrDefault(a => a.Key.Equals(group.Key, StringComparison.OrdinalIgnoreCase));
            merged.Add(new Assessment(
                resource,
                worst.Key,
                worst.Status,
                worst.Cause,
                worst.Description,
                worst.Evidence,
                known?.FirstEvaluated ?? now,
                known is not null && known.Status == worst.Status && known.Cause == worst.Cause ? known.StatusChanged : now));
        }

        return merged;
    }

    /// <summary>Whether two assessments say the same, whatever they read to say it.</summary>
    public static bool IsSame(Assessment left, Assessment right) =>
        left.Status == right.Status && left.Cause == right.Cause && left.Description == right.Description && left.Evidence == right.Evidence;

    private static int Rank(AssessmentStatus status) => status switch
    {
        AssessmentStatus.NotApplicable => 0,
        AssessmentStatus.Healthy => 1,
        AssessmentStatus.Unknown => 2,
        _ => 3,
    };
}
