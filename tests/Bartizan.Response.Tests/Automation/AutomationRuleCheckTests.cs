using Bartizan.Content.Rules;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Outcomes;
using Bartizan.Response.Automation;

namespace Bartizan.Response.Tests.Automation;

public sealed class AutomationRuleCheckTests
{
    private static readonly AutomationRule good = Sample.Rule("r", 1, TriggersWhen.Created, new() { Severity = AlertSeverity.High }, Sample.Is("IncidentTitle", "x"));

    [Fact]
    public void A_rule_that_can_be_carried_out_is_let_through() => Assert.Null(AutomationRuleCheck.Check(good));

    [Fact]
    public void What_cannot_be_carried_out_is_refused()
    {
        AutomationRule[] wrong =
        [
            good with { DisplayName = " " },
            good with { DisplayName = new string('x', 501) },
            good with { Order = 0 },
            good with { Order = 1001 },
            good with { Actions = [] },
            good with { Actions = [.. Enumerable.Repeat(good.Actions[0], 21)] },
            good with { Actions = [new AutomationAction.ModifyProperties()] },
            good with { Conditions = [.. Enumerable.Repeat(good.Conditions[0], 51)] },
            good with { Conditions = [Sample.Is("IncidentTitel", "x")] },
            good with { Conditions = [Sample.Is("IncidentTitle")] },
            good with { Conditions = [Sample.Is("IncidentCustomDetailsKey", "x")] },
            good with { Conditions = [new AutomationCondition.Added(AddedThing.Labels)] },
            good with { Conditions = [new AutomationCondition.All([])] },
            good with { Actions = [new AutomationAction.AddTask(" ", "")] },
            good with { TriggersOn = TriggersOn.Alerts },
            good with { TriggersOn = TriggersOn.Alerts, TriggersWhen = TriggersWhen.Updated },
        ];
        Assert.All(wrong, rule => Assert.Equal(ProblemKind.Invalid, AutomationRuleCheck.Check(rule)?.Kind));
    }

    [Fact]
    public void Closing_needs_a_classification_from_a_rule_too()
    {
        var closing = new AutomationAction.ModifyProperties { Status = IncidentStatus.Closed };
        Assert.Equal("classification", AutomationRuleCheck.Check(good with { Actions = [closing] })?.Target);
        Assert.Null(AutomationRuleCheck.Check(good with { Actions = [closing with { Classification = Classification.Undetermined }] }));
    }

    [Fact]
    public void A_rule_on_alerts_runs_playbooks()
    {
        Assert.Null(AutomationRuleCheck.Check(good with { TriggersOn = TriggersOn.Alerts, Conditions = [], Actions = [new AutomationAction.RunPlaybook("/subscriptions/x/workflows/p", null)] }));
    }
}
