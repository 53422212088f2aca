using System.Collections.Concurrent;
using Bartizan.Foundation.Outcomes;
using Bartizan.Posture.Evaluation;
using Bartizan.Server.Api.Arm;
using Bartizan.Wire.Posture;

namespace Bartizan.Server.Api.Posture;

/// <summary>
/// <c>policyStates/latest/triggerEvaluation</c>: judges everything again and says where to ask whether it is done. Beside it <c>policyEvents</c>,
/// of which there are none: this server judges what is there, it does not stand in front of Azure's deployments.
/// </summary>
internal static class PolicyScanRoutes
{
    private const string Root = "/providers/Microsoft.PolicyInsights/";
    private const string Trigger = "Microsoft.PolicyInsights/policyStates/triggerEvaluation/action";

    public static void MapPolicyScans(this IEndpointRouteBuilder routes)
    {
        routes.ArmPost(Root + "policyStates/{view}/triggerEvaluation", Trigger, Start);

        // Nothing is told but whether it is done; the number is known to whoever started it.
        routes.MapGet(Root + "asyncOperationResults/{operation}", Ask).ForAnyCaller();
        routes.ArmQuery(Root + "policyEvents/{view}/queryResults", "Microsoft.PolicyInsights/policyEvents/queryResults/read", () =>
            ArmResults.Value(new PolicyStatePage([]) { Context = "policyEvents/$metadata#default" })).Partly("no events are kept, so the list is empty");
    }

    private static IResult Start(HttpContext context, ArmScope scope, PolicyScans scans)
    {
        var id = scans.Start();
        var prefix = scope.Id.SubscriptionId is { } subscription ? $"/subscriptions/{subscription}" : "";
        return Wait(context, $"{context.Request.Scheme}://{context.Request.Host}{prefix}{Root}asyncOperationResults/{id}?api-version=2019-10-01");
    }

    private static IResult Ask(string operation, HttpContext context, PolicyScans scans) => scans.Find(operation) switch
    {
        null => ArmErrors.Result(new Problem(ProblemKind.NotFound, "OperationNotFound", $"There is no evaluation '{operation}'.")),
        { IsCompletedSuccessfully: true } => Results.Ok(),
        { IsCompleted: true } => ArmErrors.Result(new Problem(ProblemKind.Unavailable, "EvaluationFailed", "The evaluation broke off; the server's log says why.")),
        _ => Wait(context, $"{context.Request.Scheme}://{context.Request.Host}{ArmScope.Of(context).Path}{context.Request.QueryString}"),
    };

    private static IResult Wait(HttpContext context, string location)
    {
        context.Response.Headers.Location = location;
        context.Response.Headers.RetryAfter = "1";
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }
}

/// <summary>Evaluations that were asked for: one runs at a time, and whoever asks meanwhile waits for the same one.</summary>
internal sealed class PolicyScans(PostureSweep sweep, IHostApplicationLifetime lifetime)
{
    private const int Remembered = 100;

    private readonly Lock turn = new();
    private readonly ConcurrentDictionary<string, Task> scans = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<string> order = new();
    private string? running;

    public string Start()
    {
        lock (turn)
        {
            if (running is { } current && scans.TryGetValue(current, out var task) && !task.IsCompleted)
            {
                return current;
            }

            running = Guid.CreateVersion7().ToString();
            scans[running] = Task.Run(() => sweep.SweepAsync(lifetime.ApplicationStopping));
            order.Enqueue(running);
            while (order.Count > Remembered)
            {
                scans.TryRemove(order.Dequeue(), out _);
            }

            return running;
        }
    }

    public Task? Find(string id) => scans.GetValueOrDefault(id);
}
