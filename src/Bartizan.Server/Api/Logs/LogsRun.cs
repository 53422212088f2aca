using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Api.Tenancy;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Queries;

namespace Bartizan.Server.Api.Logs;

/// <summary>One question to the query API, after it has been read from wherever it came.</summary>
/// <param name="Target">The workspace, or a resource: then only its own rows are seen.</param>
internal sealed record LogsQuestion(ResourceId Target, string? Query, string? Timespan, string? Prefer);

/// <summary>What came of it: an answer, or an error with its status.</summary>
internal sealed record LogsOutcome(int Status, object Body);

/// <summary>Asks questions on behalf of a caller: whose roles say what rows there are.</summary>
internal sealed class LogsRun(QueryRunner runner, Home home, TimeProvider time)
{
    public const string Query = "Microsoft.OperationalInsights/workspaces/query/read";

    private const string OfResource = "Microsoft.Insights/logs/read";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public async Task<LogsOutcome> AskAsync(LogsQuestion question, Caller caller, CancellationToken cancellationToken)
    {
        var isWorkspace = question.Target == home.WorkspaceScope;
        var action = isWorkspace ? Query : OfResource;
        if (!caller.May(action, question.Target))
        {
            return Refuse(new Problem(ProblemKind.Forbidden, "InsufficientAccessError", $"The caller may not query '{question.Target}': that needs '{action}' there.", question.Target.Text), "");
        }

        if (string.IsNullOrWhiteSpace(question.Query))
        {
            return Refuse(new Problem(ProblemKind.Invalid, "EmptyQuery", "The query is missing.", "query"), "");
        }

        if (!Timespan.Read(question.Timespan, time.GetUtcNow()).TryGetValue(out var range, out var problem))
        {
            return Refuse(problem, question.Query);
        }

        var prefer = Preferences(question.Prefer);
        var request = new QueryRequest(question.Query)
        {
            TimeRange = range,
            VisibleScopes = isWorkspace ? null : [question.Target],
            InventoryScopes = Visible(caller),
            Limits = QueryLimits.Default with { Timeout = prefer.Wait },
        };
        var outcome = await runner.RunAsync(request, cancellationToken).ConfigureAwait(false);
        return outcome.TryGetValue(out var result, out problem)
            ? new LogsOutcome(StatusCodes.Status200OK, LogsShapes.Answer(result, prefer.Statistics, prefer.Render))
            : Refuse(problem, question.Query);
    }

    /// <summary>Of the inventory, a query shows what the caller may read; null for all of it.</summary>
    public static IReadOnlyList<ResourceId>? Visible(Caller caller) =>
        caller.Scopes(Inventory.Read) is { IsEverything: false } scopes ? scopes.Roots : null;

    public static LogsOutcome Refuse(Problem problem, string query)
    {
        // A text that is wrong is 400 here, also where it is merely not supported.
        var status = problem.Kind == ProblemKind.NotSupported ? StatusCodes.Status400BadRequest : ArmErrors.Status(problem.Kind);
        return new LogsOutcome(status, new { error = LogsError.Of(problem, query) });
    }

    private static (TimeSpan Wait, bool Statistics, bool Render) Preferences(string? header)
    {
        var parts = (header ?? "").Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var wait = parts.FirstOrDefault(p => p.StartsWith("wait=", StringComparison.OrdinalIgnoreCase)) is { } text && int.TryParse(text[5..], out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, Longest.TotalSeconds))
            : QueryLimits.Default.Timeout;
        return (wait, Has("include-statistics"), Has("include-render"));

        bool Has(string name) => parts.Any(p => p.Replace(" ", "", StringComparison.Ordinal).Equals(name + "=true", StringComparison.OrdinalIgnoreCase));
    }
}
