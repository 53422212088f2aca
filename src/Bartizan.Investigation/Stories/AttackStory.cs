using System.Globalization;
using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Foundation.Entities;
using Bartizan.Investigation.Graph;
using Bartizan.Posture.Assessments;

namespace Bartizan.Investigation.Stories;

/// <summary>One tactic of an attack, in the order in which it was first seen.</summary>
public sealed record StoryStep(string Tactic, DateTimeOffset First, DateTimeOffset Last, AlertSeverity Severity, IReadOnlyList<Alert> Alerts, IReadOnlyList<string> Techniques, string Sentence);

/// <summary>A weakness of a resource that takes part in the incident.</summary>
public sealed record StoryFinding(string ResourceName, Assessment Assessment);

/// <summary>An incident told in plain words: the same incident gives the same words.</summary>
public sealed record AttackStory(string Summary, IReadOnlyList<StoryStep> Steps, IReadOnlyList<StoryFinding> Findings)
{
    private const int Named = 3;

    /// <param name="findingsOf">What posture says of a resource of the inventory; null where it says nothing, or the reader may not see it.</param>
    public static AttackStory Of(IncidentGraph graph, Func<string, ResourceFindings?> findingsOf)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(findingsOf);
        var findings = graph.Nodes.Where(n => n.Kind == NodeKind.Resource)
            .Select(n => findingsOf(n.Fields["id"]))
            .OfType<ResourceFindings>()
            .DistinctBy(f => f.Id)
            .SelectMany(f => f.Assessments.Where(a => a.Status == AssessmentStatus.Unhealthy).Select(a => new StoryFinding(f.Name, a)))
            .OrderBy(f => f.ResourceName, StringComparer.Ordinal).ThenBy(f => f.Assessment.Key, StringComparer.Ordinal)
            .ToList();
        var steps = graph.Alerts
            .SelectMany(a => (a.Tactics.Count == 0 ? ["Unknown"] : a.Tactics).Select(t => (Tactic: t, Alert: a)))
            .GroupBy(s => s.Tactic, s => s.Alert, StringComparer.Ordinal)
            .Select(g => Step(g.Key, [.. g.OrderBy(a => a.StartTime).ThenBy(a => a.Name, StringComparer.Ordinal).ThenBy(a => a.Id)]))
            .OrderBy(s => s.First).ThenBy(s => AttackTactics.OrderOf(s.Tactic))
            .ToList();
        return new AttackStory(Summarize(graph, steps, findings), steps, findings);
    }

    private static StoryStep Step(string tactic, IReadOnlyList<Alert> alerts)
    {
        var (first, last) = (alerts.Min(a => a.StartTime), alerts.Max(a => a.EndTime));
        var who = People(alerts.SelectMany(a => a.Entities), EntityKind.Account, "by");
        var where = People(alerts.SelectMany(a => a.Entities), EntityKind.Host, "on");
        var what = string.Join(", ", alerts.Select(a => a.Name).Distinct(StringComparer.Ordinal).Take(Named));
        var more = alerts.Select(a => a.Name).Distinct(StringComparer.Ordinal).Count() - Named;
        return new StoryStep(
            tactic, first, last, alerts.Max(a => a.Severity), alerts, [.. alerts.SelectMany(a => a.Techniques).Distinct().Order(StringComparer.Ordinal)],
            $"{Time(first)}: {what}{(more > 0 ? $" and {more} more" : "")}{who}{where}.");
    }

    private static string Summarize(IncidentGraph graph, List<StoryStep> steps, List<StoryFinding> findings)
    {
        if (steps.Count == 0)
        {
            return "No alert belongs to this incident yet, so there is nothing to tell.";
        }

        var entities = graph.Nodes.Select(n => n.Entity).OfType<Entity>().ToList();
        var (first, last) = (steps.Min(s => s.First), steps.Max(s => s.Last));
        var text = $"Between {Time(first)} and {Time(last)}, {Count(graph.Alerts.Count, "alert")} tell of {string.Join(", then ", steps.Select(s => Words(s.Tactic)))}"
            + $"{People(entities, EntityKind.Account, "by")}{People(entities, EntityKind.Host, "on")}{People(entities, EntityKind.IP, "with the addresses")}.";
        return findings.Count == 0
            ? text
            : $"{text} {Count(findings.Count, "open recommendation")} on {string.Join(", ", findings.Select(f => f.ResourceName).Distinct(StringComparer.Ordinal).Take(Named))} may have made it easier.";
    }

    /// <summary>The first few of a kind by name, and how many more.</summary>
    private static string People(IEnumerable<Entity> entities, EntityKind kind, string word)
    {
        var names = entities.Where(e => e.Kind == kind).Select(e => e.FriendlyName).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase).ToList();
        return names.Count == 0 ? "" : $" {word} {string.Join(", ", names.Take(Named))}{(names.Count > Named ? $" and {names.Count - Named} more" : "")}";
    }

    /// <summary><c>CredentialAccess</c> is read as <c>credential access</c>.</summary>
    private static string Words(string tactic) =>
        string.Concat(tactic.Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : i == 0 ? char.ToLowerInvariant(c).ToString() : c.ToString()));

    private static string Count(int number, string noun) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {noun}{(number == 1 ? "" : "s")}");

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
