using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Entities;
using Bartizan.Foundation.Resources;
using Bartizan.Investigation.Graph;
using Bartizan.Investigation.Stories;
using Bartizan.Posture.Assessments;

namespace Bartizan.Investigation.Tests.Stories;

public sealed class AttackStoryTests
{
    private static readonly DateTimeOffset noon = new(2026, 1, 14, 12, 0, 0, TimeSpan.Zero);
    private static readonly Entity ana = Entity.Of(EntityKind.Account, ("Name", "ana"), ("UPNSuffix", "contoso.com"));

    [Fact]
    public void Steps_are_told_in_the_order_in_which_they_were_seen()
    {
        var story = AttackStory.Of(Graph(Alert(2, "CredentialAccess"), Alert(1, "InitialAccess"), Alert(3, "CredentialAccess")), _ => null);

        Assert.Equal(["InitialAccess", "CredentialAccess"], story.Steps.Select(s => s.Tactic));
        Assert.Equal(2, story.Steps[1].Alerts.Count);
        Assert.StartsWith("Between 2026-01-14 12:01 UTC and 2026-01-14 12:04 UTC, 3 alerts tell of initial access, then credential access by ana", story.Summary, StringComparison.Ordinal);
        Assert.Equal(story.Summary, AttackStory.Of(Graph(Alert(3, "CredentialAccess"), Alert(2, "CredentialAccess"), Alert(1, "InitialAccess")), _ => null).Summary);
    }

    [Fact]
    public void Only_open_findings_of_resources_in_the_graph_are_told()
    {
        var id = ResourceId.Parse("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/web01");
        var graph = Graph(Alert(1, "InitialAccess"));
        graph = graph with { Nodes = [.. graph.Nodes, new Node(id.Text, NodeKind.Resource, "web01") { Fields = new Dictionary<string, string> { ["id"] = id.Text } }] };
        var findings = new ResourceFindings(id, "web01", id.Type, "westeurope", CloudEnvironment.Azure, "s", id, [Finding(id, "a", AssessmentStatus.Healthy), Finding(id, "b", AssessmentStatus.Unhealthy)]);

        var story = AttackStory.Of(graph, text => text == id.Text ? findings : null);

        Assert.Equal("b", Assert.Single(story.Findings).Assessment.Key);
        Assert.EndsWith("1 open recommendation on web01 may have made it easier.", story.Summary, StringComparison.Ordinal);
    }

    private static Assessment Finding(ResourceId id, string key, AssessmentStatus status) => new(id, key, status, null, null, null, noon, noon);

    private static IncidentGraph Graph(params Alert[] alerts) =>
        GraphBuilder.Build(IncidentEditing.Open(alerts[0], Guid.Parse("00000000-0000-0000-0000-0000000000aa"), 1, null, noon), alerts);

    private static Alert Alert(int number, string tactic) => new()
    {
        Id = new Guid(number, 0, 0, new byte[8]),
        RuleId = Guid.Parse("00000000-0000-0000-0000-0000000000bb"),
        RuleName = "A rule",
        Name = $"Alert {number}",
        Severity = AlertSeverity.Medium,
        Tactics = [tactic],
        StartTime = noon.AddMinutes(number),
        EndTime = noon.AddMinutes(number + 1),
        TimeGenerated = noon.AddMinutes(10),
        Entities = [ana],
        Query = new AlertQuery("T", "T", noon.AddHours(-1), noon, 1, TimeSpan.FromHours(1), default, 0),
    };
}
