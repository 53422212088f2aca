using Bartizan.Detection.Rules;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Wire.Detection;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Detection;

/// <summary>Coverage of MITRE ATT&amp;CK by the workspace's rules.</summary>
internal static class CoverageRoutes
{
    private const int MostDays = 365;

    public static void MapCoverage(this IEndpointRouteBuilder routes) =>
        routes.ArmGet("/providers/Microsoft.Bartizan/attackCoverage", "Microsoft.SecurityInsights/alertRules/read", GetAsync).AtWorkspace();

    private static async Task<IResult> GetAsync([FromQuery] int? days, AttackCoverage coverage, TimeProvider time, CancellationToken cancellationToken)
    {
        if (days is < 1 or > MostDays)
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "BadRequest", $"days is a number from 1 to {MostDays}.", "days"));
        }

        var since = time.GetUtcNow().AddDays(-(days ?? 90));
        return ArmResults.Value(new AttackCoverageAnswer(
            since,
            [.. (await coverage.SinceAsync(since, cancellationToken)).Select(c => new AttackTechniqueCoverage(
                c.Technique, c.Tactics, [.. c.Claimed.Select(r => r.Name)], [.. c.Tested.Select(r => r.Name)], c.Seen, [.. c.Available.Select(r => r.Name)]))]));
    }
}
