using Bartizan.Foundation.Outcomes;
using Bartizan.Posture;
using Bartizan.Posture.Evaluation;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Wire.Arm;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Posture;

/// <summary><c>Microsoft.Security/assessments</c> at any scope, their metadata, and the findings below them.</summary>
internal static class AssessmentRoutes
{
    private const string Read = "Microsoft.Security/assessments/read";
    private const string ReadMetadata = "Microsoft.Security/assessmentMetadata/read";
    private const string ReadSub = "Microsoft.Security/assessments/subAssessments/read";
    private const string Path = "/providers/Microsoft.Security/";

    public static void MapAssessments(this IEndpointRouteBuilder routes)
    {
        routes.ArmList(Path + "assessments", Read, List);
        routes.ArmGet(Path + "assessments/{key}", Read, Get);

        // What is checked is the same for everybody.
        routes.ArmList(Path + "assessmentMetadata", ReadMetadata, ListMetadata).ForAnyCaller();
        routes.ArmList(Path + "assessmentMetadata/{key}", ReadMetadata, GetMetadata).ForAnyCaller();
        routes.ArmList(Path + "subAssessments", ReadSub, NoSubAssessments).Partly("no scanner reports here yet, so the list is empty");
        routes.ArmList(Path + "assessments/{key}/subAssessments", ReadSub, NoSubAssessments).Partly("no scanner reports here yet, so the list is empty");
    }

    private static IResult List([FromQuery(Name = "$expand")] string? expand, ArmScope scope, Caller caller, ListQuery query, PostureQueries posture)
    {
        var visible = caller.Scopes(Read);
        var filter = FilterText.Read(query.Filter, FindingFields.All);
        if (!filter.TryGetValue(out var holds, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var (withMetadata, withEvidence) = Expand(expand);

        // At one resource people look for the reason; lists over a subscription leave it out.
        withEvidence |= posture.Board.Find(scope.Id) is not null;
        return Findings(posture.Findings(scope.Id, visible.Includes).Where(holds), query, withMetadata, withEvidence);
    }

    internal static IResult Findings(IEnumerable<Finding> findings, ListQuery query, bool withMetadata, bool withEvidence)
    {
        if (!query.TryReadOffset(out var offset, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var all = findings.ToList();
        var items = all.Skip(offset).Take(query.Top).Select(f => PostureShapes.Assessment(f, withMetadata, withEvidence)).ToList();
        var next = offset + items.Count;
        return ArmResults.Page(items, next < all.Count ? ListQuery.Offset(next) : null, query, all.Count);
    }

    private static IResult Get(string key, [FromQuery(Name = "$expand")] string? expand, ArmScope scope, PostureQueries posture) =>
        posture.Finding(scope.Id, key) is { } finding
            ? ArmResults.Resource(PostureShapes.Assessment(finding, Expand(expand).Metadata, withEvidence: true))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", $"There is no assessment '{key}' of '{scope.Id}'."));

    private static IResult ListMetadata(ArmScope scope, ListQuery query, PostureSweep sweep) => ArmResults.Page(
        [.. sweep.Checks.OrderBy(c => c.DisplayName, StringComparer.Ordinal).Select(c => PostureShapes.MetadataResource(c, Prefix(scope)))], query);

    private static IResult GetMetadata(string key, ArmScope scope, PostureSweep sweep) => sweep.FindCheck(key) is { } check
        ? ArmResults.Resource(PostureShapes.MetadataResource(check, Prefix(scope)))
        : ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", $"There is no assessment metadata '{key}'."));

    /// <summary>Findings below an assessment come from scanners; where none reports, there are none.</summary>
    private static IResult NoSubAssessments(ListQuery query) => ArmResults.Page(Array.Empty<ArmResource<object>>(), query);

    private static string Prefix(ArmScope scope) => scope.Id.Text == "/" ? "" : scope.Id.Text;

    private static (bool Metadata, bool Evidence) Expand(string? expand)
    {
        var words = (expand ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return (words.Contains("metadata", StringComparer.OrdinalIgnoreCase), words.Contains("evidence", StringComparer.OrdinalIgnoreCase));
    }
}

/// <summary>What findings can be filtered by.</summary>
internal static class FindingFields
{
    public static IReadOnlyDictionary<string, Func<Finding, object?>> All { get; } = new Dictionary<string, Func<Finding, object?>>(StringComparer.OrdinalIgnoreCase)
    {
        ["status"] = f => f.Assessment.Status.ToString(),
        ["code"] = f => f.Assessment.Status.ToString(),
        ["cause"] = f => f.Assessment.Cause,
        ["severity"] = f => f.Check?.Severity,
        ["name"] = f => f.Assessment.Key,
        ["displayName"] = f => f.Check?.DisplayName,
        ["resourceType"] = f => f.Resource.Type,
        ["environment"] = f => f.Resource.Environment.ToString(),
        ["accountId"] = f => f.Resource.AccountId,
    };
}
