using System.Net;
using System.Net.Sockets;
using Bartizan.Server.Hosting;

namespace Bartizan.Server.Tests;

public sealed class StartTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bartizan-start-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_taken_port_is_one_sentence_with_the_remedy()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var problem = await OpenAsync(new ServerOptions { DataFolder = folder, Port = port });

        Assert.Equal(4, ExitCodes.Of(problem!));
        Assert.Equal($"Port {port} on localhost is taken by another program; stop that, or choose another port with --port.", problem!.Message);
    }

    [Fact]
    public async Task A_folder_in_use_and_a_damaged_file_are_said_in_one_sentence()
    {
        using (var first = new ServerStart(new ServerOptions { DataFolder = folder, Port = 0 }, TimeProvider.System))
        {
            Assert.Null(await first.OpenAsync(CancellationToken.None));
            await first.App.StopAsync();
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "home.json"), "{broken");
        var home = await OpenAsync(new ServerOptions { DataFolder = folder, Port = 0 });
        Assert.Contains("home.json", home!.Message, StringComparison.Ordinal);
        Assert.Contains("restore it from a backup", home.Message, StringComparison.Ordinal);
        Assert.Equal(3, ExitCodes.Of(home));
    }

    [Fact]
    public async Task A_file_in_the_place_of_the_folder_is_said()
    {
        var file = Path.Combine(folder, "file");
        await File.WriteAllTextAsync(file, "");
        var problem = await OpenAsync(new ServerOptions { DataFolder = file, Port = 0 });

        Assert.Equal("DataFolderNotWritable", problem!.Code);
    }

    [Fact]
    public async Task Identity_keys_and_authority_outlive_a_restart_and_are_private()
    {
        var first = await IdentityAsync();
        var second = await IdentityAsync();

        Assert.Equal(first, second);
        if (!OperatingSystem.IsWindows())
        {
#pragma warning disable CA1416 // Guarded by the condition above; the analyzer does not look into the lambda.
            string[] secrets = ["home.json", "tls/ca.key", "tls/server.key", .. Directory.GetFiles(Path.Combine(folder, "keys"), "*.key").Select(f => Path.GetRelativePath(folder, f))];
            Assert.All(secrets, s => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, s))));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(folder, "keys")));
#pragma warning restore CA1416
        }
    }

    [Theory]
    [InlineData("http://localhost:80")]
    [InlineData("localhost")]
    [InlineData("https://x/path")]
    public void Addresses_other_than_https_are_refused(string url) => Assert.False(ServerOptions.ReadUrls(url).IsSuccess);

    private static async Task<Foundation.Outcomes.Problem?> OpenAsync(ServerOptions options)
    {
        using var start = new ServerStart(options, TimeProvider.System);
        return await start.OpenAsync(CancellationToken.None);
    }

    private async Task<(string Home, string Authority, int Keys)> IdentityAsync()
    {
        using var start = new ServerStart(new ServerOptions { DataFolder = folder, Port = 0 }, TimeProvider.System);
        Assert.Null(await start.OpenAsync(CancellationToken.None));
        await start.App.StopAsync();
        return (await File.ReadAllTextAsync(Path.Combine(folder, "home.json")), await File.ReadAllTextAsync(Path.Combine(folder, "ca.pem")), Directory.GetFiles(Path.Combine(folder, "keys"), "signing-*.key").Length);
    }
}
