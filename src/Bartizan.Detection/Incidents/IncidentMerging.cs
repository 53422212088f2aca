using Bartizan.Detection.Alerts;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Incidents;

/// <summary>
/// Merges incidents, splits one, links two; each in one transaction over all of them, told in the log of each, and merges and splits can be undone.
/// Comments, tasks and bookmarks stay where they were written.
/// </summary>
public sealed class IncidentMerging(RecordStore records, IncidentStore incidents, AlertStore alerts)
{
    public const int MaxSources = 20;
    public const int MaxLinks = 50;
    private const int Attempts = 10;
    private const int MaxReason = 1_000;

    private readonly RecordSet<IncidentOperation> operations = records.Open(IncidentOperation.RecordKind);

    /// <summary>The operations that touched an incident, newest first.</summary>
    public async Task<IReadOnlyList<IncidentOperation>> OfAsync(Guid incident, CancellationToken cancellationToken)
    {
        var page = await operations.ListAsync(
            new RecordQuery { Filters = [new RecordFilter.Equal("incident", incident.ToString("D"))], OrderBy = new RecordOrder("at", Descending: true), Take = 100 }, cancellationToken).ConfigureAwait(false);
        return [.. page.Value.Items.Select(o => o.Value)];
    }

    public async Task<IncidentOperation?> FindAsync(Guid id, CancellationToken cancellationToken) => (await operations.FindAsync(id.ToString("D"), cancellationToken).ConfigureAwait(false))?.Value;

    /// <summary>Puts the alerts of the sources into the target and closes the sources, which keep theirs, as merged.</summary>
    public Task<Outcome<IncidentOperation>> MergeAsync(Guid target, IReadOnlyCollection<Guid> sources, string reason, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sources);
        return RepeatAsync(async () =>
        {
            if (sources.Count is 0 or > MaxSources || sources.Contains(target) || sources.Distinct().Count() != sources.Count || reason.Length > MaxReason)
            {
                return Refuse("incidents", $"A merge takes 1 to {MaxSources} different incidents into another, and a reason of up to {MaxReason:N0} characters.");
            }

            if (!(await FindAsync([target, .. sources], cancellationToken).ConfigureAwait(false)).TryGetValue(out var found, out var problem))
            {
                return problem;
            }

            if (found.FirstOrDefault(f => f.Value.MergedInto is not null) is { } merged)
            {
                return Refuse("incidents", $"Incident {merged.Value.Number} has been merged already; undo that first.");
            }

            if (found[0].Value.Status == IncidentStatus.Closed)
            {
                return Refuse("incidentId", $"Incident {found[0].Value.Number} is closed; reopen it before others are merged into it.");
            }

            var joining = found.Skip(1).SelectMany(f => f.Value.AlertIds).Distinct().Except(found[0].Value.AlertIds).ToList();
            if (found[0].Value.AlertIds.Count + joining.Count > Incident.MaxAlerts)
            {
                return Refuse("incidents", $"Together they have more than {Incident.MaxAlerts} alerts, which no incident holds.");
            }

            var now = incidents.Now;
            var grown = (await alerts.FindAsync(joining, cancellationToken).ConfigureAwait(false))
                .Aggregate(found[0].Value, (incident, alert) => IncidentEditing.Join(incident, alert, actor, now) with { Status = incident.Status });
            grown = IncidentEditing.Touched(grown with { Severity = found.Max(f => f.Value.Severity) }, actor, now);
            var operation = new IncidentOperation
            {
                Id = Guid.CreateVersion7(now),
                Kind = IncidentOperationKind.Merge,
                At = now,
                Actor = actor,
                Target = target,
                Sources = [.. found.Skip(1).Select(f => Before(f.Value))],
                Alerts = joining,
                Reason = reason,
            };
            var numbers = string.Join(", ", found.Skip(1).Select(f => f.Value.Number));
            List<IncidentWrite> writes = [new(found[0], grown, Log(grown, found[0].Value, actor, "merged", $"{numbers}\n{reason}".Trim()))];
            foreach (var source in found.Skip(1))
            {
                var closed = IncidentEditing.Touched(
                    source.Value with
                    {
                        Status = IncidentStatus.Closed,
                        Classification = Classification.Undetermined,
                        ClassificationReason = null,
                        ClassificationComment = $"Merged into incident {grown.Number}.",
                        Closed = now,
                        MergedInto = target,
                    },
                    actor, now);
                writes.Add(new IncidentWrite(source, closed, Log(closed, source.Value, actor, "mergedInto", $"{grown.Number}")));
            }

            return await ApplyAsync(operation, writes, cancellationToken).ConfigureAwait(false);
        });
    }

    /// <summary>Takes alerts out of an incident into a new one.</summary>
    public Task<Outcome<IncidentOperation>> SplitAsync(Guid source, IReadOnlyCollection<Guid> alertIds, string? title, string reason, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(alertIds);
        return RepeatAsync(async () =>
        {
            if (!(await FindAsync([source], cancellationToken).ConfigureAwait(false)).TryGetValue(out var found, out var problem))
            {
                return problem;
            }

            var before = found[0].Value;
            if (alertIds.Count == 0 || alertIds.Except(before.AlertIds).Any() || !before.AlertIds.Except(alertIds).Any())
            {
                return Refuse("alerts", "A split takes some of the incident's alerts, not all and no others.");
            }

            var now = incidents.Now;
            var leaving = await alerts.FindAsync([.. alertIds], cancellationToken).ConfigureAwait(false);
            var staying = await alerts.FindAsync([.. before.AlertIds.Except(alertIds)], cancellationToken).ConfigureAwait(false);
            if (leaving.Count == 0 || staying.Count == 0)
            {
                return Refuse("alerts", "Some of these alerts are not kept any more.");
            }

            var number = await incidents.NextNumberAsync(cancellationToken).ConfigureAwait(false);
            var made = leaving.Skip(1).Aggregate(
                IncidentEditing.Open(leaving[0], Guid.CreateVersion7(now), number, null, now), (incident, alert) => IncidentEditing.Join(incident, alert, actor, now));
            made = made with { Title = string.IsNullOrWhiteSpace(title) ? made.Title : title.Trim(), Owner = before.Owner, FirstModified = null, ModifiedBy = actor.Name, Links = [new(source, IncidentLinkKind.Related, IsFrom: true)] };
            var left = IncidentEditing.Touched(WithAlerts(before, staying) with { Links = [.. before.Links, new(made.Id, IncidentLinkKind.Related, IsFrom: false)] }, actor, now);
            var operation = new IncidentOperation
            {
                Id = Guid.CreateVersion7(now),
                Kind = IncidentOperationKind.Split,
                At = now,
                Actor = actor,
                Target = made.Id,
                Sources = [Before(before)],
                Alerts = [.. leaving.Select(a => a.Id)],
                Reason = reason,
            };
            return await ApplyAsync(
                operation,
                [
                    new IncidentWrite(found[0], left, Log(left, before, actor, "split", $"{number}\n{reason}".Trim())),
                    new IncidentWrite(null, made, IncidentStore.Activity(made, actor, "created") with { Note = $"Split from incident {before.Number}." }),
                ],
                cancellationToken).ConfigureAwait(false);
        });
    }

    /// <summary>Takes a merge or a split back, as far as nothing has been built on it: alerts go back, sources stand as they stood.</summary>
    public Task<Outcome<IncidentOperation>> UndoAsync(Guid operationId, Actor actor, CancellationToken cancellationToken) => RepeatAsync(async () =>
    {
        if (await FindAsync(operationId, cancellationToken).ConfigureAwait(false) is not { } operation)
        {
            return new Problem(ProblemKind.NotFound, "ResourceNotFound", $"There is no operation '{operationId}'.", "operationId");
        }

        if (operation.Undone is not null)
        {
            return Refuse("operationId", "It has been undone already.");
        }

        if (!(await FindAsync([operation.Target, .. operation.Sources.Select(s => s.Id)], cancellationToken).ConfigureAwait(false)).TryGetValue(out var found, out var problem))
        {
            return problem;
        }

        var now = incidents.Now;
        var target = found[0].Value;
        var staying = await alerts.FindAsync([.. target.AlertIds.Except(operation.Alerts)], cancellationToken).ConfigureAwait(false);
        var writes = new List<IncidentWrite>();
        if (operation.Kind == IncidentOperationKind.Merge)
        {
            if (found.Skip(1).FirstOrDefault(f => f.Value.MergedInto != operation.Target) is { } other)
            {
                return Refuse("operationId", $"Incident {other.Value.Number} was changed since: it no longer stands as merged.");
            }

            var shrunk = IncidentEditing.Touched(WithAlerts(target, staying), actor, now);
            writes.Add(new IncidentWrite(found[0], shrunk, Log(shrunk, target, actor, "mergeUndone", string.Join(", ", found.Skip(1).Select(f => f.Value.Number)))));
            foreach (var (source, before) in found.Skip(1).Zip(operation.Sources))
            {
                var restored = IncidentEditing.Touched(
                    source.Value with
                    {
                        Status = before.Status,
                        Classification = before.Classification,
                        ClassificationReason = before.Reason,
                        ClassificationComment = before.Comment,
                        MergedInto = null,
                    },
                    actor, now);
                writes.Add(new IncidentWrite(source, restored, Log(restored, source.Value, actor, "mergeUndone", $"{target.Number}")));
            }
        }
        else
        {
            if (staying.Count > 0)
            {
                return Refuse("operationId", $"Incident {target.Number} has got alerts of its own since.");
            }

            var source = found[1].Value;
            var back = (await alerts.FindAsync([.. operation.Alerts.Except(source.AlertIds)], cancellationToken).ConfigureAwait(false))
                .Aggregate(source, (incident, alert) => IncidentEditing.Join(incident, alert, actor, now) with { Status = incident.Status });
            back = back with { Links = [.. back.Links.Where(l => l.Other != target.Id)] };
            var closed = IncidentEditing.Touched(
                target with { Status = IncidentStatus.Closed, Classification = Classification.Undetermined, ClassificationReason = null, ClassificationComment = $"Taken back into incident {source.Number}.", Closed = now, MergedInto = source.Id },
                actor, now);
            writes.Add(new IncidentWrite(found[1], back, Log(back, source, actor, "splitUndone", $"{target.Number}")));
            writes.Add(new IncidentWrite(found[0], closed, Log(closed, target, actor, "splitUndone", $"{source.Number}")));
        }

        return await ApplyAsync(operation with { Undone = now }, writes, cancellationToken).ConfigureAwait(false);
    });

    /// <summary>Links two incidents, or says anew how they hang together.</summary>
    public Task<Outcome<IncidentLink>> LinkAsync(Guid from, Guid to, IncidentLinkKind kind, Actor actor, CancellationToken cancellationToken) => RepeatAsync<IncidentLink>(async () =>
    {
        if (from == to)
        {
            return Refuse("relatedIncident", "An incident is not linked to itself.");
        }

        if (!(await FindAsync([from, to], cancellationToken).ConfigureAwait(false)).TryGetValue(out var found, out var problem))
        {
            return problem;
        }

        if (found.FirstOrDefault(f => f.Value.Links.Count(l => l.Other != from && l.Other != to) >= MaxLinks) is { } full)
        {
            return Refuse("relatedIncident", $"Incident {full.Value.Number} has {MaxLinks} links, the most there may be.");
        }

        var link = new IncidentLink(to, kind, IsFrom: true);
        var outcome = await WriteLinksAsync(found, link, new IncidentLink(from, kind, IsFrom: false), "linked", actor, cancellationToken).ConfigureAwait(false);
        return outcome.IsSuccess ? link : outcome.Problem;
    });

    /// <summary>Takes a link away; false when there was none.</summary>
    public Task<Outcome<bool>> UnlinkAsync(Guid from, Guid to, Actor actor, CancellationToken cancellationToken) => RepeatAsync<bool>(async () =>
    {
        if (!(await FindAsync([from, to], cancellationToken).ConfigureAwait(false)).TryGetValue(out var found, out var problem))
        {
            return problem;
        }

        return found[0].Value.Links.Any(l => l.Other == to) ? await WriteLinksAsync(found, null, null, "unlinked", actor, cancellationToken).ConfigureAwait(false) : false;
    });

    private Task<Outcome<bool>> WriteLinksAsync(IReadOnlyList<Record<Incident>> found, IncidentLink? first, IncidentLink? second, string action, Actor actor, CancellationToken cancellationToken)
    {
        var now = incidents.Now;
        return incidents.WriteAllAsync(
            [Write(found[0], found[1].Value, first), Write(found[1], found[0].Value, second)], [], cancellationToken);

        IncidentWrite Write(Record<Incident> record, Incident other, IncidentLink? link)
        {
            var after = IncidentEditing.Touched(
                record.Value with { Links = [.. record.Value.Links.Where(l => l.Other != other.Id), .. link is null ? Array.Empty<IncidentLink>() : [link]] }, actor, now);
            return new IncidentWrite(record, after, IncidentStore.Activity(after, actor, action) with { Note = link is null ? $"{other.Number}" : $"{other.Number} {link.Kind}" });
        }
    }

    private async Task<Outcome<IncidentOperation>> ApplyAsync(IncidentOperation operation, IReadOnlyList<IncidentWrite> writes, CancellationToken cancellationToken)
    {
        var outcome = await incidents.WriteAllAsync(writes, [operations.Put(operation.Id.ToString("D"), operation)], cancellationToken).ConfigureAwait(false);
        return outcome.IsSuccess ? operation : outcome.Problem;
    }

    /// <summary>All of these, in this order.</summary>
    private async Task<Outcome<IReadOnlyList<Record<Incident>>>> FindAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        var found = new List<Record<Incident>>();
        foreach (var id in ids)
        {
            if (await incidents.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } incident)
            {
                return new Problem(ProblemKind.NotFound, "ResourceNotFound", $"There is no incident '{id}'.", id.ToString("D"));
            }

            found.Add(incident);
        }

        return found.ToArray();
    }

    /// <summary>Again from the start when somebody changed one of the incidents meanwhile.</summary>
    private static async Task<Outcome<T>> RepeatAsync<T>(Func<Task<Outcome<T>>> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await work().ConfigureAwait(false);
            if (outcome.IsSuccess || outcome.Problem.Kind != ProblemKind.PreconditionFailed || attempt == Attempts)
            {
                return outcome;
            }
        }
    }

    private static IncidentBefore Before(Incident incident) =>
        new(incident.Id, incident.Status, incident.Classification, incident.ClassificationReason, incident.ClassificationComment);

    /// <summary>The incident with just these alerts; what they brought is worked out anew.</summary>
    private static Incident WithAlerts(Incident incident, IReadOnlyList<Alert> staying) => incident with
    {
        AlertIds = [.. incident.AlertIds.Intersect(staying.Select(a => a.Id))],
        AlertNames = IncidentEditing.NamesOf(staying),
        EntityTexts = IncidentEditing.EntityTextsOf(staying),
        CustomDetails = IncidentEditing.DetailsOf(staying),
        RuleIds = [.. staying.Select(a => a.RuleId).Distinct()],
        ProductNames = [.. staying.Select(a => a.ProductName).Distinct()],
        Tactics = [.. staying.SelectMany(a => a.Tactics).Distinct()],
        Techniques = [.. staying.SelectMany(a => a.Techniques).Distinct()],
    };

    private static IncidentActivity Log(Incident after, Incident before, Actor actor, string action, string note) =>
        IncidentStore.Activity(after, actor, action) with { Note = note, Changes = IncidentEditing.Differences(before, after) };

    private static Problem Refuse(string target, string message) => new(ProblemKind.Invalid, "BadRequest", message, target);
}

/// <summary>One incident's part in a change of several.</summary>
/// <param name="Before">As it was read; null for one that is new.</param>
internal sealed record IncidentWrite(Record<Incident>? Before, Incident After, IncidentActivity Activity);
