using System.Runtime.InteropServices;

namespace Bartizan.Agent;

/// <summary>The agent, from its command line to its end.</summary>
internal static class Program
{
    private const int Stopped = 0;
    private const int WrongUse = 2;

    public static async Task<int> Main(string[] args)
    {
        if (args is ["--help" or "-h"])
        {
            Console.WriteLine(AgentOptions.Usage);
            return Stopped;
        }

        if (!AgentOptions.Read(args).TryGetValue(out var options, out var problem))
        {
            await Console.Error.WriteLineAsync($"bartizan-agent: {problem.Message}\n\n{AgentOptions.Usage}");
            return WrongUse;
        }

        using var stop = new CancellationTokenSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        problem = await new HostAgent(options, TimeProvider.System, line => Console.Error.WriteLine($"bartizan-agent: {line}")).RunAsync(stop.Token);
        if (problem is null)
        {
            return Stopped;
        }

        await Console.Error.WriteLineAsync($"bartizan-agent: {problem.Message}");
        return WrongUse;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }
}
