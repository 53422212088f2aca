using System.Text.Json;
using Bartizan.Agent.Sensors.Linux;
using Bartizan.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Bartizan.Agent.Tests.Sensors.Linux;

public sealed class HeartbeatSensorTests
{
    private static readonly Guid agent = Guid.Parse("7b0c62f4-5f13-4f14-9f9e-9a3c0d8f0001");

    [Fact]
    public void A_heartbeat_has_the_columns_of_the_table_and_says_which_host_it_is()
    {
        var host = new HostIdentity("web01", "Ubuntu", "24.04", "uuid-1", IsInAzure: false, ["10.0.0.4", "fd00::4"]);
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 14, 12, 0, 0, TimeSpan.Zero));
        var batch = Assert.Single(new HeartbeatSensor(agent, () => host, time).Read(_ => null));
        Assert.Equal("Heartbeat", batch.Table);
        Assert.Equal(1, batch.Count);
        using var row = JsonDocument.Parse(batch.Lines);
        var columns = File.ReadLines(Path.Combine(RepositoryRoot.Path, "content", "tables", "Heartbeat.yaml")).Where(l => l.StartsWith("  ", StringComparison.Ordinal)).Select(l => l.Trim().Split(':')[0]).ToHashSet();
        Assert.All(row.RootElement.EnumerateObject(), p => Assert.Contains(p.Name, columns));
        Assert.Equal("2026-01-14T12:00:00Z", Text("TimeGenerated"));
        Assert.Equal("web01", Text("Computer"));
        Assert.Equal(("Linux", "Ubuntu", "24", "04"), (Text("OSType"), Text("OSName"), Text("OSMajorVersion"), Text("OSMinorVersion")));
        Assert.Equal(agent.ToString(), Text("SourceComputerId"));
        Assert.Equal("Non-Azure", Text("ComputerEnvironment"));
        Assert.Equal(2, row.RootElement.GetProperty("ComputerPrivateIPs").GetArrayLength());

        string? Text(string name) => row.RootElement.GetProperty(name).GetString();
    }

    [Fact]
    public void The_host_is_read_from_its_files()
    {
        var root = Directory.CreateTempSubdirectory("bartizan-root-").FullName;
        Directory.CreateDirectory(Path.Combine(root, "etc"));
        Directory.CreateDirectory(Path.Combine(root, "sys/class/dmi/id"));
        File.WriteAllText(Path.Combine(root, "etc/os-release"), "NAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\n# nothing\n");
        File.WriteAllText(Path.Combine(root, "sys/class/dmi/id/chassis_asset_tag"), "7783-7084-3265-9085-8269-3286-77\n");
        var host = HostIdentity.Read(root);
        Directory.Delete(root, recursive: true);
        Assert.Equal(("Debian GNU/Linux", "12", true, null), (host.OsName, host.OsVersion, host.IsInAzure, host.MachineUuid));
    }
}
