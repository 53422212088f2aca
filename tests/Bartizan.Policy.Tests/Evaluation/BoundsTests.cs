using Bartizan.Policy.Aliases;
using Bartizan.Policy.Evaluation;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Tests.Evaluation;

/// <summary>Input that is made to cost much costs little, or is refused with a reason.</summary>
public class BoundsTests
{
    /// <summary>Generous, for busy machines; without a bound these would take hours.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_count_over_a_million_elements_is_counted()
    {
        var resource = Numbers(1_000_000);
        var verdict = Timed(() => Judge.Policy(
            """{"if":{"count":{"field":"properties.l[*]","where":{"field":"properties.l[*]","greater":499999}},"equals":500000},"then":{"effect":"audit"}}""")
            .Evaluate(new PolicyRequest(resource)));
        Assert.True(verdict.Matched);
    }

    [Fact]
    public void A_count_of_counts_over_millions_of_millions_ends_and_says_so()
    {
        var resource = Numbers(1_000_000);
        var verdict = Timed(() => Judge.Policy("""
            {"if":{"count":{"value":"[field('properties.l')]","name":"a","where":{"count":{"value":"[field('properties.l')]","name":"b","where":{"value":"[current('b')]","less":0}},"greater":0}},"greater":0},"then":{"effect":"audit"}}
            """).Evaluate(new PolicyRequest(resource)));
        Assert.Equal(ComplianceState.Error, verdict.State);
        Assert.Contains("elements", verdict.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Evidence_of_a_count_over_a_million_elements_stays_small()
    {
        var verdict = Timed(() => Judge.Policy(
            """{"if":{"count":{"field":"properties.l[*]","where":{"field":"properties.l[*]","greater":5}},"greater":0},"then":{"effect":"audit"}}""")
            .Evaluate(new PolicyRequest(Numbers(1_000_000)) { KeepEvidence = true }));
        Assert.True(verdict.Matched);
        Assert.InRange(verdict.Evidence.SelectMany(e => e.Flatten()).Count(), 1, 3_000);
    }

    [Theory]
    [InlineData("like", '*')]
    [InlineData("match", '#')]
    public void A_pattern_of_many_stars_does_not_explode(string operation, char wild)
    {
        var text = new string('a', 20_000);
        var pattern = string.Concat(Enumerable.Repeat($"a{wild}", 5_000)) + "b";
        Assert.False(Timed(() => Judge.Holds($$"""{"field":"name","{{operation}}":"{{pattern}}"}""", $$"""{"name":"{{text}}"}""")));
    }

    [Fact]
    public void Text_does_not_grow_without_end()
    {
        var doubled = "field('name')";
        for (var i = 0; i < 40; i++)
        {
            doubled = i % 2 == 0 ? $"replace({doubled},'a','aaaaaaaaaa')" : $"concat({doubled},'a')";
        }

        var verdict = Timed(() => Judge.Verdict($$$"""{"if":{"value":"[{{{doubled}}}]","equals":"x"},"then":{"effect":"audit"}}""", """{"name":"aaaaaaaaaa"}"""));
        Assert.Equal(ComplianceState.Error, verdict.State);
    }

    [Fact]
    public void Arrays_do_not_grow_without_end()
    {
        var value = "range(0,10000)";
        for (var i = 0; i < 60; i++)
        {
            value = i % 2 == 0 ? $"concat({value},field('properties.l'))" : $"flatten(createArray({value},field('properties.l')))";
        }

        var verdict = Timed(() => Judge.Verdict(
            $$$"""{"if":{"value":"[length({{{value}}})]","greater":-1},"then":{"effect":"audit"}}""", $$$"""{"properties":{"l":[{{{string.Join(',', Enumerable.Range(0, 100_000))}}}]}}"""));
        Assert.Equal(ComplianceState.Error, verdict.State);
    }

    [Fact]
    public void Objects_of_many_names_are_read_and_joined_in_time()
    {
        var names = string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"n{i}\":1"));
        var resource = """{"properties":{"o":{""" + names + "," + names + "}}}";
        Assert.True(Timed(() => Judge.Holds(
            """{"value":"[length(union(field('properties.o'),field('properties.o')))]","equals":100000}""", resource)));
    }

    [Fact]
    public void Deep_json_is_refused_before_it_is_followed()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"a":""", 10_000)) + "1" + new string('}', 10_000);
        Assert.Null(PolicyJson.TryParse(deep));
        Assert.Equal("error", Judge.Value("[json(parameters('deep'))]", "{\"deep\":" + System.Text.Json.JsonSerializer.Serialize(deep) + "}"));
    }

    private static PolicyResource Numbers(int count) => PolicyResource.Of(PolicyValue.Of("properties", PolicyValue.Of("l", PolicyValue.Of([.. Enumerable.Range(0, count).Select(i => PolicyValue.Of((long)i))]))));

    private static T Timed<T>(Func<T> run)
    {
        var running = Task.Run(run);
        Assert.True(running.Wait(Patience), "It does not end.");
        return running.Result;
    }
}
