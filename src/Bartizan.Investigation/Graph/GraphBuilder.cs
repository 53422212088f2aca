using Bartizan.Detection.Alerts;
using Bartizan.Detection.Entities;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Entities;

namespace Bartizan.Investigation.Graph;

/// <summary>Alerts and the entities they name to nodes and edges. Pure.</summary>
public static class GraphBuilder
{
    public static IncidentGraph Build(Incident incident, IReadOnlyList<Alert> alerts)
    {
        ArgumentNullException.ThrowIfNull(incident);
        ArgumentNullException.ThrowIfNull(alerts);
        var nodes = new List<Node> { NodeOf(incident) };
        var edges = new List<Edge>();
        foreach (var alert in alerts)
        {
            nodes.Add(NodeOf(alert));
            edges.Add(new Edge(incident.Id.ToString("D"), alert.Id.ToString("D"), EdgeKind.Incident));
        }

        // Inside one incident the same weak name means the same thing: the incident is the context of all its sightings.
        var context = incident.Id.ToString("D");
        var named = alerts.SelectMany(a => a.Entities.SelectMany(Whole).Select(e => (Alert: a, Entity: e))).ToList();
        var resolved = EntityResolution.Resolve(named.Select(n => new EntitySighting(n.Entity, context)));
        var byEntity = new Dictionary<Entity, ResolvedEntity>();
        foreach (var one in resolved)
        {
            foreach (var sighting in one.Sightings)
            {
                byEntity[sighting.Entity] = one;
            }
        }

        foreach (var group in named.Where(n => byEntity.ContainsKey(n.Entity)).GroupBy(n => byEntity[n.Entity].Id))
        {
            var one = byEntity[group.First().Entity];
            nodes.Add(NodeOf(one.Entity, one.Id) with { FirstSeen = group.Min(g => g.Alert.StartTime), LastSeen = group.Max(g => g.Alert.EndTime) });
            edges.AddRange(group.DistinctBy(g => g.Alert.Id).Select(g => new Edge(g.Alert.Id.ToString("D"), one.Id.ToString("D"), EdgeKind.Alert)
            {
                FirstSeen = g.Alert.StartTime,
                LastSeen = g.Alert.EndTime,
            }));
        }

        edges.AddRange(Nesting(byEntity));
        return new IncidentGraph(incident, alerts, nodes, edges);
    }

    public static Node NodeOf(Alert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return new Node(alert.Id.ToString("D"), NodeKind.Alert, alert.Name)
        {
            Severity = alert.Severity,
            FirstSeen = alert.StartTime,
            LastSeen = alert.EndTime,
            Fields = new Dictionary<string, string>
            {
                ["description"] = alert.Description,
                ["rule"] = alert.RuleName,
                ["tactics"] = string.Join(", ", alert.Tactics),
                ["techniques"] = string.Join(", ", alert.Techniques),
            },
        };
    }

    public static Node NodeOf(Entity entity, Guid id)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return new Node(id.ToString("D"), NodeKind.Entity, entity.FriendlyName) { Entity = entity, Fields = entity.Fields };
    }

    private static Node NodeOf(Incident incident) => new(incident.Id.ToString("D"), NodeKind.Incident, incident.Title)
    {
        Severity = incident.Severity,
        FirstSeen = incident.FirstActivity,
        LastSeen = incident.LastActivity,
        Fields = new Dictionary<string, string> { ["number"] = incident.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), ["status"] = incident.Status.ToString() },
    };

    /// <summary>An entity and those it holds, the outermost first.</summary>
    private static IEnumerable<Entity> Whole(Entity entity) => entity.Related.Values.SelectMany(Whole).Prepend(entity);

    private static IEnumerable<Edge> Nesting(Dictionary<Entity, ResolvedEntity> byEntity) => byEntity
        .SelectMany(e => e.Key.Related.Where(r => byEntity.ContainsKey(r.Value)).Select(r => (From: e.Value.Id, To: byEntity[r.Value].Id, Role: r.Key)))
        .Where(e => e.From != e.To)
        .Distinct()
        .OrderBy(e => e.From).ThenBy(e => e.To)
        .Select(e => new Edge(e.From.ToString("D"), e.To.ToString("D"), EdgeKind.Nested) { Label = e.Role });
}
