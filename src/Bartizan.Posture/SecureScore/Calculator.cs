using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;

namespace Bartizan.Posture.SecureScore;

/// <summary>Defender for Cloud's published arithmetic: assessments of one scope to points, and several scopes to one figure.</summary>
public static class Calculator
{
    public static ScopeScore Score(ResourceId scope, IReadOnlyList<Control> controls, IEnumerable<Assessment> assessments)
    {
        ArgumentNullException.ThrowIfNull(controls);
        ArgumentNullException.ThrowIfNull(assessments);
        var places = Places(controls);
        var standings = controls.Select(_ => new Dictionary<ResourceId, Standing>()).ToArray();
        foreach (var assessment in assessments)
        {
            if (!places.TryGetValue(assessment.Key, out var indexes))
            {
                continue;
            }

            var standing = StandingOf(assessment.Status);
            foreach (var index in indexes)
            {
                var byResource = standings[index];
                byResource[assessment.Resource] = byResource.TryGetValue(assessment.Resource, out var before) && before > standing ? before : standing;
            }
        }

        var scores = controls.Select((control, i) => Count(control, standings[i])).ToList();
        var scored = standings.Where((_, i) => controls[i].MaxPoints > 0).ToList();
        return new ScopeScore(
            scope,
            scores,
            scored.SelectMany(s => s.Where(r => r.Value is Standing.Healthy or Standing.Unhealthy)).Select(r => r.Key).Distinct().Count(),
            scored.SelectMany(s => s.Where(r => r.Value is Standing.Unknown)).Select(r => r.Key).Distinct().Count());
    }

    /// <summary>
    /// The figure for several scopes: the mean of their percentages weighted by their resources, not the mean of percents and not
    /// the quotient of sums.
    /// </summary>
    public static double Aggregate(IEnumerable<ScopeScore> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var counted = scores.Where(s => s.Weight > 0 && s.Max > 0).ToList();
        double weights = counted.Sum(s => s.Weight);
        return weights == 0 ? 0 : counted.Sum(s => s.Current / s.Max * s.Weight) / weights;
    }

    /// <summary>One control over several scopes, by the same weighted mean; the counts are sums.</summary>
    public static IReadOnlyList<JoinedControl> Join(IEnumerable<ScopeScore> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        return [.. scores.SelectMany(s => s.Controls).GroupBy(c => c.Control.Id, StringComparer.OrdinalIgnoreCase).Select(JoinedControl.Of)];
    }

    private static Dictionary<string, List<int>> Places(IReadOnlyList<Control> controls)
    {
        var places = new Dictionary<string, List<int>>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < controls.Count; i++)
        {
            foreach (var key in controls[i].AssessmentKeys)
            {
                if (!places.TryGetValue(key, out var indexes))
                {
                    places.Add(key, indexes = []);
                }

                indexes.Add(i);
            }
        }

        return places;
    }

    private static ControlScore Count(Control control, Dictionary<ResourceId, Standing> standings)
    {
        var counts = new int[4];
        foreach (var standing in standings.Values)
        {
            counts[(int)standing]++;
        }

        return new ControlScore(
            control, counts[(int)Standing.Healthy], counts[(int)Standing.Unhealthy], counts[(int)Standing.NotApplicable], counts[(int)Standing.Unknown]);
    }

    private static Standing StandingOf(AssessmentStatus status) => status switch
    {
        AssessmentStatus.Healthy => Standing.Healthy,
        AssessmentStatus.Unhealthy => Standing.Unhealthy,
        AssessmentStatus.NotApplicable => Standing.NotApplicable,
        AssessmentStatus.Unknown => Standing.Unknown,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>In rising order of what prevails when a resource has several checks in one control.</summary>
    private enum Standing
    {
        NotApplicable,
        Healthy,
        Unknown,
        Unhealthy,
    }
}
