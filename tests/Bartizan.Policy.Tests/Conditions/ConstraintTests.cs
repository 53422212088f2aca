namespace Bartizan.Policy.Tests.Conditions;

public class ConstraintTests
{
    private const string Yes = """{"value":1,"equals":1}""";
    private const string No = """{"value":1,"equals":2}""";

    [Theory]
    [InlineData($$"""{"allOf":[{{Yes}},{{Yes}}]}""", true)]
    [InlineData($$"""{"allOf":[{{Yes}},{{No}}]}""", false)]
    [InlineData("""{"allOf":[]}""", true)]
    [InlineData($$"""{"anyOf":[{{No}},{{Yes}}]}""", true)]
    [InlineData($$"""{"anyOf":[{{No}},{{No}}]}""", false)]
    [InlineData("""{"anyOf":[]}""", false)]
    [InlineData("""{"not":""" + No + "}", true)]
    [InlineData("""{"NOT":{"AllOf":[""" + Yes + """,{"ANYOF":[""" + No + "]}]}}", true)]
    public void Constraints_join_conditions(string condition, bool expected) => Assert.Equal(expected, Judge.Holds(condition, "{}"));

    [Theory]
    [InlineData("""{"value":"[parameters('p')]","equals":"x"}""", true)]
    [InlineData("""{"value":"[parameters('absent')]","equals":"x"}""", false)]
    [InlineData("""{"value":"[parameters('absent')]","notEquals":"x"}""", false)]
    [InlineData("""{"value":{"a":["[parameters('p')]"]},"equals":{"a":["x"]}}""", true)]
    [InlineData("""{"value":"[resourceGroup().location]","equals":"WestEurope"}""", true)]
    [InlineData("""{"value":"[resourceGroup().tags.owner]","equals":"ops"}""", true)]
    [InlineData("""{"value":"[resourceGroup().tags['owner']]","equals":"ops"}""", true)]
    [InlineData("""{"value":"[subscription().displayName]","equals":"main"}""", true)]
    [InlineData("""{"value":"[requestContext().apiVersion]","greater":"2023-12-31"}""", true)]
    [InlineData("""{"value":"[policy().assignmentId]","equals":"/a/1"}""", true)]
    [InlineData("""{"value":"[utcNow()]","greater":"2026-02-28T23:59:59Z"}""", true)]
    [InlineData("""{"value":"[addDays(utcNow(), -60)]","less":"2026-01-01"}""", true)]
    public void A_value_is_worked_out(string condition, bool expected) => Assert.Equal(expected, Judge.Holds(condition, "{}", parameters: """{"p":"x"}"""));

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"text\"")]
    [InlineData("""{"field":"name"}""")]
    [InlineData("""{"equals":"x"}""")]
    [InlineData("""{"field":"name","value":"x","equals":"x"}""")]
    [InlineData("""{"field":"name","equals":"x","like":"y"}""")]
    [InlineData("""{"field":"name","equals":"x","Equals":"y"}""")]
    [InlineData("""{"field":"name","equalz":"x"}""")]
    [InlineData("""{"field":"name","equals":"x","note":"y"}""")]
    [InlineData("""{"field":7,"equals":"x"}""")]
    [InlineData("""{"field":"","equals":"x"}""")]
    [InlineData("""{"allOf":"x"}""")]
    [InlineData("""{"allOf":[{"field":"name","equals":"x"}],"anyOf":[]}""")]
    [InlineData("""{"not":[1]}""")]
    [InlineData("""{"not":{"field":"name","equals":"x"},"field":"name"}""")]
    [InlineData("""{"value":"[concat('a']","equals":"x"}""")]
    [InlineData("""{"value":"[a b]","equals":"x"}""")]
    [InlineData("""{"value":"['open]","equals":"x"}""")]
    public void A_condition_that_is_none_is_refused_when_read(string condition) => Assert.NotNull(Judge.Refusal(condition, atParse: true));

    [Theory]
    [InlineData("""{"value":"[nothing('x')]","equals":"x"}""")]
    [InlineData("""{"value":"[resourceId('a','b')]","equals":"x"}""")]
    [InlineData("""{"value":"[reference('a')]","equals":"x"}""")]
    [InlineData("""{"value":"[listKeys('a','b')]","equals":"x"}""")]
    [InlineData("""{"value":"[newGuid()]","equals":"x"}""")]
    [InlineData("""{"value":"[length()]","equals":"x"}""")]
    [InlineData("""{"value":"[length('a','b')]","equals":"x"}""")]
    [InlineData("""{"value":"[utcNow('d')]","equals":"x"}""")]
    [InlineData("""{"value":"[word]","equals":"x"}""")]
    public void A_function_that_policies_lack_is_refused_when_compiled(string condition) => Assert.NotNull(Judge.Refusal(condition, atParse: false));

    [Fact]
    public void A_misspelt_operator_is_answered_with_the_right_one() =>
        Assert.Contains("notEquals", Judge.Refusal("""{"field":"name","notEqual":"x"}""", atParse: true), StringComparison.Ordinal);
}
