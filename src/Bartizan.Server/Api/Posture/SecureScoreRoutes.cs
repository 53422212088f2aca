using Bartizan.Foundation.Outcomes;
using Bartizan.Posture.SecureScore;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Posture;

/// <summary><c>Microsoft.Security/secureScores</c>, their controls and the controls' definitions.</summary>
internal static class SecureScoreRoutes
{
    private const string Read = "Microsoft.Security/secureScores/read";
    private const string ReadControls = "Microsoft.Security/secureScoreControls/read";
    private const string ReadDefinitions = "Microsoft.Security/secureScoreControlDefinitions/read";
    private const string Path = "/providers/Microsoft.Security/";

    public static void MapSecureScores(this IEndpointRouteBuilder routes)
    {
        routes.ArmList(Path + "secureScores", Read, List);
        routes.ArmList(Path + "secureScores/{name}", Read, Get);
        routes.ArmList(Path + "secureScores/{name}/secureScoreControls", ReadControls, ListControls);
        routes.ArmList(Path + "secureScoreControls", ReadControls, ListControls);

        // What controls there are is no secret of anybody's estate.
        routes.ArmList(Path + "secureScoreControlDefinitions", ReadDefinitions, ListDefinitions).ForAnyCaller();
    }

    private static IResult List(ArmScope scope, Caller caller, ListQuery query, ScoreBook scores) =>
        ArmResults.Page([.. Visible(scope, caller, scores, Read).Select(PostureShapes.SecureScore)], query);

    private static IResult Get(string name, ArmScope scope, Caller caller, ScoreBook scores)
    {
        var found = name.Equals("ascScore", StringComparison.OrdinalIgnoreCase) ? Visible(scope, caller, scores, Read).FirstOrDefault() : null;
        return found is null
            ? ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", $"There is no secure score '{name}' at '{scope.Id}'."))
            : ArmResults.Resource(PostureShapes.SecureScore(found));
    }

    private static IResult ListControls([FromQuery(Name = "$expand")] string? expand, ArmScope scope, Caller caller, ListQuery query, ScoreBook scores)
    {
        var withDefinition = "definition".Equals(expand, StringComparison.OrdinalIgnoreCase);
        var definitions = scores.Definitions.ToDictionary(d => d.Id, StringComparer.OrdinalIgnoreCase);
        return ArmResults.Page(
            [.. Visible(scope, caller, scores, ReadControls).SelectMany(s => s.Controls.Select(c => PostureShapes.Control(s, c, withDefinition ? definitions.GetValueOrDefault(c.Control.Id) : null)))],
            query);
    }

    private static IResult ListDefinitions(ListQuery query, ScoreBook scores)
    {
        var definitions = scores.Definitions.ToDictionary(d => d.Id, StringComparer.OrdinalIgnoreCase);
        return ArmResults.Page([.. scores.Controls.Select(c => PostureShapes.ControlDefinition(c, definitions[c.Id]))], query);
    }

    private static IEnumerable<ScopeScore> Visible(ArmScope scope, Caller caller, ScoreBook scores, string action)
    {
        var visible = caller.Scopes(action);
        return scores.All(id => visible.Includes(id)).Where(s => s.Scope.IsWithin(scope.Id)).OrderBy(s => s.Scope.Text, StringComparer.OrdinalIgnoreCase);
    }
}
