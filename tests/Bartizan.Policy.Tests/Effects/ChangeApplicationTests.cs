using Bartizan.Policy.Aliases;
using Bartizan.Policy.Effects;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Tests.Effects;

public sealed class ChangeApplicationTests
{
    private const string Account = """{"type":"Microsoft.Storage/storageAccounts","tags":{"Env":"test"},"properties":{"tls":"1.0","rules":[{"v":"a","on":false},{"v":"b","on":false}]}}""";
    private const string Type = "Microsoft.Storage/storageAccounts/";

    [Theory]
    [InlineData("addOrReplace", Type + "tls", "\"1.2\"", "properties.tls", "\"1.2\"")]
    [InlineData("add", Type + "tls", "\"1.2\"", "properties.tls", "\"1.0\"")]
    [InlineData("add", Type + "deep.new", "true", "properties.deep", """{"new":true}""")]
    [InlineData("remove", Type + "tls", null, "properties.tls", null)]
    [InlineData("addOrReplace", "tags['env']", "\"prod\"", "tags", """{"Env":"prod"}""")]
    [InlineData("add", "tags.cost.center", "\"7\"", "tags", """{"Env":"test","cost.center":"7"}""")]
    [InlineData("addOrReplace", Type + "rules[*].on", "true", "properties.rules", """[{"v":"a","on":true},{"v":"b","on":true}]""")]
    [InlineData("add", Type + "rules[*]", """{"v":"c"}""", "properties.rules", """[{"v":"a","on":false},{"v":"b","on":false},{"v":"c"}]""")]
    [InlineData("add", Type + "rules[*]", """{"v":"a","on":false}""", "properties.rules", """[{"v":"a","on":false},{"v":"b","on":false}]""")]
    [InlineData("remove", Type + "rules[*]", """{"v":"a","on":false}""", "properties.rules", """[{"v":"b","on":false}]""")]
    public void An_operation_is_carried_out_where_its_field_is(string operation, string field, string? value, string path, string? expected)
    {
        var after = ChangeApplication.Apply(
            PolicyJson.TryParse(Account)!, [new FieldChange(operation, field, value is null ? PolicyValue.Undefined : PolicyJson.TryParse(value)!, Applies: true)], AliasTable.Empty);

        var found = path.Split('.').Aggregate(after, (v, name) => v.Member(name));
        Assert.Equal(expected, found.IsUndefined ? null : PolicyJson.Write(found));
    }

    [Fact]
    public void An_operation_whose_condition_does_not_hold_changes_nothing()
    {
        var before = PolicyJson.TryParse(Account)!;

        Assert.Same(before, ChangeApplication.Apply(before, [new FieldChange("addOrReplace", "tags.a", PolicyValue.Of("b"), Applies: false)], AliasTable.Empty));
    }
}
