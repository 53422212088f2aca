using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Wire.Client;
using Bartizan.Wire.Logs;

namespace Bartizan.Server.Api.Logs;

/// <summary>The Log Analytics query API in all its forms: by workspace, by resource id, in batches.</summary>
internal static class LogsRoutes
{
    private const int MaxBatch = 100;

    // Each of these asks the caller's roles at the workspace or resource that it names.
    public static void MapLogs(this IEndpointRouteBuilder routes)
    {
        foreach (var version in new[] { "/v1", "/v2" })
        {
            routes.MapGet(version + "/workspaces/{workspace}/query", GetAsync).ForAnyCaller();
            routes.MapPost(version + "/workspaces/{workspace}/query", PostAsync).ForAnyCaller().DisableAntiforgery();
            routes.MapPost(version + "/$batch", BatchAsync).ForAnyCaller().DisableAntiforgery();
            routes.MapGet(version + "/{**resource}", GetByIdAsync).ForAnyCaller();
            routes.MapPost(version + "/{**resource}", PostByIdAsync).ForAnyCaller().DisableAntiforgery();
        }
    }

    private static Task<IResult> GetAsync(string workspace, HttpContext context, Home home, LogsRun run, Caller caller, CancellationToken cancellationToken) =>
        AskAsync(Workspace(workspace, home), context, context.Request.Query["query"], context.Request.Query["timespan"], run, caller, cancellationToken);

    private static async Task<IResult> PostAsync(string workspace, HttpContext context, Home home, LogsRun run, Caller caller, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(context, cancellationToken);
        return body.TryGetValue(out var query, out var problem)
            ? await AskAsync(Workspace(workspace, home), context, query.Query, query.Timespan ?? context.Request.Query["timespan"], run, caller, cancellationToken)
            : Answer(LogsRun.Refuse(problem, ""));
    }

    private static Task<IResult> GetByIdAsync(string resource, HttpContext context, LogsRun run, Caller caller, CancellationToken cancellationToken) =>
        AskAsync(ById(resource), context, context.Request.Query["query"], context.Request.Query["timespan"], run, caller, cancellationToken);

    private static async Task<IResult> PostByIdAsync(string resource, HttpContext context, LogsRun run, Caller caller, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(context, cancellationToken);
        return body.TryGetValue(out var query, out var problem)
            ? await AskAsync(ById(resource), context, query.Query, query.Timespan ?? context.Request.Query["timespan"], run, caller, cancellationToken)
            : Answer(LogsRun.Refuse(problem, ""));
    }

    private static async Task<IResult> AskAsync(
        Outcome<ResourceId> target, HttpContext context, string? query, string? timespan, LogsRun run, Caller caller, CancellationToken cancellationToken) =>
        Answer(target.TryGetValue(out var id, out var problem)
            ? await run.AskAsync(new LogsQuestion(id, query, timespan, context.Request.Headers["Prefer"]), caller, cancellationToken)
            : LogsRun.Refuse(problem, query ?? ""));

    private static async Task<IResult> BatchAsync(HttpContext context, Home home, LogsRun run, Caller caller, CancellationToken cancellationToken)
    {
        LogsBatch? batch;
        try
        {
            batch = await context.Request.ReadFromJsonAsync<LogsBatch>(BartizanClient.Json, cancellationToken);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Answer(LogsRun.Refuse(new Problem(ProblemKind.Invalid, "InvalidJsonBody", $"The body is not a batch: {e.Message}"), ""));
        }

        if (batch?.Requests is not { Count: > 0 and <= MaxBatch } requests || requests.Select(r => r.Id).Distinct(StringComparer.Ordinal).Count() != requests.Count)
        {
            return Answer(LogsRun.Refuse(new Problem(ProblemKind.Invalid, "InvalidBatch", $"A batch has 1 to {MaxBatch} requests, each with an id of its own.", "requests"), ""));
        }

        var answers = new List<object>();
        foreach (var request in requests)
        {
            var prefer = request.Headers?.FirstOrDefault(h => h.Key.Equals("Prefer", StringComparison.OrdinalIgnoreCase)).Value;
            var outcome = Target(request, home).TryGetValue(out var target, out var problem)
                ? await run.AskAsync(new LogsQuestion(target, request.Body?.Query, request.Body?.Timespan, prefer), caller, cancellationToken)
                : LogsRun.Refuse(problem, "");
            answers.Add(new { id = request.Id, status = outcome.Status, headers = new Dictionary<string, string> { ["content-type"] = "application/json" }, body = outcome.Body });
        }

        return ArmResults.Value(new { responses = answers });
    }

    private static Outcome<ResourceId> Target(LogsBatchRequest request, Home home) =>
        request.Workspace is { Length: > 0 } workspace ? Workspace(workspace, home)
        : request.Path is { } path && ResourceId.TryParse(path.EndsWith("/query", StringComparison.OrdinalIgnoreCase) ? path[..^6] : path, out var id) && id != ResourceId.Tenant ? id
        : new Problem(ProblemKind.Invalid, "InvalidBatch", $"The request '{request.Id}' names no workspace.", "workspace");

    private static Outcome<ResourceId> Workspace(string name, Home home) =>
        (Guid.TryParse(name, out var id) && id == home.WorkspaceId) || name.Equals(Home.Workspace, StringComparison.OrdinalIgnoreCase)
            ? home.WorkspaceScope
            : new Problem(ProblemKind.NotFound, "WorkspaceNotFoundError", $"The workspace '{name}' could not be found; this server's is '{home.WorkspaceId}'.", name);

    /// <summary>The path of a resource with <c>/query</c> behind it.</summary>
    private static Outcome<ResourceId> ById(string path) =>
        path.EndsWith("/query", StringComparison.OrdinalIgnoreCase) && ResourceId.TryParse("/" + path[..^"/query".Length], out var id) && id != ResourceId.Tenant
            ? id
            : new Problem(ProblemKind.NotFound, "PathNotFoundError", $"The requested path '/{path}' does not exist; a query is asked at /v1/workspaces/{{id}}/query or /v1/{{resource id}}/query.");

    private static async Task<Outcome<LogsQuery>> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        try
        {
            var body = await context.Request.ReadFromJsonAsync<LogsQuery>(BartizanClient.Json, cancellationToken);
            return body is null ? new Problem(ProblemKind.Invalid, "InvalidJsonBody", "The body is empty; it is {\"query\": …}.") : body;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new Problem(ProblemKind.Invalid, "InvalidJsonBody", $"The body is not {{\"query\": …, \"timespan\": …}} in JSON: {e.Message}");
        }
    }

    private static IResult Answer(LogsOutcome outcome) => ArmResults.Value(outcome.Body, outcome.Status);
}

/// <summary>The body of <c>/v1/$batch</c>.</summary>
internal sealed record LogsBatch(IReadOnlyList<LogsBatchRequest> Requests);

internal sealed record LogsBatchRequest(string Id, string? Workspace, string? Path, string? Method, IReadOnlyDictionary<string, string>? Headers, LogsQuery? Body);
