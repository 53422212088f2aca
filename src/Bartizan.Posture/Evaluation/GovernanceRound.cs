using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Governance;
using Bartizan.Posture.SecureScore;

namespace Bartizan.Posture.Evaluation;

/// <summary>After each judgement: rules give new findings their owners, and scores take notice of periods of grace that begin or end.</summary>
public sealed class GovernanceRound(OwnerAssigner assigner, GovernanceBook book, PostureSweep sweep, AssessmentBoard board, FindingsWriter writer, TimeProvider time)
{
    private const string Reason = "Governance";

    private DateTimeOffset looked = time.GetUtcNow();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var made = await assigner.ApplyAsync(sweep.Plan.Scopes, sweep.FindCheck, null, overrides: false, "bartizan", cancellationToken).ConfigureAwait(false);
        await RescoreAsync(made.Where(a => a.HasGrace).Concat(book.Now.GraceEnded(looked, now)), cancellationToken).ConfigureAwait(false);
        looked = now;
    }

    /// <summary>Carries out one rule over the findings that there are; returns how many were assigned.</summary>
    public async Task<int> ExecuteAsync(string ruleId, bool overrides, string author, CancellationToken cancellationToken)
    {
        var made = await assigner.ApplyAsync(sweep.Plan.Scopes, sweep.FindCheck, ruleId, overrides, author, cancellationToken).ConfigureAwait(false);
        await RescoreAsync(made, cancellationToken).ConfigureAwait(false);
        return made.Count;
    }

    private Task RescoreAsync(IEnumerable<GovernanceAssignment> assignments, CancellationToken cancellationToken)
    {
        var items = assignments.Select(a => (Findings: board.Find(ResourceId.Parse(a.ResourceId)), a)).Where(x => x.Findings is not null)
            .Select(x => (x.Findings!.Scope, new ScoreItem(x.a.ResourceId, x.a.AssessmentKey, Reason, nameof(AssessmentStatus.Unhealthy), nameof(AssessmentStatus.Unhealthy)))).ToList();
        return items.Count == 0 ? Task.CompletedTask : writer.RescoreAsync(items, cancellationToken);
    }
}
