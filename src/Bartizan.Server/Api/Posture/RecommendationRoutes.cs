using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Posture;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Governance;
using Bartizan.Posture.Recommendations;
using Bartizan.Posture.SecureScore;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Api.Tenancy;
using Bartizan.Server.Auth.Roles;
using Bartizan.Wire.Posture;

namespace Bartizan.Server.Api.Posture;

/// <summary>Ours: <c>Microsoft.Bartizan/recommendations</c> and <c>scoreOverview</c>, over everything that the caller may see.</summary>
internal static class RecommendationRoutes
{
    private const string Read = "Microsoft.Security/assessments/read";
    private const string Root = "/providers/Microsoft.Bartizan/";

    private static readonly Dictionary<string, Func<Recommendation, object?>> Fields = new(StringComparer.OrdinalIgnoreCase)
    {
        ["displayName"] = r => r.Check.DisplayName,
        ["severity"] = r => r.Check.Severity,
        ["state"] = r => r.State.ToString(),
        ["unhealthy"] = r => r.Count.Unhealthy,
        ["healthy"] = r => r.Count.Healthy,
        ["scoreGain"] = r => r.ScoreGain,
        ["controlId"] = r => r.Control?.Id,
        ["controlName"] = r => r.Control?.DisplayName,
        ["environments"] = r => r.Environments.Select(e => e.ToString()),
        ["environment"] = r => r.Environments.Select(e => e.ToString()),
        ["resourceTypes"] = r => r.Check.ResourceTypes,
        ["resourceType"] = r => r.Check.ResourceTypes,
        ["categories"] = r => r.Check.Categories,
        ["canFix"] = r => r.Check.Fix is not null ? "true" : "false",
        ["type"] = r => r.Check.Type,
    };

    public static void MapRecommendations(this IEndpointRouteBuilder routes)
    {
        routes.ArmList(Root + "scoreOverview", Read, OverviewAsync);
        routes.ArmList(Root + "recommendations", Read, List);
        routes.ArmList(Root + "recommendations/{key}", Read, Get);
        routes.ArmList(Root + "recommendations/{key}/assessments", Read, ListFindings);
    }

    private static IResult List(Caller caller, ListQuery query, PostureQueries posture, GovernanceBook governance)
    {
        var owners = RecommendationOwners.Of(governance, posture, caller);
        var visible = caller.Scopes(Read);
        if (!FilterText.Read(query.Filter, Fields).TryGetValue(out var holds, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var all = posture.Recommendations(Sees(visible)).Where(holds);
        if (query.Search is { } search)
        {
            all = all.Where(r => r.Check.DisplayName.Contains(search, StringComparison.OrdinalIgnoreCase)
                || r.Check.ResourceTypes.Any(t => t.Contains(search, StringComparison.OrdinalIgnoreCase))
                || (r.Control?.DisplayName.Contains(search, StringComparison.OrdinalIgnoreCase) ?? false));
        }

        var evaluated = posture.Sweep.SweptAt;
        return ArmResults.Page([.. Ordered(all, query.OrderBy).Select(r => PostureShapes.Recommendation(r, evaluated, owners.GetValueOrDefault(r.Check.Key), withMetadata: false))], query);
    }

    private static IResult Get(string key, Caller caller, PostureQueries posture, GovernanceBook governance) => posture.Recommendation(key, Sees(caller.Scopes(Read))) is { } found
        ? ArmResults.Resource(PostureShapes.Recommendation(found, posture.Sweep.SweptAt, RecommendationOwners.Of(governance, posture, caller).GetValueOrDefault(key), withMetadata: true))
        : ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", $"No resource has been checked for '{key}'."));

    private static IResult ListFindings(string key, Caller caller, ListQuery query, PostureQueries posture)
    {
        var visible = caller.Scopes(Read);
        return FilterText.Read(query.Filter, FindingFields.All).TryGetValue(out var holds, out var problem)
            ? AssessmentRoutes.Findings(posture.Findings(ResourceId.Tenant, Sees(visible), key).Where(holds), query, withMetadata: false, withEvidence: true)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> OverviewAsync(Caller caller, PostureQueries posture, Subscriptions subscriptions, CancellationToken cancellationToken)
    {
        var sees = Sees(caller.Scopes(Read));
        var names = (await subscriptions.AllAsync(cancellationToken)).ToDictionary(s => s.Id, s => s.Name, StringComparer.OrdinalIgnoreCase);
        var scores = posture.Scores.All(sees);
        var joined = Calculator.Join(scores);
        var (max, whole) = (joined.Sum(c => c.Max), Calculator.Aggregate(scores));
        var described = posture.Scores.Definitions.ToDictionary(d => d.Id, d => d.Description, StringComparer.OrdinalIgnoreCase);
        var (weight, unknown) = (scores.Sum(s => (double)s.Weight), scores.Sum(s => (double)s.Unknown));
        return ArmResults.Value(new ScoreOverview(
            new ScoreDetails(max, Math.Round(whole * max, 2), Math.Round(whole, 4)),
            weight + unknown == 0 ? 1 : Math.Round(weight / (weight + unknown), 4),
            [.. scores.OrderBy(s => s.Percentage).Select(s => Entry(s, posture, names))],
            [.. joined.OrderByDescending(c => c.Control.MaxPoints).Select(c => new ControlScoreEntry(
                c.Control.Id, c.Control.DisplayName, described.GetValueOrDefault(c.Control.Id), c.Control.MaxPoints, Math.Round(c.Current, 2),
                max == 0 ? 0 : Math.Round(c.Potential / max * 100, 2), c.Healthy, c.Unhealthy, c.NotApplicable, c.Unknown, [.. c.Control.AssessmentKeys.Order(StringComparer.Ordinal)]))],
            Counts(posture, sees)));
    }

    private static ScopeScoreEntry Entry(ScopeScore score, PostureQueries posture, Dictionary<string, string> names)
    {
        var one = posture.Board.FindScope(score.Scope)?.All().FirstOrDefault();
        var environment = one is null or { Environment: CloudEnvironment.OnPremises } ? CloudEnvironment.Azure : one.Environment;
        var account = one?.AccountId ?? score.Scope.Name;
        return new ScopeScoreEntry(
            score.Scope.Text, names.GetValueOrDefault(account, account), environment.ToString(), PostureShapes.Score(score.Max, score.Current), score.Weight, Math.Round(score.Coverage, 4));
    }

    private static PostureCounts Counts(PostureQueries posture, Func<ResourceId, bool>? sees)
    {
        var (total, unhealthy, healthy) = (0, 0, 0);
        foreach (var findings in posture.Board.All(sees))
        {
            total++;
            unhealthy += findings.Count(AssessmentStatus.Unhealthy) > 0 ? 1 : 0;
            healthy += findings.Count(AssessmentStatus.Unhealthy) == 0 && findings.Count(AssessmentStatus.Healthy) > 0 ? 1 : 0;
        }

        var recommendations = posture.Recommendations(sees);
        var active = recommendations.Where(r => r.State == AssessmentStatus.Unhealthy).ToList();
        return new PostureCounts(
            total, unhealthy, healthy, recommendations.Count, active.Count,
            active.GroupBy(r => r.Check.Severity, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal));
    }

    private static IEnumerable<Recommendation> Ordered(IEnumerable<Recommendation> all, string? order)
    {
        var words = (order ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var descends = words.Length > 1 && words[1].Equals("desc", StringComparison.OrdinalIgnoreCase);
        return words.FirstOrDefault()?.ToLowerInvariant() switch
        {
            "displayname" => By(r => r.Check.DisplayName, StringComparer.OrdinalIgnoreCase),
            "severity" => By(r => r.SeverityRank, Comparer<int>.Default),
            "unhealthy" => By(r => r.Count.Unhealthy, Comparer<int>.Default),
            "scoregain" => By(r => r.ScoreGain, Comparer<double>.Default),
            _ => all,
        };

        IEnumerable<Recommendation> By<T>(Func<Recommendation, T> key, IComparer<T> comparer) =>
            descends ? all.OrderByDescending(key, comparer) : all.OrderBy(key, comparer);
    }

    /// <summary>Null for callers who see everything: counts that are kept then need no counting.</summary>
    internal static Func<ResourceId, bool>? Sees(CallerScopes visible) => visible.IsEverything ? null : visible.Includes;
}
