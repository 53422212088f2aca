using System.Diagnostics;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;
using Microsoft.Extensions.Logging;

namespace Bartizan.Response.Automation;

/// <summary>
/// Carries automation rules out over an incident: reads the log entries it has not seen, in order, and for each lets the rules act one after
/// the other, each on the state that the one before left.
/// </summary>
public sealed partial class AutomationRunner
{
    // Entries are written under optimistic locks: one may be dated a little before an entry that is already there.
    private static readonly TimeSpan slack = TimeSpan.FromMinutes(5);

    private const int PageSize = 200;

    private static readonly RecordKind<AutomationTrail> kind = new("automationTrails", AutomationJson.Default.AutomationTrail) { AuditsValues = false };

    private readonly AutomationRuleStore rules;
    private readonly IncidentStore incidents;
    private readonly AlertStore alerts;
    private readonly TimeProvider time;
    private readonly ILogger<AutomationRunner> logger;
    private readonly RecordSet<AutomationTrail> trails;

    public AutomationRunner(RecordStore records, AutomationRuleStore rules, IncidentStore incidents, AlertStore alerts, TimeProvider time, ILogger<AutomationRunner> logger)
    {
        ArgumentNullException.ThrowIfNull(records);
        this.rules = rules;
        this.incidents = incidents;
        this.alerts = alerts;
        this.time = time;
        this.logger = logger;
        trails = records.Open(kind);
    }

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

            var trail = (await trails.FindAsync(incidentId.ToString("D"), cancellationToken).ConfigureAwait(false))?.Value ?? new AutomationTrail { IncidentId = incidentId };
            var since = enabled.Min(r => r.EnabledSince) ?? DateTimeOffset.MinValue;
            var fresh = await NewEntriesAsync(trail, since, cancellationToken).ConfigureAwait(false);
            if (fresh.Count == 0)
            {
                return acted;
            }

            foreach (var entry in fresh)
            {
                var chain = trail.Chains.GetValueOrDefault(entry.Id) ?? ChainOf(entry.Value);
                var start = time.GetUtcNow();
                var count = await ActAsync(entry.Value, chain, enabled, cancellationToken).ConfigureAwait(false);
                acted += count;
                var caused = count == 0 ? [] : await NewEntriesAsync(trail, start, cancellationToken).ConfigureAwait(false);
                trail = trail.With(
                    entry.Id, entry.Value.At, slack,
                    caused.Where(c => c.Value.Actor is { Kind: ActorKind.AutomationRule, ObjectId: not null } && !trail.Chains.ContainsKey(c.Id) && fresh.All(f => f.Id != c.Id))
                        .Select(c => KeyValuePair.Create<string, IReadOnlyList<Guid>>(c.Id, [.. chain, c.Value.Actor.ObjectId!.Value])));
                await trails.PutAsync(incidentId.ToString("D"), trail, null, "automation", cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Drops what is known of an incident that is no more.</summary>
    public async Task ForgetAsync(Guid incidentId, CancellationToken cancellationToken) =>
        await trails.DeleteAsync(incidentId.ToString("D"), null, "automation", cancellationToken).ConfigureAwait(false);

    /// <summary>A rule's own entry whose chain was lost in a crash still does not set off the same rule.</summary>
    private static IReadOnlyList<Guid> ChainOf(IncidentActivity entry) => entry.Actor.Kind == ActorKind.AutomationRule && entry.Actor.ObjectId is { } rule ? [rule] : [];

    private async Task<int> ActAsync(
        IncidentActivity cause, IReadOnlyList<Guid> chain, IReadOnlyList<AutomationRule> enabled, CancellationToken cancellationToken)
    {
        var acted = 0;
        if (!AutomationDecision.IsTrigger(cause))
        {
            return 0;
        }

        foreach (var rule in AutomationDecision.InOrder(enabled, cause.Action == "created" ? TriggersWhen.Created : TriggersWhen.Updated))
        {
            if (await incidents.FindAsync(cause.IncidentId, cancellationToken).ConfigureAwait(false) is not { } incident)
            {
                break;
            }

            var subject = new AutomationSubject(incident.Value, await alerts.FindAsync(incident.Value.AlertIds, cancellationToken).ConfigureAwait(false), cause);
            if (!AutomationDecision.Acts(rule, subject, chain, time.GetUtcNow()))
            {
                continue;
            }

            acted++;
            foreach (var action in rule.Actions.OrderBy(a => a.Order))
            {
                if (await ActAsync(action, rule, cause.IncidentId, cancellationToken).ConfigureAwait(false) is { } problem)
                {
                    LogRefused(logger, rule.DisplayName, incident.Value.Number, problem.Message);
                }
            }
        }

        return acted;
    }

    private async Task<Problem?> ActAsync(AutomationAction action, AutomationRule rule, Guid incidentId, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case AutomationAction.ModifyProperties modify:
                var change = modify.ToChange();
                if (await incidents.FindAsync(incidentId, cancellationToken).ConfigureAwait(false) is not { } found)
                {
                    return null;
                }

                // What is so already is not written again: a version that says nothing new would fill log and table.
                if (IncidentEditing.Apply(found.Value, change, rule.Actor, time.GetUtcNow()).TryGetValue(out var after, out var problem)
                    && IncidentEditing.Differences(found.Value, after).Count == 0 && Equals(found.Value.Owner, after.Owner))
                {
                    return null;
                }

                return problem ?? (await incidents.EditAsync(incidentId, change, rule.Actor, null, cancellationToken).ConfigureAwait(false)).Problem;
            case AutomationAction.RunPlaybook playbook:
                return AutomationRuleCheck.PlaybookProblem(playbook.ResourceId);
            case AutomationAction.AddTask:
                return AutomationRuleCheck.Check(rule);
            default:
                throw new UnreachableException();
        }
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The automation rule '{Rule}' could not act on incident {Number}: {Problem}")]
    private static partial void LogRefused(ILogger logger, string rule, int number, string problem);
}
