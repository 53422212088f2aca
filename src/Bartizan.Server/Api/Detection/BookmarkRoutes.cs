using Bartizan.Detection.Bookmarks;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Entities;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Detection;
using Bartizan.Wire.Investigation;

namespace Bartizan.Server.Api.Detection;

/// <summary><c>Microsoft.SecurityInsights/bookmarks</c>, with their entities by <c>expand</c>.</summary>
internal static class BookmarkRoutes
{
    private const string Bookmarks = InsightsPath.Provider + "/bookmarks";
    private const string Action = "Microsoft.SecurityInsights/bookmarks/";

    /// <summary>The expansion id by which existing clients ask for a bookmark's entities.</summary>
    private static readonly Guid entitiesOfBookmark = new("27f76e63-c41b-480f-bb18-12ad2e011d49");

    public static void MapBookmarks(this IEndpointRouteBuilder routes)
    {
        var insights = routes.MapInsights();
        insights.ArmList(Bookmarks, Action + "read", ListAsync);
        insights.ArmGet(Bookmarks + "/{bookmark:guid}", Action + "read", GetAsync);
        insights.ArmPut(Bookmarks + "/{bookmark:guid}", Action + "write", PutAsync);
        insights.ArmDelete(Bookmarks + "/{bookmark:guid}", Action + "delete", DeleteAsync);
        insights.ArmPost(Bookmarks + "/{bookmark:guid}/expand", Action + "expand/action", ExpandAsync);
    }

    public static ArmResource<BookmarkProperties> Shape(Record<Bookmark> record, Incident? incident, Home home)
    {
        var bookmark = record.Value;
        return new ArmResource<BookmarkProperties>
        {
            Id = InsightsPath.Id(home, $"bookmarks/{bookmark.Id:D}"),
            Name = bookmark.Id.ToString("D"),
            Type = "Microsoft.SecurityInsights/bookmarks",
            Etag = $"\"{record.ETag}\"",
            Properties = new BookmarkProperties
            {
                DisplayName = bookmark.DisplayName,
                Query = bookmark.Query,
                QueryResult = bookmark.QueryResult,
                Notes = bookmark.Notes,
                Labels = bookmark.Labels,
                Tactics = bookmark.Tactics,
                Techniques = bookmark.Techniques,
                EventTime = bookmark.EventTime,
                QueryStartTime = bookmark.QueryStart,
                QueryEndTime = bookmark.QueryEnd,
                EntityMappings = [.. bookmark.Mappings.Select(m => new BookmarkEntityMapping(EntityVocabulary.RestName(m.Kind), [.. m.Fields.Select(f => new BookmarkFieldMapping(f.Key, f.Value))]))],
                Created = bookmark.Created,
                Updated = bookmark.Updated,
                CreatedBy = Client(bookmark.CreatedBy),
                UpdatedBy = Client(bookmark.UpdatedBy),
                IncidentInfo = incident is null ? null : new BookmarkIncident(
                    InsightsPath.Id(home, $"Incidents/{incident.Id:D}"), incident.Severity.ToString(), incident.Title, $"{incident.Id:D}_{bookmark.Id:D}"),
            },
        };
    }

    private static async Task<IResult> ListAsync(ListQuery query, BookmarkStore bookmarks, IncidentStore incidents, Home home, CancellationToken cancellationToken)
    {
        var page = await bookmarks.ListAsync(
            new RecordQuery { OrderBy = new RecordOrder("created", Descending: true), Take = query.Top, Continuation = query.Continuation, WantCount = query.WantsCount }, cancellationToken);
        if (!page.TryGetValue(out var found, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var shapes = new List<ArmResource<BookmarkProperties>>();
        foreach (var bookmark in found.Items)
        {
            shapes.Add(await ShapeAsync(bookmark, incidents, home, cancellationToken));
        }

        return ArmResults.Page(shapes, found.Continuation, query, found.Count);
    }

    private static async Task<IResult> GetAsync(Guid bookmark, BookmarkStore bookmarks, IncidentStore incidents, Home home, CancellationToken cancellationToken) =>
        await bookmarks.FindAsync(bookmark, cancellationToken) is { } found ? ArmResults.Resource(await ShapeAsync(found, incidents, home, cancellationToken)) : NotFound(bookmark);

    private static async Task<IResult> PutAsync(
        Guid bookmark, ArmResource<BookmarkProperties> body, IfMatch match, Caller caller, BookmarkStore bookmarks, IncidentStore incidents, Home home, CancellationToken cancellationToken)
    {
        var given = body.Properties;
        var mappings = new List<BookmarkEntity>();
        foreach (var mapping in given.EntityMappings ?? [])
        {
            if (!EntityVocabulary.TryParse(mapping.EntityType ?? "", out var kind))
            {
                return ArmErrors.Result(new Problem(ProblemKind.Invalid, "BadRequest", $"'{mapping.EntityType}' is no kind of entity.", "entityMappings"));
            }

            mappings.Add(new BookmarkEntity(kind, [.. (mapping.FieldMappings ?? []).Where(f => f is { Identifier.Length: > 0, Value.Length: > 0 }).Select(f => KeyValuePair.Create(f.Identifier!, f.Value!))]));
        }

        var known = await bookmarks.FindAsync(bookmark, cancellationToken);
        var old = known?.Value;
        var written = new Bookmark
        {
            Id = bookmark,
            DisplayName = given.DisplayName ?? old?.DisplayName ?? "",
            Query = given.Query ?? old?.Query ?? "",
            QueryResult = given.QueryResult ?? old?.QueryResult ?? "",
            Notes = given.Notes ?? old?.Notes ?? "",
            Labels = given.Labels ?? old?.Labels ?? [],
            Tactics = given.Tactics ?? old?.Tactics ?? [],
            Techniques = given.Techniques ?? old?.Techniques ?? [],
            EventTime = given.EventTime ?? old?.EventTime,
            QueryStart = given.QueryStartTime ?? old?.QueryStart,
            QueryEnd = given.QueryEndTime ?? old?.QueryEnd,
            Mappings = given.EntityMappings is null ? old?.Mappings ?? [] : mappings,
        };
        var outcome = await bookmarks.PutAsync(written, match.With(body.Etag), caller.Name, cancellationToken);
        if (!outcome.TryGetValue(out var saved, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        return ArmResults.Resource(await ShapeAsync(saved, incidents, home, cancellationToken), known is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> DeleteAsync(Guid bookmark, IfMatch match, Caller caller, BookmarkStore bookmarks, CancellationToken cancellationToken) =>
        ArmResults.Deleted(await bookmarks.DeleteAsync(bookmark, match.With(null), InsightsPath.ActorOf(caller), cancellationToken));

    private static async Task<IResult> ExpandAsync(Guid bookmark, ExpansionRequest request, BookmarkStore bookmarks, Home home, CancellationToken cancellationToken)
    {
        if (await bookmarks.FindAsync(bookmark, cancellationToken) is not { } found)
        {
            return NotFound(bookmark);
        }

        if (!Guid.TryParse(request.ExpansionId, out var id) || id != entitiesOfBookmark)
        {
            return ArmErrors.Result(new Problem(ProblemKind.NotFound, "NotFound", $"There is no expansion '{request.ExpansionId}' of a bookmark.", "expansionId"));
        }

        var entities = found.Value.Entities.Select(e => IncidentShapes.Shape(e, e.Id, home)).ToList();
        return ArmResults.Value(new EntityExpansion(
            new EntityExpansionValue(entities, []), new EntityExpansionSummary([.. entities.GroupBy(e => e.Kind).Select(g => new EntityAggregation(g.Key, g.Count(), null, null))])));
    }

    private static async Task<ArmResource<BookmarkProperties>> ShapeAsync(Record<Bookmark> bookmark, IncidentStore incidents, Home home, CancellationToken cancellationToken) =>
        Shape(bookmark, bookmark.Value.IncidentId is { } id ? (await incidents.FindAsync(id, cancellationToken))?.Value : null, home);

    private static IResult NotFound(Guid bookmark) => ArmErrors.Result(new Problem(ProblemKind.NotFound, "NotFound", $"There is no bookmark '{bookmark}'.", "bookmarkId"));

    private static ClientProperties Client(string name) => new(name.Contains('@', StringComparison.Ordinal) ? name : null, name, null, null);
}
