using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Rows;
using Bartizan.Detection.Suppression;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Incidents;

/// <summary>
/// Raises the alerts of a run: alerts, evidence, incidents, log entries and rows in one transaction, with whatever else the caller
/// must have written with them. The same alerts given again change nothing. What a suppression rule covers is kept, dismissed, and opens no incident.
/// </summary>
public sealed class AlertIntake(RecordStore records, AlertStore alerts, IncidentStore incidents, SuppressionStore suppression, RowOutbox outbox, DataFolder folder, TimeProvider time) : IDisposable
{
    /// <summary>Said with the evidence: what found it.</summary>
    public static string Engine { get; } = "bartizan " + (typeof(AlertIntake).Assembly.GetName().Version?.ToString(3) ?? "0");

    private const int Attempts = 20;

    // Two runs at once could each open an incident for the same group.
    private readonly SemaphoreSlim turn = new(1, 1);
    private long? last;

    /// <summary>Raises the alerts that were not raised before; returns those.</summary>
    public async Task<Outcome<IReadOnlyList<Alert>>> RaiseAsync(
        RuleDefinition rule, IReadOnlyList<(Alert Alert, AlertEvidence Evidence)> raised, IReadOnlyList<RecordChange> others, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(raised);
        ArgumentNullException.ThrowIfNull(others);
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var batch = await PlanAsync(rule, raised, cancellationToken).ConfigureAwait(false);
                RecordChange[] all = [.. batch.Changes, .. others];
                if (all.Length == 0)
                {
                    return Array.Empty<Alert>();
                }

                var outcome = await records.ApplyAsync(all, "detection", cancellationToken).ConfigureAwait(false);
                if (outcome.IsSuccess)
                {
                    await outbox.FlushAsync(cancellationToken).ConfigureAwait(false);
                    if (batch.Alerts is [.., { Sequence: var sequence }])
                    {
                        alerts.Raised.Announce(sequence);
                    }

                    foreach (var (incident, isNew) in batch.Incidents)
                    {
                        incidents.Changes.Announce(new IncidentChanged(incident.Id, incident.Number, isNew, false));
                    }

                    return batch.Alerts.ToArray();
                }

                // An analyst saved one of the incidents meanwhile: group again over what is there now.
                if (outcome.Problem.Kind != ProblemKind.PreconditionFailed || attempt == Attempts)
                {
                    return outcome.Problem;
                }
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Says what is being done about an alert; false when there is no such alert. A further row of <c>SecurityAlert</c> tells of it.</summary>
    public async Task<Outcome<bool>> SetStatusAsync(Guid id, AlertStatus status, string author, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await alerts.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } alert)
            {
                return false;
            }

            if (alert.Status == status)
            {
                return true;
            }

            var changed = alert with { Status = status };
            var row = AlertRow.Write(changed with { TimeGenerated = time.GetUtcNow() }, folder.Options.WorkspaceId);
            var outcome = await records.ApplyAsync([alerts.Put(changed), outbox.Hold("SecurityAlert", [row])], author, cancellationToken).ConfigureAwait(false);
            if (!outcome.IsSuccess)
            {
                return outcome.Problem;
            }

            await outbox.FlushAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<Batch> PlanAsync(RuleDefinition rule, IReadOnlyList<(Alert Alert, AlertEvidence Evidence)> raised, CancellationToken cancellationToken)
    {
        var known = (await alerts.FindAsync([.. raised.Select(r => r.Alert.Id)], cancellationToken).ConfigureAwait(false)).Select(a => a.Id).ToHashSet();
        var suppressing = await suppression.ActiveAsync(cancellationToken).ConfigureAwait(false);
        last ??= await alerts.LastSequenceAsync(cancellationToken).ConfigureAwait(false);
        var fresh = raised.Where(r => !known.Contains(r.Alert.Id))
            .Select(r => (Alert: suppression.Apply(suppressing, r.Alert) with { Sequence = Next() }, r.Evidence)).ToList();
        var batch = new Batch([.. fresh.Select(f => f.Alert)]);
        if (fresh.Count == 0)
        {
            return batch;
        }

        var open = new Dictionary<Guid, Draft>();
        var now = time.GetUtcNow();
        foreach (var (alert, evidence) in fresh)
        {
            batch.Changes.Add(alerts.Put(alert));
            batch.Changes.Add(alerts.Put(evidence));
            if (rule.Incidents.CreateIncident && alert.SuppressedBy is null)
            {
                await GroupAsync(rule, alert, open, now, cancellationToken).ConfigureAwait(false);
            }
        }

        batch.Changes.Add(outbox.Hold("SecurityAlert", [.. fresh.Select(f => AlertRow.Write(f.Alert, folder.Options.WorkspaceId))]));
        foreach (var draft in open.Values.Where(d => d.Log.Count > 0))
        {
            batch.Incidents.Add((draft.Incident, draft.ETag is null));
            batch.Changes.Add(incidents.Put(draft.Incident, draft.ETag ?? RecordMatch.Absent));
            batch.Changes.AddRange(draft.Log.Select(incidents.Put));
            batch.Changes.Add(incidents.HoldRow(draft.Incident, await incidents.PartsAsync(draft.Incident, cancellationToken).ConfigureAwait(false)));
        }

        return batch;
    }

    /// <summary>Grows from alert to alert, whatever the clock does.</summary>
    private long Next()
    {
        last = Math.Max(last!.Value + 1, time.GetUtcNow().UtcTicks);
        return last.Value;
    }

    private async Task GroupAsync(RuleDefinition rule, Alert alert, Dictionary<Guid, Draft> open, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var key = IncidentGrouping.KeyOf(rule, alert);
        var found = key is null ? null : IncidentGrouping.Find(rule, alert, await CandidatesAsync(key, open, cancellationToken).ConfigureAwait(false));
        if (found is null)
        {
            var number = await incidents.NextNumberAsync(cancellationToken).ConfigureAwait(false);
            var incident = IncidentEditing.Open(alert, Guid.CreateVersion7(now), number, key, now);
            open[incident.Id] = new Draft(incident, null) { Log = { IncidentStore.Activity(incident, Actor.Grouping, "created") with { Note = alert.Name } } };
            return;
        }

        var draft = open[found.Id];
        var reopens = draft.Incident.Status == IncidentStatus.Closed;
        var joined = IncidentEditing.Join(draft.Incident, alert, Actor.Grouping, now);
        draft.Log.Add(IncidentStore.Activity(joined, Actor.Grouping, reopens ? "reopened" : "alertAdded") with
        {
            Note = alert.Name,
            Changes = IncidentEditing.Differences(draft.Incident, joined),
        });
        draft.Incident = joined;
    }

    private async Task<IEnumerable<Incident>> CandidatesAsync(string key, Dictionary<Guid, Draft> open, CancellationToken cancellationToken)
    {
        var page = await incidents.ListAsync(
            new RecordQuery { Filters = [new RecordFilter.Equal("groupingKey", key)], OrderBy = new RecordOrder("number", Descending: true), Take = 50 }, cancellationToken).ConfigureAwait(false);
        foreach (var stored in page.Value.Items)
        {
            open.TryAdd(stored.Value.Id, new Draft(stored.Value, stored.ETag));
        }

        return open.Values.Select(d => d.Incident).Where(i => i.GroupingKey == key);
    }

    private sealed record Batch(IReadOnlyList<Alert> Alerts)
    {
        public List<RecordChange> Changes { get; } = [];

        public List<(Incident Incident, bool IsNew)> Incidents { get; } = [];
    }

    private sealed class Draft(Incident incident, string? etag)
    {
        public Incident Incident { get; set; } = incident;

        public string? ETag { get; } = etag;

        public List<IncidentActivity> Log { get; init; } = [];
    }
}
