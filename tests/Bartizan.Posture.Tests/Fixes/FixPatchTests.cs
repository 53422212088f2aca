using Bartizan.Policy.Values;
using Bartizan.Posture.Fixes;

namespace Bartizan.Posture.Tests.Fixes;

public sealed class FixPatchTests
{
    [Theory]
    [InlineData("""{"a":1,"b":{"c":2}}""", """{"b":{"d":3}}""", """{"a":1,"b":{"c":2,"d":3}}""")]
    [InlineData("""{"MinTls":"1.0"}""", """{"minTls":"1.2"}""", """{"MinTls":"1.2"}""")]
    [InlineData("""{"a":1,"b":2}""", """{"a":null}""", """{"b":2}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[3]}""", """{"a":[3]}""")]
    [InlineData("""{"a":1}""", """{"a":{"b":null,"c":1}}""", """{"a":{"c":1}}""")]
    public void A_patch_merges_objects_and_replaces_all_else(string target, string patch, string expected) =>
        Assert.Equal(expected, PolicyJson.Write(FixPatch.Apply(Json(target), Json(patch))));

    [Fact]
    public void A_property_that_changes_inside_is_sent_whole_and_what_was_absent_is_undone_as_null()
    {
        var before = Json("""{"location":"x","tags":{"a":"1"},"properties":{"acls":{"rules":[1],"action":"Allow"},"same":true}}""");
        var after = Json("""{"location":"x","tags":{"a":"1","b":"2"},"properties":{"acls":{"rules":[1],"action":"Deny"},"same":true,"fresh":1}}""");

        Assert.Equal("""{"tags":{"a":"1","b":"2"},"properties":{"acls":{"rules":[1],"action":"Deny"},"fresh":1}}""", PolicyJson.Write(FixPatch.Body(before, after)));
        Assert.Equal("""{"tags":{"a":"1"},"properties":{"acls":{"rules":[1],"action":"Allow"},"fresh":null}}""", PolicyJson.Write(FixPatch.Body(after, before)));
    }

    [Fact]
    public void Places_that_differ_can_be_found_again_by_their_path()
    {
        var before = Json("""{"tags":{"cost.center":"7"},"properties":{"a":{"b":1}}}""");
        var after = Json("""{"tags":{"cost.center":"8"},"properties":{"a":{"b":2}}}""");

        var changes = FixPatch.Changes(before, after);

        Assert.Equal(["tags['cost.center']", "properties.a.b"], changes.Select(c => c.Path));
        Assert.All(changes, c => Assert.Equal(c.After, PolicyJson.Write(FixPatch.At(after, c.Path))));
        Assert.True(FixPatch.At(after, "properties.a.z").IsUndefined);
    }

    private static PolicyValue Json(string text) => PolicyJson.TryParse(text)!;
}
