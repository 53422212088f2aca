using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Entities;
using Bartizan.Investigation.Graph;
using Bartizan.Investigation.Timelines;

namespace Bartizan.Investigation.Tests.Graph;

public sealed class GraphBuilderTests
{
    private static readonly DateTimeOffset noon = new(2026, 1, 14, 12, 0, 0, TimeSpan.Zero);
    private static readonly Entity ana = Entity.Of(EntityKind.Account, ("Name", "ana"), ("UPNSuffix", "contoso.com"));

    [Fact]
    public void Two_alerts_about_one_account_share_its_node()
    {
        var graph = Graph(Alert(1, ana), Alert(2, ana, Entity.Of(EntityKind.IP, ("Address", "203.0.113.7"))));
        var account = Assert.Single(graph.Nodes, n => n.Entity?.Kind == EntityKind.Account);
        Assert.Equal(2, graph.Edges.Count(e => e.To == account.Id && e.Kind == EdgeKind.Alert));
        Assert.Equal(2, graph.Edges.Count(e => e.Kind == EdgeKind.Incident));
        Assert.Equal(1 + 2 + 2, graph.Nodes.Count);
    }

    [Fact]
    public void The_same_weak_name_in_one_incident_is_one_node()
    {
        var host = Entity.Of(EntityKind.Host, ("HostName", "web01"));
        Assert.Single(Graph(Alert(1, host), Alert(2, host)).Nodes, n => n.Entity?.Kind == EntityKind.Host);
    }

    [Fact]
    public void What_an_entity_holds_is_drawn_beside_it()
    {
        var host = Entity.Of(EntityKind.Host, ("HostName", "web01"), ("DnsDomain", "contoso.com"));
        var process = new Entity(EntityKind.Process, [new("CommandLine", "cmd.exe")], [new("Host", host)]);
        var graph = Graph(Alert(1, process));
        Assert.Contains(graph.Edges, e => e.Kind == EdgeKind.Nested && e.Label == "Host");
    }

    [Fact]
    public void The_same_alerts_in_another_order_give_the_same_nodes()
    {
        var (one, two) = (Alert(1, ana), Alert(2, ana, Entity.Of(EntityKind.IP, ("Address", "203.0.113.7"))));
        Assert.Equal(Graph(one, two).Nodes.Select(n => n.Id).Order(), Graph(two, one).Nodes.Select(n => n.Id).Order());
    }

    [Fact]
    public void The_timeline_is_in_order_and_points_at_nodes()
    {
        var graph = Graph(Alert(2, ana), Alert(1, ana));
        var log = new IncidentActivity { IncidentId = graph.Incident.Id, At = noon.AddDays(-1), Actor = Actor.Grouping, Action = "created" };
        var timeline = IncidentTimeline.Of(graph, [log]);
        Assert.Equal([HappeningKind.Activity, HappeningKind.Alert, HappeningKind.Alert], timeline.Select(t => t.Kind));
        Assert.All(timeline, t => Assert.All(t.NodeIds, id => Assert.NotNull(graph.Find(id))));
    }

    private static IncidentGraph Graph(params Alert[] alerts)
    {
        var incident = IncidentEditing.Open(alerts[0], Guid.Parse("00000000-0000-0000-0000-0000000000aa"), 1, null, noon);
        return GraphBuilder.Build(incident, alerts);
    }

    private static Alert Alert(int number, params Entity[] entities) => new()
    {
        Id = new Guid(number, 0, 0, new byte[8]),
        RuleId = Guid.Parse("00000000-0000-0000-0000-0000000000bb"),
        RuleName = "A rule",
        Name = $"Alert {number}",
        StartTime = noon.AddMinutes(number),
        EndTime = noon.AddMinutes(number + 1),
        TimeGenerated = noon.AddMinutes(10),
        Entities = entities,
        Query = new AlertQuery("T", "T", noon.AddHours(-1), noon, 1, TimeSpan.FromHours(1), default, 0),
    };
}
