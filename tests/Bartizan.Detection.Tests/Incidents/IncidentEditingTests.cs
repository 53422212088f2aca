using Bartizan.Content.Rules;
using Bartizan.Detection.Incidents;

namespace Bartizan.Detection.Tests.Incidents;

public class IncidentEditingTests
{
    private static readonly Actor ana = Actor.User("Ana");

    private static Incident Opened => IncidentEditing.Open(Sample.Alert(), Guid.Empty, 1, null, Sample.Noon);

    [Theory]
    [InlineData(null, null, false)]
    [InlineData(Classification.TruePositive, ClassificationReason.SuspiciousActivity, true)]
    [InlineData(Classification.BenignPositive, ClassificationReason.SuspiciousButExpected, true)]
    [InlineData(Classification.FalsePositive, ClassificationReason.IncorrectAlertLogic, true)]
    [InlineData(Classification.FalsePositive, ClassificationReason.InaccurateData, true)]
    [InlineData(Classification.Undetermined, null, true)]
    [InlineData(Classification.FalsePositive, ClassificationReason.SuspiciousActivity, false)]
    [InlineData(Classification.TruePositive, null, false)]
    [InlineData(Classification.Undetermined, ClassificationReason.InaccurateData, false)]
    public void An_incident_closes_in_five_ways_only(Classification? classification, ClassificationReason? reason, bool closes)
    {
        var outcome = IncidentEditing.Apply(
            Opened, new IncidentChange { Status = IncidentStatus.Closed, Classification = classification, ClassificationReason = reason }, ana, Sample.Noon);

        Assert.Equal(closes, outcome.IsSuccess);
        Assert.Equal(closes ? Sample.Noon : null, outcome.IsSuccess ? outcome.Value.Closed : null);
    }

    [Fact]
    public void The_time_of_closing_is_that_of_the_last_close()
    {
        var close = new IncidentChange { Status = IncidentStatus.Closed, Classification = Classification.Undetermined };
        var closed = IncidentEditing.Apply(Opened, close, ana, Sample.Noon).Value;
        var reopened = IncidentEditing.Apply(closed, new IncidentChange { Status = IncidentStatus.Active }, ana, Sample.Noon.AddHours(1)).Value;
        var again = IncidentEditing.Apply(reopened, close, ana, Sample.Noon.AddHours(2)).Value;

        Assert.Equal(Sample.Noon.AddHours(2), again.Closed);
        Assert.Equal(Sample.Noon, again.FirstModified);
    }

    [Fact]
    public void A_change_is_told_field_by_field()
    {
        var before = Opened;
        var after = IncidentEditing.Apply(
            before,
            new IncidentChange { Severity = AlertSeverity.High, Owner = new IncidentOwner { AssignedTo = "Ana" }, AddLabels = [new("phish"), new("Phish")] },
            ana,
            Sample.Noon).Value;

        Assert.Equal(["severity: Medium -> High", "owner:  -> Ana", "labels:  -> phish"],
            IncidentEditing.Differences(before, after).Select(c => $"{c.Field}: {c.From} -> {c.To}"));
    }

    [Fact]
    public void An_owner_without_a_name_clears_the_assignment()
    {
        var owned = Opened with { Owner = new IncidentOwner { AssignedTo = "Ana" } };

        Assert.Null(IncidentEditing.Apply(owned, new IncidentChange { Owner = new IncidentOwner() }, ana, Sample.Noon).Value.Owner);
    }

    [Fact]
    public void A_description_longer_than_5000_is_refused() =>
        Assert.Equal("description", IncidentEditing.Apply(Opened, new IncidentChange { Description = new string('x', 5_001) }, ana, Sample.Noon).Problem!.Target);

    [Fact]
    public void A_joining_alert_raises_severity_and_widens_the_span()
    {
        var later = Sample.Alert(Sample.Rule with { Severity = AlertSeverity.High, Tactics = ["Impact"] }, at: Sample.Noon.AddHours(2));

        var incident = IncidentEditing.Join(Opened, later, Actor.Grouping, Sample.Noon.AddHours(2));

        Assert.Equal(AlertSeverity.High, incident.Severity);
        Assert.Equal(["Execution", "Impact"], incident.Tactics);
        Assert.Equal(Sample.Alert().StartTime, incident.FirstActivity);
        Assert.Equal(2, incident.AlertIds.Count);
    }
}
