using Bartizan.Detection.Alerts;
using Bartizan.Foundation.Entities;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Incidents;

/// <summary>Earlier incidents that resemble one, each with what they share: shared entities weigh more the rarer they are, then the rule, title, product and details.</summary>
public sealed class SimilarIncidents(IncidentStore incidents, AlertStore alerts)
{
    public const int MaxResults = 20;
    private const int MaxCandidates = 500;
    private const int MaxAlertsPerEntity = 300;
    private static readonly TimeSpan window = TimeSpan.FromDays(14);

    /// <summary>The most similar first; the same records give the same list.</summary>
    public async Task<IReadOnlyList<SimilarIncident>> FindAsync(Incident incident, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(incident);
        var last = incident.LastActivity ?? incident.LastModified;
        var from = last - window;
        var own = await alerts.FindAsync(incident.AlertIds, cancellationToken).ConfigureAwait(false);
        var keys = Keys(own);
        var alertIds = new HashSet<Guid>();
        foreach (var key in keys.Keys)
        {
            var page = await alerts.ListAsync(
                new RecordQuery
                {
                    Filters = [new RecordFilter.Equal("entity", key), new RecordFilter.Range("end", RecordValue.Of(from), RecordValue.Of(last.AddTicks(1)))],
                    OrderBy = new RecordOrder("end", Descending: true),
                    Take = MaxAlertsPerEntity,
                },
                cancellationToken).ConfigureAwait(false);
            alertIds.UnionWith(page.Value.Items.Select(a => a.Value.Id));
        }

        var candidates = new Dictionary<Guid, Incident>();
        await CollectAsync("alert", alertIds.Select(a => a.ToString("D"))).ConfigureAwait(false);
        await CollectAsync("rule", incident.RuleIds.Select(r => r.ToString("D"))).ConfigureAwait(false);
        candidates.Remove(incident.Id);

        var loaded = new List<(Incident Incident, Dictionary<string, (Entity Entity, bool IsStrong)> Keys, IReadOnlyList<Alert> Alerts)>();
        foreach (var candidate in candidates.Values.OrderByDescending(c => c.Number).Take(MaxCandidates))
        {
            var theirs = await alerts.FindAsync(candidate.AlertIds, cancellationToken).ConfigureAwait(false);
            loaded.Add((candidate, Keys(theirs), theirs));
        }

        var spread = keys.Keys.ToDictionary(k => k, k => 1 + loaded.Count(l => l.Keys.ContainsKey(k)), StringComparer.Ordinal);
        var details = Details(own);
        var results = new List<SimilarIncident>();
        foreach (var (candidate, theirs, theirAlerts) in loaded)
        {
            // One entity counts once, by its best identifier.
            var shared = keys.Where(k => theirs.ContainsKey(k.Key))
                .GroupBy(k => k.Value.Entity.FriendlyName, StringComparer.OrdinalIgnoreCase)
                .Select(g => (Name: g.Key, Weight: g.Max(k => (k.Value.IsStrong ? 1 : 0.4) / Math.Log2(1 + spread[k.Key]))))
                .OrderByDescending(s => s.Weight).ThenBy(s => s.Name, StringComparer.Ordinal)
                .ToList();
            var isSameRule = candidate.RuleIds.Intersect(incident.RuleIds).Any();
            if (shared.Count == 0 && !isSameRule)
            {
                continue;
            }

            var isSameTitle = string.Equals(candidate.Title, incident.Title, StringComparison.Ordinal);
            var isSameProduct = candidate.ProductNames.Intersect(incident.ProductNames).Any();
            string[] sharedDetails = [.. details.Intersect(Details(theirAlerts)).Order(StringComparer.Ordinal)];
            var score = (4 * shared.Sum(s => s.Weight)) + (isSameRule ? 2 : 0) + (isSameTitle ? 1 : 0) + (isSameProduct ? 0.5 : 0) + (0.75 * sharedDetails.Length);
            results.Add(new SimilarIncident(candidate, Math.Round(score, 3), [.. shared.Select(s => s.Name)], isSameRule, isSameTitle, isSameProduct, sharedDetails));
        }

        return [.. results.OrderByDescending(r => r.Score).ThenByDescending(r => r.Incident.Number).Take(MaxResults)];

        async Task CollectAsync(string field, IEnumerable<string> values)
        {
            foreach (var some in values.Chunk(200))
            {
                var page = await incidents.ListAsync(
                    new RecordQuery
                    {
                        Filters =
                        [
                            new RecordFilter.In(field, [.. some.Select(v => RecordValue.Of(v))]),
                            new RecordFilter.AnyOf(
                                new RecordFilter.Range("lastActivity", RecordValue.Of(from), null), new RecordFilter.Range("modified", RecordValue.Of(from), null)),
                        ],
                        OrderBy = new RecordOrder("number", Descending: true),
                        Take = MaxCandidates,
                    },
                    cancellationToken).ConfigureAwait(false);
                foreach (var found in page.Value.Items.Where(i => (i.Value.FirstActivity ?? i.Value.Created) <= last))
                {
                    candidates.TryAdd(found.Value.Id, found.Value);
                }
            }
        }
    }

    private static Dictionary<string, (Entity Entity, bool IsStrong)> Keys(IReadOnlyList<Alert> alerts)
    {
        var keys = new Dictionary<string, (Entity, bool)>(StringComparer.Ordinal);
        foreach (var entity in alerts.SelectMany(a => a.Entities))
        {
            foreach (var key in entity.Keys)
            {
                keys.TryAdd(key.Text, (entity, key.IsStrong));
            }
        }

        return keys;
    }

    private static HashSet<string> Details(IReadOnlyList<Alert> alerts) =>
        [.. alerts.SelectMany(a => a.CustomDetails).SelectMany(d => d.Value.Select(v => $"{d.Key} = {v}"))];
}

/// <summary>An incident that resembles another, and why.</summary>
public sealed record SimilarIncident(
    Incident Incident, double Score, IReadOnlyList<string> SharedEntities, bool IsSameRule, bool IsSameTitle, bool IsSameProduct, IReadOnlyList<string> SharedDetails);
