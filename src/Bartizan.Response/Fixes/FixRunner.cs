using System.Text.Json;
using Bartizan.Connectors.Azure;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Values;
using Bartizan.Posture.Fixes;
using Bartizan.Store.Records;
using Bartizan.Store.Resources;
using Microsoft.Extensions.Hosting;

namespace Bartizan.Response.Fixes;

/// <summary>
/// Carries an approved plan out, and back. Before anything is sent the resource is read: where a place that the plan changes does not stand as the plan
/// says, nothing is done. Afterwards it is read again, and the inventory with it.
/// </summary>
public sealed class FixRunner(FixPlans plans, ArmClient arm, ResourceStore resources) : IHostedService
{
    public Task<Outcome<Record<FixPlan>>> ExecuteAsync(FixPlan plan, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return RunAsync(plan, FixStatus.Approved, FixStatus.Succeeded, plan.Operation.Body, isUndo: false, author, cancellationToken);
    }

    public async Task<Outcome<Record<FixPlan>>> UndoAsync(FixPlan plan, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Operation.Undo is { } body
            ? await RunAsync(plan, FixStatus.Succeeded, FixStatus.Undone, body, isUndo: true, author, cancellationToken).ConfigureAwait(false)
            : new Problem(ProblemKind.Conflict, "CannotBeUndone", "What a deployment made is not taken back by another request; undo it by hand.", "operation");
    }

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => plans.CloseInterruptedAsync(cancellationToken);

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<Outcome<Record<FixPlan>>> RunAsync(
        FixPlan plan, FixStatus from, FixStatus to, string body, bool isUndo, string author, CancellationToken cancellationToken)
    {
        // Who cannot be reached at all changes nothing about the plan.
        var id = ResourceId.Parse(plan.Operation.Target);
        if (plan.Status != from)
        {
            return await plans.MoveAsync(plan, [from], FixStatus.Running, null, author, cancellationToken).ConfigureAwait(false);
        }

        if (FixPlans.DigestOf(plan.Operation) != plan.Digest)
        {
            return new Problem(ProblemKind.Conflict, "FixPlanAltered", "The operation is not the one that was proposed; it is not carried out.", "digest");
        }

        if (!(await arm.OpenAsync(id, cancellationToken).ConfigureAwait(false)).TryGetValue(out var session, out var unreachable))
        {
            return unreachable;
        }

        if (!(await plans.MoveAsync(plan, [from], FixStatus.Running, null, author, cancellationToken).ConfigureAwait(false)).TryGetValue(out var running, out var taken))
        {
            return taken;
        }

        // From here on the outcome is written down, also when whoever asked has gone away.
        var outcome = plan.Operation.Kind == FixOperation.Deployment
            ? await DeployAsync(session, id, body, CancellationToken.None).ConfigureAwait(false)
            : await PatchAsync(session, id, plan, body, isUndo, CancellationToken.None).ConfigureAwait(false);
        var (status, note) = outcome.TryGetValue(out var said, out var problem) ? (to, said) : (isUndo ? FixStatus.Succeeded : FixStatus.Failed, problem.Message);
        return await plans.MoveAsync(running.Value, [FixStatus.Running], status, note, author, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<Outcome<string>> PatchAsync(ArmSession session, ResourceId id, FixPlan plan, string body, bool isUndo, CancellationToken cancellationToken)
    {
        if (!(await session.VersionAsync(id, cancellationToken).ConfigureAwait(false)).TryGetValue(out var version, out var problem)
            || !(await session.ReadAsync(id, version, cancellationToken).ConfigureAwait(false)).TryGetValue(out var live, out problem))
        {
            return problem;
        }

        if (Differing(live, plan, isUndo ? c => c.After : c => c.Before) is { } changed)
        {
            return new Problem(ProblemKind.Conflict, "ResourceChanged", $"Nothing was changed: at {changed.Path} there stands {changed.Found} now, the plan expects {changed.Wanted}. Propose anew.");
        }

        if (!(await session.PatchAsync(id, version, body, cancellationToken).ConfigureAwait(false)).TryGetValue(out _, out problem)
            || !(await session.ReadAsync(id, version, cancellationToken).ConfigureAwait(false)).TryGetValue(out var after, out problem))
        {
            return problem;
        }

        await KeepAsync(id, after, cancellationToken).ConfigureAwait(false);
        return Differing(after, plan, isUndo ? c => c.Before : c => c.After) is { } remaining
            ? new Problem(ProblemKind.Unavailable, "NotAsSent", $"The resource manager took the change, but at {remaining.Path} there stands {remaining.Found}, not {remaining.Wanted}.")
            : $"Sent with api-version {version}, and read back as it should be.";
    }

    private static async Task<Outcome<string>> DeployAsync(ArmSession session, ResourceId id, string body, CancellationToken cancellationToken)
    {
        if (!(await session.VersionAsync(id, cancellationToken).ConfigureAwait(false)).TryGetValue(out var version, out var problem)
            || !(await session.PutAsync(id, version, body, cancellationToken).ConfigureAwait(false)).TryGetValue(out _, out problem)
            || !(await session.ReadAsync(id, version, cancellationToken).ConfigureAwait(false)).TryGetValue(out var after, out problem))
        {
            return problem;
        }

        var state = PolicyJson.FromElement(after).Member("properties").Member("provisioningState").AsText;
        return state == "Succeeded"
            ? $"The deployment '{id.Name}' is there."
            : new Problem(ProblemKind.Unavailable, "DeploymentFailed", $"The deployment '{id.Name}' ended as '{state ?? "unknown"}'.");
    }

    private static (string Path, string Found, string Wanted)? Differing(JsonElement live, FixPlan plan, Func<FixChange, string?> expected)
    {
        var whole = PolicyJson.FromElement(live);
        foreach (var change in plan.Changes)
        {
            var found = FixPatch.At(whole, change.Path);
            var wanted = expected(change) is { } json ? PolicyJson.TryParse(json) : null;

            // What was absent may be read back as null.
            if (wanted is null ? found.HasContent : !found.IsSameAs(wanted))
            {
                return (change.Path, found.IsUndefined ? "nothing" : PolicyJson.Write(found), wanted is null ? "nothing" : PolicyJson.Write(wanted));
            }
        }

        return null;
    }

    private async Task KeepAsync(ResourceId id, JsonElement record, CancellationToken cancellationToken)
    {
        if (await resources.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } known)
        {
            await resources.UpsertAsync([known with { Record = record }], "fix", cancellationToken).ConfigureAwait(false);
        }
    }
}
