using Bartizan.Content.Rules;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Detection.Tests.Incidents;

public sealed class IncidentStoreTests : IDisposable
{
    private static readonly Actor ana = Actor.User("Ana", "ana@contoso.com", Guid.Parse("11111111-1111-1111-1111-111111111111"));
    private static readonly Actor ben = Actor.User("Ben", "ben@contoso.com", Guid.Parse("22222222-2222-2222-2222-222222222222"));

    private readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Numbers_follow_each_other()
    {
        var first = await CreateAsync("one");
        var second = await CreateAsync("two");
        Assert.Equal(first.Number + 1, second.Number);
        Assert.Equal(second.Id, (await bench.Incidents.FindAsync(second.Number, default))!.Value.Id);
    }

    [Fact]
    public async Task A_stale_etag_is_a_conflict_and_nothing_is_lost()
    {
        var incident = await CreateAsync("one");
        var read = (await bench.Incidents.FindAsync(incident.Id, default))!;
        Assert.True((await bench.Incidents.EditAsync(incident.Id, new() { Severity = AlertSeverity.High }, ana, read.ETag, default)).IsSuccess);
        var refused = await bench.Incidents.EditAsync(incident.Id, new() { Title = "other" }, ben, read.ETag, default);
        Assert.Equal(ProblemKind.Conflict, refused.Problem!.Kind);
        Assert.Contains("Ana", refused.Problem.Message, StringComparison.Ordinal);
        Assert.True((await bench.Incidents.EditAsync(incident.Id, new() { Title = "other" }, ben, null, default)).IsSuccess);
        var now = (await bench.Incidents.FindAsync(incident.Id, default))!.Value;
        Assert.Equal((AlertSeverity.High, "other"), (now.Severity, now.Title));
    }

    [Fact]
    public async Task Every_change_is_in_the_log_with_its_author()
    {
        var incident = await CreateAsync("one");
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        await bench.Incidents.EditAsync(incident.Id, new() { Status = IncidentStatus.Active }, ben, null, default);
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        await bench.Incidents.EditAsync(
            incident.Id,
            new() { Status = IncidentStatus.Closed, Classification = Classification.TruePositive, ClassificationReason = ClassificationReason.SuspiciousActivity }, ben, null, default);
        var log = (await bench.Incidents.ActivitiesAsync(incident.Id, 10, null, default)).Value.Items.Select(i => i.Value).ToList();
        Assert.Equal(["closed", "changed", "created"], log.Select(l => l.Action));
        Assert.Contains(log[0].Changes, c => c is { Field: "status", From: "Active", To: "Closed" });
        Assert.Equal("Ben", log[0].Actor.Name);
    }

    [Fact]
    public async Task Grouped_alerts_share_an_incident_inside_the_window_counted_from_the_first()
    {
        var rule = Grouped(reopen: false);
        await bench.RaiseAsync(rule, Sample.Noon, (@"CONTOSO\ana", "web01"));
        await bench.RaiseAsync(rule, Sample.Noon.AddMinutes(299), (@"CONTOSO\ana", "web02"));
        await bench.RaiseAsync(rule, Sample.Noon.AddMinutes(301), (@"CONTOSO\ana", "web03"));
        await bench.RaiseAsync(rule, Sample.Noon.AddMinutes(302), (@"CONTOSO\ben", "web03"));
        Assert.Equal([2, 1, 1], (await bench.AllIncidentsAsync()).Select(i => i.AlertIds.Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_closed_incident_is_reopened_only_if_its_rule_says_so(bool reopen)
    {
        var rule = Grouped(reopen);
        await bench.RaiseAsync(rule, Sample.Noon, (@"CONTOSO\ana", "web01"));
        var incident = (await bench.AllIncidentsAsync())[0];
        await bench.Incidents.EditAsync(incident.Id, new() { Status = IncidentStatus.Closed, Classification = Classification.Undetermined }, ana, null, default);
        await bench.RaiseAsync(rule, Sample.Noon.AddHours(1), (@"CONTOSO\ana", "web02"));
        var all = await bench.AllIncidentsAsync();
        Assert.Equal(reopen ? 1 : 2, all.Count);
        Assert.Equal(reopen ? IncidentStatus.Active : IncidentStatus.Closed, all[0].Status);
    }

    [Fact]
    public async Task The_151st_alert_opens_a_second_incident()
    {
        var rule = Grouped(reopen: false) with { EventGrouping = EventGrouping.AlertPerResult };
        await bench.RaiseAsync(rule, Sample.Noon, [.. Enumerable.Range(0, 150).Select(i => (@"CONTOSO\ana", $"web{i}"))]);
        await bench.RaiseAsync(rule, Sample.Noon.AddHours(1), (@"CONTOSO\ana", "web999"));
        Assert.Equal([150, 1], (await bench.AllIncidentsAsync()).Select(i => i.AlertIds.Count));
    }

    [Fact]
    public async Task Only_its_author_changes_a_comment_and_the_count_follows()
    {
        var incident = await CreateAsync("one");
        var id = Guid.Parse("33333333-3333-3333-3333-333333333333");
        Assert.True((await bench.Comments.PutAsync(incident.Id, id, "look at this", ana, null, default)).IsSuccess);
        Assert.Equal(ProblemKind.Forbidden, (await bench.Comments.PutAsync(incident.Id, id, "no", ben, null, default)).Problem!.Kind);
        Assert.True((await bench.Comments.PutAsync(incident.Id, id, "look at that", ana, null, default)).IsSuccess);
        Assert.Equal(1, (await bench.Incidents.FindAsync(incident.Id, default))!.Value.CommentCount);
        Assert.Equal("look at that", (await bench.Comments.FindAsync(incident.Id, id, default))!.Value.Message);
        Assert.True((await bench.Comments.DeleteAsync(incident.Id, id, ana, default)).Value);
        Assert.Equal(0, (await bench.Incidents.FindAsync(incident.Id, default))!.Value.CommentCount);
    }

    [Fact]
    public async Task A_comment_that_is_too_long_is_refused()
    {
        var incident = await CreateAsync("one");
        var refused = await bench.Comments.PutAsync(incident.Id, Guid.Parse("33333333-3333-3333-3333-333333333333"), new string('x', 30_001), ana, null, default);
        Assert.Equal(ProblemKind.Invalid, refused.Problem!.Kind);
    }

    [Fact]
    public async Task Counts_tell_open_new_active_and_severity()
    {
        await CreateAsync("one");
        var two = await CreateAsync("two");
        await bench.Incidents.EditAsync(two.Id, new() { Status = IncidentStatus.Active, Severity = AlertSeverity.High }, ana, null, default);
        var counts = (await bench.Incidents.CountAsync([], default)).Value;
        Assert.Equal((2, 1, 1, 0), (counts.Open, counts.New, counts.Active, counts.Closed));
        Assert.Equal(1, counts.OpenBySeverity[AlertSeverity.High]);
    }

    [Fact]
    public async Task An_alert_put_in_by_hand_brings_what_it_knows_and_goes_again()
    {
        await bench.RaiseAsync(Sample.Rule, Sample.Noon, (@"CONTOSO\ana", "web01"));
        var alert = (await bench.Alerts.FindAsync((await bench.AllIncidentsAsync())[0].AlertIds, default))[0];
        var incident = await CreateAsync("mine");
        Assert.True((await bench.Incidents.AddAlertAsync(incident.Id, alert, ana, default)).IsSuccess);
        Assert.Equal(ProblemKind.Invalid, (await bench.Incidents.AddAlertAsync(incident.Id, alert, ana, default)).Problem!.Kind);
        Assert.Equal(["T1059"], (await bench.Incidents.FindAsync(incident.Id, default))!.Value.Techniques);
        Assert.True((await bench.Incidents.RemoveAlertAsync(incident.Id, alert.Id, bench.Alerts, ana, default)).IsSuccess);
        Assert.Empty((await bench.Incidents.FindAsync(incident.Id, default))!.Value.Techniques);
    }

    private static RuleDefinition Grouped(bool reopen) => Sample.Rule with
    {
        Incidents = new IncidentConfiguration
        {
            GroupingEnabled = true,
            ReopenClosed = reopen,
            Method = GroupingMethod.Selected,
            GroupByEntities = [Bartizan.Foundation.Entities.EntityKind.Account],
        },
    };

    private async Task<Incident> CreateAsync(string title) =>
        (await bench.Incidents.CreateAsync(Guid.CreateVersion7(bench.Time.GetUtcNow()), new() { Title = title }, ana, default)).Value.Value;
}
