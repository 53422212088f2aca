using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Posture;
using Bartizan.Posture.Assignments;
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
        routes.ArmList(Path + "assessments", Read, ListAsync);
        routes.ArmGet(Path + "assessments/{key}", Read, GetAsync);
        routes.ArmPut(Path + "assessments/{key}", "Microsoft.Security/assessments/write", PutAsync);
        routes.ArmDelete(Path + "assessments/{key}", "Microsoft.Security/assessments/delete", DeleteAsync);

        // What the server checks is the same for everybody; what a subscription declares shows to whoever reads it there.
        routes.ArmList(Path + "assessmentMetadata", ReadMetadata, ListMetadataAsync).ForAnyCaller();
        routes.ArmList(Path + "assessmentMetadata/{key}", ReadMetadata, GetMetadataAsync).ForAnyCaller();
        routes.ArmPut(Path + "assessmentMetadata/{key}", "Microsoft.Security/assessmentMetadata/write", PutMetadataAsync);
        routes.ArmDelete(Path + "assessmentMetadata/{key}", "Microsoft.Security/assessmentMetadata/delete", DeleteMetadataAsync);
        routes.ArmList(Path + "subAssessments", ReadSub, NoSubAssessments).Partly("no scanner reports here yet, so the list is empty");
        routes.ArmList(Path + "assessments/{key}/subAssessments", ReadSub, NoSubAssessments).Partly("no scanner reports here yet, so the list is empty");
    }

    private static async Task<IResult> ListAsync(
        [FromQuery(Name = "$expand")] string? expand, ArmScope scope, Caller caller, ListQuery query, PostureQueries posture, CustomerAssessments customers, CancellationToken cancellationToken)
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
        var told = await customers.FindingsAsync(scope.Below, visible.Includes, cancellationToken);
        return Findings(posture.Findings(scope.Below, visible.Includes).Concat(told).Where(holds), query, withMetadata, withEvidence);
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

    private static async Task<IResult> GetAsync(
        string key, [FromQuery(Name = "$expand")] string? expand, ArmScope scope, PostureQueries posture, CustomerAssessments customers, CancellationToken cancellationToken) =>
        (posture.Finding(scope.Id, key) ?? await customers.FindAsync(scope.Id, key, cancellationToken)) is { } finding
            ? ArmResults.Resource(PostureShapes.Assessment(finding, Expand(expand).Metadata, withEvidence: true))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", $"There is no assessment '{key}' of '{scope.Id}'."));

    private static async Task<IResult> PutAsync(
        string key, [FromBody] JsonElement body, ArmScope scope, Caller caller, PostureSweep sweep, CustomerAssessments customers, CancellationToken cancellationToken)
    {
        if (sweep.FindCheck(key) is { } own)
        {
            return ArmErrors.Result(Own(own));
        }

        var outcome = await customers.ReportAsync(scope.Id, key, Properties(body), caller.Name, cancellationToken);
        return outcome.TryGetValue(out var told, out var problem)
            ? ArmResults.Resource(PostureShapes.Assessment(told.Finding, withMetadata: false, withEvidence: false), told.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> DeleteAsync(string key, ArmScope scope, Caller caller, PostureSweep sweep, CustomerAssessments customers, CancellationToken cancellationToken) =>
        sweep.FindCheck(key) is { } own
            ? ArmErrors.Result(Own(own))
            : ArmResults.Deleted(await customers.RetractAsync(scope.Id, key, caller.Name, cancellationToken));

    private static async Task<IResult> ListMetadataAsync(ArmScope scope, ListQuery query, Caller caller, PostureSweep sweep, CustomerAssessments customers, CancellationToken cancellationToken)
    {
        // At the tenant Azure lists what it has itself.
        var declared = scope.Id.SubscriptionId is not null && caller.May(ReadMetadata, scope.Id) ? await customers.ChecksAsync(scope.Id, cancellationToken) : [];
        return ArmResults.Page(
            [.. sweep.Checks.Concat(declared).OrderBy(c => c.DisplayName, StringComparer.Ordinal).Select(c => PostureShapes.MetadataResource(c, Prefix(scope)))], query);
    }

    private static async Task<IResult> GetMetadataAsync(string key, ArmScope scope, Caller caller, PostureSweep sweep, CustomerAssessments customers, CancellationToken cancellationToken) =>
        (sweep.FindCheck(key) ?? (caller.May(ReadMetadata, scope.Id) ? await customers.FindCheckAsync(scope.Id, key, cancellationToken) : null)) is { } check
            ? ArmResults.Resource(PostureShapes.MetadataResource(check, Prefix(scope)))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", $"There is no assessment metadata '{key}'."));

    private static async Task<IResult> PutMetadataAsync(
        string key, [FromBody] JsonElement body, ArmScope scope, Caller caller, PostureSweep sweep, CustomerAssessments customers, CancellationToken cancellationToken) =>
        scope.Id.Type != "Microsoft.Resources/subscriptions" ? ArmErrors.Result(new Problem(ProblemKind.Invalid, "InvalidScope", "Assessment metadata is declared in a subscription."))
        : sweep.FindCheck(key) is { } own ? ArmErrors.Result(Own(own))
        : ArmResults.Of(await customers.DeclareAsync(scope.Id, key, Properties(body), caller.Name, cancellationToken), c => PostureShapes.MetadataResource(c, Prefix(scope)));

    private static async Task<IResult> DeleteMetadataAsync(string key, ArmScope scope, Caller caller, PostureSweep sweep, CustomerAssessments customers, CancellationToken cancellationToken)
    {
        if (sweep.FindCheck(key) is { } own)
        {
            return ArmErrors.Result(Own(own));
        }

        // Azure's clients take 200 alone, whether there was one or not.
        var outcome = await customers.WithdrawAsync(scope.Id, key, caller.Name, cancellationToken);
        return outcome.IsSuccess ? Results.Ok() : ArmErrors.Result(outcome.Problem);
    }

    private static Problem Own(Check check) => new(
        ProblemKind.Conflict, "BuiltInAssessment", $"'{check.Key}' ({check.DisplayName}) is judged by the server itself; what is declared or told by others has a name of its own.", "name");

    private static JsonElement Properties(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("properties", out var properties) ? properties : body;

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
