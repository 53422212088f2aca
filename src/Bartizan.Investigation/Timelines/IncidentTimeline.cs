using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Bookmarks;
using Bartizan.Detection.Incidents;
using Bartizan.Investigation.Graph;

namespace Bartizan.Investigation.Timelines;

public enum HappeningKind
{
    Alert,
    Bookmark,
    Activity,
    Comment,
}

/// <summary>One thing that happened, or that somebody did about it.</summary>
public sealed record Happening(string Id, HappeningKind Kind, DateTimeOffset Start, DateTimeOffset End, string Title)
{
    public AlertSeverity? Severity { get; init; }

    public string Text { get; init; } = "";

    public IReadOnlyList<string> Tactics { get; init; } = [];

    /// <summary>The nodes of the graph it is about.</summary>
    public IReadOnlyList<string> NodeIds { get; init; } = [];
}

/// <summary>What happened in an incident, in order.</summary>
public static class IncidentTimeline
{
    public static IReadOnlyList<Happening> Of(IncidentGraph graph, IReadOnlyList<IncidentActivity> activities, IReadOnlyList<Bookmark>? bookmarks = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(activities);
        var happenings = graph.Alerts.Select(a => Of(a, graph)).Concat((bookmarks ?? []).Select(b => Of(b, graph))).Concat(activities.Select((a, i) => Of(a, i)));
        return [.. happenings.OrderBy(h => h.Start).ThenBy(h => h.End).ThenBy(h => h.Id, StringComparer.Ordinal)];
    }

    private static Happening Of(Alert alert, IncidentGraph graph)
    {
        var id = alert.Id.ToString("D");
        return new Happening(id, HappeningKind.Alert, alert.StartTime, alert.EndTime, alert.Name)
        {
            Severity = alert.Severity,
            Text = alert.Description,
            Tactics = alert.Tactics,
            NodeIds = [id, .. graph.Edges.Where(e => e.Kind == EdgeKind.Alert && e.From == id).Select(e => e.To)],
        };
    }

    private static Happening Of(Bookmark bookmark, IncidentGraph graph) => new(
        bookmark.Id.ToString("D"), HappeningKind.Bookmark, bookmark.EventTime ?? bookmark.Created, bookmark.EventTime ?? bookmark.Created, bookmark.DisplayName)
    {
        Text = bookmark.Notes,
        Tactics = bookmark.Tactics,
        NodeIds = [.. bookmark.Entities.SelectMany(e => e.Keys).Select(k => k.ToId().ToString("D")).Where(id => graph.Find(id) is not null).Distinct()],
    };

    private static Happening Of(IncidentActivity activity, int index) => new(
        $"activity-{activity.At.UtcTicks}-{index}",
        activity.Action is "commentAdded" or "commentChanged" ? HappeningKind.Comment : HappeningKind.Activity,
        activity.At, activity.At, Title(activity))
    {
        Text = activity.Changes.Count > 0 ? string.Join("; ", activity.Changes.Select(c => $"{c.Field}: {Said(c.From)} → {Said(c.To)}")) : activity.Note,
        NodeIds = [activity.IncidentId.ToString("D")],
    };

    private static string Title(IncidentActivity activity) => activity.Action switch
    {
        "created" => $"{activity.Actor.Name} opened the incident",
        "alertAdded" when activity.Note.Count(c => c == '\n') is > 0 and var more => $"{activity.Actor.Name} added {more + 1} alerts",
        "alertAdded" => $"{activity.Actor.Name} added an alert",
        "alertRemoved" => $"{activity.Actor.Name} removed an alert",
        "bookmarkAdded" => $"{activity.Actor.Name} added a bookmark",
        "bookmarkRemoved" => $"{activity.Actor.Name} removed a bookmark",
        "closed" => $"{activity.Actor.Name} closed the incident",
        "reopened" => $"{activity.Actor.Name} opened the incident again",
        "commentAdded" => $"{activity.Actor.Name} commented",
        "commentChanged" => $"{activity.Actor.Name} changed a comment",
        "commentDeleted" => $"{activity.Actor.Name} removed a comment",
        _ => $"{activity.Actor.Name} changed the incident",
    };

    private static string Said(string value) => value.Length == 0 ? "none" : value;
}
