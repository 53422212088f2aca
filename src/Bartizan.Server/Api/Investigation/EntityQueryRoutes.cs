using System.Text.Json;
using Bartizan.Detection.Alerts;
using Bartizan.Foundation.Entities;
using Bartizan.Foundation.Outcomes;
using Bartizan.Investigation.Exploration;
using Bartizan.Investigation.Graph;
using Bartizan.Investigation.Profiles;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Api.Detection;
using Bartizan.Store.Queries;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Client;
using Bartizan.Wire.Detection;
using Bartizan.Wire.Investigation;

namespace Bartizan.Server.Api.Investigation;

/// <summary><c>Microsoft.SecurityInsights/entityQueries</c> and <c>entities/{id}/expand</c>, with the expansions that existing clients know by id.</summary>
internal static class EntityQueryRoutes
{
    private const string Read = "Microsoft.SecurityInsights/entities/read";

    public static void MapEntityQueries(this IEndpointRouteBuilder routes)
    {
        var insights = routes.MapInsights();
        insights.ArmList(InsightsPath.Provider + "/entityQueries", "Microsoft.SecurityInsights/entityQueries/read", List);
        insights.ArmGet(InsightsPath.Provider + "/entities/{entity:guid}", Read, GetAsync);
        insights.ArmPost(InsightsPath.Provider + "/entities/{entity:guid}/expand", "Microsoft.SecurityInsights/entities/expand/action", ExpandAsync);
    }

    private static IResult List(ListQuery query, QuestionLibrary questions, Home home) => ArmResults.Page(
        questions.All.Select(q => new ArmResource<EntityQueryProperties>
        {
            Id = InsightsPath.Id(home, $"entityQueries/{q.Id:D}"),
            Name = q.Id.ToString("D"),
            Type = "Microsoft.SecurityInsights/entityQueries",
            Kind = "Expansion",
            Properties = new EntityQueryProperties(
                q.DisplayName, EntityVocabulary.RestName(q.InputEntity), [.. q.InputFields.SelectMany(f => f).Distinct()], [.. q.OutputEntities.Select(EntityVocabulary.RestName)], q.DataSources, q.Query),
        }).ToList(),
        query);

    private static async Task<IResult> GetAsync(Guid entity, AlertStore alerts, EntityProfiles profiles, Home home, CancellationToken cancellationToken)
    {
        if (await alerts.FindAsync(entity, cancellationToken) is { } alert)
        {
            return ArmResults.Resource(IncidentShapes.Shape(alert, home));
        }

        return await profiles.FindAsync(entity, cancellationToken) is { } found ? ArmResults.Value(IncidentShapes.Shape(found, entity, home)) : InvestigationRoutes.NoEntity(entity.ToString("D"));
    }

    private static async Task<IResult> ExpandAsync(
        Guid entity, ExpansionRequest request, AlertStore alerts, EntityProfiles profiles, QuestionLibrary questions, Explorer explorer, Home home, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(request.ExpansionId, out var id))
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "BadRequest", "expansionId must be the GUID of an entity query.", "expansionId"));
        }

        if (await alerts.FindAsync(entity, cancellationToken) is { } alert)
        {
            return id == FixedExpansions.AlertEntities
                ? Answer([.. alert.Entities.Select(e => IncidentShapes.Shape(e, e.Id, home))], [])
                : ArmErrors.Result(new Problem(ProblemKind.NotFound, "NotFound", $"There is no expansion '{id}' of an alert.", "expansionId"));
        }

        if (await profiles.FindAsync(entity, cancellationToken) is not { } known)
        {
            return InvestigationRoutes.NoEntity(entity.ToString("D"));
        }

        var range = InvestigationRoutes.Range(request);
        if (FixedExpansions.IsRelatedAlerts(id))
        {
            var related = await alerts.NamingAsync(known, range?.From, range?.To, 100, cancellationToken);
            return Answer(
                [.. related.Select(a => IncidentShapes.Shape(a, home)).Select(a => new EntityDocument(a.Id!, a.Name!, a.Type!, a.Kind!, JsonSerializer.SerializeToElement(a.Properties, BartizanClient.Json)))], []);
        }

        if (questions.Find(id) is not { } question)
        {
            return ArmErrors.Result(new Problem(ProblemKind.NotFound, "NotFound", $"There is no entity query '{id}'.", "expansionId"));
        }

        var now = time.GetUtcNow();
        var outcome = await explorer.AskAsync(question, known, entity.ToString("D"), null, range ?? new TimeRange(now - question.PeriodBefore - question.PeriodAfter, now), cancellationToken);
        return outcome.TryGetValue(out var expansion, out var problem)
            ? Answer([.. expansion.Nodes.Where(n => n.Entity is not null).Select(n => IncidentShapes.Shape(n.Entity!, Guid.Parse(n.Id), home))], expansion.Edges.Select(e => Edge(e, home)))
            : ArmErrors.Result(problem);
    }

    private static EntityEdge Edge(Edge edge, Home home) => new(InsightsPath.Id(home, $"entities/{edge.To}"), edge.Details);

    private static IResult Answer(IReadOnlyList<EntityDocument> entities, IEnumerable<EntityEdge> edges) => ArmResults.Value(new EntityExpansion(
        new EntityExpansionValue(entities, [.. edges]),
        new EntityExpansionSummary([.. entities.GroupBy(e => e.Kind).Select(g => new EntityAggregation(g.Key, g.Count(), null, null))])));
}
