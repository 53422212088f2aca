using System.Globalization;
using Bartizan.Detection.Alerts;
using Bartizan.Foundation.Entities;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Detection.Incidents;

/// <summary>The decisions about an incident, as pure functions: what a change makes of it, what an alert adds, what differs.</summary>
public static class IncidentEditing
{
    // What searches find an incident by is bounded: a hostile event must not make a record of megabytes.
    private const int MaxTexts = 500;
    private const int MaxTextLength = 500;

    public static Outcome<Incident> Apply(Incident incident, IncidentChange change, Actor actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(incident);
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(actor);
        var title = change.Title?.Trim();
        if (title is { Length: 0 })
        {
            return Refuse("title", "An incident needs a title.");
        }

        if (change.Description?.Length > Incident.MaxDescription)
        {
            return Refuse("description", $"A description has at most {Incident.MaxDescription:N0} characters; this one has {change.Description.Length:N0}.");
        }

        var status = change.Status ?? incident.Status;
        var classification = change.Classification ?? incident.Classification;

        // A new classification drops the old one's reason: reasons belong to their classification.
        var reason = change.ClassificationReason ?? (change.Classification is null || change.Classification == incident.Classification ? incident.ClassificationReason : null);
        if (IncidentClosing.Check(status, classification, reason) is { } problem)
        {
            return problem;
        }

        var labels = (change.Labels ?? incident.Labels).Concat(change.AddLabels)
            .Where(l => !string.IsNullOrWhiteSpace(l.Name))
            .Select(l => l with { Name = l.Name.Trim() })
            .DistinctBy(l => l.Name, StringComparer.OrdinalIgnoreCase)
            .ToArray();
        var closes = status == IncidentStatus.Closed && incident.Status != IncidentStatus.Closed;
        var changed = incident with
        {
            Title = title ?? incident.Title,
            Description = change.Description ?? incident.Description,
            Severity = change.Severity ?? incident.Severity,
            Status = status,
            Classification = classification,
            ClassificationReason = reason,
            ClassificationComment = change.ClassificationComment ?? incident.ClassificationComment,
            Owner = change.Owner is null ? incident.Owner : change.Owner.DisplayName is null ? null : change.Owner,
            Labels = labels.SequenceEqual(incident.Labels) ? incident.Labels : labels,
            FirstActivity = change.FirstActivity ?? incident.FirstActivity,
            LastActivity = change.LastActivity ?? incident.LastActivity,
            Closed = closes ? now : incident.Closed,
            MergedInto = status == IncidentStatus.Closed ? incident.MergedInto : null,
        };
        return Touched(changed, actor, now);
    }

    /// <summary>The incident with one more alert: severity the highest, tactics and techniques together, the span of all.</summary>
    public static Incident Join(Incident incident, Alert alert, Actor actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(incident);
        ArgumentNullException.ThrowIfNull(alert);
        return Touched(
            incident with
            {
                Severity = alert.Severity > incident.Severity ? alert.Severity : incident.Severity,
                Status = incident.Status == IncidentStatus.Closed ? IncidentStatus.Active : incident.Status,
                MergedInto = null,
                AlertIds = [.. incident.AlertIds, alert.Id],
                AlertNames = Union(incident.AlertNames, [alert.Name]),
                EntityTexts = [.. incident.EntityTexts.Union(EntityTextsOf([alert])).Take(MaxTexts)],
                CustomDetails = [.. incident.CustomDetails.Union(DetailsOf([alert])).Take(MaxTexts)],
                RuleIds = Union(incident.RuleIds, [alert.RuleId]),
                ProductNames = Union(incident.ProductNames, [alert.ProductName]),
                Tactics = Union(incident.Tactics, alert.Tactics),
                Techniques = Union(incident.Techniques, alert.Techniques),
                FirstActivity = incident.FirstActivity is { } first && first < alert.StartTime ? first : alert.StartTime,
                LastActivity = incident.LastActivity is { } last && last > alert.EndTime ? last : alert.EndTime,
            },
            actor,
            now);
    }

    /// <summary>The incident with one more bookmark and what it names.</summary>
    internal static Incident Join(
        Incident incident, Guid bookmarkId, IReadOnlyList<Entity> entities, IReadOnlyList<string> tactics, IReadOnlyList<string> techniques, DateTimeOffset? at, Actor actor, DateTimeOffset now) => Touched(
        incident with
        {
            BookmarkIds = [.. incident.BookmarkIds, bookmarkId],
            EntityTexts = [.. incident.EntityTexts.Union(TextsOf(entities)).Take(MaxTexts)],
            Tactics = Union(incident.Tactics, tactics),
            Techniques = Union(incident.Techniques, techniques),
            FirstActivity = incident.FirstActivity is { } first && !(at < first) ? first : at ?? incident.FirstActivity,
            LastActivity = incident.LastActivity is { } last && !(at > last) ? last : at ?? incident.LastActivity,
        },
        actor,
        now);

    /// <summary>The incident a first alert opens.</summary>
    public static Incident Open(Alert alert, Guid id, int number, string? groupingKey, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return new Incident
        {
            Id = id,
            Number = number,
            Title = alert.Name,
            Description = alert.Description.Length > Incident.MaxDescription ? alert.Description[..Incident.MaxDescription] : alert.Description,
            Severity = alert.Severity,
            Created = now,
            LastModified = now,
            ModifiedBy = Actor.Grouping.Name,
            FirstActivity = alert.StartTime,
            LastActivity = alert.EndTime,
            RuleIds = [alert.RuleId],
            AlertIds = [alert.Id],
            AlertNames = [alert.Name],
            EntityTexts = EntityTextsOf([alert]),
            CustomDetails = DetailsOf([alert]),
            ProductNames = [alert.ProductName],
            Tactics = alert.Tactics,
            Techniques = alert.Techniques,
            GroupingKey = groupingKey,
            GroupingStart = groupingKey is null ? null : alert.Query.End,
        };
    }

    /// <summary>Every field that differs, for the activity log.</summary>
    public static IReadOnlyList<FieldChange> Differences(Incident before, Incident after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return [.. new FieldChange[]
        {
            new("title", before.Title, after.Title),
            new("description", before.Description, after.Description),
            new("severity", before.Severity.ToString(), after.Severity.ToString()),
            new("status", before.Status.ToString(), after.Status.ToString()),
            new("classification", Closing(before), Closing(after)),
            new("classificationComment", before.ClassificationComment, after.ClassificationComment),
            new("owner", before.Owner?.DisplayName ?? "", after.Owner?.DisplayName ?? ""),
            new("labels", Join(before.Labels.Select(l => l.Name)), Join(after.Labels.Select(l => l.Name))),
            new("tactics", Join(before.Tactics), Join(after.Tactics)),
            new("alerts", before.AlertIds.Count.ToString(CultureInfo.InvariantCulture), after.AlertIds.Count.ToString(CultureInfo.InvariantCulture)),
            new("bookmarks", before.BookmarkIds.Count.ToString(CultureInfo.InvariantCulture), after.BookmarkIds.Count.ToString(CultureInfo.InvariantCulture)),
        }.Where(c => c.From != c.To)];

        static string Closing(Incident i) => i.Classification is null ? "" : i.ClassificationReason is null ? $"{i.Classification}" : $"{i.Classification} - {i.ClassificationReason}";

        static string Join(IEnumerable<string> items) => string.Join(", ", items);
    }

    internal static IReadOnlyList<string> NamesOf(IReadOnlyList<Alert> alerts) => [.. alerts.Select(a => a.Name).Distinct()];

    internal static IReadOnlyList<string> EntityTextsOf(IReadOnlyList<Alert> alerts) =>
        [.. TextsOf(alerts.SelectMany(a => a.Entities)).Take(MaxTexts)];

    private static IEnumerable<string> TextsOf(IEnumerable<Entity> entities) => entities.SelectMany(e => e.Fields.Values).Select(Short).Where(t => t.Length > 0).Distinct();

    internal static IReadOnlyList<string> DetailsOf(IReadOnlyList<Alert> alerts) =>
        [.. alerts.SelectMany(a => a.CustomDetails).SelectMany(d => d.Value.Select(v => Short($"{d.Key} = {v}"))).Distinct().Take(MaxTexts)];

    private static string Short(string text) => text.Length > MaxTextLength ? text[..MaxTextLength] : text;

    internal static Incident Touched(Incident incident, Actor actor, DateTimeOffset now) =>
        incident with { FirstModified = incident.FirstModified ?? now, LastModified = now, ModifiedBy = actor.Name };

    private static T[] Union<T>(IReadOnlyList<T> first, IEnumerable<T> second) => [.. first.Union(second)];

    private static Problem Refuse(string target, string message) => new(ProblemKind.Invalid, "BadRequest", message, target);
}

/// <summary>One field's change, as the activity log shows it.</summary>
public sealed record FieldChange(string Field, string From, string To);
