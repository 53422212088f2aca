using System.Collections.Concurrent;
using Bartizan.Foundation.Feeds;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Evaluation;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Assignments;
using Bartizan.Store.Resources;
using Microsoft.Extensions.Logging;

namespace Bartizan.Posture.Evaluation;

/// <summary>What one sweep or revision did.</summary>
public sealed record SweepReceipt(int Resources, int Assessments, int Changed, int Removed, TimeSpan Took);

/// <summary>
/// Judges resources: all of them, or those that changed and those that depend on them. Results stand on the board, and in the store as
/// resources of their own. One run at a time.
/// </summary>
public sealed partial class PostureSweep(
    ResourceStore resources, PolicyLibrary library, AssignmentBook book, AssessmentBoard board, FindingsWriter writer, TimeProvider time, ILogger<PostureSweep> logger) : IDisposable
{
    private const int PageSize = 5_000;

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly ConcurrentDictionary<string, Check> otherChecks = new(StringComparer.OrdinalIgnoreCase);
    private State state = State.Empty;
    private Dictionary<ResourceId, List<Assessment>> kept = [];
    private bool hasRead;

    /// <summary>Announces each run that is over.</summary>
    public Feed<SweepReceipt> Done { get; } = new();

    /// <summary>When everything was judged last; null before the first time.</summary>
    public DateTimeOffset? SweptAt { get; private set; }

    public AssignmentPlan Plan => state.Plan;

    /// <summary>The check that an assessment key belongs to.</summary>
    public Check? FindCheck(string key) => state.Checks.GetValueOrDefault(key) ?? otherChecks.GetValueOrDefault(key);

    /// <summary>Every check that is in force somewhere, and ours that are not.</summary>
    public IReadOnlyCollection<Check> Checks => [.. state.Checks.Values];

    public void Dispose() => turn.Dispose();

    /// <summary>Judges everything anew, after reading definitions, assignments and exemptions.</summary>
    public async Task<SweepReceipt> SweepAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var start = time.GetTimestamp();
            await ReadKeptAsync(cancellationToken).ConfigureAwait(false);
            await library.ReloadAsync(cancellationToken).ConfigureAwait(false);
            state = await PrepareAsync(cancellationToken).ConfigureAwait(false);
            var seen = new HashSet<ResourceId>();
            var (judged, assessments, changed) = (0, 0, 0);

            // One page is written while the next is judged.
            var writing = Task.FromResult(0);
            try
            {
                await foreach (var page in PagesAsync([], cancellationToken).ConfigureAwait(false))
                {
                    var findings = JudgePage(page, cancellationToken);
                    page.ForEach(r => seen.Add(r.Id));
                    judged += page.Count;
                    assessments += findings.Sum(f => f.Assessments.Count);
                    changed += await writing.ConfigureAwait(false);
                    writing = Task.Run(() => writer.PutAsync(findings, Before, FindCheck, isRevision: false, cancellationToken), CancellationToken.None);
                }
            }
            finally
            {
                // Also after a fault: what is being written is over before the next run begins.
                changed += await writing.ConfigureAwait(false);
            }

            var gone = board.All().Where(f => !seen.Contains(f.Id)).Select(f => f.Id).Concat(kept.Keys.Where(k => !seen.Contains(k))).Distinct().ToList();
            await writer.RemoveAsync(gone, Before, cancellationToken).ConfigureAwait(false);
            kept = [];
            SweptAt = time.GetUtcNow();
            return Finish(new SweepReceipt(judged, assessments, changed, gone.Count, time.GetElapsedTime(start)));
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Judges resources that were added, changed or removed, and those whose existence checks look at them.</summary>
    public async Task<SweepReceipt> ReviseAsync(IReadOnlyCollection<ResourceId> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (SweptAt is null)
        {
            return await SweepAsync(cancellationToken).ConfigureAwait(false);
        }

        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var start = time.GetTimestamp();
            var affected = new HashSet<ResourceId>();
            var present = new List<Resource>();
            var gone = new List<ResourceId>();
            var needsPlan = false;
            foreach (var id in changes)
            {
                var resource = await resources.FindAsync(id, cancellationToken).ConfigureAwait(false);
                needsPlan |= Refresh(id, resource);
                if (resource is null)
                {
                    gone.Add(id);
                }
                else
                {
                    present.Add(resource);
                    affected.Add(id);
                }

                affected.UnionWith(DependentsOf(id, resource?.Type ?? id.Type));
            }

            if (needsPlan)
            {
                state = await PrepareAsync(cancellationToken).ConfigureAwait(false);
            }

            foreach (var id in affected.Where(a => present.TrueForAll(p => p.Id != a) && !gone.Contains(a)))
            {
                if (await resources.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } dependent)
                {
                    present.Add(dependent);
                }
            }

            var findings = JudgePage(present, cancellationToken);
            var changed = await writer.PutAsync(findings, Before, FindCheck, isRevision: true, cancellationToken).ConfigureAwait(false);
            await writer.RemoveAsync(gone, Before, cancellationToken).ConfigureAwait(false);
            return Finish(new SweepReceipt(present.Count, findings.Sum(f => f.Assessments.Count), changed, gone.Count, time.GetElapsedTime(start)));
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>What every assigned definition says of one resource now, with evidence.</summary>
    public IReadOnlyList<Judgement> Judge(Resource resource) => [.. state.Judge.Judge(resource, time.GetUtcNow(), withEvidence: true)];

    /// <summary>The whole verdict behind a failing assessment, with what its effect would do; null where the resource does not fail.</summary>
    public Verdict? VerdictOf(Resource resource, string key) => state.Judge.VerdictOf(resource, key, time.GetUtcNow());

    /// <summary>Every resource below a scope with what is said of it, without evidence.</summary>
    public async IAsyncEnumerable<(Resource Resource, IReadOnlyList<Judgement> Judgements)> StatesAsync(
        ResourceId scope, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync([], cancellationToken, scope).ConfigureAwait(false))
        {
            foreach (var resource in page)
            {
                yield return (resource, [.. state.Judge.Judge(resource, time.GetUtcNow(), withEvidence: false)]);
            }
        }
    }

    private async Task<State> PrepareAsync(CancellationToken cancellationToken)
    {
        var scopes = new HashSet<AccountScope>();
        var subscriptions = new List<Resource>();
        var contexts = new ContextSource();
        await foreach (var page in PagesAsync([], cancellationToken).ConfigureAwait(false))
        {
            foreach (var resource in page)
            {
                if (IsContainer(resource.Type))
                {
                    contexts.Put(resource);
                    subscriptions.Add(resource);
                }

                scopes.Add(AccountScope.Of(resource));
            }
        }

        await book.OnboardAsync(scopes, cancellationToken).ConfigureAwait(false);
        var assignments = await book.ListAssignmentsAsync(cancellationToken).ConfigureAwait(false);
        var exemptions = await book.ListExemptionsAsync(cancellationToken).ConfigureAwait(false);
        var attestations = await book.ListAttestationsAsync(cancellationToken).ConfigureAwait(false);
        var plan = AssignmentPlan.Build(library, assignments, exemptions, attestations, ScopeTree.Of(subscriptions.Where(s => s.Id.ResourceGroup is null)));
        var related = new RelatedIndex();
        if (plan.RelatedTypes.Count > 0)
        {
            await foreach (var page in PagesAsync([.. plan.RelatedTypes], cancellationToken).ConfigureAwait(false))
            {
                page.ForEach(related.Put);
            }
        }

        var checks = new Dictionary<string, Check>(StringComparer.OrdinalIgnoreCase);
        foreach (var check in library.Checks.Concat(plan.Checks.Select(c => c.Check)))
        {
            checks.TryAdd(check.Key, check);
            otherChecks[check.Key] = check;
        }

        await resources.ShareAsync(AssessmentRows.Type, AssessmentRows.Shared(checks.Values), cancellationToken).ConfigureAwait(false);
        return new State(plan, related, contexts, scopes, checks);
    }

    /// <summary>Brings what is remembered of a resource up to date; true when a new scope has appeared.</summary>
    private bool Refresh(ResourceId id, Resource? resource)
    {
        if (resource is null)
        {
            state.Related.Remove(id);
            state.Contexts.Remove(id);
            return false;
        }

        if (state.Plan.RelatedTypes.Contains(resource.Type))
        {
            state.Related.Put(resource);
        }

        if (IsContainer(resource.Type))
        {
            state.Contexts.Put(resource);
        }

        return !state.Scopes.Contains(AccountScope.Of(resource));
    }

    /// <summary>Resources that an existence check of theirs leads to the one given.</summary>
    private IEnumerable<ResourceId> DependentsOf(ResourceId id, string type)
    {
        var asking = state.Plan.Checks.Where(c => type.Equals(c.Compiled?.RelatedType, StringComparison.OrdinalIgnoreCase) && c.Compiled!.Types is not null)
            .SelectMany(c => c.Compiled!.Types!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (asking.Count == 0)
        {
            return [];
        }

        var above = new List<ResourceId>();
        for (var at = id.Parent; at is not null && at != ResourceId.Tenant; at = at.Parent)
        {
            above.Add(at);
        }

        var owners = above.Where(a => asking.Contains(a.Type)).ToList();
        if (owners.Count > 0)
        {
            return owners;
        }

        // Not below what asks for it: whatever asks in the same subscription or account may look at it.
        return board.Scopes.Where(s => id.IsWithin(s.Id)).SelectMany(s => s.All()).Where(f => asking.Contains(f.Type)).Select(f => f.Id);
    }

    private ResourceFindings[] JudgePage(List<Resource> page, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var judge = state.Judge;
        var judged = new ResourceFindings[page.Count];
        Parallel.For(0, page.Count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            var resource = page[i];
            var assessments = FindingsMerge.Merge(resource.Id, judge.Judge(resource, now, withEvidence: true), Before(resource.Id), now);
            judged[i] = new ResourceFindings(
                resource.Id, resource.Name, resource.Type, resource.Location, resource.Environment, resource.AccountId, AccountScope.Of(resource).Id, assessments);
        });

        return judged;
    }

    private IReadOnlyList<Assessment> Before(ResourceId resource) => board.Find(resource)?.Assessments ?? (IReadOnlyList<Assessment>?)kept.GetValueOrDefault(resource) ?? [];

    /// <summary>What was kept by an earlier process, for the times in it.</summary>
    private async Task ReadKeptAsync(CancellationToken cancellationToken)
    {
        if (hasRead)
        {
            return;
        }

        await foreach (var page in PagesAsync([AssessmentRows.Type], cancellationToken).ConfigureAwait(false))
        {
            foreach (var assessment in page.Select(AssessmentRows.Read).OfType<Assessment>())
            {
                if (!kept.TryGetValue(assessment.Resource, out var list))
                {
                    kept.Add(assessment.Resource, list = []);
                }

                list.Add(assessment);
            }
        }

        hasRead = true;
    }

    private async IAsyncEnumerable<List<Resource>> PagesAsync(
        IReadOnlyList<string> types, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken, ResourceId? scope = null)
    {
        // Our own results lie in the view of security resources and outnumber all others; they are not read to be judged.
        ResourceView?[] views = types.Count > 0 ? [null] : [ResourceView.ResourceContainers, ResourceView.Resources, ResourceView.PolicyResources];
        foreach (var view in views)
        {
            string? continuation = null;
            do
            {
                var page = await resources.ListAsync(
                    new ResourceQuery { View = view, Types = types, Scope = scope, Take = PageSize, Continuation = continuation }, cancellationToken).ConfigureAwait(false);
                yield return [.. page.Items];
                continuation = page.Continuation;
            }
            while (continuation is not null);
        }
    }

    private static bool IsContainer(string type) =>
        type.StartsWith("Microsoft.Resources/", StringComparison.OrdinalIgnoreCase) || type.StartsWith("Microsoft.Management/", StringComparison.OrdinalIgnoreCase);

    private SweepReceipt Finish(SweepReceipt receipt)
    {
        LogDone(logger, receipt.Resources, receipt.Changed, receipt.Took.TotalMilliseconds);
        Done.Announce(receipt);
        return receipt;
    }

    private sealed record State(
        AssignmentPlan Plan, RelatedIndex Related, ContextSource Contexts, IReadOnlySet<AccountScope> Scopes, IReadOnlyDictionary<string, Check> Checks)
    {
        public static State Empty { get; } = new(AssignmentPlan.Empty, new RelatedIndex(), new ContextSource(), new HashSet<AccountScope>(), new Dictionary<string, Check>());

        public ResourceJudge Judge { get; } = new(Plan, Related, Contexts);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Judged {Resources} resources, {Changed} assessments changed, in {Milliseconds:F0} ms")]
    private static partial void LogDone(ILogger logger, int resources, int changed, double milliseconds);
}
