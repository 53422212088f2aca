using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Assignments;
using Bartizan.Posture.SecureScore;
using Bartizan.Store.Ingestion;
using Bartizan.Store.Resources;

namespace Bartizan.Posture.Evaluation;

/// <summary>
/// Takes judged resources to where they are kept: the store's resources, the table of recommendations, the board, the ledger of the score.
/// On disk first: what the board shows must survive a crash.
/// </summary>
public sealed class FindingsWriter(ResourceStore resources, EventIngestion events, AssessmentBoard board, ScoreLedger ledger, TimeProvider time)
{
    private const int Batch = 20_000;
    private const string Table = "SecurityRecommendation";

    /// <summary>Writes what differs from before; returns how many findings did.</summary>
    /// <param name="isRevision">Whether a resource's own change caused the judgement, rather than a sweep over everything.</param>
    internal async Task<int> PutAsync(
        IReadOnlyList<ResourceFindings> judged, Func<ResourceId, IReadOnlyList<Assessment>> before, Func<string, Check?> check, bool isRevision, CancellationToken cancellationToken)
    {
        var rows = new List<Resource>();
        var changed = new List<(ResourceFindings Findings, Assessment Assessment)>();
        var stale = new List<ResourceId>();
        var items = new List<(ResourceId, ScoreItem)>();
        foreach (var findings in judged)
        {
            var known = before(findings.Id);
            foreach (var assessment in findings.Assessments)
            {
                var old = Find(known, assessment.Key);
                if (old is not null && FindingsMerge.IsSame(old, assessment))
                {
                    continue;
                }

                rows.Add(AssessmentRows.Write(findings, assessment));
                if (old is null || old.Status != assessment.Status)
                {
                    changed.Add((findings, assessment));
                    items.Add((findings.Scope, new ScoreItem(findings.Id.Text, assessment.Key, Reason(old, assessment, known.Count > 0, isRevision), old?.Status.ToString(), assessment.Status.ToString())));
                }
            }

            foreach (var gone in known.Where(k => Find(findings.Assessments, k.Key) is null))
            {
                stale.Add(ResourceId.Parse(gone.Id));
                items.Add((findings.Scope, new ScoreItem(findings.Id.Text, gone.Key, "Assignment", gone.Status.ToString(), null)));
            }
        }

        foreach (var part in rows.Chunk(Batch))
        {
            await resources.UpsertAsync(part, AssessmentRows.Source, cancellationToken).ConfigureAwait(false);
        }

        if (stale.Count > 0)
        {
            await resources.RemoveAsync(stale, AssessmentRows.Source, cancellationToken).ConfigureAwait(false);
        }

        foreach (var findings in judged)
        {
            board.Put(findings);
        }

        var history = AppendAsync(changed, check, cancellationToken);
        await KeepScoresAsync(items, cancellationToken).ConfigureAwait(false);
        Announce(judged.Select(j => j.Scope));
        await history.ConfigureAwait(false);
        return rows.Count + stale.Count;
    }

    /// <summary>Removes resources that are gone, with their findings.</summary>
    internal async Task RemoveAsync(IReadOnlyList<ResourceId> gone, Func<ResourceId, IReadOnlyList<Assessment>> before, CancellationToken cancellationToken)
    {
        var rows = gone.SelectMany(before).Select(a => ResourceId.Parse(a.Id)).ToList();
        if (rows.Count > 0)
        {
            await resources.RemoveAsync(rows, AssessmentRows.Source, cancellationToken).ConfigureAwait(false);
        }

        var removed = gone.Select(board.Remove).OfType<ResourceFindings>().ToList();
        await KeepScoresAsync(
            removed.SelectMany(f => f.Assessments.Select(a => (f.Scope, new ScoreItem(f.Id.Text, a.Key, "Removal", a.Status.ToString(), null)))), cancellationToken).ConfigureAwait(false);
        await ForgetScopesAsync([.. removed.Select(f => f.Scope).Distinct().Where(s => board.FindScope(s) is null)], cancellationToken).ConfigureAwait(false);
        Announce(removed.Select(f => f.Scope));
    }

    /// <summary>Writes down scores that changed although no finding did.</summary>
    internal async Task RescoreAsync(IReadOnlyList<(ResourceId Scope, ScoreItem Item)> items, CancellationToken cancellationToken)
    {
        await KeepScoresAsync(items, cancellationToken).ConfigureAwait(false);
        Announce(items.Select(i => i.Scope));
    }

    /// <summary>A scope without resources has no score any more.</summary>
    private async Task ForgetScopesAsync(IReadOnlyList<ResourceId> scopes, CancellationToken cancellationToken)
    {
        foreach (var scope in scopes)
        {
            var query = new ResourceQuery { View = ResourceView.SecurityResources, Scope = scope.Append("providers/Microsoft.Security/secureScores/ascScore"), Take = 1_000 };
            var rows = await resources.ListAsync(query, cancellationToken).ConfigureAwait(false);
            await resources.RemoveAsync([.. rows.Items.Select(r => r.Id)], AssessmentRows.Source, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A score that changed goes to the ledger, and to the rows that queries see.</summary>
    private async Task KeepScoresAsync(IEnumerable<(ResourceId, ScoreItem)> items, CancellationToken cancellationToken)
    {
        var changed = await ledger.NoteAsync(items, cancellationToken).ConfigureAwait(false);
        var rows = changed.SelectMany(score => board.FindScope(score.Scope)?.All().FirstOrDefault() is { } one
            ? ScoreRows.Write(score, one.Environment == CloudEnvironment.OnPremises ? CloudEnvironment.Azure : one.Environment, one.AccountId)
            : []).ToList();
        if (rows.Count > 0)
        {
            await resources.UpsertAsync(rows, AssessmentRows.Source, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string Reason(Assessment? old, Assessment now, bool wasKnown, bool isRevision) =>
        now.Cause == AssessmentCause.Exempt || old?.Cause == AssessmentCause.Exempt ? "Exemption"
        : now.Cause == AssessmentCause.OffByPolicy || old?.Cause == AssessmentCause.OffByPolicy ? "Assignment"
        : old is null ? (wasKnown ? "Assignment" : "Arrival")
        : isRevision ? "Resource"
        : "Definition";

    private async Task AppendAsync(List<(ResourceFindings Findings, Assessment Assessment)> changed, Func<string, Check?> check, CancellationToken cancellationToken)
    {
        if (changed.Count == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        var rows = changed.Select(c => RecommendationRows.Write(c.Findings, c.Assessment, check(c.Assessment.Key), now));

        // The finding itself is safe by now; the row is its history for queries.
        await events.AppendAsync(Table, rows, new IngestionOptions { Source = AssessmentRows.Source, File = Table }, cancellationToken).ConfigureAwait(false);
    }

    private void Announce(IEnumerable<ResourceId> scopes)
    {
        foreach (var scope in scopes.Distinct())
        {
            board.Changes.Announce(scope);
        }
    }

    private static Assessment? Find(IReadOnlyList<Assessment> list, string key) => list.FirstOrDefault(a => a.Key.Equals(key, StringComparison.OrdinalIgnoreCase));
}
