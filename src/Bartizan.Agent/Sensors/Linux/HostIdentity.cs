using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Bartizan.Agent.Sensors.Linux;

/// <summary>What a Linux host says of itself; what cannot be read is absent.</summary>
internal sealed record HostIdentity(string Computer, string OsName, string OsVersion, string? MachineUuid, bool IsInAzure, IReadOnlyList<string> Addresses)
{
    /// <summary>The chassis tag that Azure gives its machines.</summary>
    private const string AzureTag = "7783-7084-3265-9085-8269-3286-77";

    /// <param name="root">Where the file system begins; "/" but in tests.</param>
    public static HostIdentity Read(string root)
    {
        var release = ReadRelease(Path.Combine(root, "etc/os-release"));
        var dmi = Path.Combine(root, "sys/class/dmi/id");
        return new HostIdentity(
            Environment.MachineName,
            release.GetValueOrDefault("NAME", "Linux"),
            release.GetValueOrDefault("VERSION_ID", ""),
            ReadLine(Path.Combine(dmi, "product_uuid")),
            ReadLine(Path.Combine(dmi, "chassis_asset_tag")) == AzureTag,
            ReadAddresses());
    }

    internal static Dictionary<string, string> ReadRelease(string file)
    {
        var found = new Dictionary<string, string>();
        if (File.Exists(file))
        {
            foreach (var line in File.ReadLines(file).Take(200))
            {
                if (line.Split('=', 2) is [var name, var value])
                {
                    found[name.Trim()] = value.Trim().Trim('"', '\'');
                }
            }
        }

        return found;
    }

    private static string? ReadLine(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadLines(file).FirstOrDefault()?.Trim() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The machine's UUID is for root alone.
            return null;
        }
    }

    private static string[] ReadAddresses()
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces()
                .Where(i => i.NetworkInterfaceType != NetworkInterfaceType.Loopback && i.OperationalStatus != OperationalStatus.Down)
                .SelectMany(i => i.GetIPProperties().UnicastAddresses)
                .Where(a => a.Address.AddressFamily == AddressFamily.InterNetwork || (a.Address.AddressFamily == AddressFamily.InterNetworkV6 && !a.Address.IsIPv6LinkLocal))
                .Select(a => a.Address.ToString())
                .Distinct()];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }
}
