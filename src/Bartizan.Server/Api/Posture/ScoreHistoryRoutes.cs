using System.Globalization;
using Bartizan.Foundation.Outcomes;
using Bartizan.Posture.SecureScore;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Wire.Posture;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Posture;

/// <summary>Ours: the ledger of a scope's score, and the score as it would be.</summary>
internal static class ScoreHistoryRoutes
{
    private const string Read = "Microsoft.Security/secureScores/read";

    public static void MapScoreHistory(this IEndpointRouteBuilder routes)
    {
        // The ledger names resources of the whole scope, so the caller must hold all of it.
        routes.ArmGet("/providers/Microsoft.Bartizan/scoreChanges", Read, ListAsync);
        routes.ArmQuery("/providers/Microsoft.Bartizan/whatIf", Read, Ask);
    }

    private static async Task<IResult> ListAsync([FromQuery] string? before, ArmScope scope, ListQuery query, ScoreLedger ledger, CancellationToken cancellationToken)
    {
        DateTimeOffset? end = null;
        if ((query.Continuation ?? before) is { } text)
        {
            if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                return ArmErrors.Result(new Problem(ProblemKind.Invalid, "InvalidTime", $"'{text}' is not a time.", "before"));
            }

            end = time;
        }

        var changes = await ledger.ListAsync(scope.Id, end, query.Top, cancellationToken);
        return ArmResults.Page(changes, changes.Count == query.Top ? changes[^1].At.ToString("O", CultureInfo.InvariantCulture) : null, query);
    }

    private static IResult Ask([FromBody] WhatIfQuestion question, Caller caller, WhatIf whatIf, ScoreBook scores)
    {
        var sees = RecommendationRoutes.Sees(caller.Scopes(Read));
        var before = scores.All(sees);
        var after = whatIf.Ask(
            (question.Mend ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase), (question.Exempt ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase), sees);
        var was = Calculator.Join(before).ToDictionary(c => c.Control.Id, StringComparer.OrdinalIgnoreCase);
        return ArmResults.Value(new WhatIfAnswer(
            Whole(before), Whole(after),
            [.. Calculator.Join(after).Select(c => new WhatIfControl(
                c.Control.Id, c.Control.DisplayName, c.Max, Math.Round(was.TryGetValue(c.Control.Id, out var old) ? old.Current : 0, 2), Math.Round(c.Current, 2)))]));
    }

    private static ScoreDetails Whole(IReadOnlyList<ScopeScore> scores)
    {
        var (max, share) = (Calculator.Join(scores).Sum(c => c.Max), Calculator.Aggregate(scores));
        return new ScoreDetails(max, Math.Round(share * max, 2), Math.Round(share, 4));
    }
}
