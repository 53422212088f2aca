using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Tenancy;

/// <summary><c>Microsoft.Resources/tags/default</c>: the tags of one subscription, group or resource, read and written as a whole.</summary>
internal static class TagRoutes
{
    private const string Path = "/providers/Microsoft.Resources/tags/default";

    public static void MapTags(this IEndpointRouteBuilder routes)
    {
        routes.ArmGet(Path, "Microsoft.Resources/tags/read", GetAsync);
        routes.ArmPut(Path, "Microsoft.Resources/tags/write", PutAsync);
        routes.ArmPatch(Path, "Microsoft.Resources/tags/write", PatchAsync);
        routes.ArmDelete(Path, "Microsoft.Resources/tags/delete", DeleteAsync);
    }

    private static async Task<IResult> GetAsync(ArmScope scope, InventoryWrites writes, CancellationToken cancellationToken) =>
        await writes.FindTaggedAsync(scope.Id, cancellationToken) is { } found ? ArmResults.Value(Shape(scope.Id, found.Tags)) : ArmErrors.Result(ResourceRoutes.NotFound(scope.Id));

    private static async Task<IResult> PutAsync([FromBody] TagsBody body, ArmScope scope, InventoryWrites writes, Caller caller, CancellationToken cancellationToken) =>
        Answer(scope.Id, await writes.TagAsync(scope.Id, _ => Of(body), caller, cancellationToken));

    private static async Task<IResult> PatchAsync([FromBody] TagsBody body, ArmScope scope, InventoryWrites writes, Caller caller, CancellationToken cancellationToken)
    {
        Func<Dictionary<string, string>, Dictionary<string, string>>? change = (body.Operation ?? "Merge").ToLowerInvariant() switch
        {
            "replace" => _ => Of(body),
            "merge" => known => Merge(known, Of(body)),
            "delete" => known => Without(known, Of(body)),
            _ => null,
        };
        return change is null
            ? ArmErrors.Result(new Problem(ProblemKind.Invalid, "InvalidTagOperation", $"'{body.Operation}' is not an operation on tags; there are Replace, Merge and Delete.", "operation"))
            : Answer(scope.Id, await writes.TagAsync(scope.Id, change, caller, cancellationToken));
    }

    private static async Task<IResult> DeleteAsync(ArmScope scope, InventoryWrites writes, Caller caller, CancellationToken cancellationToken)
    {
        var outcome = await writes.TagAsync(scope.Id, _ => [], caller, cancellationToken);
        return outcome.IsSuccess ? Results.Ok() : ArmErrors.Result(outcome.Problem);
    }

    private static Dictionary<string, string> Of(TagsBody body) => new(body.Properties?.Tags ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase);

    private static Dictionary<string, string> Merge(Dictionary<string, string> known, Dictionary<string, string> added)
    {
        foreach (var (name, value) in added)
        {
            known[name] = value;
        }

        return known;
    }

    /// <summary>A pair goes when it is there with that very value.</summary>
    private static Dictionary<string, string> Without(Dictionary<string, string> known, Dictionary<string, string> removed) =>
        known.Where(t => !(removed.TryGetValue(t.Key, out var value) && value == t.Value)).ToDictionary(StringComparer.OrdinalIgnoreCase);

    private static IResult Answer(ResourceId id, Outcome<IReadOnlyDictionary<string, string>> outcome) => ArmResults.Of(outcome, tags => Shape(id, tags));

    private static object Shape(ResourceId id, IReadOnlyDictionary<string, string> tags) => new
    {
        id = $"{(id.Text == "/" ? "" : id.Text)}/providers/Microsoft.Resources/tags/default",
        name = "default",
        type = "Microsoft.Resources/tags",
        properties = new { tags },
    };
}

/// <summary>What a client sends to set tags.</summary>
internal sealed record TagsBody(string? Operation, TagsOfBody? Properties);

internal sealed record TagsOfBody(IReadOnlyDictionary<string, string>? Tags);
