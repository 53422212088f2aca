using Bartizan.Content.Rules;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Detection;
using IncidentCounts = Bartizan.Wire.Detection.IncidentCounts;

namespace Bartizan.Server.Api.Detection;

/// <summary><c>Microsoft.SecurityInsights/incidents</c>, and the counters above the queue.</summary>
internal static class IncidentRoutes
{
    private const string Read = "Microsoft.SecurityInsights/incidents/read";

    private static readonly Dictionary<string, FilterField> fields = new(StringComparer.OrdinalIgnoreCase)
    {
        ["properties/status"] = new("status"),
        ["properties/severity"] = new("severity"),
        ["properties/classification"] = new("classification"),
        ["properties/title"] = new("title"),
        ["properties/description"] = new("description"),
        ["properties/incidentNumber"] = new("number", FilterType.Number),
        ["properties/createdTimeUtc"] = new("created", FilterType.Time),
        ["properties/lastModifiedTimeUtc"] = new("modified", FilterType.Time),
        ["properties/firstActivityTimeUtc"] = new("firstActivity", FilterType.Time),
        ["properties/lastActivityTimeUtc"] = new("lastActivity", FilterType.Time),
        ["properties/providerName"] = new("provider"),
        ["properties/owner/assignedTo"] = new("ownerName"),
        ["properties/owner/email"] = new("ownerEmail"),
        ["properties/owner/userPrincipalName"] = new("ownerUpn"),
        ["properties/owner/objectId"] = new("ownerId"),
        ["properties/classificationComment"] = new("classificationComment"),
        ["properties/classificationReason"] = new("classificationReason"),
        ["properties/labels"] = new("label"),
        ["properties/additionalData/alertNames"] = new("alertName"),
        ["properties/additionalData/alertIds"] = new("alert"),
        ["properties/additionalData/entities"] = new("entity"),
        ["properties/additionalData/customDetails"] = new("customDetail"),
        ["properties/additionalData/alertProductNames"] = new("product"),
        ["properties/additionalData/tactics"] = new("tactic"),
        ["properties/additionalData/techniques"] = new("technique"),
    };

    private static readonly Dictionary<string, FilterField> orders = new(fields, StringComparer.OrdinalIgnoreCase) { ["properties/severity"] = new("severityRank", FilterType.Number) };

    public static void MapIncidents(this IEndpointRouteBuilder routes)
    {
        var insights = routes.MapInsights();
        insights.ArmList(InsightsPath.Provider + "/incidents", Read, ListAsync);
        insights.ArmGet(InsightsPath.Provider + "/incidents/{incident}", Read, GetAsync);
        insights.ArmPut(InsightsPath.Provider + "/incidents/{incident}", "Microsoft.SecurityInsights/incidents/write", PutAsync);
        insights.ArmDelete(InsightsPath.Provider + "/incidents/{incident}", "Microsoft.SecurityInsights/incidents/delete", DeleteAsync);
        routes.ArmGet("/providers/Microsoft.Bartizan/incidentCounts", Read, CountAsync).AtWorkspace();
        routes.ArmGet("/providers/Microsoft.Bartizan/incidents/{incident}/activity", Read, ActivityAsync).AtWorkspace();
    }

    /// <summary>By GUID, or by the number that people say.</summary>
    public static Task<Record<Incident>?> FindAsync(IncidentStore incidents, string incident, CancellationToken cancellationToken) =>
        Guid.TryParse(incident, out var id) ? incidents.FindAsync(id, cancellationToken)
        : int.TryParse(incident, out var number) ? incidents.FindAsync(number, cancellationToken)
        : Task.FromResult<Record<Incident>?>(null);

    public static IResult NotFound(string incident) =>
        ArmErrors.Result(new Problem(ProblemKind.NotFound, "NotFound", $"There is no incident '{incident}'.", "incidentId"));

    private static async Task<IResult> ListAsync(ListQuery query, IncidentStore incidents, Home home, CancellationToken cancellationToken)
    {
        if (!FilterText.ReadOrder(query.OrderBy, orders).TryGetValue(out var order, out var problem) || !(await IncidentSearch.FiltersAsync(query, FilterText.Read(query.Filter, fields), incidents, cancellationToken)).TryGetValue(out var filters, out problem))
        {
            return ArmErrors.Result(problem);
        }

        var page = await incidents.ListAsync(
            new RecordQuery
            {
                Filters = filters,
                OrderBy = order ?? new RecordOrder("created", Descending: true),
                Take = query.Top,
                Continuation = query.Continuation,
                WantCount = query.WantsCount,
            },
            cancellationToken);
        return page.TryGetValue(out var found, out problem)
            ? ArmResults.Page([.. found.Items.Select(i => IncidentShapes.Shape(i, home))], found.Continuation, query, found.Count)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> CountAsync(ListQuery query, IncidentStore incidents, CancellationToken cancellationToken)
    {
        if (!(await IncidentSearch.FiltersAsync(query, FilterText.Read(query.Filter, fields), incidents, cancellationToken)).TryGetValue(out var filters, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        return ArmResults.Of(await incidents.CountAsync(filters, cancellationToken), c => new IncidentCounts(
            (int)c.Open, (int)c.New, (int)c.Active, (int)c.Closed, c.OpenBySeverity.OrderByDescending(s => s.Key).ToDictionary(s => s.Key.ToString(), s => (int)s.Value)));
    }

    private static async Task<IResult> GetAsync(string incident, IncidentStore incidents, Home home, CancellationToken cancellationToken) =>
        await FindAsync(incidents, incident, cancellationToken) is { } found ? ArmResults.Resource(IncidentShapes.Shape(found, home)) : NotFound(incident);

    private static async Task<IResult> PutAsync(
        string incident, ArmResource<IncidentProperties> body, IfMatch match, Caller caller, IncidentStore incidents, Home home, CancellationToken cancellationToken)
    {
        var known = await FindAsync(incidents, incident, cancellationToken);
        if (!Change(body.Properties, known is null).TryGetValue(out var change, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var ifMatch = match.With(body.Etag);
        var actor = InsightsPath.ActorOf(caller);
        if (known is not null)
        {
            return ifMatch == RecordMatch.Absent
                ? ArmErrors.Result(new Problem(ProblemKind.PreconditionFailed, "PreconditionFailed", $"The incident '{incident}' exists already.", "If-None-Match"))
                : ArmResults.Of(Answer(await incidents.EditAsync(known.Value.Id, change, actor, ifMatch, cancellationToken), match), r => IncidentShapes.Shape(r, home));
        }

        if (!Guid.TryParse(incident, out var id))
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "BadRequest", "The id of a new incident is a GUID of your choice.", "incidentId"));
        }

        return ifMatch is not null and not RecordMatch.Absent and not RecordMatch.Any
            ? ArmErrors.Result(new Problem(ProblemKind.Conflict, "Conflict", $"The incident '{incident}' that the etag belongs to does not exist any more.", "etag"))
            : ArmResults.Of(await incidents.CreateAsync(id, change, actor, cancellationToken), r => IncidentShapes.Shape(r, home), StatusCodes.Status201Created);
    }

    /// <summary>A condition given as header fails as HTTP says, one in the body as the incidents of the original do.</summary>
    private static Outcome<Record<Incident>> Answer(Outcome<Record<Incident>> outcome, IfMatch match) =>
        !outcome.IsSuccess && match.IsHeader && outcome.Problem is { Kind: ProblemKind.Conflict, Code: IncidentStore.StaleCode, Target: "etag" } stale
            ? new Problem(ProblemKind.PreconditionFailed, "PreconditionFailed", stale.Message, "If-Match")
            : outcome;

    private static async Task<IResult> DeleteAsync(string incident, IfMatch match, Caller caller, IncidentStore incidents, CancellationToken cancellationToken) =>
        await FindAsync(incidents, incident, cancellationToken) is { } found
            ? ArmResults.Deleted(await incidents.DeleteAsync(found.Value.Id, match.With(null), caller.Name, cancellationToken))
            : Results.NoContent();

    private static async Task<IResult> ActivityAsync(string incident, ListQuery query, IncidentStore incidents, CancellationToken cancellationToken)
    {
        if (await FindAsync(incidents, incident, cancellationToken) is not { } found)
        {
            return NotFound(incident);
        }

        var page = await incidents.ActivitiesAsync(found.Value.Id, query.Top, query.Continuation, cancellationToken);
        return page.TryGetValue(out var log, out var problem)
            ? ArmResults.Page([.. log.Items.Select(i => IncidentShapes.Shape(i.Value))], log.Continuation, query)
            : ArmErrors.Result(problem);
    }

    private static Outcome<IncidentChange> Change(IncidentProperties given, bool isNew)
    {
        if (isNew && (string.IsNullOrWhiteSpace(given.Title) || given.Severity is null || given.Status is null))
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", "An incident needs title, severity and status.", string.IsNullOrWhiteSpace(given.Title) ? "title" : given.Severity is null ? "severity" : "status");
        }

        if (!Word<AlertSeverity>(given.Severity, "severity").TryGetValue(out var severity, out var problem)
            || !Word<IncidentStatus>(given.Status, "status").TryGetValue(out var status, out problem)
            || !Word<Classification>(given.Classification, "classification").TryGetValue(out var classification, out problem)
            || !Word<ClassificationReason>(given.ClassificationReason, "classificationReason").TryGetValue(out var reason, out problem)
            || !Word<OwnerKind>(given.Owner?.OwnerType, "ownerType").TryGetValue(out var ownerKind, out problem))
        {
            return problem;
        }

        Guid? ownerId = null;
        if (given.Owner?.ObjectId is { Length: > 0 } owner)
        {
            if (!Guid.TryParse(owner, out var parsed))
            {
                return new Problem(ProblemKind.Invalid, "BadRequest", $"'{owner}' is no object id; it is a GUID.", "owner.objectId");
            }

            ownerId = parsed;
        }

        return new IncidentChange
        {
            Title = given.Title,
            Description = given.Description,
            Severity = severity,
            Status = status,
            Classification = classification,
            ClassificationReason = reason,
            ClassificationComment = given.ClassificationComment,
            Owner = given.Owner is null ? null : new IncidentOwner
            {
                ObjectId = ownerId,
                Email = Given(given.Owner.Email),
                AssignedTo = Given(given.Owner.AssignedTo),
                UserPrincipalName = Given(given.Owner.UserPrincipalName),
                Kind = ownerKind ?? OwnerKind.User,
            },
            Labels = given.Labels is null ? null : [.. given.Labels.Select(l => new IncidentLabel(l.LabelName, l.LabelType == "AutoAssigned"))],
            FirstActivity = given.FirstActivityTimeUtc,
            LastActivity = given.LastActivityTimeUtc,
        };
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static Outcome<T?> Word<T>(string? text, string name)
        where T : struct, Enum =>
        string.IsNullOrEmpty(text) ? (T?)null
        : !int.TryParse(text, out _) && Enum.TryParse<T>(text, ignoreCase: true, out var value) ? value
        : new Problem(ProblemKind.Invalid, "BadRequest", $"'{text}' is no {name}; it is one of {string.Join(", ", Enum.GetNames<T>())}.", name);
}
