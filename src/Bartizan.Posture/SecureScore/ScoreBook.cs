using System.Collections.Concurrent;
using Bartizan.Content.Standards;
using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Assignments;
using Bartizan.Posture.Governance;

namespace Bartizan.Posture.SecureScore;

/// <summary>The secure score of every scope, worked out when it is asked for and kept while nothing changes.</summary>
public sealed class ScoreBook
{
    private readonly AssessmentBoard board;
    private readonly ConcurrentDictionary<ResourceId, (long Version, long Governance, DateTimeOffset Until, ScopeScore Score)> scores = new();
    private readonly GovernanceBook governance;
    private readonly TimeProvider time;

    public ScoreBook(AssessmentBoard board, PolicyLibrary library, GovernanceBook governance, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(library);
        this.board = board;
        this.governance = governance;
        this.time = time;
        Definitions = library.Pack.Controls;

        // Preview checks are shown, without points.
        Controls = [.. Definitions.Select(d => new Control(
            d.Id, d.DisplayName, d.MaxScore,
            library.Checks.Where(c => !c.IsPreview && c.Controls.Contains(d.DisplayName, StringComparer.OrdinalIgnoreCase)).Select(c => c.Key).ToHashSet(StringComparer.OrdinalIgnoreCase)))];
    }

    public IReadOnlyList<Control> Controls { get; }

    /// <summary>The controls as content describes them.</summary>
    public IReadOnlyList<ScoreControl> Definitions { get; }

    /// <summary>The score of one scope; null where nothing was assessed.</summary>
    public ScopeScore? Of(ResourceId scope) => board.FindScope(scope) is { } found ? Of(found) : null;

    /// <summary>The score of each scope that holds something the caller may see; what they may not see does not count.</summary>
    public IReadOnlyList<ScopeScore> All(Func<ResourceId, bool>? isVisible = null) => isVisible is null
        ? [.. board.Scopes.Select(Of)]
        : [.. board.Scopes.Select(s => isVisible(s.Id) ? Of(s) : Partial(s, isVisible)).Where(s => s.Controls.Any(c => c.Healthy + c.Unhealthy + c.NotApplicable + c.Unknown > 0))];

    /// <summary>The control that a check earns most in, if it earns anywhere.</summary>
    public Control? ControlOf(string key) => Controls.Where(c => c.AssessmentKeys.Contains(key)).MaxBy(c => c.MaxPoints);

    /// <summary>The findings that count: those in a period of grace count only once they are due.</summary>
    internal IEnumerable<Assessment> Counted(IEnumerable<ResourceFindings> findings)
    {
        var (index, now) = (governance.Now, time.GetUtcNow());
        return findings.SelectMany(f => f.Assessments)
            .Where(a => a.Status != AssessmentStatus.Unhealthy || index.Of(a.Resource, a.Key)?.IsInGrace(now) != true);
    }

    private ScopeScore Of(ScopeBoard scope)
    {
        var (version, index, now) = (scope.Version, governance.Now, time.GetUtcNow());
        if (scores.TryGetValue(scope.Id, out var known) && known.Version == version && known.Governance == index.Version && now < known.Until)
        {
            return known.Score;
        }

        var score = Calculator.Score(scope.Id, Controls, Counted(scope.All()));
        scores[scope.Id] = (version, index.Version, index.NextGraceEnd(now), score);
        return score;
    }

    private ScopeScore Partial(ScopeBoard scope, Func<ResourceId, bool> isVisible) =>
        Calculator.Score(scope.Id, Controls, Counted(scope.All().Where(f => isVisible(f.Id))));
}
