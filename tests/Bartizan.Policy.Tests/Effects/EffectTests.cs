using Bartizan.Policy.Aliases;
using Bartizan.Policy.Effects;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Evaluation;

namespace Bartizan.Policy.Tests.Effects;

public class EffectTests
{
    private const string Vm = """{"id":"/subscriptions/s/resourceGroups/rg/providers/N.P/vms/vm1","name":"vm1","type":"N.P/vms","tags":{"env":"prod"},"properties":{"size":"S"}}""";

    [Theory]
    [InlineData("audit", EffectKind.Audit)]
    [InlineData("Deny", EffectKind.Deny)]
    [InlineData("DISABLED", EffectKind.Disabled)]
    [InlineData("manual", EffectKind.Manual)]
    [InlineData("denyAction", EffectKind.DenyAction)]
    [InlineData("append", EffectKind.Append)]
    [InlineData("modify", EffectKind.Modify)]
    [InlineData("auditIfNotExists", EffectKind.AuditIfNotExists)]
    [InlineData("deployIfNotExists", EffectKind.DeployIfNotExists)]
    [InlineData("mutate", EffectKind.ResourceProvider)]
    [InlineData("enforceRegoPolicy", EffectKind.ResourceProvider)]
    public void Every_effect_is_recognised_in_any_case(string name, EffectKind expected) => Assert.Equal(expected, EffectNames.Find(name));

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("ResourceProvider")]
    [InlineData("block")]
    public void No_other_word_is_an_effect(string name) => Assert.Null(EffectNames.Find(name));

    [Fact]
    public void The_effect_keeps_the_spelling_it_was_given() =>
        Assert.Equal("DENY", Judge.Verdict(Rule("\"[parameters('e')]\""), Vm, parameters: """{"e":"DENY"}""").Effect);

    [Fact]
    public void A_disabled_definition_says_nothing()
    {
        var verdict = Judge.Verdict(Rule("\"disabled\""), Vm);
        Assert.Equal((false, ComplianceState.NotApplicable), (verdict.Matched, verdict.State));
    }

    [Fact]
    public void A_manual_definition_waits_for_an_attestation() =>
        Assert.Equal((true, ComplianceState.Unknown), Outcome(Judge.Verdict(Rule("\"manual\""), Vm)));

    [Theory]
    [InlineData("""{"field":"properties.size","equals":"S"}""", true, ComplianceState.NonCompliant)]
    [InlineData("""{"allOf":[{"field":"type","equals":"N.P/vms"},{"field":"properties.size","equals":"L"}]}""", false, ComplianceState.Compliant)]
    [InlineData("""{"allOf":[{"field":"type","equals":"N.P/disks"},{"field":"properties.size","equals":"S"}]}""", false, ComplianceState.NotApplicable)]
    [InlineData("""{"allOf":[{"field":"type","equals":"N.P/vms"},{"field":"kind","equals":"linux"},{"field":"properties.size","equals":"S"}]}""", false, ComplianceState.NotApplicable)]
    [InlineData("""{"allOf":[{"field":"type","equals":"N.P/vms"},{"field":"name","like":"db*"}]}""", false, ComplianceState.NotApplicable)]
    public void A_definition_is_about_the_types_kinds_and_names_that_it_names(string condition, bool matched, ComplianceState state) =>
        Assert.Equal((matched, state), Outcome(Judge.Verdict("""{"if":""" + condition + ""","then":{"effect":"audit"}}""", Vm)));

    [Theory]
    [InlineData("null", null, ComplianceState.Unknown)]
    [InlineData("[]", false, ComplianceState.NonCompliant)]
    [InlineData("""[{"type":"N.P/vms/agents","properties":{"state":"On"}}]""", true, ComplianceState.Compliant)]
    [InlineData("""[{"type":"N.P/vms/agents","properties":{"state":"Off"}},{"type":"N.P/vms/agents","properties":{"state":"on"}}]""", true, ComplianceState.Compliant)]
    [InlineData("""[{"type":"N.P/vms/agents","properties":{"state":"Off"}}]""", false, ComplianceState.NonCompliant)]
    public void An_existence_condition_asks_the_related_resources(string related, bool? met, ComplianceState state)
    {
        var found = Judge.Json(related).Elements?.Select(r => PolicyResource.Of(r)).ToList();
        var verdict = Judge.Verdict(
            Rule("\"auditIfNotExists\"", """{"type":"N.P/vms/agents","existenceCondition":{"field":"N.P/vms/agents/state","equals":"On"}}"""),
            Vm,
            related: found is null ? null : PolicyRequest.Resolved(found));
        Assert.Equal((true, state), Outcome(verdict));
        Assert.Equal(met, verdict.ExistenceMet);
    }

    [Fact]
    public void Inside_an_existence_condition_the_field_function_still_reads_the_resource_itself()
    {
        var verdict = Judge.Verdict(
            Rule("\"auditIfNotExists\"", """{"type":"N.P/vms/agents","existenceCondition":{"field":"N.P/vms/agents/of","equals":"[field('name')]"}}"""),
            Vm,
            related: PolicyRequest.Resolved([PolicyResource.Of(Judge.Json("""{"name":"agent","type":"N.P/vms/agents","properties":{"of":"vm1"}}"""))]));
        Assert.True(verdict.ExistenceMet);
    }

    [Theory]
    [InlineData("""{"type":"N.P/vms/agents"}""", "/subscriptions/s/resourceGroups/rg/providers/N.P/vms/vm1/agents/a", true)]
    [InlineData("""{"type":"N.P/vms/agents"}""", "/subscriptions/s/resourceGroups/rg/providers/N.P/vms/vm2/agents/a", false)]
    [InlineData("""{"type":"N.P/vms/agents","name":"A"}""", "/subscriptions/s/resourceGroups/rg/providers/N.P/vms/vm1/agents/a", true)]
    [InlineData("""{"type":"N.P/vms/agents","name":"vm1/a"}""", "/subscriptions/s/resourceGroups/rg/providers/N.P/vms/vm1/agents/a", true)]
    [InlineData("""{"type":"N.P/vms/agents","name":"[concat(field('name'),'/b')]"}""", "/subscriptions/s/resourceGroups/rg/providers/N.P/vms/vm1/agents/a", false)]
    [InlineData("""{"type":"Ins.X/settings"}""", "/subscriptions/s/resourceGroups/rg/providers/N.P/vms/vm1/providers/Ins.X/settings/d", true)]
    [InlineData("""{"type":"Ins.X/settings"}""", "/subscriptions/s/resourceGroups/rg/providers/N.P/vms/vm9/providers/Ins.X/settings/d", false)]
    [InlineData("""{"type":"N.P/disks"}""", "/subscriptions/s/resourceGroups/rg/providers/N.P/disks/d", true)]
    [InlineData("""{"type":"N.P/disks"}""", "/subscriptions/s/resourceGroups/other/providers/N.P/disks/d", false)]
    [InlineData("""{"type":"N.P/disks","resourceGroupName":"other"}""", "/subscriptions/s/resourceGroups/other/providers/N.P/disks/d", true)]
    [InlineData("""{"type":"N.P/disks","existenceScope":"subscription"}""", "/subscriptions/s/resourceGroups/other/providers/N.P/disks/d", true)]
    [InlineData("""{"type":"N.P/disks","existenceScope":"Subscription"}""", "/subscriptions/t/resourceGroups/other/providers/N.P/disks/d", false)]
    [InlineData("""{"type":"N.P/disks","kind":"fast"}""", "/subscriptions/s/resourceGroups/rg/providers/N.P/disks/d", false)]
    [InlineData("""{"type":"N.P/tapes"}""", "/subscriptions/s/resourceGroups/rg/providers/N.P/disks/d", false)]
    public void Related_resources_are_looked_for_by_type_name_kind_and_scope(string details, string id, bool expected)
    {
        var parts = id[(id.LastIndexOf("/providers/", StringComparison.Ordinal) + 11)..].Split('/');
        var type = string.Join('/', parts.Where((_, i) => i == 0 || i % 2 == 1));
        var candidate = PolicyResource.Of(Judge.Json($$"""{"id":"{{id}}","name":"{{parts[^1]}}","type":"{{type}}","kind":"slow"}"""));
        var verdict = Judge.Verdict(Rule("\"auditIfNotExists\"", details), Vm, related: PolicyRequest.Among([candidate]));
        Assert.Equal(expected, verdict.ExistenceMet);
    }

    [Fact]
    public void A_deployment_is_told_with_its_parameters_worked_out()
    {
        var verdict = Judge.Verdict(
            Rule("\"deployIfNotExists\"", """
                {"type":"N.P/vms/agents","roleDefinitionIds":["/r/1"],"evaluationDelay":"PT30M","deploymentScope":"subscription",
                 "deployment":{"properties":{"mode":"incremental","template":{"resources":["[variables('x')]"]},"parameters":{"vm":{"value":"[field('name')]"}}}}}
                """),
            Vm,
            related: PolicyRequest.Resolved([]));
        var plan = verdict.Deployment!;
        Assert.Equal("vm1", plan.Parameters.Member("vm").Member("value").AsText);
        Assert.Equal("[variables('x')]", plan.Template.Member("resources").Elements![0].AsText);
        Assert.Equal(("PT30M", "subscription", "/r/1"), (plan.EvaluationDelay, plan.Scope, plan.RoleDefinitionIds[0]));
    }

    [Fact]
    public void Modify_tells_its_operations_with_their_values_and_conditions()
    {
        var verdict = Judge.Verdict(
            Rule("\"modify\"", """
                {"roleDefinitionIds":["/r/1"],"conflictEffect":"deny","operations":[
                  {"operation":"addOrReplace","field":"tags['env']","value":"[toUpper(field('tags.env'))]"},
                  {"operation":"Add","field":"[concat('tags[','team',']')]","value":1,"condition":"[greaterOrEquals(requestContext().apiVersion,'2099-01-01')]"},
                  {"operation":"remove","field":"tags['old']"}]}
                """),
            Vm);
        Assert.Equal(["addOrReplace tags['env'] \"PROD\" True", "add tags[team] 1 False", "remove tags['old'] null True"], verdict.Changes.Select(c => $"{c.Operation} {c.Field} {c.Value} {c.Applies}"));
        Assert.Equal("/r/1", verdict.Details!.Member("roleDefinitionIds").Elements![0].AsText);
    }

    [Fact]
    public void Append_tells_what_it_adds()
    {
        var verdict = Judge.Verdict(Rule("\"append\"", """[{"field":"properties.tls","value":"[concat('1','.2')]"}]"""), Vm);
        Assert.Equal("1.2", Assert.Single(verdict.Changes).Value.AsText);
        Assert.Equal("""[{"field":"properties.tls","value":"1.2"}]""", verdict.Details!.ToString());
    }

    [Theory]
    [InlineData("\"block\"", "null")]
    [InlineData("\"auditIfNotExists\"", "null")]
    [InlineData("\"auditIfNotExists\"", "{}")]
    [InlineData("\"modify\"", """{"operations":[{"operation":"add","field":"tags.a","value":1}]}""")]
    [InlineData("\"modify\"", """{"roleDefinitionIds":["r"],"operations":[]}""")]
    [InlineData("\"modify\"", """{"roleDefinitionIds":["r"],"operations":[{"operation":"set","field":"tags.a","value":1}]}""")]
    [InlineData("\"modify\"", """{"roleDefinitionIds":["r"],"operations":[{"operation":"add","field":"tags.a"}]}""")]
    [InlineData("\"modify\"", """{"roleDefinitionIds":["r"],"conflictEffect":"modify","operations":[{"operation":"add","field":"tags.a","value":1}]}""")]
    [InlineData("\"append\"", "[]")]
    [InlineData("\"append\"", """[{"value":1}]""")]
    public void Details_that_an_effect_cannot_use_are_refused(string effect, string details)
    {
        var definition = PolicyDefinition.Parse(Rule(effect, details)).Value;
        Assert.False(PolicyCompiler.Compile(definition, null, AliasTable.Empty).IsSuccess);
    }

    [Theory]
    [InlineData("N.P/vms/size", true)]
    [InlineData("N.P/vms/state", false)]
    [InlineData("N.P/vms/plain", false)]
    [InlineData("tags['a']", true)]
    [InlineData("N.P/vms/unlisted", true)]
    public void Modify_writes_only_aliases_that_their_table_marks_modifiable(string field, bool expected)
    {
        var table = AliasTable.Parse("""
            [{"namespace":"N.P","resourceTypes":[{"resourceType":"vms","aliases":[
              {"name":"N.P/vms/size","defaultPath":"properties.size","defaultMetadata":{"type":"String","attributes":"Modifiable"}},
              {"name":"N.P/vms/state","defaultPath":"properties.state","defaultMetadata":{"type":"String","attributes":"None"}},
              {"name":"N.P/vms/plain","defaultPath":"properties.plain"}]}]}]
            """).Value;
        var rule = Rule("\"modify\"", """{"roleDefinitionIds":["r"],"operations":[{"operation":"addOrReplace","value":1,"field":" """.TrimEnd() + field + "\"}]}");
        Assert.Equal(expected, PolicyCompiler.Compile(PolicyDefinition.Parse(rule).Value, null, table).IsSuccess);
    }

    private static string Rule(string effect, string details = "null") => $$$"""
        {"if":{"field":"type","equals":"N.P/vms"},"then":{"effect":{{{effect}}},"details":{{{details}}}}}
        """;

    private static (bool, ComplianceState) Outcome(Verdict verdict) => (verdict.Matched, verdict.State);
}
