using Bartizan.Policy.Aliases;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Evaluation;

namespace Bartizan.Policy.Tests.Evaluation;

public class ParameterTests
{
    [Theory]
    [InlineData("""{"type":"String","defaultValue":"d"}""", "{}", "\"d\"")]
    [InlineData("""{"type":"String","defaultValue":"d"}""", """{"P":"given"}""", "\"given\"")]
    [InlineData("""{"type":"String"}""", "{}", "none")]
    [InlineData("""{"type":"string","allowedValues":["Audit","Deny"]}""", """{"p":"deny"}""", "\"deny\"")]
    [InlineData("""{"type":"String","allowedValues":["Audit","Deny"]}""", """{"p":"Block"}""", "refused")]
    [InlineData("""{"type":"Integer"}""", """{"p":5}""", "5")]
    [InlineData("""{"type":"Integer"}""", """{"p":"5"}""", "\"5\"")]
    [InlineData("""{"type":"Integer"}""", """{"p":5.5}""", "refused")]
    [InlineData("""{"type":"Float"}""", """{"p":5.5}""", "5.5")]
    [InlineData("""{"type":"Boolean"}""", """{"p":true}""", "true")]
    [InlineData("""{"type":"Boolean"}""", """{"p":"false"}""", "\"false\"")]
    [InlineData("""{"type":"Boolean"}""", """{"p":"maybe"}""", "refused")]
    [InlineData("""{"type":"Array","allowedValues":["a","b"]}""", """{"p":["b"]}""", "[\"b\"]")]
    [InlineData("""{"type":"Array","allowedValues":["a","b"]}""", """{"p":["c"]}""", "refused")]
    [InlineData("""{"type":"Array"}""", """{"p":"a"}""", "refused")]
    [InlineData("""{"type":"Object"}""", """{"p":{"k":1}}""", "{\"k\":1}")]
    [InlineData("""{"type":"Object"}""", """{"p":[]}""", "refused")]
    [InlineData("""{"type":"DateTime"}""", """{"p":"2024-01-01T00:00:00Z"}""", "\"2024-01-01T00:00:00Z\"")]
    [InlineData("""{"type":"String"}""", """{"p":["x"]}""", "refused")]
    public void A_value_is_given_or_the_default_and_must_be_allowed(string declaration, string given, string expected)
    {
        var definition = PolicyDefinition.Parse(
            """{"parameters":{"p":""" + declaration + """},"policyRule":{"if":{"value":"[string(parameters('p'))]","notEquals":"~"},"then":{"effect":"audit"}}}""").Value;
        var values = ParameterValues.Bind(definition.Parameters, Judge.Values(given), out var refusal);
        var outcome = refusal is not null ? "refused" : values["p"].IsUndefined ? "none" : values["p"].ToString();
        Assert.Equal(expected, outcome);
        Assert.Equal(refusal is null, PolicyCompiler.Compile(definition, Judge.Values(given), AliasTable.Empty).IsSuccess);
    }

    [Fact]
    public void Parameters_without_a_value_or_default_are_told()
    {
        var definition = PolicyDefinition.Parse("""
            {"parameters":{"a":{"type":"String"},"b":{"type":"String","defaultValue":""},"c":{"type":"String"}},
             "policyRule":{"if":{"value":1,"equals":1},"then":{"effect":"audit"}}}
            """).Value;
        Assert.Equal(["a"], ParameterValues.Missing(definition.Parameters, Judge.Values("""{"C":"x"}""")));
    }

    [Fact]
    public void A_definition_is_remarked_on_where_it_is_most_likely_not_meant()
    {
        var definition = PolicyDefinition.Parse("""
            {"parameters":{"unread":{"type":"String"}},"policyRule":{"if":{"field":"N.P/t/unknown","equals":"[parameters('undeclared')]"},"then":{"effect":"audit"}}}
            """).Value;
        Assert.Equal(["UndeclaredParameter", "UnusedParameter", "UnknownAlias"], PolicyCompiler.Check(definition, AliasTable.Empty).Select(d => d.Code));
    }
}
