using Bartizan.Policy.Aliases;
using Bartizan.Policy.Evaluation;

namespace Bartizan.Policy.Tests.Evaluation;

public class EvidenceTests
{
    private const string Rule = """
        {"if":{"allOf":[{"field":"type","equals":"N.P/t"},
          {"anyOf":[{"field":"properties.tls","exists":false},{"field":"properties.tls","less":"1.2"},{"field":"name","equals":"never reached"}]},
          {"count":{"field":"properties.list[*]","where":{"field":"properties.list[*]","greater":1}},"greater":0}]},
         "then":{"effect":"audit"}}
        """;

    [Fact]
    public void Evidence_names_each_clause_with_what_it_read()
    {
        var resource = PolicyResource.Of(Judge.Json("""{"type":"N.P/t","name":"x","properties":{"tls":"1.0","list":[1,2]}}"""));
        var verdict = Judge.Policy(Rule).Evaluate(new PolicyRequest(resource) { KeepEvidence = true });
        var lines = verdict.Evidence.SelectMany(e => e.Flatten()).Select(c => $"{c.Path} {c.Text} {c.Actual?.ToString() ?? "-"} {c.Expected?.ToString() ?? "-"} {c.Holds?.ToString() ?? "skipped"}");
        Assert.Equal(
            [
                "/if allOf - - True",
                "/if/allOf/0 field type equals \"N.P/t\" \"N.P/t\" True",
                "/if/allOf/1 anyOf - - True",
                "/if/allOf/1/anyOf/0 field properties.tls exists \"1.0\" false False",
                "/if/allOf/1/anyOf/1 field properties.tls less \"1.0\" \"1.2\" True",
                "/if/allOf/1/anyOf/2 field name equals - - skipped",
                "/if/allOf/2 count of properties.list[*] greater 1 0 True",
                "/if/allOf/2/count/where field properties.list[*] greater 1 1 False",
                "/if/allOf/2/count/where field properties.list[*] greater 2 1 True",
            ],
            lines);
    }

    [Fact]
    public void The_decisive_clauses_are_those_that_failed_a_rule_that_did_not_hold()
    {
        var resource = PolicyResource.Of(Judge.Json("""{"type":"N.P/other"}"""));
        var verdict = Judge.Policy(Rule).Evaluate(new PolicyRequest(resource) { KeepEvidence = true });
        Assert.Equal(["/if/allOf/0"], verdict.Decisive().Select(c => c.Path));
    }

    [Fact]
    public void An_evaluation_that_fails_says_why()
    {
        var verdict = Judge.Verdict("""{"if":{"value":"[substring(field('name'),5)]","equals":"x"},"then":{"effect":"audit"}}""", """{"name":"abc"}""");
        Assert.Equal((false, ComplianceState.Error), (verdict.Matched, verdict.State));
        Assert.Contains("substring", verdict.Error, StringComparison.Ordinal);
    }
}
