namespace Bartizan.Policy.Tests.Conditions;

public class CountTests
{
    private const string Resource = """
        {"type":"T/x","name":"n","tags":{"env":"prod"},
         "properties":{"rules":[
            {"name":"a","properties":{"port":"22","access":"Allow","from":["Internet","10.0.0.0/8"]}},
            {"name":"b","properties":{"port":"443","access":"Allow","from":[]}},
            {"name":"c","properties":{"port":"22","access":"Deny","from":["Internet"]}}],"words":["x","y","x"]}}
        """;

    [Theory]
    [InlineData("""{"count":{"field":"properties.rules[*]"},"equals":3}""", true)]
    [InlineData("""{"count":{"field":"properties.absent[*]"},"equals":0}""", true)]
    [InlineData("""{"count":{"field":"properties.rules[*]","where":{"field":"properties.rules[*].properties.access","equals":"Allow"}},"equals":2}""", true)]
    [InlineData("""{"count":{"field":"T/x/rules[*]","where":{"field":"T/x/rules[*].port","equals":"22"}},"equals":2}""", true)]
    [InlineData("""{"count":{"field":"T/x/rules[*]","where":{"allOf":[{"field":"T/x/rules[*].port","equals":"22"},{"field":"T/x/rules[*].access","equals":"Allow"}]}},"less":2}""", true)]
    [InlineData("""{"count":{"field":"T/x/rules[*]","where":{"count":{"field":"T/x/rules[*].from[*]","where":{"field":"T/x/rules[*].from[*]","equals":"Internet"}},"greater":0}},"equals":2}""", true)]
    [InlineData("""{"count":{"field":"T/x/rules[*].from[*]"},"equals":3}""", true)]
    [InlineData("""{"count":{"field":"T/x/rules[*]","where":{"field":"T/x/rules[*].from[*]","equals":"Internet"}},"equals":2}""", true)]
    [InlineData("""{"count":{"field":"properties.words[*]","where":{"field":"properties.words[*]","equals":"x"}},"equals":2}""", true)]
    [InlineData("""{"count":{"field":"properties.words[*]","where":{"value":"[current()]","equals":"x"}},"equals":2}""", true)]
    [InlineData("""{"count":{"field":"properties.words[*]","where":{"value":"[current('properties.words[*]')]","equals":"y"}},"equals":1}""", true)]
    [InlineData("""{"count":{"field":"T/x/rules[*]","where":{"value":"[current('T/x/rules[*].port')]","equals":"443"}},"equals":1}""", true)]
    [InlineData("""{"count":{"field":"T/x/rules[*]","where":{"value":"[current('T/x/rules[*]').name]","equals":"c"}},"equals":1}""", true)]
    [InlineData("""{"count":{"field":"T/x/rules[*]","where":{"field":"name","equals":"n"}},"equals":3}""", true)]
    [InlineData("""{"count":{"value":["a","b","c"]},"equals":3}""", true)]
    [InlineData("""{"count":{"value":"[createArray(1,2,3)]","name":"n","where":{"value":"[current('n')]","greater":1}},"equals":2}""", true)]
    [InlineData("""{"count":{"value":"not an array"},"equals":0}""", true)]
    [InlineData("""{"count":{"value":["env","team"],"name":"tag","where":{"field":"[concat('tags[', current('tag'), ']')]","exists":true}},"equals":1}""", true)]
    [InlineData("""{"count":{"value":["22","80"],"name":"port","where":{"count":{"field":"T/x/rules[*]","where":{"field":"T/x/rules[*].port","equals":"[current('port')]"}},"greater":0}},"equals":1}""", true)]
    [InlineData("""{"count":{"value":[1,2],"name":"o","where":{"count":{"value":[1,2,3],"name":"i","where":{"value":"[current('o')]","less":"[current('i')]"}},"equals":2}},"equals":1}""", true)]
    [InlineData("""{"count":{"value":[{"k":1},{"k":2}],"name":"o","where":{"value":"[current('o').k]","equals":2}},"equals":1}""", true)]
    [InlineData("""{"count":{"field":"properties.words[*]"},"in":[1,3]}""", true)]
    [InlineData("""{"count":{"field":"properties.words[*]"},"notEquals":"[length(createArray(1,2,3))]"}""", false)]
    public void A_count_counts(string condition, bool expected) => Assert.Equal(expected, Judge.Holds(condition, Resource));

    [Theory]
    [InlineData("""{"count":{},"equals":0}""")]
    [InlineData("""{"count":[],"equals":0}""")]
    [InlineData("""{"count":{"field":"a[*]","value":[1]},"equals":0}""")]
    [InlineData("""{"count":{"field":"a[*]","name":"n"},"equals":0}""")]
    [InlineData("""{"count":{"value":[1],"name":3},"equals":0}""")]
    [InlineData("""{"count":{"field":"a[*]","filter":{}},"equals":0}""")]
    [InlineData("""{"count":{"field":"a[*]","FIELD":"b[*]"},"equals":0}""")]
    [InlineData("""{"count":{"field":"a[*]","where":{}},"equals":0}""")]
    [InlineData("""{"count":{"field":"a[*]"}}""")]
    public void A_malformed_count_is_refused_when_read(string condition) => Assert.NotNull(Judge.Refusal(condition, atParse: true));

    [Theory]
    [InlineData("""{"count":{"field":"properties.words"},"equals":0}""")]
    [InlineData("""{"value":"[current()]","equals":0}""")]
    [InlineData("""{"count":{"value":[1],"name":"a","where":{"value":"[current('b')]","equals":1}},"equals":0}""")]
    public void A_count_that_means_nothing_is_refused_when_compiled(string condition) => Assert.NotNull(Judge.Refusal(condition, atParse: false));
}
