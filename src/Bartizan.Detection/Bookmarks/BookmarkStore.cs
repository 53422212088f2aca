using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Entities;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Bookmarks;

/// <summary>What hunters kept. A bookmark is evidence of at most one incident; both are changed together.</summary>
public sealed class BookmarkStore(RecordStore records, IncidentStore incidents)
{
    private static readonly RecordKind<Bookmark> kind = new(
        "bookmarks", BookmarkJson.Default.Bookmark,
        RecordField.Text<Bookmark>("name", b => b.DisplayName),
        RecordField.Time<Bookmark>("created", b => b.Created),
        RecordField.Text<Bookmark>("incident", b => b.IncidentId?.ToString("D") ?? ""),
        RecordField.Texts<Bookmark>("label", b => b.Labels),
        RecordField.Texts<Bookmark>("entity", b => b.Entities.SelectMany(e => e.Keys.Select(k => k.Text)).Distinct(StringComparer.Ordinal)));

    private readonly RecordSet<Bookmark> bookmarks = records.Open(kind);

    public Task<Record<Bookmark>?> FindAsync(Guid id, CancellationToken cancellationToken) => bookmarks.FindAsync(id.ToString("D"), cancellationToken);

    public Task<Outcome<RecordPage<Bookmark>>> ListAsync(RecordQuery query, CancellationToken cancellationToken) => bookmarks.ListAsync(query, cancellationToken);

    /// <summary>The bookmarks of an incident, in the order of their events.</summary>
    public async Task<IReadOnlyList<Record<Bookmark>>> OfAsync(Guid incidentId, CancellationToken cancellationToken)
    {
        var page = await bookmarks.ListAsync(
            new RecordQuery { Filters = [new RecordFilter.Equal("incident", incidentId.ToString("D"))], Take = Bookmark.MaxPerIncident }, cancellationToken).ConfigureAwait(false);
        return [.. page.Value.Items.OrderBy(b => b.Value.EventTime ?? b.Value.Created)];
    }

    /// <summary>Bookmarks that name the entity by any of its identifiers, the newest first.</summary>
    public async Task<IReadOnlyList<Bookmark>> NamingAsync(Entity entity, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entity);
        var keys = entity.Keys.Where(k => k.IsStrong == entity.IsStrong).Select(k => RecordValue.Of(k.Text)).ToList();
        if (keys.Count == 0)
        {
            return [];
        }

        var page = await bookmarks.ListAsync(
            new RecordQuery { Filters = [new RecordFilter.In("entity", keys)], OrderBy = new RecordOrder("created", Descending: true), Take = take }, cancellationToken).ConfigureAwait(false);
        return [.. page.Value.Items.Select(i => i.Value)];
    }

    /// <summary>Writes a bookmark; who made it, when, and the incident it belongs to stay as they are.</summary>
    public async Task<Outcome<Record<Bookmark>>> PutAsync(Bookmark bookmark, string? ifMatch, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bookmark);
        if (string.IsNullOrWhiteSpace(bookmark.DisplayName) || string.IsNullOrWhiteSpace(bookmark.Query))
        {
            return Refuse(string.IsNullOrWhiteSpace(bookmark.DisplayName) ? "displayName" : "query", "A bookmark needs a displayName and the query that found it.");
        }

        if (new[] { (bookmark.Query, "query"), (bookmark.QueryResult, "queryResult"), (bookmark.Notes, "notes") }.FirstOrDefault(t => t.Item1.Length > Bookmark.MaxText) is (_, { } longest))
        {
            return Refuse(longest, $"The {longest} of a bookmark has at most {Bookmark.MaxText:N0} characters.");
        }

        var id = bookmark.Id.ToString("D");
        var known = await bookmarks.FindAsync(id, cancellationToken).ConfigureAwait(false);
        var now = incidents.Now;
        var written = bookmark with
        {
            DisplayName = bookmark.DisplayName.Trim(),
            IncidentId = known?.Value.IncidentId,
            Created = known?.Value.Created ?? now,
            CreatedBy = known?.Value.CreatedBy ?? author,
            Updated = now,
            UpdatedBy = author,
        };
        var outcome = await records.ApplyAsync([bookmarks.Put(id, written, ifMatch)], author, cancellationToken).ConfigureAwait(false);
        return outcome.IsSuccess ? (await FindAsync(bookmark.Id, cancellationToken).ConfigureAwait(false))! : outcome.Problem;
    }

    /// <summary>Removes a bookmark, and with it the relation to its incident; false when there was none.</summary>
    public async Task<Outcome<bool>> DeleteAsync(Guid id, string? ifMatch, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } found)
        {
            return false;
        }

        if (found.Value.IncidentId is { } incidentId && await incidents.FindAsync(incidentId, cancellationToken).ConfigureAwait(false) is not null)
        {
            var together = await TakeOutAsync(incidentId, found.Value, bookmarks.Delete(found.Id, ifMatch ?? found.ETag), actor, cancellationToken).ConfigureAwait(false);
            return together.IsSuccess ? true : together.Problem;
        }

        var outcome = await records.ApplyAsync([bookmarks.Delete(found.Id, ifMatch)], actor.Name, cancellationToken).ConfigureAwait(false);
        return outcome.IsSuccess ? true : outcome.Problem;
    }

    /// <summary>Makes a bookmark evidence of an incident; what it names is found by the incident's searches from then on.</summary>
    public async Task<Outcome<Record<Incident>>> RelateAsync(Guid incidentId, Guid id, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } found)
        {
            return new Problem(ProblemKind.NotFound, "NotFound", $"There is no bookmark '{id}'.", "relatedResourceId");
        }

        var bookmark = found.Value;
        if (bookmark.IncidentId is { } other && await incidents.FindAsync(other, cancellationToken).ConfigureAwait(false) is not null)
        {
            return Refuse("relatedResourceId", other == incidentId
                ? $"The bookmark '{bookmark.DisplayName}' is in this incident already."
                : $"The bookmark '{bookmark.DisplayName}' belongs to the incident '{other}'; take it out there first.");
        }

        return await incidents.ChangeAsync(
            incidentId, null,
            incident => incident.BookmarkIds.Count >= Bookmark.MaxPerIncident
                ? Refuse("relatedResourceId", $"An incident has at most {Bookmark.MaxPerIncident} bookmarks.")
                : IncidentEditing.Join(incident, id, bookmark.Entities, bookmark.Tactics, bookmark.Techniques, bookmark.EventTime, actor, incidents.Now),
            (_, after) => IncidentStore.Activity(after, actor, "bookmarkAdded") with { Note = bookmark.DisplayName },
            PartWrite.Beside(id, bookmarks.Put(found.Id, bookmark with { IncidentId = incidentId }, found.ETag)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes a bookmark out of its incident; it stays a bookmark.</summary>
    public async Task<Outcome<Record<Incident>>> UnrelateAsync(Guid incidentId, Guid id, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return await FindAsync(id, cancellationToken).ConfigureAwait(false) is { } found && found.Value.IncidentId == incidentId
            ? await TakeOutAsync(incidentId, found.Value, bookmarks.Put(found.Id, found.Value with { IncidentId = null }, found.ETag), actor, cancellationToken).ConfigureAwait(false)
            : new Problem(ProblemKind.NotFound, "ResourceNotFound", $"The bookmark '{id}' is not in this incident.", "relatedResourceId");
    }

    private Task<Outcome<Record<Incident>>> TakeOutAsync(Guid incidentId, Bookmark bookmark, RecordChange change, Actor actor, CancellationToken cancellationToken) => incidents.ChangeAsync(
        incidentId, null,
        incident => IncidentEditing.Touched(incident with { BookmarkIds = [.. incident.BookmarkIds.Where(b => b != bookmark.Id)] }, actor, incidents.Now),
        (_, after) => IncidentStore.Activity(after, actor, "bookmarkRemoved") with { Note = bookmark.DisplayName },
        PartWrite.Beside(bookmark.Id, change), cancellationToken);

    private static Problem Refuse(string target, string message) => new(ProblemKind.Invalid, "BadRequest", message, target);
}
