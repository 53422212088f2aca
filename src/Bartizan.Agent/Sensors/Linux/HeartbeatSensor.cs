using Bartizan.Agent.Buffer;

namespace Bartizan.Agent.Sensors.Linux;

/// <summary>Fills <c>Heartbeat</c>: a row a minute that says which host and which agent are alive.</summary>
internal sealed class HeartbeatSensor(Guid agentId, Func<HostIdentity> host, TimeProvider time) : ISensor
{
    public static string AgentVersion { get; } = typeof(HeartbeatSensor).Assembly.GetName().Version?.ToString(3) ?? "0";

    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public IEnumerable<RowBatch> Read(Func<string, string?> positionOf)
    {
        var identity = host();
        var (major, minor) = identity.OsVersion.Split('.', 3) is [var first, var second, ..] ? (first, second) : (identity.OsVersion, "");
        var rows = new RowLines();
        rows.Add(json =>
        {
            json.WriteString("TimeGenerated", time.GetUtcNow().UtcDateTime);
            json.WriteString("Category", "Direct Agent");
            json.WriteString("Computer", identity.Computer);
            json.WriteString("ComputerEnvironment", identity.IsInAzure ? "Azure" : "Non-Azure");
            json.WriteString("OSType", "Linux");
            json.WriteString("OSName", identity.OsName);
            json.WriteString("OSMajorVersion", major);
            json.WriteString("OSMinorVersion", minor);
            json.WriteString("Version", AgentVersion);
            json.WriteString("SourceComputerId", agentId);
            if (identity.Addresses.Count > 0)
            {
                json.WriteString("ComputerIP", identity.Addresses[0]);
            }

            json.WriteStartArray("ComputerPrivateIPs");
            foreach (var address in identity.Addresses)
            {
                json.WriteStringValue(address);
            }

            json.WriteEndArray();
            if (identity.MachineUuid is not null)
            {
                json.WriteString("VMUUID", identity.MachineUuid);
            }
        });
        yield return new RowBatch("Heartbeat", rows.Count, rows.Bytes, "heartbeat", "");
    }
}
