using System.Diagnostics;
using System.Text;
using Bartizan.Testing;
using Bartizan.Wire.Client;

namespace Bartizan.Server.Tests;

public sealed class KillTests
{
    /// <summary>Sends batches to a server process, kills it hard in the middle, and counts what is left against what was acknowledged.</summary>
    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_when_the_process_is_killed()
    {
        var folder = Directory.CreateTempSubdirectory("bartizan-kill-").FullName;
        var acknowledged = 0L;
        using (var server = Start(folder))
        {
            await WaitAsync(server, Path.Combine(folder, LocalConnection.FileName));
            using var connection = ServerConnection.ToFolder(folder).Value;
            var killing = Task.CompletedTask;
            for (var batch = 0; ; batch++)
            {
                var lines = string.Concat(Enumerable.Range(0, 500).Select(i => $"{{\"n\":{(batch * 500) + i}}}\n"));
                using var body = new MemoryStream(Encoding.UTF8.GetBytes(lines));
                var receipt = await connection.Client.Logs.ImportEventsAsync("Kill_CL", $"batch{batch}", body, CancellationToken.None);
                if (!receipt.IsSuccess)
                {
                    break;
                }

                acknowledged += receipt.Value.Accepted;
                if (batch == 0)
                {
                    killing = Task.Delay(TimeSpan.FromMilliseconds(700)).ContinueWith(_ => server.Kill(), TaskScheduler.Default);
                }
            }

            await killing;
            await server.WaitForExitAsync();
        }

        Assert.True(acknowledged > 0, "nothing was sent before the kill");
        File.Delete(Path.Combine(folder, LocalConnection.FileName));
        using (var again = Start(folder))
        {
            await WaitAsync(again, Path.Combine(folder, LocalConnection.FileName));
            using var connection = ServerConnection.ToFolder(folder).Value;
            var counted = await connection.Client.Logs.QueryAsync("Kill_CL | count", null, CancellationToken.None);
            Assert.True(counted.IsSuccess, counted.Problem?.Message);
            var kept = counted.Value.Tables[0].Rows[0][0].GetInt64();
            again.Kill();
            await again.WaitForExitAsync();
            Assert.True(kept >= acknowledged, $"{acknowledged} acknowledged, {kept} kept");
        }

        Directory.Delete(folder, recursive: true);
    }

    private static Process Start(string folder)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "bartizan-server" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var start = new ProcessStartInfo(file, ["--data", folder, "--port", "0", "--content", Path.Combine(RepositoryRoot.Path, "content")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start)!;
    }

    private static async Task WaitAsync(Process server, string file)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!File.Exists(file))
        {
            Assert.False(server.HasExited, server.HasExited ? await server.StandardError.ReadToEndAsync(limit.Token) : "");
            await Task.Delay(100, limit.Token);
        }
    }
}
