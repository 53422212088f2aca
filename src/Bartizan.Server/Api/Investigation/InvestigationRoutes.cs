using Bartizan.Content.Exploration;
using Bartizan.Detection.Bookmarks;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Entities;
using Bartizan.Foundation.Outcomes;
using Bartizan.Investigation.Exploration;
using Bartizan.Investigation.Graph;
using Bartizan.Investigation.Timelines;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Api.Detection;
using Bartizan.Store.Queries;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Investigation;
using IncidentGraph = Bartizan.Investigation.Graph.IncidentGraph;

namespace Bartizan.Server.Api.Investigation;

/// <summary>An incident's graph and timeline, the questions that can be asked of its entities, and their answers.</summary>
internal static class InvestigationRoutes
{
    private const string Incidents = "/providers/Microsoft.Bartizan/incidents/{incident}";
    private const string Read = "Microsoft.SecurityInsights/incidents/read";

    /// <summary>Asked like any other question of an entity; answered from the alerts themselves.</summary>
    private static readonly string relatedAlerts = "relatedAlerts";

    public static void MapInvestigation(this IEndpointRouteBuilder routes)
    {
        routes.ArmGet(Incidents + "/graph", Read, GraphAsync).AtWorkspace();
        routes.ArmGet(Incidents + "/timeline", Read, TimelineAsync).AtWorkspace();
        routes.ArmGet(Incidents + "/entities/{entity}/questions", Read, QuestionsAsync).AtWorkspace();
        routes.ArmPost(Incidents + "/entities/{entity}/expand", Read, ExpandAsync).AtWorkspace();
        routes.MapEntityQueries();
        routes.MapEntities();
        routes.MapStories();
    }

    private static async Task<IResult> GraphAsync(string incident, IncidentStore incidents, IncidentGraphs graphs, CancellationToken cancellationToken) =>
        await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is { } found
            ? ArmResults.Value(GraphShapes.Shape(await graphs.OfAsync(found.Value, cancellationToken)))
            : IncidentRoutes.NotFound(incident);

    private static async Task<IResult> TimelineAsync(string incident, IncidentStore incidents, IncidentGraphs graphs, BookmarkStore bookmarks, CancellationToken cancellationToken)
    {
        if (await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is not { } found)
        {
            return IncidentRoutes.NotFound(incident);
        }

        var graph = await graphs.OfAsync(found.Value, cancellationToken);
        var log = await incidents.ActivitiesAsync(found.Value.Id, 1_000, null, cancellationToken);
        var kept = found.Value.BookmarkIds.Count == 0 ? [] : await bookmarks.OfAsync(found.Value.Id, cancellationToken);
        return log.TryGetValue(out var activities, out var problem)
            ? ArmResults.Value(new ArmList<TimelineEntry> { Value = [.. IncidentTimeline.Of(graph, [.. activities.Items.Select(a => a.Value)], [.. kept.Select(b => b.Value)]).Select(GraphShapes.Shape)] })
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> QuestionsAsync(
        string incident, string entity, IncidentStore incidents, IncidentGraphs graphs, QuestionLibrary questions, CancellationToken cancellationToken)
    {
        if (await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is not { } found)
        {
            return IncidentRoutes.NotFound(incident);
        }

        var graph = await graphs.OfAsync(found.Value, cancellationToken);
        if (graph.Find(entity)?.Entity is not { } known)
        {
            return NoEntity(entity);
        }

        return ArmResults.Value(new ArmList<ExplorationQuestion> { Value = Offers(known, questions) });
    }

    private static async Task<IResult> ExpandAsync(
        string incident, string entity, ExpansionRequest request, IncidentStore incidents, IncidentGraphs graphs, QuestionLibrary questions, Explorer explorer, CancellationToken cancellationToken)
    {
        if (await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is not { } found)
        {
            return IncidentRoutes.NotFound(incident);
        }

        var graph = await graphs.OfAsync(found.Value, cancellationToken);
        if ((graph.Find(entity)?.Entity ?? Given(request.Entity)) is not { } known)
        {
            return NoEntity(entity);
        }

        if (request.ExpansionId == relatedAlerts || (Guid.TryParse(request.ExpansionId, out var id) && FixedExpansions.IsRelatedAlerts(id)))
        {
            return ArmResults.Value(GraphShapes.Shape(await explorer.RelatedAlertsAsync(known, entity, graph, Range(request), cancellationToken)));
        }

        if (!Guid.TryParse(request.ExpansionId, out id) || questions.Find(id) is not { } question)
        {
            return ArmErrors.Result(new Problem(ProblemKind.NotFound, "NotFound", $"There is no question '{request.ExpansionId}'.", "expansionId"));
        }

        return ArmResults.Of(await explorer.AskAsync(question, known, entity, graph, Range(request) ?? Around(graph, question), cancellationToken), GraphShapes.Shape);
    }

    /// <summary>The questions for an entity, that for its other alerts first.</summary>
    internal static IReadOnlyList<ExplorationQuestion> Offers(Entity entity, QuestionLibrary questions) =>
    [
        new(relatedAlerts, "Related alerts", "Alerts that name it, in whichever incident.", EntityVocabulary.RestName(entity.Kind), ["SecurityAlert"], ["SecurityAlert"], true, null),
        .. questions.For(entity).Select(GraphShapes.Shape),
    ];

    internal static Entity? Given(EntityFields? fields) =>
        fields is not null && EntityVocabulary.TryParse(fields.Kind, out var kind) && fields.Fields.Count > 0 ? new Entity(kind, fields.Fields) : null;

    internal static TimeRange? Range(ExpansionRequest request) =>
        request is { StartTime: { } from, EndTime: { } to } && to > from ? new TimeRange(from, to) : null;

    internal static IResult NoEntity(string entity) => ArmErrors.Result(new Problem(ProblemKind.NotFound, "NotFound", $"There is no entity '{entity}'.", "entityId"));

    /// <summary>The incident's own time with the question's margins.</summary>
    private static TimeRange Around(IncidentGraph graph, QuestionDefinition question)
    {
        var first = graph.Incident.FirstActivity ?? graph.Incident.Created;
        var last = graph.Incident.LastActivity ?? graph.Incident.Created;
        return new TimeRange(first - question.PeriodBefore, last + question.PeriodAfter);
    }
}
