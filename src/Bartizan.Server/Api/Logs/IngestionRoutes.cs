using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Ingestion;
using Microsoft.AspNetCore.Http.Features;

namespace Bartizan.Server.Api.Logs;

/// <summary>Azure's two ways of sending events: the Logs Ingestion API (bearer token, by rule and stream) and the older Data Collector API (shared key).</summary>
internal static class IngestionRoutes
{
    private const string Send = "Microsoft.Insights/Telemetry/Write";

    private const long MaxBody = 64 * 1024 * 1024;

    public static void MapIngestion(this IEndpointRouteBuilder routes)
    {
        routes.ArmPost("/dataCollectionRules/{rule}/streams/{stream}", Send, StreamAsync).AtWorkspace();

        // The key in the request is checked by the handler.
        routes.MapPost("/api/logs", CollectAsync).AllowAnonymous().DisableAntiforgery();
        routes.ArmPost("/providers/Microsoft.OperationalInsights/workspaces/{workspace}/sharedKeys", "Microsoft.OperationalInsights/workspaces/sharedKeys/action", KeysAsync);
        routes.ArmPost("/providers/Microsoft.OperationalInsights/workspaces/{workspace}/regenerateSharedKey", "Microsoft.OperationalInsights/workspaces/regenerateSharedKey/action", RenewAsync);
    }

    private static async Task<IResult> StreamAsync(string rule, string stream, HttpContext context, Caller caller, EventIngestion ingestion, CancellationToken cancellationToken)
    {
        Limit(context);
        var options = new IngestionOptions { Source = caller.Name, File = stream, Wait = false };
        var outcome = await ingestion.AppendAsync(Table(stream), context.Request.Body, options, cancellationToken);
        return Answer(outcome, StatusCodes.Status204NoContent);
    }

    /// <summary>Streams are named after their tables, with <c>Custom-</c> or <c>Microsoft-</c> before them.</summary>
    private static string Table(string stream) =>
        stream.StartsWith("Custom-", StringComparison.OrdinalIgnoreCase) ? stream["Custom-".Length..]
        : stream.StartsWith("Microsoft-", StringComparison.OrdinalIgnoreCase) ? stream["Microsoft-".Length..]
        : stream;

    private static async Task<IResult> CollectAsync(HttpContext context, SharedKeys keys, EventIngestion ingestion, CancellationToken cancellationToken)
    {
        Limit(context);
        if (await keys.RefusalAsync(context.Request, cancellationToken) is { } refusal)
        {
            return Refuse(refusal);
        }

        var type = context.Request.Headers["Log-Type"].ToString();
        if (type.Length is 0 or > 100 || !type.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            return Refuse(new Problem(ProblemKind.Invalid, "InvalidLogType", "The header Log-Type names the table: letters, digits and '_', at most 100.", "Log-Type"));
        }

        var mapper = new CollectorMapper(type + "_CL", context.Request.Headers["time-generated-field"].ToString(), context.Request.Headers["x-ms-AzureResourceId"].ToString());
        var options = new IngestionOptions { Source = "Data Collector", File = type, Wait = false };
        return Answer(await ingestion.AppendAsync(mapper, context.Request.Body, options, cancellationToken), StatusCodes.Status200OK);
    }

    private static async Task<IResult> KeysAsync(string workspace, ArmScope scope, Home home, SharedKeys keys, CancellationToken cancellationToken)
    {
        if (!WorkspaceTableRoutes.IsHome(workspace, scope, home))
        {
            return WorkspaceTableRoutes.NotHeld(workspace);
        }

        var (primary, secondary) = await keys.ReadAsync(cancellationToken);
        return ArmResults.Value(new { primarySharedKey = primary, secondarySharedKey = secondary });
    }

    private static async Task<IResult> RenewAsync(string workspace, ArmScope scope, Home home, SharedKeys keys, Caller caller, CancellationToken cancellationToken)
    {
        if (!WorkspaceTableRoutes.IsHome(workspace, scope, home))
        {
            return WorkspaceTableRoutes.NotHeld(workspace);
        }

        var (primary, secondary) = await keys.RenewAsync(caller.Name, cancellationToken);
        return ArmResults.Value(new { primarySharedKey = primary, secondarySharedKey = secondary });
    }

    private static IResult Answer(Outcome<IngestionReceipt> outcome, int status) => outcome.TryGetValue(out var receipt, out var problem)
        ? receipt is { Accepted: 0, Rejected: > 0 }
            ? ArmErrors.Result(new Problem(ProblemKind.Invalid, "InvalidPayload", $"No record could be taken: {(receipt.Problems.Count > 0 ? receipt.Problems[0].Message : "")}"))
            : Results.StatusCode(status)
        : ArmErrors.Result(problem);

    /// <summary>The older API's refusals have no envelope.</summary>
    private static IResult Refuse(Problem problem) => ArmResults.Value(new { Error = problem.Code, problem.Message }, ArmErrors.Status(problem.Kind));

    private static void Limit(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MaxBody;
        }
    }
}
