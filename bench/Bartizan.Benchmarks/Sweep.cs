using System.Diagnostics;
using System.Globalization;
using System.Text;
using Bartizan.Foundation.Resources;
using Bartizan.Posture;
using Bartizan.Posture.Evaluation;
using Bartizan.Store;
using Bartizan.Store.Resources;
using Microsoft.Extensions.DependencyInjection;

namespace Bartizan.Benchmarks;

/// <summary>
/// An estate of the types that estates are made of, judged by the default initiative: the first sweep, the same again, and one changed
/// resource. Target: 100,000 resources within a minute on two cores, below 2 GB; a change shows in the score within a second.
/// </summary>
internal static class Sweep
{
    private const int Part = 5_000;

    private static readonly (string Type, string Properties)[] Shapes =
    [
        ("Microsoft.Storage/storageAccounts", """{"supportsHttpsTrafficOnly":§,"minimumTlsVersion":"TLS1_2","allowBlobPublicAccess":false,"networkAcls":{"defaultAction":"Deny","ipRules":[],"virtualNetworkRules":[]}}"""),
        ("Microsoft.Compute/virtualMachines", """{"hardwareProfile":{"vmSize":"Standard_D2s_v5"},"storageProfile":{"imageReference":{"publisher":"Canonical","offer":"0001-com-ubuntu-server-jammy","sku":"22_04-lts-gen2"},"osDisk":{"osType":"Linux","managedDisk":{}}},"osProfile":{"linuxConfiguration":{"disablePasswordAuthentication":§}}}"""),
        ("Microsoft.Network/networkInterfaces", """{"enableIPForwarding":§,"ipConfigurations":[{"properties":{"subnet":{}}}]}"""),
        ("Microsoft.Compute/disks", """{"diskSizeGB":128,"publicNetworkAccess":"Disabled","encryption":{"type":"EncryptionAtRestWithPlatformKey"}}"""),
        ("Microsoft.Network/networkSecurityGroups", """{"securityRules":[{"name":"a","properties":{"access":"Allow","direction":"Inbound","protocol":"Tcp","destinationPortRange":"443","sourceAddressPrefix":"*"}}]}"""),
        ("Microsoft.KeyVault/vaults", """{"enableSoftDelete":true,"enablePurgeProtection":§,"networkAcls":{"defaultAction":"Allow"}}"""),
        ("Microsoft.Web/sites", """{"httpsOnly":§,"siteConfig":{"minTlsVersion":"1.2"}}"""),
        ("Microsoft.Sql/servers", """{"minimalTlsVersion":"1.2","publicNetworkAccess":"Disabled","administrators":{}}"""),
    ];

    public static async Task RunAsync(int count)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"bartizan-bench-{Guid.CreateVersion7():N}");
        try
        {
            await using var services = new ServiceCollection()
                .AddStore(new StoreOptions { Folder = folder, ContentFolder = Path.Combine(Scratch.Root(), "content"), MemoryMegabytes = 1024 })
                .AddPosture()
                .BuildServiceProvider();
            var sweep = services.GetRequiredService<PostureSweep>();
            var queries = services.GetRequiredService<PostureQueries>();
            var clock = Stopwatch.StartNew();
            foreach (var part in Enumerable.Range(0, count).Chunk(Part))
            {
                await ImportAsync(services, part.Select(Line));
            }

            Say($"import: {count / clock.Elapsed.TotalSeconds:N0} resources a second");
            Tell("first sweep", await sweep.SweepAsync(CancellationToken.None));
            Tell("nothing changed", await sweep.SweepAsync(CancellationToken.None));
            for (var i = 1; i <= 3; i++)
            {
                var changed = i * Shapes.Length * 2;
                await ImportAsync(services, [Line(changed).Replace("true", "false", StringComparison.Ordinal)]);
                clock.Restart();
                await sweep.ReviseAsync([Id(changed)], CancellationToken.None);
                _ = queries.Scores.All();
                Say($"one change: {clock.ElapsedMilliseconds:N0} ms until the score shows it");
            }

            clock.Restart();
            _ = queries.Recommendations();
            Say($"recommendations: listed in {clock.ElapsedMilliseconds:N0} ms");
            Say($"memory: {Process.GetCurrentProcess().PeakWorkingSet64 / 1_000_000:N0} MB at most, {GC.GetTotalMemory(true) / 1_000_000:N0} MB of it ours at the end; on disk: {new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length) / 1_000_000:N0} MB");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Tell(string what, SweepReceipt receipt) =>
        Say($"{what}: {receipt.Took.TotalSeconds:F1} s, {receipt.Resources:N0} resources, {receipt.Assessments:N0} assessments, {receipt.Changed:N0} of them written");

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static async Task ImportAsync(IServiceProvider services, IEnumerable<string> lines)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        var options = new ResourceImportOptions("bench", "bench", ResourceId.Parse("/subscriptions/99999999-9999-9999-9999-999999999999/resourceGroups/connectors"), _ => true);
        _ = (await new ResourceImport(services.GetRequiredService<ResourceStore>()).RunAsync(stream, options, CancellationToken.None)).Value;
    }

    private static ResourceId Id(int i) =>
        ResourceId.Parse($"/subscriptions/11111111-1111-1111-1111-11111111111{i % 5}/resourceGroups/rg{i % 100}/providers/{Shapes[i % Shapes.Length].Type}/r{i}");

    private static string Line(int i)
    {
        var (type, properties) = Shapes[i % Shapes.Length];
        return $$"""{"id":"{{Id(i)}}","name":"r{{i}}","type":"{{type}}","location":"westeurope","tags":{"team":"t{{i % 40}}"},"properties":{{properties.Replace("§", i % 3 == 0 ? "false" : "true", StringComparison.Ordinal)}}}""";
    }
}
