using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Rows;
using Bartizan.Foundation.Feeds;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Incidents;

/// <summary>
/// The incidents of the workspace. Each change is one transaction of the incident, its activity entry and the row of
/// <c>SecurityIncident</c> that follows from it.
/// </summary>
public sealed class IncidentStore
{
    private static readonly RecordKind<Incident> incidentKind = new(
        "incidents", IncidentJson.Default.Incident,
        RecordField.Number<Incident>("number", i => i.Number),
        RecordField.Text<Incident>("title", i => i.Title),
        RecordField.Text<Incident>("description", i => i.Description),
        RecordField.Text<Incident>("status", i => i.Status.ToString()),
        RecordField.Text<Incident>("severity", i => i.Severity.ToString()),
        RecordField.Number<Incident>("severityRank", i => (long)i.Severity),
        RecordField.Text<Incident>("classification", i => i.Classification?.ToString()),
        RecordField.Text<Incident>("classificationReason", i => i.ClassificationReason?.ToString()),
        RecordField.Text<Incident>("classificationComment", i => i.ClassificationComment),
        RecordField.Text<Incident>("ownerName", i => i.Owner?.AssignedTo),
        RecordField.Text<Incident>("ownerEmail", i => i.Owner?.Email),
        RecordField.Text<Incident>("ownerUpn", i => i.Owner?.UserPrincipalName),
        RecordField.Text<Incident>("ownerId", i => i.Owner?.ObjectId?.ToString("D")),
        RecordField.Texts<Incident>("label", i => i.Labels.Select(l => l.Name)),
        RecordField.Texts<Incident>("product", i => i.ProductNames),
        RecordField.Texts<Incident>("tactic", i => i.Tactics),
        RecordField.Texts<Incident>("technique", i => i.Techniques),
        RecordField.Texts<Incident>("rule", i => i.RuleIds.Select(r => r.ToString("D"))),
        RecordField.Texts<Incident>("alert", i => i.AlertIds.Select(a => a.ToString("D"))),
        RecordField.Texts<Incident>("alertName", i => i.AlertNames),
        RecordField.Texts<Incident>("entity", i => i.EntityTexts),
        RecordField.Texts<Incident>("customDetail", i => i.CustomDetails),
        RecordField.Text<Incident>("provider", i => i.ProviderName),
        RecordField.Text<Incident>("groupingKey", i => i.GroupingKey),
        RecordField.Time<Incident>("created", i => i.Created),
        RecordField.Time<Incident>("modified", i => i.LastModified),
        RecordField.Time<Incident>("firstActivity", i => i.FirstActivity),
        RecordField.Time<Incident>("lastActivity", i => i.LastActivity))
    {
        AuditsValues = false,
    };

    private static readonly RecordKind<IncidentActivity> activityKind = new(
        "incidentActivities", IncidentJson.Default.IncidentActivity,
        RecordField.Text<IncidentActivity>("incident", a => a.IncidentId.ToString("D")),
        RecordField.Time<IncidentActivity>("at", a => a.At))
    {
        AuditsValues = false,
    };

    private static readonly RecordKind<IncidentComment> commentKind = new(
        "incidentComments", IncidentJson.Default.IncidentComment,
        RecordField.Text<IncidentComment>("incident", c => c.IncidentId.ToString("D")),
        RecordField.Time<IncidentComment>("created", c => c.Created),
        RecordField.Text<IncidentComment>("message", c => c.Message));

    private static readonly RecordKind<IncidentTask> taskKind = new(
        "incidentTasks", IncidentJson.Default.IncidentTask,
        RecordField.Text<IncidentTask>("incident", t => t.IncidentId.ToString("D")),
        RecordField.Time<IncidentTask>("created", t => t.Created));

    /// <summary>The code of a refusal because somebody else changed the incident meanwhile.</summary>
    public const string StaleCode = "Conflict";

    private readonly RecordStore records;
    private readonly RecordSet<Incident> incidents;
    private readonly RecordSet<IncidentActivity> activities;
    private readonly RowOutbox outbox;
    private readonly TimeProvider time;

    public IncidentStore(RecordStore records, RowOutbox outbox, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(records);
        this.records = records;
        this.outbox = outbox;
        this.time = time;
        incidents = records.Open(incidentKind);
        activities = records.Open(activityKind);
        Comments = records.Open(commentKind);
        Tasks = records.Open(taskKind);
    }

    /// <summary>Says which incident changed.</summary>
    public Feed<IncidentChanged> Changes { get; } = new();

    internal RecordSet<IncidentComment> Comments { get; }

    internal RecordSet<IncidentTask> Tasks { get; }

    internal DateTimeOffset Now => time.GetUtcNow();

    public Task<Record<Incident>?> FindAsync(Guid id, CancellationToken cancellationToken) => incidents.FindAsync(id.ToString("D"), cancellationToken);

    /// <summary>By the number people say.</summary>
    public async Task<Record<Incident>?> FindAsync(int number, CancellationToken cancellationToken) =>
        (await incidents.ListAsync(new RecordQuery { Filters = [new RecordFilter.Equal("number", number)], Take = 1 }, cancellationToken).ConfigureAwait(false)).Value.Items is [var found, ..] ? found : null;

    public Task<Outcome<RecordPage<Incident>>> ListAsync(RecordQuery query, CancellationToken cancellationToken) => incidents.ListAsync(query, cancellationToken);

    /// <summary>How many stand where, among those that the filters let through.</summary>
    public async Task<Outcome<IncidentCounts>> CountAsync(IReadOnlyList<RecordFilter> filters, CancellationToken cancellationToken)
    {
        RecordValue[] open = [nameof(IncidentStatus.New), nameof(IncidentStatus.Active)];
        if (!(await incidents.CountByAsync("status", filters, cancellationToken).ConfigureAwait(false)).TryGetValue(out var statuses, out var problem)
            || !(await incidents.CountByAsync("severity", [.. filters, new RecordFilter.In("status", open)], cancellationToken).ConfigureAwait(false)).TryGetValue(out var bySeverity, out problem))
        {
            return problem;
        }

        var severities = Enum.GetValues<AlertSeverity>().ToDictionary(s => s, s => bySeverity.GetValueOrDefault(s.ToString()));
        var byStatus = Enum.GetValues<IncidentStatus>().ToDictionary(s => s, s => statuses.GetValueOrDefault(s.ToString()));
        return new IncidentCounts(byStatus[IncidentStatus.New], byStatus[IncidentStatus.Active], byStatus[IncidentStatus.Closed], severities);
    }

    /// <summary>An incident made by hand: it starts without alerts.</summary>
    public async Task<Outcome<Record<Incident>>> CreateAsync(Guid id, IncidentChange change, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(actor);
        if (string.IsNullOrWhiteSpace(change.Title))
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", "An incident needs a title.", "title");
        }

        var now = Now;
        var blank = new Incident
        {
            Id = id,
            Number = 0,
            Title = change.Title,
            Severity = AlertSeverity.Medium,
            Created = now,
            LastModified = now,
        };
        if (!IncidentEditing.Apply(blank, change, actor, now).TryGetValue(out var made, out var problem))
        {
            return problem;
        }

        made = made with { Number = await NextNumberAsync(cancellationToken).ConfigureAwait(false), FirstModified = null };
        return await WriteAsync(made, RecordMatch.Absent, Activity(made, actor, "created"), null, cancellationToken).ConfigureAwait(false);
    }

    /// <param name="ifMatch">The etag the caller read; null to write over whatever is there.</param>
    public async Task<Outcome<Record<Incident>>> EditAsync(Guid id, IncidentChange change, Actor actor, string? ifMatch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return await ChangeAsync(
            id, ifMatch,
            incident => IncidentEditing.Apply(incident, change, actor, Now),
            (before, after) => Activity(
                after, actor,
                before.Status == after.Status ? "changed" : after.Status == IncidentStatus.Closed ? "closed" : before.Status == IncidentStatus.Closed ? "reopened" : "changed") with
            {
                Changes = IncidentEditing.Differences(before, after),
            },
            null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes an incident with its comments tasks and log; its alerts and the rows of tables stay.</summary>
    public async Task<Outcome<bool>> DeleteAsync(Guid id, string? ifMatch, string author, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } found)
        {
            return false;
        }

        var ours = new RecordQuery { Filters = [new RecordFilter.Equal("incident", id.ToString("D"))], Take = 10_000 };
        var changes = new List<RecordChange> { incidents.Delete(found.Id, ifMatch) };
        changes.AddRange((await Comments.ListAsync(ours, cancellationToken).ConfigureAwait(false)).Value.Items.Select(c => Comments.Delete(c.Id)));
        changes.AddRange((await Tasks.ListAsync(ours, cancellationToken).ConfigureAwait(false)).Value.Items.Select(t => Tasks.Delete(t.Id)));
        changes.AddRange((await activities.ListAsync(ours, cancellationToken).ConfigureAwait(false)).Value.Items.Select(a => activities.Delete(a.Id)));
        var outcome = await records.ApplyAsync(changes, author, cancellationToken).ConfigureAwait(false);
        if (!outcome.IsSuccess)
        {
            return outcome.Problem;
        }

        Changes.Announce(new IncidentChanged(id, found.Value.Number, false, true));
        return true;
    }

    /// <summary>The log of an incident, newest first.</summary>
    public async Task<Outcome<RecordPage<IncidentActivity>>> ActivitiesAsync(Guid id, int take, string? continuation, CancellationToken cancellationToken) =>
        await activities.ListAsync(
            new RecordQuery
            {
                Filters = [new RecordFilter.Equal("incident", id.ToString("D"))],
                OrderBy = new RecordOrder("at", Descending: true),
                Take = take,
                Continuation = continuation,
            },
            cancellationToken).ConfigureAwait(false);

    /// <summary>Puts an alert into an incident by hand.</summary>
    public async Task<Outcome<Record<Incident>>> AddAlertAsync(Guid id, Alert alert, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(alert);
        ArgumentNullException.ThrowIfNull(actor);
        return await ChangeAsync(
            id, null,
            incident => incident.AlertIds.Contains(alert.Id)
                ? new Problem(ProblemKind.Invalid, "BadRequest", $"The alert '{alert.Name}' is in this incident already.", "relatedResourceId")
                : incident.AlertIds.Count >= Incident.MaxAlerts
                    ? new Problem(ProblemKind.Invalid, "BadRequest", $"An incident has at most {Incident.MaxAlerts} alerts.", "relatedResourceId")
                    : IncidentEditing.Join(incident, alert, actor, Now) with { Status = incident.Status },
            (_, after) => Activity(after, actor, "alertAdded") with { Note = alert.Name },
            null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts those alerts into an incident that are not in it yet, as far as there is room: one change, one entry of its log.</summary>
    public async Task<Outcome<Record<Incident>>> AddAlertsAsync(Guid id, IReadOnlyCollection<Alert> alerts, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(alerts);
        ArgumentNullException.ThrowIfNull(actor);
        Alert[] joining = [];
        return await ChangeAsync(
            id, null,
            incident =>
            {
                joining = [.. alerts.Where(a => !incident.AlertIds.Contains(a.Id)).Take(Incident.MaxAlerts - incident.AlertIds.Count)];
                return joining.Aggregate(incident, (grown, alert) => IncidentEditing.Join(grown, alert, actor, Now) with { Status = incident.Status });
            },
            (_, after) => Activity(after, actor, "alertAdded") with { Note = string.Join('\n', joining.Select(a => a.Name)) },
            null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes an alert out again; what it brought is worked out anew from those that stay.</summary>
    public async Task<Outcome<Record<Incident>>> RemoveAlertAsync(Guid id, Guid alertId, AlertStore alerts, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(alerts);
        ArgumentNullException.ThrowIfNull(actor);
        if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } found || !found.Value.AlertIds.Contains(alertId))
        {
            return new Problem(ProblemKind.NotFound, "ResourceNotFound", $"The alert '{alertId}' is not in this incident.", "relatedResourceId");
        }

        var staying = await alerts.FindAsync([.. found.Value.AlertIds.Where(a => a != alertId)], cancellationToken).ConfigureAwait(false);
        return await ChangeAsync(
            id, null,
            incident => IncidentEditing.Touched(
                incident with
                {
                    AlertIds = [.. incident.AlertIds.Where(a => a != alertId)],
                    AlertNames = IncidentEditing.NamesOf(staying),
                    EntityTexts = IncidentEditing.EntityTextsOf(staying),
                    CustomDetails = IncidentEditing.DetailsOf(staying),
                    RuleIds = [.. staying.Select(a => a.RuleId).Distinct()],
                    ProductNames = [.. staying.Select(a => a.ProductName).Distinct()],
                    Tactics = [.. staying.SelectMany(a => a.Tactics).Distinct()],
                    Techniques = [.. staying.SelectMany(a => a.Techniques).Distinct()],
                },
                actor, Now),
            (_, after) => Activity(after, actor, "alertRemoved") with { Note = alertId.ToString("D") },
            null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads, changes, writes; again from the start when somebody else was faster, unless the caller named an etag.</summary>
    internal async Task<Outcome<Record<Incident>>> ChangeAsync(
        Guid id, string? ifMatch, Func<Incident, Outcome<Incident>> change, Func<Incident, Incident, IncidentActivity> activity,
        PartWrite? part, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } found)
            {
                return new Problem(ProblemKind.NotFound, "ResourceNotFound", $"There is no incident '{id}'.", id.ToString("D"));
            }

            if (ifMatch is not null && ifMatch.Trim('"') != found.ETag && ifMatch != RecordMatch.Any)
            {
                return new Problem(
                    ProblemKind.Conflict, StaleCode, $"Incident {found.Value.Number} was changed by {found.Value.ModifiedBy} since it was read; your change was not saved. Read it again and repeat it.", "etag");
            }

            if (!change(found.Value).TryGetValue(out var after, out var problem))
            {
                return problem;
            }

            var outcome = await WriteAsync(after, found.ETag, activity(found.Value, after), part, cancellationToken).ConfigureAwait(false);
            // A part that somebody else changed stays changed; only the incident itself is worth reading again.
            if (outcome.IsSuccess || outcome.Problem.Kind != ProblemKind.PreconditionFailed || outcome.Problem.Target != id.ToString("D"))
            {
                return outcome;
            }
        }
    }

    internal static IncidentActivity Activity(Incident incident, Actor actor, string action) =>
        new() { IncidentId = incident.Id, At = incident.LastModified, Actor = actor, Action = action };

    internal RecordChange Put(Incident incident, string? ifMatch) => incidents.Put(incident.Id.ToString("D"), incident, ifMatch);

    internal RecordChange Put(IncidentActivity activity) => activities.Put($"{activity.IncidentId:N}-{Guid.CreateVersion7(Now):N}", activity);

    internal RecordChange HoldRow(Incident incident, IncidentParts parts) => outbox.Hold("SecurityIncident", [IncidentRow.Write(incident, parts)]);

    internal async Task<int> NextNumberAsync(CancellationToken cancellationToken) =>
        (int)await records.NextNumberAsync("incident", cancellationToken).ConfigureAwait(false);

    private async Task<Outcome<Record<Incident>>> WriteAsync(
        Incident incident, string ifMatch, IncidentActivity activity, PartWrite? part, CancellationToken cancellationToken)
    {
        var parts = await PartsAsync(incident, cancellationToken).ConfigureAwait(false);
        parts = part?.Apply(parts) ?? parts;

        var outcome = await records.ApplyAsync(
            [Put(incident, ifMatch), Put(activity), HoldRow(incident, parts), .. part is null ? [] : new[] { part.Change }], activity.Actor.Name, cancellationToken).ConfigureAwait(false);
        if (!outcome.IsSuccess)
        {
            return outcome.Problem;
        }

        await outbox.FlushAsync(cancellationToken).ConfigureAwait(false);
        Changes.Announce(new IncidentChanged(incident.Id, incident.Number, activity.Action == "created", false));
        return (await FindAsync(incident.Id, cancellationToken).ConfigureAwait(false))!;
    }

    /// <summary>Writes several incidents and what belongs with them, all or none; refused as a failed precondition when one was changed since it was read.</summary>
    internal async Task<Outcome<bool>> WriteAllAsync(IReadOnlyList<IncidentWrite> writes, IReadOnlyList<RecordChange> others, CancellationToken cancellationToken)
    {
        var changes = new List<RecordChange>(others);
        foreach (var write in writes)
        {
            changes.Add(Put(write.After, write.Before?.ETag ?? RecordMatch.Absent));
            changes.Add(Put(write.Activity));
            changes.Add(HoldRow(write.After, await PartsAsync(write.After, cancellationToken).ConfigureAwait(false)));
        }

        var outcome = await records.ApplyAsync(changes, writes[0].Activity.Actor.Name, cancellationToken).ConfigureAwait(false);
        if (!outcome.IsSuccess)
        {
            return outcome.Problem;
        }

        await outbox.FlushAsync(cancellationToken).ConfigureAwait(false);
        foreach (var write in writes)
        {
            Changes.Announce(new IncidentChanged(write.After.Id, write.After.Number, write.Before is null, false));
        }

        return true;
    }

    internal async Task<IncidentParts> PartsAsync(Incident incident, CancellationToken cancellationToken) => new(
        incident.CommentCount == 0 ? [] : await CommentsOfAsync(incident.Id, cancellationToken).ConfigureAwait(false),
        incident.TaskCount == 0 ? [] : [.. (await Tasks.ListAsync(IncidentTasks.Of(incident.Id), cancellationToken).ConfigureAwait(false)).Value.Items.Select(t => t.Value)]);

    /// <summary>The incidents in which somebody wrote this; the newest <paramref name="take"/> comments are looked at.</summary>
    public async Task<IReadOnlyList<Guid>> CommentedAsync(string text, int take, CancellationToken cancellationToken)
    {
        var page = await Comments.ListAsync(
            new RecordQuery { Filters = [new RecordFilter.Contains("message", text)], OrderBy = new RecordOrder("created", Descending: true), Take = take }, cancellationToken).ConfigureAwait(false);
        return [.. page.Value.Items.Select(c => c.Value.IncidentId).Distinct()];
    }

    private async Task<IReadOnlyList<IncidentComment>> CommentsOfAsync(Guid id, CancellationToken cancellationToken)
    {
        var page = await Comments.ListAsync(
            new RecordQuery { Filters = [new RecordFilter.Equal("incident", id.ToString("D"))], OrderBy = new RecordOrder("created"), Take = 1000 }, cancellationToken).ConfigureAwait(false);
        return [.. page.Value.Items.Select(c => c.Value)];
    }
}

/// <summary>How many incidents stand where, and how severe the open ones are.</summary>
public sealed record IncidentCounts(long New, long Active, long Closed, IReadOnlyDictionary<AlertSeverity, long> OpenBySeverity)
{
    public long Open => New + Active;

    public long Total => Open + Closed;
}
