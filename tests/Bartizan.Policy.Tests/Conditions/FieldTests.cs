using Bartizan.Policy.Aliases;

namespace Bartizan.Policy.Tests.Conditions;

/// <summary>How fields are named: built-in ones, tags in all spellings, paths, aliases, <c>[*]</c>.</summary>
public class FieldTests
{
    private const string Resource = """
        {"id":"/subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/srv/databases/db","name":"db","type":"Microsoft.Sql/servers/databases",
         "kind":"v12","location":"eastus","identity":{"type":"SystemAssigned"},"sku":{"name":"S0"},"zones":["1"],
         "tags":{"Env":"prod","Cost Center":"42","a.b":"dotted","o'neil":"q"},
         "properties":{"mode":"Online","nested":{"deep":{"x":1}},"list":[{"name":"a","on":true},{"name":"b","on":true}],"words":["x","y"],"none":[],
                       "groups":[{"items":["p","q"]},{"items":["p"]}],"odd-name":"z"}}
        """;

    [Theory]
    [InlineData("type", "microsoft.sql/servers/databases")]
    [InlineData("name", "db")]
    [InlineData("fullName", "srv/db")]
    [InlineData("kind", "V12")]
    [InlineData("location", "EastUS")]
    [InlineData("identity.type", "SystemAssigned")]
    [InlineData("sku.name", "S0")]
    [InlineData("tags.env", "prod")]
    [InlineData("tags['ENV']", "prod")]
    [InlineData("tags[env]", "prod")]
    [InlineData("tags['Cost Center']", "42")]
    [InlineData("tags[a.b]", "dotted")]
    [InlineData("tags.a.b", "dotted")]
    [InlineData("tags['o''neil']", "q")]
    [InlineData("properties.mode", "online")]
    [InlineData("PROPERTIES.Nested.DEEP.x", "1")]
    [InlineData("properties['odd-name']", "z")]
    [InlineData("properties.list[1].name", "b")]
    [InlineData("Microsoft.Sql/servers/databases/mode", "Online")]
    [InlineData("Microsoft.Sql/servers/databases/nested.deep.x", "1")]
    [InlineData("Microsoft.Sql/servers/databases/sku.name", "S0")]
    [InlineData("[concat('tags.', 'env')]", "prod")]
    [InlineData("[concat('tags[', 'env', ']')]", "prod")]
    [InlineData("[if(equals(field('kind'), 'v12'), 'properties.mode', 'name')]", "Online")]
    public void A_field_reads_what_it_names(string field, string expected) =>
        Assert.True(Judge.Holds($$"""{"field":"{{field}}","equals":"{{expected}}"}""", Resource));

    [Theory]
    [InlineData("properties.list[9].name")]
    [InlineData("properties.mode.x")]
    [InlineData("tags.team")]
    [InlineData("Microsoft.Sql/servers/databases/unknownThing")]
    public void A_place_that_is_not_there_does_not_exist(string field) =>
        Assert.True(Judge.Holds($$"""{"field":"{{field}}","exists":false}""", Resource));

    [Theory]
    [InlineData("properties.list[*].on", "equals", "true", true)]
    [InlineData("properties.list[*].name", "equals", "'a'", false)]
    [InlineData("properties.list[*].name", "notEquals", "'c'", true)]
    [InlineData("properties.list[*].name", "notEquals", "'a'", false)]
    [InlineData("properties.words[*]", "in", "['x','y','z']", true)]
    [InlineData("properties.groups[*].items[*]", "in", "['p','q']", true)]
    [InlineData("properties.groups[*].items[*]", "equals", "'p'", false)]
    [InlineData("properties.none[*]", "equals", "'anything'", true)]
    [InlineData("properties.none[*].name", "exists", "true", true)]
    [InlineData("properties.absent[*]", "equals", "'anything'", false)]
    [InlineData("properties.absent[*].name", "exists", "false", true)]
    [InlineData("properties.absent[*].name", "exists", "true", false)]
    [InlineData("properties.groups[*].absent[*]", "equals", "'x'", false)]
    [InlineData("properties.list[*].absent", "exists", "false", true)]
    [InlineData("Microsoft.Sql/servers/databases/list[*].name", "in", "['a','b']", true)]
    public void A_star_asks_every_element(string field, string operation, string right, bool expected) =>
        Assert.Equal(expected, Judge.Holds($$"""{"field":"{{field}}","{{operation}}":{{right.Replace('\'', '"')}}}""", Resource));

    [Fact]
    public void Not_around_a_star_finds_one_element() =>
        Assert.True(Judge.Holds("""{"not":{"field":"properties.words[*]","notEquals":"y"}}""", Resource));

    [Fact]
    public void The_field_function_gathers_what_a_star_names() =>
        Assert.True(Judge.Holds("""{"value":"[join(field('properties.groups[*].items[*]'), ',')]","equals":"p,q,p"}""", Resource));

    [Theory]
    [InlineData("[length(field('properties.absent[*]'))]", "0")]
    [InlineData("[empty(field('properties.absent'))]", "true")]
    [InlineData("[equals(field('properties.absent'), null())]", "true")]
    public void The_field_function_gives_null_or_an_empty_array_for_what_is_not_there(string expression, string expected) =>
        Assert.True(Judge.Holds($$"""{"value":"{{expression}}","equals":"{{expected}}"}""", Resource));

    [Fact]
    public void The_api_version_is_a_field()
    {
        Assert.True(Judge.Holds("""{"field":"apiVersion","greaterOrEquals":"2023-01-01"}""", Resource, apiVersion: "2024-05-01"));
        Assert.True(Judge.Holds("""{"field":"apiVersion","exists":false}""", Resource));
    }

    [Fact]
    public void An_alias_of_the_table_goes_before_the_default_rule()
    {
        var table = AliasTable.Parse("""
            [{"namespace":"Microsoft.Sql","resourceTypes":[{"resourceType":"servers/databases","aliases":[
              {"name":"Microsoft.Sql/servers/databases/mode","defaultPath":"sku.name","paths":[]}]}]}]
            """).Value;
        Assert.True(Judge.Holds("""{"field":"microsoft.sql/Servers/databases/MODE","equals":"S0"}""", Resource, table));
    }
}
