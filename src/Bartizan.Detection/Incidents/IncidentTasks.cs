using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Incidents;

/// <summary>What is to be done about incidents, in the order it was written down.</summary>
public sealed class IncidentTasks(IncidentStore incidents)
{
    public async Task<IReadOnlyList<Record<IncidentTask>>> ListAsync(Guid incidentId, CancellationToken cancellationToken) =>
        (await incidents.Tasks.ListAsync(Of(incidentId), cancellationToken).ConfigureAwait(false)).Value.Items;

    public async Task<Record<IncidentTask>?> FindAsync(Guid incidentId, Guid id, CancellationToken cancellationToken) =>
        await incidents.Tasks.FindAsync(id.ToString("D"), cancellationToken).ConfigureAwait(false) is { } found && found.Value.IncidentId == incidentId ? found : null;

    /// <summary>Writes a task; a status or description that is not given stays.</summary>
    public async Task<Outcome<Record<IncidentTask>>> PutAsync(
        Guid incidentId, Guid id, string title, string? description, IncidentTaskStatus? status, Actor actor, string? ifMatch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        title = title?.Trim() ?? "";
        if (title.Length is 0 or > IncidentTask.MaxTitle)
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", $"A task has a title of 1 to {IncidentTask.MaxTitle} characters.", "title");
        }

        if (description?.Length > IncidentTask.MaxDescription)
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", $"A task's description has at most {IncidentTask.MaxDescription:N0} characters; this one has {description.Length:N0}.", "description");
        }

        var known = await incidents.Tasks.FindAsync(id.ToString("D"), cancellationToken).ConfigureAwait(false);
        if (known is not null && known.Value.IncidentId != incidentId)
        {
            return new Problem(ProblemKind.Conflict, "Conflict", "This task id belongs to another incident.", id.ToString("D"));
        }

        var now = incidents.Now;
        var task = new IncidentTask
        {
            Id = id,
            IncidentId = incidentId,
            Title = title,
            Description = description ?? known?.Value.Description ?? "",
            Status = status ?? known?.Value.Status ?? IncidentTaskStatus.New,
            CreatedBy = known?.Value.CreatedBy ?? actor,
            LastModifiedBy = actor,
            Created = known?.Value.Created ?? now,
            LastModified = now,
        };
        var done = Completed(task) - Completed(known?.Value);
        var outcome = await incidents.ChangeAsync(
            incidentId, null,
            incident => known is null && incident.TaskCount >= IncidentTask.MaxPerIncident
                ? new Problem(ProblemKind.Invalid, "BadRequest", $"An incident has at most {IncidentTask.MaxPerIncident} tasks.", "tasks")
                : IncidentEditing.Touched(
                    incident with { TaskCount = incident.TaskCount + (known is null ? 1 : 0), CompletedTaskCount = Math.Max(0, incident.CompletedTaskCount + done) }, actor, now),
            (_, after) => IncidentStore.Activity(after, actor, known is null ? "taskAdded" : done > 0 ? "taskCompleted" : "taskChanged") with { Note = title },
            PartWrite.Of(id, task, incidents.Tasks.Put(id.ToString("D"), task, known is null ? RecordMatch.Absent : ifMatch ?? known.ETag)), cancellationToken).ConfigureAwait(false);
        return outcome.IsSuccess ? (await incidents.Tasks.FindAsync(id.ToString("D"), cancellationToken).ConfigureAwait(false))! : outcome.Problem;
    }

    /// <summary>Removes a task; false when there was none.</summary>
    public async Task<Outcome<bool>> DeleteAsync(Guid incidentId, Guid id, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (await FindAsync(incidentId, id, cancellationToken).ConfigureAwait(false) is not { } known)
        {
            return false;
        }

        var outcome = await incidents.ChangeAsync(
            incidentId, null,
            incident => IncidentEditing.Touched(
                incident with
                {
                    TaskCount = Math.Max(0, incident.TaskCount - 1),
                    CompletedTaskCount = Math.Max(0, incident.CompletedTaskCount - Completed(known.Value)),
                },
                actor, incidents.Now),
            (_, after) => IncidentStore.Activity(after, actor, "taskDeleted") with { Note = known.Value.Title },
            PartWrite.TaskGone(id, incidents.Tasks.Delete(id.ToString("D"), known.ETag)), cancellationToken).ConfigureAwait(false);
        return outcome.IsSuccess ? true : outcome.Problem;
    }

    internal static RecordQuery Of(Guid incidentId) => new()
    {
        Filters = [new RecordFilter.Equal("incident", incidentId.ToString("D"))],
        OrderBy = new RecordOrder("created"),
        Take = IncidentTask.MaxPerIncident,
    };

    private static int Completed(IncidentTask? task) => task?.Status == IncidentTaskStatus.Completed ? 1 : 0;
}
