using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Foundation.Entities;

namespace Bartizan.Detection.Tests.Alerts;

public class AlertBuilderTests
{
    [Theory]
    [InlineData(TriggerOperator.GreaterThan, 0, 1, true)]
    [InlineData(TriggerOperator.GreaterThan, 1, 1, false)]
    [InlineData(TriggerOperator.LessThan, 1, 0, true)]
    [InlineData(TriggerOperator.Equal, 0, 0, true)]
    [InlineData(TriggerOperator.NotEqual, 2, 2, false)]
    public void The_threshold_decides(TriggerOperator op, int threshold, long rows, bool fires) =>
        Assert.Equal(fires, AlertBuilder.IsTriggered(Sample.Rule with { TriggerOperator = op, TriggerThreshold = threshold }, rows));

    [Fact]
    public void The_absence_of_rows_can_raise_an_alert()
    {
        var batch = Sample.Build(Sample.Rule with { TriggerOperator = TriggerOperator.Equal }, Sample.Rows());

        Assert.Equal(Sample.Noon, Assert.Single(batch.Alerts).Alert.EndTime);
    }

    [Fact]
    public void One_alert_holds_the_distinct_entities_of_all_rows()
    {
        var alert = Assert.Single(Sample.Build(Sample.Rule, Sample.Rows((@"CONTOSO\ana", "web01"), (@"CONTOSO\ana", "web02"), ("SYSTEM", "web02"))).Alerts).Alert;

        Assert.Equal(["CONTOSO\\ana", "web01", "web02"], alert.Entities.Select(e => e.FriendlyName).Order(StringComparer.Ordinal));
        Assert.Equal(3, alert.Query.Rows);
        Assert.Equal(Sample.Noon.AddMinutes(-30), alert.StartTime);
        Assert.Equal(Sample.Noon.AddMinutes(-28), alert.EndTime);
    }

    [Theory]
    [InlineData(RuleKind.Scheduled, 400, 150, 251)]
    [InlineData(RuleKind.Scheduled, 150, 150, 1)]
    [InlineData(RuleKind.NRT, 400, 30, 371)]
    public void An_alert_per_result_is_capped_and_the_last_holds_the_rest(RuleKind kind, int rows, int alerts, int last)
    {
        var batch = Sample.Build(
            Sample.Rule with { Kind = kind, EventGrouping = EventGrouping.AlertPerResult },
            Sample.Rows([.. Enumerable.Range(0, rows).Select(i => ($@"CONTOSO\u{i}", "web01"))]));

        Assert.Equal(alerts, batch.Alerts.Count);
        Assert.Equal(last, batch.Alerts[^1].Alert.Query.Rows);
        Assert.Equal(last, batch.Alerts[^1].Rows.Rows.Count);
        Assert.Equal(alerts, batch.Alerts.Select(a => a.Alert.Id).Distinct().Count());
    }

    [Fact]
    public void The_same_run_names_the_same_alerts_in_any_order_of_rows()
    {
        var rule = Sample.Rule with { EventGrouping = EventGrouping.AlertPerResult };
        var rows = Sample.Rows(("a", "x"), ("b", "y"));

        var forward = Sample.Build(rule, rows).Alerts.Select(a => a.Alert.Id);
        var backward = Sample.Build(rule, rows with { Rows = [.. rows.Rows.Reverse()] }).Alerts.Select(a => a.Alert.Id);

        Assert.Equal(forward.Order(), backward.Order());
        Assert.NotEqual(Sample.Alert(rule).Id, Sample.Alert(rule, at: Sample.Noon.AddHours(1)).Id);
    }

    [Fact]
    public void Columns_fill_the_name_and_override_severity_and_tactics()
    {
        var rule = Sample.Rule with
        {
            AlertDetails = new AlertDetailsOverride { NameFormat = "{{User}} on {{ Computer }} {{Nothing}}", SeverityColumn = "User", TacticsColumn = "Computer" },
            CustomDetails = new Dictionary<string, string> { ["Tag"] = "Tags", ["Gone"] = "NotThere" },
        };

        var batch = Sample.Build(rule, Sample.Rows(("high", "lateral movement, nonsense")));

        var alert = batch.Alerts[0].Alert;
        Assert.Equal("high on lateral movement, nonsense {{Nothing}}", alert.Name);
        Assert.Equal(AlertSeverity.High, alert.Severity);
        Assert.Equal(["LateralMovement"], alert.Tactics);
        Assert.Equal(["a"], alert.CustomDetails["Tag"]);
        Assert.Contains("'NotThere'", Assert.Single(batch.Issues), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mapped_column_that_is_not_there_is_an_issue_and_no_failure()
    {
        var rule = Sample.Rule with { EntityMappings = [new(EntityKind.IP, [new("Address", "Nowhere")])] };

        var batch = Sample.Build(rule, Sample.Rows(("ana", "web01")));

        Assert.Single(batch.Alerts);
        Assert.Contains("'Nowhere', which the query does not return", Assert.Single(batch.Issues), StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_texts_stay_texts()
    {
        const string Hostile = "'\"); drop | <script>alert(1)</script> \u202e{{User}}";
        var rule = Sample.Rule with { AlertDetails = new AlertDetailsOverride { NameFormat = "{{User}}" } };

        var alert = Sample.Alert(rule, user: Hostile);

        Assert.Equal(Hostile, alert.Name);
        Assert.Equal(Hostile, alert.Entities[0]["Name"]);
    }

    [Fact]
    public void A_name_is_cut_at_256_bytes_and_never_inside_a_character()
    {
        var rule = Sample.Rule with { AlertDetails = new AlertDetailsOverride { NameFormat = "{{User}}" } };

        var name = Sample.Alert(rule, user: string.Concat(Enumerable.Repeat("🦀", 200))).Name;

        Assert.True(System.Text.Encoding.UTF8.GetByteCount(name) <= 256);
        Assert.DoesNotContain('\ufffd', name);
    }

    [Fact]
    public void At_most_500_entities_are_kept_shared_among_the_mappings()
    {
        var batch = Sample.Build(Sample.Rule, Sample.Rows([.. Enumerable.Range(0, 2_000).Select(i => ($@"CONTOSO\u{i}", $"h{i}"))]));

        Assert.Equal(500, batch.Alerts[0].Alert.Entities.Count);
        Assert.Equal(250, batch.Alerts[0].Alert.Entities.Count(e => e.Kind == EntityKind.Host));
        Assert.Equal(3_500, batch.EntitiesDropped);
    }

    [Fact]
    public void The_window_ends_at_the_next_whole_second_and_the_query_says_when_it_ran()
    {
        var window = RuleWindow.Of(Sample.Rule with { QueryPeriod = TimeSpan.FromHours(5) }, new DateTimeOffset(2023, 7, 24, 20, 23, 59, 107, TimeSpan.Zero));

        Assert.Equal(new DateTimeOffset(2023, 7, 24, 20, 24, 0, TimeSpan.Zero), window.End);
        Assert.Contains("set query_now = datetime(2023-07-24T20:23:59.1070000Z);\nprint", window.Fix("print"), StringComparison.Ordinal);
    }

    [Fact]
    public void Evidence_shows_that_it_was_changed()
    {
        var rows = Sample.Rows((@"CONTOSO\ana", "web01"));
        var evidence = AlertEvidence.Freeze(Guid.Empty, rows, 1, "q", Sample.Noon, Sample.Noon, "engine 1");

        Assert.True(evidence.IsIntact);
        Assert.False((evidence with { Rows = evidence.Rows.Replace("ana", "bob", StringComparison.Ordinal) }).IsIntact);
        Assert.Contains("""["2026-01-14T11:30:00Z","CONTOSO\\ana","web01",""", evidence.Rows, StringComparison.Ordinal);
    }

    [Fact]
    public void Evidence_of_a_million_rows_is_bounded()
    {
        var one = Sample.Rows((new string('x', 2_000), "web01"));
        var evidence = AlertEvidence.Freeze(Guid.Empty, one with { Rows = [.. Enumerable.Repeat(one.Rows[0], 100_000)] }, 1_000_000, "q", Sample.Noon, Sample.Noon, "e");

        Assert.Equal(1_000_000, evidence.TotalRows);
        Assert.InRange(evidence.FrozenRows, 400, 500);
        Assert.InRange(evidence.Rows.Length, 1, 1_100_000);
    }
}
