using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Evaluation;
using Bartizan.Posture.SecureScore;

namespace Bartizan.Posture.Recommendations;

/// <summary>Makes the list of recommendations from the board's counts.</summary>
public sealed class RecommendationList(AssessmentBoard board, PostureSweep sweep, ScoreBook scores)
{
    /// <summary>Every check that has spoken of a resource in view, the most urgent first: by score gain, then severity, then resources.</summary>
    public IReadOnlyList<Recommendation> All(Func<ResourceId, bool>? isVisible = null)
    {
        var counts = new Dictionary<string, (CheckCount Count, HashSet<CloudEnvironment> Environments)>(StringComparer.OrdinalIgnoreCase);
        foreach (var scope in board.Scopes)
        {
            if (isVisible is null || isVisible(scope.Id))
            {
                var environment = scope.All().FirstOrDefault()?.Environment ?? CloudEnvironment.Azure;
                foreach (var (key, count) in scope.Counts)
                {
                    Add(key, count, environment);
                }
            }
            else
            {
                foreach (var findings in scope.All().Where(f => isVisible(f.Id)))
                {
                    foreach (var assessment in findings.Assessments)
                    {
                        Add(assessment.Key, default(CheckCount).Plus(assessment.Status, 1), findings.Environment);
                    }
                }
            }
        }

        var all = scores.All(isVisible);
        var joined = Calculator.Join(all).ToDictionary(c => c.Control.Id, StringComparer.OrdinalIgnoreCase);
        var max = joined.Values.Sum(c => c.Max);
        return [.. counts.Select(c => Of(c.Key, c.Value.Count, c.Value.Environments)).OfType<Recommendation>()
            .OrderByDescending(r => r.ScoreGain).ThenByDescending(r => r.Count.Unhealthy > 0).ThenByDescending(r => r.SeverityRank)
            .ThenByDescending(r => r.Count.Unhealthy).ThenBy(r => r.Check.DisplayName, StringComparer.Ordinal)];

        void Add(string key, CheckCount count, CloudEnvironment environment)
        {
            var known = counts.GetValueOrDefault(key, (default, []));
            known.Environments.Add(environment);
            counts[key] = (known.Count.Plus(count), known.Environments);
        }

        Recommendation? Of(string key, CheckCount count, HashSet<CloudEnvironment> environments)
        {
            if (sweep.FindCheck(key) is not { } check)
            {
                return null;
            }

            var control = check.IsPreview ? null : scores.ControlOf(key);
            return new Recommendation(check, count, control, Gain(control, count), [.. environments.Order()]);
        }

        // A resource of the control that fails this check gains its share of the control's points once it fails none.
        double Gain(Control? control, CheckCount count)
        {
            if (control is not { MaxPoints: > 0 } || max == 0 || !joined.TryGetValue(control.Id, out var score) || score.Healthy + score.Unhealthy == 0)
            {
                return 0;
            }

            return Math.Min(score.Potential, score.Max * count.Unhealthy / (score.Healthy + score.Unhealthy)) / max * 100;
        }
    }

    public Recommendation? Find(string key, Func<ResourceId, bool>? isVisible = null) =>
        All(isVisible).FirstOrDefault(r => r.Check.Key.Equals(key, StringComparison.OrdinalIgnoreCase));
}
