using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Entities;
using Bartizan.Store.Records;

namespace Bartizan.Investigation.Profiles;

/// <summary>What alerts and incidents know of one entity: since when, how often, on how many hosts, in which incidents.</summary>
/// <param name="IsComplete">False when there are more alerts than were looked at.</param>
public sealed record EntityProfile(
    Entity Entity, DateTimeOffset? FirstSeen, DateTimeOffset? LastSeen, IReadOnlyList<Alert> Alerts, IReadOnlyList<string> Hosts, IReadOnlyList<string> Accounts,
    IReadOnlyList<Incident> Incidents, bool IsComplete)
{
    /// <summary>The worst of its alerts; null without any.</summary>
    public AlertSeverity? Severity => Alerts.Count == 0 ? null : Alerts.Max(a => a.Severity);

    public IReadOnlyList<string> Techniques => [.. Alerts.SelectMany(a => a.Techniques).Distinct().Order(StringComparer.Ordinal)];
}

/// <summary>Profiles of entities, from the alerts that name them.</summary>
public sealed class EntityProfiles(AlertStore alerts, IncidentStore incidents)
{
    /// <summary>So many alerts are read for one profile.</summary>
    public const int MaxAlerts = 1_000;

    /// <summary>The entity as the newest alert names it; null when none does.</summary>
    public async Task<Entity?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var page = await alerts.ListAsync(
            new RecordQuery { Filters = [new RecordFilter.Equal("entityId", id.ToString("D"))], OrderBy = new RecordOrder("time", Descending: true), Take = 1 }, cancellationToken).ConfigureAwait(false);
        return page.IsSuccess && page.Value.Items is [var found, ..] ? found.Value.Entities.FirstOrDefault(e => e.Keys.Any(k => k.ToId() == id)) : null;
    }

    public async Task<EntityProfile> OfAsync(Entity entity, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entity);
        var naming = await alerts.NamingAsync(entity, null, null, MaxAlerts, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Incident> found = [];
        if (naming.Count > 0)
        {
            var page = await incidents.ListAsync(
                new RecordQuery
                {
                    Filters = [new RecordFilter.In("alert", [.. naming.Select(a => RecordValue.Of(a.Id.ToString("D")))])],
                    OrderBy = new RecordOrder("modified", Descending: true),
                    Take = MaxAlerts,
                },
                cancellationToken).ConfigureAwait(false);
            found = [.. page.Value.Items.Select(i => i.Value)];
        }

        var beside = naming.SelectMany(a => a.Entities).ToList();
        return new EntityProfile(
            entity, naming.Count == 0 ? null : naming.Min(a => a.StartTime), naming.Count == 0 ? null : naming.Max(a => a.EndTime), naming,
            Names(beside, EntityKind.Host), Names(beside, EntityKind.Account), found, naming.Count < MaxAlerts);
    }

    private static IReadOnlyList<string> Names(IEnumerable<Entity> entities, EntityKind kind) =>
        [.. entities.Where(e => e.Kind == kind).Select(e => e.FriendlyName).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)];
}
