using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Entities;

namespace Bartizan.Detection.Tests.Incidents;

public class IncidentGroupingTests
{
    private static readonly RuleDefinition byAccount = Sample.Rule with
    {
        Incidents = new IncidentConfiguration
        {
            GroupingEnabled = true,
            Method = GroupingMethod.Selected,
            GroupByEntities = [EntityKind.Account],
            Lookback = TimeSpan.FromHours(5),
        },
    };

    [Fact]
    public void The_window_counts_from_the_first_alert_and_does_not_slide()
    {
        var incidents = new List<Incident>();
        foreach (var minutes in new[] { 0, 299, 301 })
        {
            Place(incidents, byAccount, Sample.Alert(byAccount, at: Sample.Noon.AddMinutes(minutes)));
        }

        Assert.Equal([2, 1], incidents.Select(i => i.AlertIds.Count));
    }

    [Fact]
    public void Another_account_is_another_incident_and_another_host_is_not()
    {
        var incidents = new List<Incident>();
        Place(incidents, byAccount, Sample.Alert(byAccount));
        Place(incidents, byAccount, Sample.Alert(byAccount, computer: "db01", at: Sample.Noon.AddHours(1)));
        Place(incidents, byAccount, Sample.Alert(byAccount, user: @"CONTOSO\bob"));

        Assert.Equal([2, 1], incidents.Select(i => i.AlertIds.Count));
    }

    [Fact]
    public void With_all_entities_every_one_must_agree()
    {
        var rule = byAccount with { Incidents = byAccount.Incidents with { Method = GroupingMethod.AllEntities } };

        Assert.Equal(IncidentGrouping.KeyOf(rule, Sample.Alert(rule)), IncidentGrouping.KeyOf(rule, Sample.Alert(rule, at: Sample.Noon.AddHours(1))));
        Assert.NotEqual(IncidentGrouping.KeyOf(rule, Sample.Alert(rule)), IncidentGrouping.KeyOf(rule, Sample.Alert(rule, computer: "db01")));
    }

    [Fact]
    public void An_alert_without_the_chosen_entity_joins_nothing() =>
        Assert.Null(IncidentGrouping.KeyOf(byAccount, Sample.Alert(byAccount, user: "")));

    [Fact]
    public void The_151st_alert_opens_another_incident()
    {
        var incidents = new List<Incident>();
        for (var i = 0; i < 151; i++)
        {
            Place(incidents, byAccount, Sample.Alert(byAccount, at: Sample.Noon.AddMinutes(i)));
        }

        Assert.Equal([150, 1], incidents.Select(i => i.AlertIds.Count));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public void A_closed_incident_is_opened_again_only_when_the_rule_says_so(bool reopen, int expected)
    {
        var rule = byAccount with { Incidents = byAccount.Incidents with { ReopenClosed = reopen } };
        var incidents = new List<Incident>();
        Place(incidents, rule, Sample.Alert(rule));
        incidents[0] = incidents[0] with { Status = IncidentStatus.Closed, Classification = Classification.Undetermined };

        Place(incidents, rule, Sample.Alert(rule, at: Sample.Noon.AddHours(1)));

        Assert.Equal(expected, incidents.Count);
        Assert.Equal(reopen ? IncidentStatus.Active : IncidentStatus.Closed, incidents[0].Status);
    }

    private static void Place(List<Incident> incidents, RuleDefinition rule, Alert alert)
    {
        var key = IncidentGrouping.KeyOf(rule, alert);
        if (IncidentGrouping.Find(rule, alert, incidents.Where(i => i.GroupingKey == key)) is { } found)
        {
            incidents[incidents.IndexOf(found)] = IncidentEditing.Join(found, alert, Actor.Grouping, alert.TimeGenerated);
        }
        else
        {
            incidents.Add(IncidentEditing.Open(alert, Guid.Empty, incidents.Count + 1, key, alert.TimeGenerated));
        }
    }
}
