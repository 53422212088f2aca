using Bartizan.Policy.Aliases;

namespace Bartizan.Policy.Tests.Aliases;

public class AliasTableTests
{
    private const string Versions = """
        [{"namespace":"N.P","resourceTypes":[{"resourceType":"things","capabilities":"None","aliases":[
          {"name":"N.P/things/size","defaultPath":"properties.size","paths":[{"path":"sku.size","apiVersions":["2015-01-01","2016-01-01"]},{"path":"properties.size","apiVersions":["2020-01-01"]}]},
          {"name":"N.P/things/rules[*]","defaultPath":"properties.rules[*]","paths":[]},
          {"name":"N.P/things/rules[*].port","defaultPath":"properties.rules[*].properties.port","paths":[{"path":"properties.rules[*].port","apiVersions":["2015-01-01"]}]},
          {"name":"N.P/things/nets","defaultPath":"properties.nets","paths":[]}]},
         {"resourceType":"things/parts","aliases":[{"name":"N.P/offer","defaultPath":"properties.partOffer","paths":[]}]},
         {"resourceType":"others","aliases":[{"name":"N.P/offer","defaultPath":"properties.otherOffer","paths":[]}]}]}]
        """;

    private static readonly AliasTable Table = AliasTable.Parse(Versions).Value;

    [Theory]
    [InlineData("2015-01-01", "old")]
    [InlineData("2016-01-01", "old")]
    [InlineData("2020-01-01", "new")]
    [InlineData("2099-01-01", "new")]
    [InlineData(null, "new")]
    public void The_path_is_that_of_the_api_version(string? version, string expected) => Assert.True(Judge.Holds(
        $$"""{"field":"N.P/things/size","equals":"{{expected}}"}""", """{"type":"N.P/things","sku":{"size":"old"},"properties":{"size":"new"}}""", Table, version));

    [Theory]
    [InlineData("2015-01-01", 1)]
    [InlineData("2020-01-01", 2)]
    public void Counts_use_the_path_of_the_api_version_too(string version, int expected) => Assert.True(Judge.Holds(
        $$$"""{"count":{"field":"N.P/things/rules[*]","where":{"field":"N.P/things/rules[*].port","equals":22}},"equals":{{{expected}}}}""",
        """{"type":"N.P/things","properties":{"rules":[{"port":22,"properties":{"port":22}},{"port":80,"properties":{"port":22}}]}}""", Table, version));

    [Theory]
    [InlineData("N.P/things/parts", "part")]
    [InlineData("N.P/others", "other")]
    public void One_alias_has_a_path_for_each_type(string type, string expected) => Assert.True(Judge.Holds(
        $$"""{"field":"N.P/offer","equals":"{{expected}}"}""", $$$"""{"type":"{{{type}}}","properties":{"partOffer":"part","otherOffer":"other"}}""", Table));

    [Fact]
    public void An_array_that_is_listed_plain_can_be_walked()
    {
        Assert.True(Judge.Holds("""{"count":{"field":"N.P/things/nets[*]"},"equals":2}""", """{"type":"N.P/things","properties":{"nets":[1,2]}}""", Table));
        Assert.True(Judge.Holds("""{"field":"N.P/things/rules","exists":true}""", """{"type":"N.P/things","properties":{"rules":[]}}""", Table));
    }

    [Theory]
    [InlineData("N.P/things/unlisted", """{"type":"N.P/things","properties":{"unlisted":"v"}}""")]
    [InlineData("N.P/things/unlisted", """{"type":"N.P/things","unlisted":"v"}""")]
    [InlineData("N.P/things/sku.name", """{"type":"N.P/things","sku":{"name":"v"}}""")]
    [InlineData("N.P/things/identity.type", """{"type":"N.P/things","identity":{"type":"v"}}""")]
    public void The_default_rule_holds_where_the_table_is_silent(string alias, string resource) =>
        Assert.True(Judge.Holds($$"""{"field":"{{alias}}","equals":"v"}""", resource, Table));

    [Fact]
    public void The_first_of_merged_tables_decides()
    {
        var first = AliasTable.Parse("""[{"namespace":"N.P","resourceTypes":[{"resourceType":"things","aliases":[{"name":"N.P/things/size","defaultPath":"name","paths":[]}]}]}]""").Value;
        var merged = AliasTable.Merge(first, Table);
        Assert.Equal(Table.Count, merged.Count);
        Assert.True(Judge.Holds("""{"field":"N.P/things/size","equals":"n"}""", """{"name":"n","type":"N.P/things","properties":{"size":"s"}}""", merged));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("[")]
    public void What_is_no_table_is_refused(string text) => Assert.False(AliasTable.Parse(text).IsSuccess);

    [Theory]
    [InlineData("""{"value":[{"namespace":"N.P","resourceTypes":[{"resourceType":"t","aliases":[{"name":"N.P/t/a","paths":[{"path":"properties.b","apiVersions":["1"]}]}]}]}]}""")]
    [InlineData("""{"namespace":"N.P","resourceTypes":[{"resourceType":"N.P/t","aliases":[{"name":"N.P/t/a","defaultPath":"properties.b"}]}]}""")]
    [InlineData("""[7,{"namespace":7},{"namespace":"N.P","resourceTypes":[null,{"resourceType":"t","aliases":[null,{},{"name":"N.P/t/a","defaultPath":"properties.b","paths":7}]}]}]""")]
    public void A_table_is_read_in_every_shape_it_comes_in(string text) => Assert.Equal(1, AliasTable.Parse(text).Value.Count);
}
