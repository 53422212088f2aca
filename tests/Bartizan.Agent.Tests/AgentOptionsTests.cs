namespace Bartizan.Agent.Tests;

public sealed class AgentOptionsTests
{
    private static readonly string[] least = ["--server", "https://siem.example:8443", "--data", "d", "--credential", "c.json"];

    [Fact]
    public void The_least_that_is_needed_is_enough()
    {
        var options = AgentOptions.Read(least).Value;
        Assert.Equal(64L * 1024 * 1024, options.BufferBytes);
        Assert.True(Path.IsPathFullyQualified(options.DataFolder));
    }

    [Fact]
    public void Several_files_can_be_followed() =>
        Assert.Equal(["/a", "/b"], AgentOptions.Read([.. least, "--file", "/a", "--file", "/b", "--file", "/a"]).Value.Files);

    [Theory]
    [InlineData("--server", "http://siem.example")]
    [InlineData("--server", "siem")]
    [InlineData("--buffer", "0")]
    [InlineData("--buffer", "much")]
    [InlineData("--speed", "fast")]
    [InlineData("--data", "--ca")]
    public void What_cannot_be_meant_is_refused_by_name(string name, string value)
    {
        string[] arguments = [.. least.Chunk(2).Where(p => p[0] != name).SelectMany(p => p), name, value];
        Assert.Equal(name, AgentOptions.Read(arguments).Problem?.Target);
    }
}
