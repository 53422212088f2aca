using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Investigation.Graph;

namespace Bartizan.Investigation.Timelines;

public enum HappeningKind
{
    Alert,
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
    public static IReadOnlyList<Happening> Of(IncidentGraph graph, IReadOnlyList<IncidentActivity> activities)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(activities);
        var happenings = graph.Alerts.Select(a => Of(a, graph)).Concat(activities.Select((a, i) => Of(a, i)));
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
        "closed" => $"{activity.Actor.Name} closed the incident",
        "reopened" => $"{activity.Actor.Name} opened the incident again",
        "commentAdded" => $"{activity.Actor.Name} commented",
        "commentChanged" => $"{activity.Actor.Name} changed a comment",
        "commentDeleted" => $"{activity.Actor.Name} removed a comment",
        _ => $"{activity.Actor.Name} changed the incident",
    };

    private static string Said(string value) => value.Length == 0 ? "none" : value;
}
