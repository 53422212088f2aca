using System.Diagnostics;
using System.Text.RegularExpressions;
using Bartizan.EndToEnd.Tests.Running;
using Bartizan.Testing;

namespace Bartizan.EndToEnd.Tests;

/// <summary>What people use against Azure, unchanged, against a real server process; <c>tests/clients/run</c> does the same by hand.</summary>
public sealed partial class ClientTests(ClientTests.Served served) : IClassFixture<ClientTests.Served>
{
    /// <summary>How <c>tests/clients/run</c> says that the client is not on this machine.</summary>
    private const int Missing = 77;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public Task The_JavaScript_SDKs_read_and_change_what_they_would_in_Azure() => RunAsync("sdk", 150);

    [Fact]
    public Task Azures_command_line_logs_in_both_ways_and_its_commands_find_what_they_look_for() => RunAsync("az", 100);

    private async Task RunAsync(string client, int least)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The clients are driven by a shell script.");
        var (code, said) = await served.RunAsync(client);
        Assert.SkipWhen(code == Missing, said.Trim());
        Assert.True(code == 0, said);

        // A script that asserts nothing passes too.
        var counted = CountPattern().Match(said);
        Assert.True(counted.Success && int.Parse(counted.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) >= least, said);
    }

    [GeneratedRegex(@"^(\d+) (?:calls|commands) passed, 0 failed\.", RegexOptions.Multiline)]
    private static partial Regex CountPattern();

    /// <summary>One server with the sample estate and a service principal for both clients.</summary>
    public sealed class Served : IAsyncLifetime
    {
        private readonly Dictionary<string, string> environment = [];
        private RunningServer? server;

        public async ValueTask InitializeAsync()
        {
            server = await RunningServer.StartAsync(null, "--sample");
            var (code, output, errors) = await server.RunAsync("service-principal", "create", "--name", "clients", "--role", "Owner", "--output", "env");
            Assert.True(code == 0, errors);
            foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                var at = line.IndexOf('=', StringComparison.Ordinal);
                environment[line[..at]] = line[(at + 1)..];
            }

            environment["BARTIZAN_CA"] = Path.Combine(server.Data, "ca.pem");
            environment["FIRST_ADMINISTRATOR"] = server.FirstLink;
        }

        public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

        public async Task<(int Code, string Said)> RunAsync(string client)
        {
            var start = new ProcessStartInfo(Path.Combine(RepositoryRoot.Path, "tests/clients/run"), [client]) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var (name, value) in environment)
            {
                start.Environment[name] = value;
            }

            using var run = Process.Start(start)!;
            var output = run.StandardOutput.ReadToEndAsync();
            var errors = run.StandardError.ReadToEndAsync();
            using var limit = new CancellationTokenSource(Limit);
            try
            {
                await run.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                run.Kill(entireProcessTree: true);
                throw new TimeoutException($"tests/clients/run {client} did not end within {Limit}.");
            }

            return (run.ExitCode, await output + await errors);
        }
    }
}
