using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bartizan.Testing;

namespace Bartizan.EndToEnd.Tests.Running;

/// <summary>The server as a user starts it: its own process, a folder of its own, a free port.</summary>
public sealed partial class RunningServer : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder said = new();

    private RunningServer(Process process, string data)
    {
        this.process = process;
        Data = data;
    }

    public string Data { get; }

    public string Address { get; private set; } = "";

    /// <summary>The one-time link for the first administrator.</summary>
    public string FirstLink { get; private set; } = "";

    public string Said => said.ToString();

    /// <summary>Where the build put a program, in the configuration of these tests.</summary>
    public static string Program(string project, string name) =>
        Path.Combine(RepositoryRoot.Path, "artifacts/bin", project, Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), name);

    public static async Task<RunningServer> StartAsync(string? data = null, params string[] arguments)
    {
        data ??= Path.Combine(Path.GetTempPath(), $"bartizan-{Guid.NewGuid():N}");
        var start = new ProcessStartInfo(Program("Bartizan.Server", "bartizan-server")) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var argument in (string[])["--data", data, "--port", "0", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        var server = new RunningServer(new Process { StartInfo = start }, data);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.process.OutputDataReceived += (_, line) => server.Hear(line.Data, ready);
        server.process.ErrorDataReceived += (_, line) => server.Hear(line.Data, ready);
        server.process.Start();
        server.process.BeginOutputReadLine();
        server.process.BeginErrorReadLine();
        var ended = server.process.WaitForExitAsync();
        if (await Task.WhenAny(ready.Task, ended, Task.Delay(TimeSpan.FromMinutes(3))) != ready.Task)
        {
            var text = server.Said;
            await server.DisposeAsync();
            throw new InvalidOperationException($"The server did not start:\n{text}");
        }

        return server;
    }

    /// <summary>The command line against this server; its answer read as JSON.</summary>
    public async Task<JsonElement> AskAsync(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync([.. arguments, "--output", "json"]);
        Assert.True(code == 0, $"bartizan {string.Join(' ', arguments)} ended with {code}:\n{errors}\n{output}");
        return JsonDocument.Parse(output).RootElement;
    }

    public async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program("Bartizan.Cli", "bartizan")) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[.. arguments, "--data", Data])
        {
            start.ArgumentList.Add(argument);
        }

        using var command = Process.Start(start)!;
        var output = command.StandardOutput.ReadToEndAsync();
        var errors = command.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        try
        {
            await command.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            command.Kill(entireProcessTree: true);
            throw new TimeoutException($"bartizan {string.Join(' ', arguments)} did not end.");
        }

        return (command.ExitCode, await output, await errors);
    }

    /// <summary>As a power cut would.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
        if (Directory.Exists(Data))
        {
            Directory.Delete(Data, recursive: true);
        }
    }

    private void Hear(string? line, TaskCompletionSource ready)
    {
        if (line is null)
        {
            return;
        }

        lock (said)
        {
            said.AppendLine(line);
        }

        if (ReadyLine().Match(line) is { Success: true } address)
        {
            Address = address.Groups[1].Value;
        }
        else if (LinkLine().Match(line) is { Success: true } link)
        {
            FirstLink = link.Value;
        }
        else if (line.StartsWith("Stop with", StringComparison.Ordinal))
        {
            ready.TrySetResult();
        }
    }

    [GeneratedRegex(@"ready at (https://\S+)")]
    private static partial Regex ReadyLine();

    [GeneratedRegex(@"https://\S+first-administrator\?code=[0-9a-f]+")]
    private static partial Regex LinkLine();
}
