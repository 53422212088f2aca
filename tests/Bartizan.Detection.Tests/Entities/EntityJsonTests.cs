using Bartizan.Detection.Entities;
using Bartizan.Foundation.Entities;

namespace Bartizan.Detection.Tests.Entities;

public class EntityJsonTests
{
    [Fact]
    public void Entities_are_written_as_alerts_show_them()
    {
        var host = Entity.Of(EntityKind.Host, ("HostName", "srv"));
        var process = new Entity(EntityKind.Process, [new("ProcessId", "42")], [new("Host", host)]);

        Assert.Equal(
            """[{"$id":"3","HostName":"srv","Type":"host"},{"$id":"4","Address":"203.0.113.10","Type":"ip"},{"$id":"5","ProcessId":"42","Host":{"$ref":"3"},"Type":"process"}]""",
            EntityJson.Write([host, Entity.Of(EntityKind.IP, ("Address", "203.0.113.10")), process]));
    }

    [Fact]
    public void References_are_followed_backwards_and_forwards()
    {
        var entities = EntityJson.Read("""
            [{"$id":"1","CommandLine":"x","Host":{"$ref":"2"},"Type":"process"},{"$id":"2","HostName":"srv","Type":"host"},
             {"$id":"3","Name":"f","Host":{"$ref":"2"},"Type":"file"},{"Type":"unheard-of"},7]
            """);

        Assert.Equal(3, entities.Count);
        Assert.Equal("srv", entities[0].Related["Host"]["HostName"]);
        Assert.Same(entities[1], entities[2].Related["Host"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""[{"$id":"1","Type":"process","ParentProcess":{"$ref":"1"}}]""")]
    [InlineData("""[{"$id":"1","Type":"host","HostName":null,"X":{"$ref":"9"}}]""")]
    public void What_is_broken_is_passed_over(string text) => Assert.True(EntityJson.Read(text).Count <= 1);
}
