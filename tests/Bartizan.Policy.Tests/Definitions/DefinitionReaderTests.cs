using System.Text;
using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Evaluation;
using CsCheck;

namespace Bartizan.Policy.Tests.Definitions;

public class DefinitionReaderTests
{
    private const string Rule = """{"if":{"field":"type","equals":"T/x"},"then":{"effect":"audit"}}""";

    [Fact]
    public void A_definition_may_come_whole_as_its_properties_or_as_a_bare_rule()
    {
        var whole = PolicyDefinition.Parse("""{"id":"/d/1","name":"n1","properties":{"displayName":"D","mode":"indexed","policyType":"Custom","version":"1.2.0","metadata":{"category":"C"},"policyRule":""" + Rule + "}}").Value;
        Assert.Equal(("/d/1", "n1", "D", PolicyMode.Indexed, "Custom", "1.2.0", false), (whole.Id, whole.Name, whole.DisplayName, whole.Mode, whole.PolicyType, whole.Version, whole.IsBareRule));
        Assert.Equal("C", whole.Metadata.Member("category").AsText);
        Assert.False(PolicyDefinition.Parse("""{"displayName":"D","policyRule":""" + Rule + "}").Value.IsBareRule);
        Assert.True(PolicyDefinition.Parse(Rule).Value.IsBareRule);
    }

    [Theory]
    [InlineData("All", PolicyMode.All)]
    [InlineData("INDEXED", PolicyMode.Indexed)]
    [InlineData("Microsoft.KeyVault.Data", PolicyMode.ResourceProvider)]
    [InlineData("Microsoft.Kubernetes.Data", PolicyMode.ResourceProvider)]
    public void Modes_are_recognised(string mode, PolicyMode expected) =>
        Assert.Equal(expected, PolicyDefinition.Parse($$"""{"mode":"{{mode}}","policyRule":{{Rule}}}""").Value.Mode);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"text\"")]
    [InlineData("""{"policyRule":[]}""")]
    [InlineData("""{"displayName":"no rule"}""")]
    [InlineData("""{"if":{"field":"a","equals":1}}""")]
    [InlineData("""{"then":{"effect":"audit"}}""")]
    [InlineData("""{"if":{"field":"a","equals":1},"then":{}}""")]
    [InlineData("""{"if":{"field":"a","equals":1},"then":"audit"}""")]
    [InlineData("""{"if":{"field":"a","equals":1},"then":{"effect":7}}""")]
    [InlineData("""{"if":{"field":"a","equals":1},"IF":{"field":"a","equals":1},"then":{"effect":"audit"}}""")]
    [InlineData("""{"if":{"field":"a","equals":1},"then":{"effect":"audit","Effect":"deny"}}""")]
    [InlineData("""{"if":{"field":"a","equals":1},"then":{"effect":"audit"}""")]
    [InlineData("""{"if":{"field":"a","equals":1},"then":{"effect":"audit"}} x""")]
    [InlineData("""{"parameters":{"p":{"type":"Text"}},"policyRule":{"if":{"field":"a","equals":1},"then":{"effect":"audit"}}}""")]
    [InlineData("""{"parameters":{"p":{"type":"String"},"P":{"type":"String"}},"policyRule":{"if":{"field":"a","equals":1},"then":{"effect":"audit"}}}""")]
    public void What_is_no_definition_is_refused(string text) => Assert.NotEmpty(PolicyDefinition.Parse(text).Problem!.Diagnostics);

    [Fact]
    public void A_refusal_points_at_its_place()
    {
        const string Text = """
            {
              "if": { "field": "tags['ü']", "equalss": "x" },
              "then": { "effect": "audit" }
            }
            """;
        var diagnostic = Assert.Single(PolicyDefinition.Parse(Text).Problem!.Diagnostics);
        Assert.Equal("\"equalss\"", Text.Substring(diagnostic.Span.Start, diagnostic.Span.Length));
        Assert.Contains("equals", diagnostic.Message, StringComparison.Ordinal);
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
    }

    [Fact]
    public void Ten_thousand_brackets_are_refused_and_not_followed()
    {
        foreach (var deep in new[] { Nested("""{"not":""", """{"field":"a","equals":1}""", "}", 10_000), Nested("[", "1", "]", 10_000) })
        {
            Assert.False(PolicyDefinition.Parse("""{"if":""" + deep + ""","then":{"effect":"audit"}}""").IsSuccess);
        }
    }

    [Fact]
    public void An_expression_of_ten_thousand_calls_is_refused()
    {
        foreach (var expression in new[] { Nested("not(", "true", ")", 10_000), new string('-', 10_000) + "1", "a" + Nested("[", "0", "]", 10_000), string.Concat(Enumerable.Repeat("createArray(", 10_000)) })
        {
            Assert.False(PolicyDefinition.Parse($$$"""{"if":{"value":"[{{{expression}}}]","equals":1},"then":{"effect":"audit"}}""").IsSuccess);
        }
    }

    [Fact]
    public void No_text_makes_the_reader_throw() => Gen.String.Sample(text => Read(text), iter: 2_000);

    [Fact]
    public void No_damage_to_a_definition_makes_the_reader_or_the_compiler_throw()
    {
        var seed = Encoding.UTF8.GetBytes("""
            {"properties":{"mode":"All","parameters":{"p":{"type":"Array","defaultValue":["a",1,null],"allowedValues":[]}},"policyRule":{"if":{"allOf":[{"field":"type","equals":"T/x"},
             {"count":{"field":"T/x/l[*]","where":{"anyOf":[{"field":"T/x/l[*].n","in":"[parameters('p')]"},{"value":"[concat('a',current('T/x/l[*].n'))]","like":"a*"}]}},"greater":0},{"not":{"field":"tags['e']","exists":"true"}}]},
             "then":{"effect":"modify","details":{"roleDefinitionIds":["r"],"operations":[{"operation":"add","field":"tags['e']","value":"[field('name')]","condition":"[true]"}]}}}}}
            """);
        var edits = Gen.Select(Gen.Int[0, seed.Length - 1], Gen.Byte).Array[1, 4];
        edits.Sample(changes =>
        {
            var bytes = (byte[])seed.Clone();
            foreach (var (at, value) in changes)
            {
                bytes[at] = value;
            }

            Read(Encoding.UTF8.GetString(bytes));
        }, iter: 5_000);
    }

    private static string Nested(string open, string middle, string close, int depth) =>
        string.Concat(Enumerable.Repeat(open, depth)) + middle + string.Concat(Enumerable.Repeat(close, depth));

    private static void Read(string text)
    {
        var outcome = PolicyDefinition.Parse(text);
        if (outcome.IsSuccess)
        {
            var compiled = PolicyCompiler.Compile(outcome.Value, null, AliasTable.Empty);
            PolicyCompiler.Check(outcome.Value, AliasTable.Empty);
            if (compiled.IsSuccess)
            {
                compiled.Value.Evaluate(new PolicyRequest(PolicyResource.Of(Judge.Json("""{"type":"T/x","name":"n","properties":{"l":[{"n":"a"}]}}"""))) { Context = Judge.Context });
            }
        }
        else
        {
            Assert.NotEmpty(outcome.Problem.Message);
            Assert.All(outcome.Problem.Diagnostics, d => Assert.True(d.Span.Start >= 0 && d.Span.End <= Math.Max(1, text.Length), $"{d.Span} in {text.Length}"));
        }
    }
}
