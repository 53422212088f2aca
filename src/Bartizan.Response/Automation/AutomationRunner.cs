using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Store.Records;

namespace Bartizan.Response.Automation;

/// <summary>
/// Carries automation rules out over an incident: reads the log entries it has not seen, in order, and for each lets the rules act one after
/// the other, each on the state that the one before left.
/// </summary>
public sealed class AutomationRunner(AutomationRuleStore rules, IncidentStore incidents, AlertStore alerts, AutomationActor actor, AutomationTrails trails)
{
    private const int PageSize = 200;

    // Entries are written under optimistic locks: one may be dated a little before an entry that is already there.
    private static readonly TimeSpan slack = TimeSpan.FromMinutes(5);

    /// <summary>Looks at all that is new about one incident; returns how many rules acted. One call at a time.</summary>
    public async Task<int> HandleAsync(Guid incidentId, CancellationToken cancellationToken)
    {
        var acted = 0;
        while (true)
        {
            var enabled = await rules.EnabledAsync(cancellationToken).ConfigureAwait(false);
            if (enabled.Count == 0 || await incidents.FindAsync(incidentId, cancellationToken).ConfigureAwait(false) is null)
            {
                return acted;
            }

            var trail = await trails.FindAsync(incidentId, cancellationToken).ConfigureAwait(false);
            var fresh = await NewEntriesAsync(trail, enabled.Min(r => r.EnabledSince) ?? DateTimeOffset.MinValue, cancellationToken).ConfigureAwait(false);
            if (fresh.Count == 0)
            {
                return acted;
            }

            foreach (var entry in fresh)
            {
                var chain = trail.Chains.GetValueOrDefault(entry.Id) ?? ChainOf(entry.Value);
                var runs = await ActAsync(entry, chain, enabled, cancellationToken).ConfigureAwait(false);
                acted += runs.Count;
                var caused = runs.Count == 0 ? [] : await NewEntriesAsync(trail, entry.Value.At, cancellationToken).ConfigureAwait(false);
                trail = trail.With(
                    entry.Id, entry.Value.At, slack,
                    caused.Where(c => c.Value.Actor is { Kind: ActorKind.AutomationRule, ObjectId: not null } && !trail.Chains.ContainsKey(c.Id) && fresh.All(f => f.Id != c.Id))
                        .Select(c => KeyValuePair.Create<string, IReadOnlyList<Guid>>(c.Id, [.. chain, c.Value.Actor.ObjectId!.Value])));
                await trails.PutAsync(trail, runs, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public Task ForgetAsync(Guid incidentId, CancellationToken cancellationToken) => trails.ForgetAsync(incidentId, cancellationToken);

    /// <summary>A rule's own entry whose chain was lost in a crash still does not set off the same rule.</summary>
    private static IReadOnlyList<Guid> ChainOf(IncidentActivity entry) => entry.Actor.Kind == ActorKind.AutomationRule && entry.Actor.ObjectId is { } rule ? [rule] : [];

    private async Task<IReadOnlyList<AutomationRun>> ActAsync(
        Record<IncidentActivity> cause, IReadOnlyList<Guid> chain, IReadOnlyList<AutomationRule> enabled, CancellationToken cancellationToken)
    {
        var runs = new List<AutomationRun>();
        if (!AutomationDecision.IsTrigger(cause.Value))
        {
            return runs;
        }

        foreach (var rule in AutomationDecision.InOrder(enabled, TriggersOn.Incidents, cause.Value.Action == "created" ? TriggersWhen.Created : TriggersWhen.Updated))
        {
            if (await incidents.FindAsync(cause.Value.IncidentId, cancellationToken).ConfigureAwait(false) is not { } incident)
            {
                break;
            }

            var subject = new AutomationSubject(incident.Value, await alerts.FindAsync(incident.Value.AlertIds, cancellationToken).ConfigureAwait(false), cause.Value);
            if (await actor.ActAsync(rule, subject, cause.Id, chain, cancellationToken).ConfigureAwait(false) is { } run)
            {
                runs.Add(run);
            }
        }

        return runs;
    }

    /// <summary>The entries that were not looked at, oldest first.</summary>
    private async Task<IReadOnlyList<Record<IncidentActivity>>> NewEntriesAsync(AutomationTrail trail, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var handled = trail.Handled.Select(h => h.Entry).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var from = trail.Handled.Count == 0 || trail.Through - slack < since ? since : trail.Through - slack;
        var fresh = new List<Record<IncidentActivity>>();
        string? continuation = null;
        do
        {
            var page = (await incidents.ActivitiesAsync(trail.IncidentId, PageSize, continuation, cancellationToken).ConfigureAwait(false)).Value;
            fresh.AddRange(page.Items.Where(a => a.Value.At >= from && !handled.Contains(a.Id)));
            continuation = page.Items.Count > 0 && page.Items[^1].Value.At >= from ? page.Continuation : null;
        }
        while (continuation is not null);

        return [.. fresh.OrderBy(a => a.Value.At).ThenBy(a => a.Value.Action != "created").ThenBy(a => a.CreatedAt)];
    }
}
