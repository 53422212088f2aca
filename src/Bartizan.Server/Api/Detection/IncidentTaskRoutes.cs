using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Detection;

namespace Bartizan.Server.Api.Detection;

/// <summary>Tasks of incidents, and incidents similar to one.</summary>
internal static class IncidentTaskRoutes
{
    private const string Tasks = InsightsPath.Provider + "/incidents/{incident}/tasks";
    private const string Action = "Microsoft.SecurityInsights/incidents/tasks/";

    public static void MapIncidentTasks(this IEndpointRouteBuilder routes)
    {
        var insights = routes.MapInsights();
        insights.ArmList(Tasks, Action + "read", ListAsync);
        insights.ArmGet(Tasks + "/{task:guid}", Action + "read", GetAsync);
        insights.ArmPut(Tasks + "/{task:guid}", Action + "write", PutAsync);
        insights.ArmDelete(Tasks + "/{task:guid}", Action + "delete", DeleteAsync);
        routes.ArmGet("/providers/Microsoft.Bartizan/incidents/{incident}/similar", "Microsoft.SecurityInsights/incidents/read", SimilarAsync).AtWorkspace();
    }

    private static async Task<IResult> ListAsync(string incident, ListQuery query, IncidentStore incidents, IncidentTasks tasks, Home home, CancellationToken cancellationToken) =>
        await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is { } found
            ? ArmResults.Page([.. (await tasks.ListAsync(found.Value.Id, cancellationToken)).Select(t => Shape(t, home))], query)
            : IncidentRoutes.NotFound(incident);

    private static async Task<IResult> GetAsync(string incident, Guid task, IncidentStore incidents, IncidentTasks tasks, Home home, CancellationToken cancellationToken) =>
        await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is { } found && await tasks.FindAsync(found.Value.Id, task, cancellationToken) is { } read
            ? ArmResults.Resource(Shape(read, home))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "NotFound", $"There is no task '{task}' in the incident '{incident}'.", "incidentTaskId"));

    private static async Task<IResult> PutAsync(
        string incident, Guid task, ArmResource<IncidentTaskProperties> body, IfMatch match, Caller caller, IncidentStore incidents, IncidentTasks tasks, Home home,
        CancellationToken cancellationToken)
    {
        if (await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is not { } found)
        {
            return IncidentRoutes.NotFound(incident);
        }

        IncidentTaskStatus? status = null;
        if (body.Properties.Status is { Length: > 0 } word)
        {
            if (!Enum.TryParse<IncidentTaskStatus>(word, ignoreCase: true, out var read) || !Enum.IsDefined(read))
            {
                return ArmErrors.Result(new Problem(ProblemKind.Invalid, "BadRequest", $"'{word}' is no status of a task; New and Completed are.", "status"));
            }

            status = read;
        }

        var known = await tasks.FindAsync(found.Value.Id, task, cancellationToken);
        var outcome = await tasks.PutAsync(
            found.Value.Id, task, body.Properties.Title ?? known?.Value.Title ?? "", body.Properties.Description, status, InsightsPath.ActorOf(caller), match.With(body.Etag), cancellationToken);
        return ArmResults.Of(outcome, t => Shape(t, home), known is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> DeleteAsync(string incident, Guid task, Caller caller, IncidentStore incidents, IncidentTasks tasks, CancellationToken cancellationToken) =>
        await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is { } found
            ? ArmResults.Deleted(await tasks.DeleteAsync(found.Value.Id, task, InsightsPath.ActorOf(caller), cancellationToken))
            : Results.NoContent();

    private static async Task<IResult> SimilarAsync(string incident, IncidentStore incidents, SimilarIncidents similar, Home home, CancellationToken cancellationToken) =>
        await IncidentRoutes.FindAsync(incidents, incident, cancellationToken) is { } found
            ? ArmResults.Value(new ArmList<SimilarIncidentEntry> { Value = [.. (await similar.FindAsync(found.Value, cancellationToken)).Select(s => Shape(s, home))] })
            : IncidentRoutes.NotFound(incident);

    private static SimilarIncidentEntry Shape(SimilarIncident similar, Home home) => new(
        InsightsPath.Id(home, $"Incidents/{similar.Incident.Id:D}"), similar.Incident.Number, similar.Incident.Title, similar.Incident.Severity.ToString(), similar.Incident.Status.ToString(),
        similar.Incident.Classification?.ToString(), similar.Incident.ClassificationReason?.ToString(), similar.Incident.Owner?.DisplayName, similar.Incident.LastModified, similar.Score,
        [.. Reasons(similar)], similar.SharedEntities, similar.SharedDetails);

    private static IEnumerable<string> Reasons(SimilarIncident similar)
    {
        if (similar.SharedEntities.Count > 0)
        {
            yield return "entities";
        }

        if (similar.IsSameRule)
        {
            yield return "rule";
        }

        if (similar.IsSameTitle)
        {
            yield return "title";
        }

        if (similar.IsSameProduct)
        {
            yield return "product";
        }

        if (similar.SharedDetails.Count > 0)
        {
            yield return "customDetails";
        }
    }

    private static ArmResource<IncidentTaskProperties> Shape(Record<IncidentTask> record, Home home)
    {
        var task = record.Value;
        return new ArmResource<IncidentTaskProperties>
        {
            Id = InsightsPath.Id(home, $"Incidents/{task.IncidentId:D}/tasks/{task.Id:D}"),
            Name = task.Id.ToString("D"),
            Type = "Microsoft.SecurityInsights/Incidents/tasks",
            Etag = $"\"{record.ETag}\"",
            Properties = new IncidentTaskProperties
            {
                Title = task.Title,
                Description = task.Description,
                Status = task.Status.ToString(),
                CreatedTimeUtc = task.Created,
                LastModifiedTimeUtc = task.LastModified,
                CreatedBy = Client(task.CreatedBy),
                LastModifiedBy = Client(task.LastModifiedBy),
            },
        };
    }

    private static ClientProperties Client(Actor actor) => new(actor.Email, actor.Name, actor.ObjectId?.ToString("D"), actor.Email);
}
