using Bartizan.Detection.Alerts;
using Bartizan.Detection.Bookmarks;
using Bartizan.Foundation.Outcomes;
using Bartizan.Investigation.Profiles;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Api.Detection;
using Bartizan.Store.Records;
using Bartizan.Wire.Detection;
using Bartizan.Wire.Investigation;

namespace Bartizan.Server.Api.Investigation;

/// <summary><c>Microsoft.SecurityInsights/entities</c>: those that alerts name, what is known of each, and its timeline.</summary>
internal static class EntityRoutes
{
    private const string Read = "Microsoft.SecurityInsights/entities/read";
    private const string AlertKind = "SecurityAlert";
    private const string BookmarkKind = "Bookmark";

    // The newest alerts are looked through for entities.
    private const int MaxAlerts = 500;

    private static readonly string[] kinds = [AlertKind, BookmarkKind, "Activity", "Anomaly"];

    public static void MapEntities(this IEndpointRouteBuilder routes)
    {
        var insights = routes.MapInsights();
        insights.ArmList(InsightsPath.Provider + "/entities", Read, ListAsync).Partly("the entities of the newest 500 alerts");
        insights.ArmPost(InsightsPath.Provider + "/entities/{entity:guid}/getTimeline", "Microsoft.SecurityInsights/entities/gettimeline/action", TimelineAsync).Partly("alerts and bookmarks; other kinds are named in errors");
        routes.ArmGet("/providers/Microsoft.Bartizan/entities/{entity:guid}/profile", Read, ProfileAsync).AtWorkspace();
    }

    private static async Task<IResult> ListAsync(ListQuery query, AlertStore alerts, Home home, CancellationToken cancellationToken)
    {
        var page = await alerts.ListAsync(new RecordQuery { OrderBy = new RecordOrder("time", Descending: true), Take = MaxAlerts }, cancellationToken);
        return page.TryGetValue(out var found, out var problem)
            ? ArmResults.Page(found.Items.SelectMany(a => a.Value.Entities).Where(e => e.Keys.Count > 0).DistinctBy(e => e.Id).Select(e => IncidentShapes.Shape(e, e.Id, home)).ToList(), query)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> ProfileAsync(Guid entity, EntityProfiles profiles, Home home, CancellationToken cancellationToken)
    {
        if (await profiles.FindAsync(entity, cancellationToken) is not { } known)
        {
            return InvestigationRoutes.NoEntity(entity.ToString("D"));
        }

        var profile = await profiles.OfAsync(known, cancellationToken);
        return ArmResults.Value(new EntityPageProfile(
            IncidentShapes.Shape(known, entity, home), known.FriendlyName, profile.FirstSeen, profile.LastSeen, profile.Alerts.Count, profile.Severity?.ToString(), profile.Techniques,
            profile.Hosts, profile.Accounts,
            [.. profile.Incidents.Select(i => new EntityIncident(InsightsPath.Id(home, $"Incidents/{i.Id:D}"), i.Number, i.Title, i.Severity.ToString(), i.Status.ToString(), i.LastModified))],
            profile.IsComplete));
    }

    private static async Task<IResult> TimelineAsync(
        Guid entity, EntityTimelineRequest request, EntityProfiles profiles, AlertStore alerts, BookmarkStore bookmarks, Home home, CancellationToken cancellationToken)
    {
        if (request is not { StartTime: { } from, EndTime: { } to } || to <= from)
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "BadRequest", "A timeline needs startTime and an endTime after it.", "startTime"));
        }

        var asked = request.Kinds is { Count: > 0 } given ? given : [AlertKind, BookmarkKind];
        if (asked.FirstOrDefault(k => !kinds.Contains(k, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "BadRequest", $"'{unknown}' is no kind of timeline item; there are {string.Join(", ", kinds)}.", "kinds"));
        }

        if (await profiles.FindAsync(entity, cancellationToken) is not { } known)
        {
            return InvestigationRoutes.NoEntity(entity.ToString("D"));
        }

        var items = new List<EntityTimelineItem>();
        var errors = new List<EntityTimelineError>();
        foreach (var kind in asked.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            switch (kind.ToUpperInvariant())
            {
                case "SECURITYALERT":
                    items.AddRange((await alerts.NamingAsync(known, from, to, EntityProfiles.MaxAlerts, cancellationToken)).Select(a => Item(a, home)));
                    break;
                case "BOOKMARK":
                    items.AddRange((await bookmarks.NamingAsync(known, EntityProfiles.MaxAlerts, cancellationToken)).Where(b => At(b) >= from && At(b) < to).Select(b => Item(b, home)));
                    break;
                default:
                    errors.Add(new EntityTimelineError(kind, null, $"Items of the kind {kind} are not kept by this server."));
                    break;
            }
        }

        return ArmResults.Value(new EntityTimeline(
            new EntityTimelineSummary(items.Count, [.. items.GroupBy(i => i.Kind).Select(g => new EntityTimelineCount(g.Count(), g.Key))], errors),
            [.. items.OrderBy(i => i.StartTimeUtc).ThenBy(i => i.EndTimeUtc).ThenBy(i => i.AzureResourceId, StringComparer.Ordinal)]));
    }

    private static DateTimeOffset At(Bookmark bookmark) => bookmark.EventTime ?? bookmark.Created;

    private static EntityTimelineItem Item(Alert alert, Home home) => new(AlertKind, InsightsPath.Id(home, $"Entities/{alert.Id:D}"), alert.Name, alert.StartTime, alert.EndTime)
    {
        ProductName = alert.ProductName,
        Description = alert.Description,
        Severity = alert.Severity.ToString(),
        TimeGenerated = alert.TimeGenerated,
        AlertType = $"{home.WorkspaceId:D}_{alert.RuleId:D}",
        Intent = alert.Tactics.Count == 0 ? null : alert.Tactics[0],
        Techniques = alert.Techniques,
    };

    private static EntityTimelineItem Item(Bookmark bookmark, Home home) => new(BookmarkKind, InsightsPath.Id(home, $"bookmarks/{bookmark.Id:D}"), bookmark.DisplayName, At(bookmark), At(bookmark))
    {
        Notes = bookmark.Notes,
        EventTime = bookmark.EventTime,
        CreatedBy = new ClientProperties(null, bookmark.CreatedBy, null, null),
        Labels = bookmark.Labels,
    };
}
