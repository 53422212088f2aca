using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Entities;
using Bartizan.Response.Automation;

namespace Bartizan.Response.Tests.Automation;

public sealed class ConditionTests
{
    private static readonly Entity host = Entity.Of(EntityKind.Host, ("HostName", "web01"), ("NTDomain", "CONTOSO"));

    private static readonly Entity process = new(
        EntityKind.Process, [KeyValuePair.Create("CommandLine", "curl -s http://203.0.113.9/a"), KeyValuePair.Create("ProcessId", "4711")], [KeyValuePair.Create("Host", Entity.Of(EntityKind.Host, ("HostName", "db02")))]);

    [Theory]
    [InlineData("IncidentTitle", ConditionOperator.Equals, "SOMETHING happened", true)]
    [InlineData("IncidentTitle", ConditionOperator.NotEquals, "Something happened", false)]
    [InlineData("IncidentTitle", ConditionOperator.Contains, "thing h", true)]
    [InlineData("IncidentTitle", ConditionOperator.NotContains, "nothing", true)]
    [InlineData("IncidentTitle", ConditionOperator.StartsWith, "some", true)]
    [InlineData("IncidentTitle", ConditionOperator.NotStartsWith, "some", false)]
    [InlineData("IncidentTitle", ConditionOperator.EndsWith, "ED", true)]
    [InlineData("IncidentTitle", ConditionOperator.NotEndsWith, "ed", false)]
    [InlineData("IncidentSeverity", ConditionOperator.Equals, "Medium", true)]
    [InlineData("IncidentTactics", ConditionOperator.Contains, "execution", true)]
    [InlineData("HostName", ConditionOperator.Equals, "db02", true)]
    [InlineData("HostName", ConditionOperator.NotEquals, "db02", false)]
    [InlineData("AccountName", ConditionOperator.Equals, "ana", false)]
    [InlineData("AccountName", ConditionOperator.NotEquals, "ana", true)]
    [InlineData("ProcessCommandLine", ConditionOperator.Contains, "CURL", true)]
    [InlineData("AlertAnalyticRuleIds", ConditionOperator.Contains, "/subscriptions/x/providers/Microsoft.SecurityInsights/alertRules/5B0C62F4-5f13-4f14-9f9e-9a3c0d8f0001", true)]
    [InlineData("IncidentRelatedAnalyticRuleIds", ConditionOperator.NotContains, "/x/alertRules/5b0c62f4-5f13-4f14-9f9e-9a3c0d8f0001", false)]
    public void A_property_is_compared_without_regard_to_case(string property, ConditionOperator op, string value, bool holds) =>
        Assert.Equal(holds, ConditionEvaluation.Holds(new AutomationCondition.Property(property, op, [value]), Sample.Subject(Sample.Alert(host, process))));

    [Fact]
    public void Of_several_values_one_is_enough_for_a_positive_operator_and_one_too_many_for_a_negative()
    {
        var subject = Sample.Subject(Sample.Alert(host));
        Assert.True(ConditionEvaluation.Holds(Sample.Is("HostName", "app01", "WEB01"), subject));
        Assert.False(ConditionEvaluation.Holds(new AutomationCondition.Property("HostName", ConditionOperator.NotEquals, ["app01", "web01"]), subject));
    }

    [Fact]
    public void A_change_is_compared_with_what_it_was_and_what_it_became()
    {
        var subject = Sample.Subject(cause: Sample.Entry("changed", new FieldChange("severity", "Low", "High")));
        Assert.True(Changed(ChangedProperty.IncidentSeverity, ChangeType.ChangedTo, "high"));
        Assert.True(Changed(ChangedProperty.IncidentSeverity, ChangeType.ChangedFrom, "Low"));
        Assert.True(Changed(ChangedProperty.IncidentSeverity, null));
        Assert.False(Changed(ChangedProperty.IncidentSeverity, ChangeType.ChangedTo, "Low"));
        Assert.False(Changed(ChangedProperty.IncidentStatus, null));

        bool Changed(ChangedProperty name, ChangeType? type, params string[] values) =>
            ConditionEvaluation.Holds(new AutomationCondition.PropertyChanged(name, type, ConditionOperator.Equals, values), subject);
    }

    [Fact]
    public void A_new_owner_is_known_by_any_of_their_names()
    {
        var owner = new IncidentOwner { AssignedTo = "Ana", Email = "ana@example.com" };
        var subject = Sample.Subject(cause: Sample.Entry("changed", new FieldChange("owner", "", "Ana")), change: i => i with { Owner = owner });
        Assert.True(ConditionEvaluation.Holds(new AutomationCondition.PropertyChanged(ChangedProperty.IncidentOwner, ChangeType.ChangedTo, ConditionOperator.Equals, ["ANA@example.com"]), subject));
    }

    [Fact]
    public void Something_was_added_only_if_it_was_not_there_before()
    {
        var tagged = Sample.Subject(cause: Sample.Entry("changed", new FieldChange("labels", "vip", "vip, night")));
        var untagged = Sample.Subject(cause: Sample.Entry("changed", new FieldChange("labels", "vip, night", "vip")));
        var labels = new AutomationCondition.Added(AddedThing.Labels);
        Assert.True(ConditionEvaluation.Holds(labels, tagged));
        Assert.False(ConditionEvaluation.Holds(labels, untagged));
        Assert.True(ConditionEvaluation.Holds(new AutomationCondition.Added(AddedThing.Comments), Sample.Subject(cause: Sample.Entry("commentAdded"))));
        Assert.True(ConditionEvaluation.Holds(new AutomationCondition.Added(AddedThing.Alerts), Sample.Subject(cause: Sample.Entry("alertAdded"))));
    }

    [Fact]
    public void A_custom_detail_must_agree_in_key_and_value_at_once()
    {
        Assert.True(ConditionEvaluation.Holds(Detail("Port", "3389"), Sample.Subject()));
        Assert.False(ConditionEvaluation.Holds(Detail("Zone", "3389"), Sample.Subject()));

        static AutomationCondition Detail(string key, string value) => new AutomationCondition.AnyItem(
            ItemsOf.CustomDetails, [Sample.Is("IncidentCustomDetailsKey", key), new AutomationCondition.AnyItem(ItemsOf.CustomDetailValues, [Sample.Is("IncidentCustomDetailsValue", value)])]);
    }

    [Fact]
    public void And_and_or_join_conditions()
    {
        AutomationCondition yes = Sample.Is("IncidentStatus", "New"), no = Sample.Is("IncidentStatus", "Closed");
        Assert.True(ConditionEvaluation.Holds(new AutomationCondition.Any([no, yes]), Sample.Subject()));
        Assert.False(ConditionEvaluation.Holds(new AutomationCondition.All([no, yes]), Sample.Subject()));
    }

    [Fact]
    public void Every_property_of_the_catalogue_can_be_read()
    {
        Assert.True(SubjectProperties.Names.Count > 50);
        Assert.All(SubjectProperties.Names, name => Assert.NotNull(SubjectProperties.Read(Sample.Subject(Sample.Alert(host, process)), name).ToList()));
    }
}
