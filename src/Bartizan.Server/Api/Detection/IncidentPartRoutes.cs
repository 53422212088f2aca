using Bartizan.Detection.Alerts;
using Bartizan.Detection.Bookmarks;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Outcomes;
using Bartizan.Investigation.Graph;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Detection;

namespace Bartizan.Server.Api.Detection;

/// <summary>What belongs to an incident: its alerts, entities, bookmarks, relations and comments.</summary>
internal static class IncidentPartRoutes
{
    private const string Incident = InsightsPath.Provider + "/incidents/{incident}";
    private const string Read = "Microsoft.SecurityInsights/incidents/read";

    public static void MapIncidentParts(this IEndpointRouteBuilder routes)
    {
        var insights = routes.MapInsights();
        insights.ArmPost(Incident + "/alerts", Read, AlertsAsync);
        insights.ArmPost(Incident + "/bookmarks", Read, BookmarksAsync);
        insights.ArmPost(Incident + "/entities", Read, EntitiesAsync);
        insights.ArmList(Incident + "/relations", "Microsoft.SecurityInsights/incidents/relations/read", RelationsAsync);
        insights.ArmPut(Incident + "/relations/{relation}", "Microsoft.SecurityInsights/incidents/relations/write", RelateAsync);
        insights.ArmDelete(Incident + "/relations/{relation}", "Microsoft.SecurityInsights/incidents/relations/delete", UnrelateAsync);
        insights.ArmList(Incident + "/comments", "Microsoft.SecurityInsights/incidents/comments/read", CommentsAsync);
        insights.ArmGet(Incident + "/comments/{comment:guid}", "Microsoft.SecurityInsights/incidents/comments/read", CommentAsync);
        insights.ArmPut(Incident + "/comments/{comment:guid}", "Microsoft.SecurityInsights/incidents/comments/write", PutCommentAsync);
        insights.ArmDelete(Incident + "/comments/{comment:guid}", "Microsoft.SecurityInsights/incidents/comments/delete", DeleteCommentAsync);
    }

    private static async Task<IResult> AlertsAsync(string incident, IncidentStore incidents, AlertStore alerts, Home home, CancellationToken cancellationToken)
    {
        if (await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is not { } found)
        {
            return IncidentRoutes.NotFound(incident);
        }

        var list = await alerts.FindAsync(found.Value.AlertIds, cancellationToken);
        return ArmResults.Value(new ArmList<ArmResource<SecurityAlertProperties>> { Value = [.. list.Select(a => IncidentShapes.Shape(a, home))] });
    }

    private static async Task<IResult> BookmarksAsync(string incident, IncidentStore incidents, BookmarkStore bookmarks, Home home, CancellationToken cancellationToken) =>
        await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is { } found
            ? ArmResults.Value(new ArmList<ArmResource<BookmarkProperties>> { Value = [.. (await bookmarks.OfAsync(found.Value.Id, cancellationToken)).Select(b => BookmarkRoutes.Shape(b, found.Value, home))] })
            : IncidentRoutes.NotFound(incident);

    private static async Task<IResult> EntitiesAsync(string incident, IncidentStore incidents, AlertStore alerts, Home home, CancellationToken cancellationToken)
    {
        if (await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is not { } found)
        {
            return IncidentRoutes.NotFound(incident);
        }

        var graph = GraphBuilder.Build(found.Value, await alerts.FindAsync(found.Value.AlertIds, cancellationToken));
        var entities = graph.Nodes.Where(n => n.Entity is not null).Select(n => IncidentShapes.Shape(n.Entity!, Guid.Parse(n.Id), home)).ToList();
        return ArmResults.Value(new IncidentEntities(entities, [.. entities.GroupBy(e => e.Kind).Select(g => new EntityKindCount(g.Key, g.Count()))]));
    }

    private static async Task<IResult> RelationsAsync(string incident, ListQuery query, IncidentStore incidents, Home home, CancellationToken cancellationToken)
    {
        if (await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is not { } found)
        {
            return IncidentRoutes.NotFound(incident);
        }

        return ArmResults.Page(
            found.Value.AlertIds.Select(a => Shape(found.Value, a, home)).Concat(found.Value.BookmarkIds.Select(b => ShapeBookmark(found.Value, b, home))).ToList(), query);
    }

    private static async Task<IResult> RelateAsync(
        string incident, string relation, ArmResource<RelationProperties> body, Caller caller, IncidentStore incidents, AlertStore alerts, BookmarkStore bookmarks, Home home,
        CancellationToken cancellationToken)
    {
        if (await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is not { } found)
        {
            return IncidentRoutes.NotFound(incident);
        }

        var segments = body.Properties.RelatedResourceId?.Split('/', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (segments is [.., var part, var last] && part.Equals("bookmarks", StringComparison.OrdinalIgnoreCase) && Guid.TryParse(last, out var bookmarkId))
        {
            return ArmResults.Of(
                await bookmarks.RelateAsync(found.Value.Id, bookmarkId, InsightsPath.ActorOf(caller), cancellationToken), r => ShapeBookmark(r.Value, bookmarkId, home) with { Name = relation }, StatusCodes.Status201Created);
        }

        if (segments is not [.., var kind, var name] || !kind.Equals("entities", StringComparison.OrdinalIgnoreCase) || !Guid.TryParse(name, out var alertId))
        {
            return ArmErrors.Result(new Problem(
                ProblemKind.Invalid, "BadRequest", $"'{body.Properties.RelatedResourceId}' is neither an alert, whose id ends in /entities/ and its GUID, nor a bookmark, whose id ends in /bookmarks/ and its GUID.", "relatedResourceId"));
        }

        if (await alerts.FindAsync(alertId, cancellationToken) is not { } alert)
        {
            return ArmErrors.Result(new Problem(ProblemKind.NotFound, "NotFound", $"There is no alert '{alertId}'.", "relatedResourceId"));
        }

        var outcome = await incidents.AddAlertAsync(found.Value.Id, alert, InsightsPath.ActorOf(caller), cancellationToken);
        return ArmResults.Of(outcome, r => Shape(r.Value, alertId, home) with { Name = relation }, StatusCodes.Status201Created);
    }

    private static async Task<IResult> UnrelateAsync(
        string incident, string relation, Caller caller, IncidentStore incidents, AlertStore alerts, BookmarkStore bookmarks, CancellationToken cancellationToken)
    {
        if (await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is not { } found)
        {
            return IncidentRoutes.NotFound(incident);
        }

        var name = relation[(relation.LastIndexOf('_') + 1)..];
        if (Guid.TryParse(name, out var bookmarkId) && found.Value.BookmarkIds.Contains(bookmarkId))
        {
            var taken = await bookmarks.UnrelateAsync(found.Value.Id, bookmarkId, InsightsPath.ActorOf(caller), cancellationToken);
            return taken.IsSuccess ? Results.Ok() : ArmErrors.Result(taken.Problem);
        }

        if (!Guid.TryParse(name, out var alertId) || !found.Value.AlertIds.Contains(alertId))
        {
            return Results.NoContent();
        }

        var outcome = await incidents.RemoveAlertAsync(found.Value.Id, alertId, alerts, InsightsPath.ActorOf(caller), cancellationToken);
        return outcome.IsSuccess ? Results.Ok() : ArmErrors.Result(outcome.Problem);
    }

    private static async Task<IResult> CommentsAsync(string incident, ListQuery query, IncidentStore incidents, IncidentComments comments, Home home, CancellationToken cancellationToken)
    {
        if (await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is not { } found)
        {
            return IncidentRoutes.NotFound(incident);
        }

        var page = await comments.ListAsync(found.Value.Id, query.Top, query.Continuation, cancellationToken);
        return page.TryGetValue(out var list, out var problem)
            ? ArmResults.Page([.. list.Items.Select(c => IncidentShapes.Shape(c, home))], list.Continuation, query)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> CommentAsync(string incident, Guid comment, IncidentStore incidents, IncidentComments comments, Home home, CancellationToken cancellationToken) =>
        await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is { } found && await comments.FindAsync(found.Value.Id, comment, cancellationToken) is { } read
            ? ArmResults.Resource(IncidentShapes.Shape(read, home))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "NotFound", $"There is no comment '{comment}' in the incident '{incident}'.", "incidentCommentId"));

    private static async Task<IResult> PutCommentAsync(
        string incident, Guid comment, ArmResource<CommentProperties> body, IfMatch match, Caller caller, IncidentStore incidents, IncidentComments comments, Home home,
        CancellationToken cancellationToken)
    {
        if (await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is not { } found)
        {
            return IncidentRoutes.NotFound(incident);
        }

        var isNew = await comments.FindAsync(found.Value.Id, comment, cancellationToken) is null;
        var outcome = await comments.PutAsync(found.Value.Id, comment, body.Properties.Message, InsightsPath.ActorOf(caller), match.With(body.Etag), cancellationToken);
        return ArmResults.Of(outcome, c => IncidentShapes.Shape(c, home), isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> DeleteCommentAsync(
        string incident, Guid comment, Caller caller, IncidentStore incidents, IncidentComments comments, CancellationToken cancellationToken) =>
        await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is { } found
            ? ArmResults.Deleted(await comments.DeleteAsync(found.Value.Id, comment, InsightsPath.ActorOf(caller), cancellationToken))
            : Results.NoContent();

    private static ArmResource<RelationProperties> Shape(Incident incident, Guid alertId, Home home) => new()
    {
        Id = InsightsPath.Id(home, $"Incidents/{incident.Id:D}/relations/{incident.Id:D}_{alertId:D}"),
        Name = $"{incident.Id:D}_{alertId:D}",
        Type = "Microsoft.SecurityInsights/Incidents/relations",
        Properties = new RelationProperties(InsightsPath.Id(home, $"entities/{alertId:D}"))
        {
            RelatedResourceName = alertId.ToString("D"),
            RelatedResourceType = "Microsoft.SecurityInsights/entities",
            RelatedResourceKind = "SecurityAlert",
        },
    };

    private static ArmResource<RelationProperties> ShapeBookmark(Incident incident, Guid bookmarkId, Home home) => new()
    {
        Id = InsightsPath.Id(home, $"Incidents/{incident.Id:D}/relations/{incident.Id:D}_{bookmarkId:D}"),
        Name = $"{incident.Id:D}_{bookmarkId:D}",
        Type = "Microsoft.SecurityInsights/Incidents/relations",
        Properties = new RelationProperties(InsightsPath.Id(home, $"bookmarks/{bookmarkId:D}"))
        {
            RelatedResourceName = bookmarkId.ToString("D"),
            RelatedResourceType = "Microsoft.SecurityInsights/bookmarks",
        },
    };
}
