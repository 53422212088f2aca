using System.Security.Cryptography;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Posture.Fixes;
using Bartizan.Store.Records;

namespace Bartizan.Response.Fixes;

/// <summary>Plans and their way from proposal to outcome. Every step is kept with who took it.</summary>
public sealed class FixPlans
{
    private const int MaxNote = 1024;

    private static readonly RecordKind<FixPlan> Kind = new(
        "fixPlans", FixJson.Default.FixPlan,
        RecordField.Text<FixPlan>("status", p => p.Status.ToString()),
        RecordField.Text<FixPlan>("resource", p => p.Resource),
        RecordField.Text<FixPlan>("key", p => p.Key),
        RecordField.Time<FixPlan>("changed", p => p.Steps[^1].At));

    private readonly RecordSet<FixPlan> records;
    private readonly FixProposals proposals;
    private readonly AuditLog audit;
    private readonly TimeProvider time;

    public FixPlans(RecordStore store, FixProposals proposals, AuditLog audit, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(store);
        records = store.Open(Kind);
        this.proposals = proposals;
        this.audit = audit;
        this.time = time;
    }

    /// <summary>The newest first, up to the limit of a page.</summary>
    public IAsyncEnumerable<Record<FixPlan>> EnumerateAsync(IReadOnlyList<RecordFilter> filters, CancellationToken cancellationToken) =>
        records.EnumerateAsync(new RecordQuery { Filters = filters, OrderBy = new RecordOrder("changed", Descending: true) }, cancellationToken);

    public async Task<Record<FixPlan>?> FindAsync(ResourceId resource, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var found = await records.FindAsync(name, cancellationToken).ConfigureAwait(false);
        return found is not null && ResourceId.Parse(found.Value.Resource) == resource ? found : null;
    }

    /// <summary>Freezes what would mend the finding now.</summary>
    public async Task<Outcome<Record<FixPlan>>> CreateAsync(ResourceId resource, string name, string key, string author, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(name, cancellationToken).ConfigureAwait(false) is not null)
        {
            return new Problem(ProblemKind.Conflict, "FixPlanExists", $"There is a plan '{name}' already; plans are not changed once they are written.", "name");
        }

        if (!(await proposals.ProposeAsync(resource, key, cancellationToken).ConfigureAwait(false)).TryGetValue(out var p, out var problem))
        {
            return problem;
        }

        var plan = new FixPlan(
            name, p.Resource.Id.Text, p.Resource.Name, p.Resource.Type, p.Check.Key, p.Check.DisplayName, p.Operation, DigestOf(p.Operation), p.Changes, p.Effects, p.Mends, p.Risk, p.Snippets,
            FixStatus.Proposed, [new FixStep(time.GetUtcNow(), author, FixStatus.Proposed, null)]);
        await AuditAsync(plan, author, cancellationToken).ConfigureAwait(false);
        return await records.PutAsync(name, plan, null, author, cancellationToken).ConfigureAwait(false);
    }

    public Task<Outcome<Record<FixPlan>>> ApproveAsync(FixPlan plan, string? note, string author, CancellationToken cancellationToken) =>
        MoveAsync(plan, [FixStatus.Proposed], FixStatus.Approved, note, author, cancellationToken);

    public Task<Outcome<Record<FixPlan>>> RejectAsync(FixPlan plan, string? note, string author, CancellationToken cancellationToken) =>
        MoveAsync(plan, [FixStatus.Proposed, FixStatus.Approved], FixStatus.Rejected, note, author, cancellationToken);

    /// <summary>Plans that the process left while they ran: what became of them is not known.</summary>
    internal async Task CloseInterruptedAsync(CancellationToken cancellationToken)
    {
        await foreach (var record in records.EnumerateAsync(new RecordQuery { Filters = [new RecordFilter.Equal("status", nameof(FixStatus.Running))] }, cancellationToken).ConfigureAwait(false))
        {
            await MoveAsync(record.Value, [FixStatus.Running], FixStatus.Failed, "The server ended while this ran; look at the resource.", "server", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>From one of some states to another; refused, naming the present one, from any other.</summary>
    internal async Task<Outcome<Record<FixPlan>>> MoveAsync(
        FixPlan plan, IReadOnlyList<FixStatus> from, FixStatus to, string? note, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var present = plan.Status;
        var outcome = await records.UpdateAsync(
            plan.Name,
            known =>
            {
                present = known.Status;
                return from.Contains(known.Status) ? known with { Status = to, Steps = [.. known.Steps, new FixStep(time.GetUtcNow(), author, to, Cut(note))] } : null;
            },
            author,
            cancellationToken).ConfigureAwait(false);
        if (!from.Contains(present))
        {
            return new Problem(ProblemKind.Conflict, "FixPlanState", $"The plan is {present}; only one that is {string.Join(" or ", from)} can become {to}.", "status");
        }

        if (outcome.TryGetValue(out var moved, out _))
        {
            await AuditAsync(moved.Value, author, cancellationToken).ConfigureAwait(false);
        }

        return outcome;
    }

    internal static string DigestOf(FixOperation operation) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(operation, FixJson.Default.FixOperation)));

    private static string? Cut(string? note) => note is { Length: > MaxNote } ? note[..MaxNote] : note;

    private Task AuditAsync(FixPlan plan, string author, CancellationToken cancellationToken) =>
        audit.AppendAsync(author, $"fixPlans/{plan.Status.ToString().ToLowerInvariant()}", "fixPlans", plan.Resource, $"{plan.Title} ({plan.Name}, {plan.Digest[..12]})", cancellationToken);
}
