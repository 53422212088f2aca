using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Incidents;

/// <summary>What people write about incidents.</summary>
public sealed class IncidentComments(IncidentStore incidents)
{
    public async Task<Outcome<RecordPage<IncidentComment>>> ListAsync(Guid incidentId, int take, string? continuation, CancellationToken cancellationToken) =>
        await incidents.Comments.ListAsync(
            new RecordQuery
            {
                Filters = [new RecordFilter.Equal("incident", incidentId.ToString("D"))],
                OrderBy = new RecordOrder("created", Descending: true),
                Take = take,
                Continuation = continuation,
            },
            cancellationToken).ConfigureAwait(false);

    public async Task<Record<IncidentComment>?> FindAsync(Guid incidentId, Guid id, CancellationToken cancellationToken) =>
        await incidents.Comments.FindAsync(id.ToString("D"), cancellationToken).ConfigureAwait(false) is { } found && found.Value.IncidentId == incidentId ? found : null;

    /// <summary>Writes a comment, or changes one that the same author wrote.</summary>
    public async Task<Outcome<Record<IncidentComment>>> PutAsync(Guid incidentId, Guid id, string message, Actor author, string? ifMatch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(author);
        if (string.IsNullOrWhiteSpace(message) || message.Length > IncidentComment.MaxLength)
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", $"A comment has 1 to {IncidentComment.MaxLength:N0} characters; this one has {message?.Length ?? 0:N0}.", "message");
        }

        var known = await incidents.Comments.FindAsync(id.ToString("D"), cancellationToken).ConfigureAwait(false);
        if (known is not null && known.Value.IncidentId != incidentId)
        {
            return new Problem(ProblemKind.Conflict, "Conflict", "This comment id belongs to another incident.", id.ToString("D"));
        }

        if (known is not null && !IsSame(known.Value.Author, author))
        {
            return new Problem(ProblemKind.Forbidden, "Forbidden", $"Only {known.Value.Author.Name}, who wrote this comment, may change it.", id.ToString("D"));
        }

        var now = incidents.Now;
        var comment = new IncidentComment
        {
            Id = id,
            IncidentId = incidentId,
            Message = message,
            Author = known?.Value.Author ?? author,
            Created = known?.Value.Created ?? now,
            LastModified = now,
        };
        var outcome = await incidents.ChangeAsync(
            incidentId, null,
            incident => known is null && incident.CommentCount >= IncidentComment.MaxPerIncident
                ? new Problem(ProblemKind.Invalid, "BadRequest", $"An incident has at most {IncidentComment.MaxPerIncident} comments.", "comments")
                : IncidentEditing.Touched(incident with { CommentCount = incident.CommentCount + (known is null ? 1 : 0) }, author, now),
            (_, after) => IncidentStore.Activity(after, author, known is null ? "commentAdded" : "commentChanged") with { Note = message.Length > 500 ? message[..500] : message },
            PartWrite.Of(id, comment, incidents.Comments.Put(id.ToString("D"), comment, known is null ? RecordMatch.Absent : ifMatch)), cancellationToken).ConfigureAwait(false);
        return outcome.IsSuccess ? (await incidents.Comments.FindAsync(id.ToString("D"), cancellationToken).ConfigureAwait(false))! : outcome.Problem;
    }

    /// <summary>Removes a comment; false when there was none.</summary>
    public async Task<Outcome<bool>> DeleteAsync(Guid incidentId, Guid id, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (await FindAsync(incidentId, id, cancellationToken).ConfigureAwait(false) is null)
        {
            return false;
        }

        var outcome = await incidents.ChangeAsync(
            incidentId, null,
            incident => IncidentEditing.Touched(incident with { CommentCount = Math.Max(0, incident.CommentCount - 1) }, actor, incidents.Now),
            (_, after) => IncidentStore.Activity(after, actor, "commentDeleted"),
            PartWrite.CommentGone(id, incidents.Comments.Delete(id.ToString("D"))), cancellationToken).ConfigureAwait(false);
        return outcome.IsSuccess ? true : outcome.Problem;
    }

    private static bool IsSame(Actor a, Actor b) =>
        a.ObjectId is { } id && b.ObjectId is { } other ? id == other : a.Kind == b.Kind && string.Equals(a.Email ?? a.Name, b.Email ?? b.Name, StringComparison.OrdinalIgnoreCase);
}
