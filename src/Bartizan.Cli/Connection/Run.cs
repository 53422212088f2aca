using System.CommandLine;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Client;
using Spectre.Console;

namespace Bartizan.Cli.Connection;

/// <summary>Runs what a command does against its server, and says what went wrong in one sentence on the error stream.</summary>
internal static class Run
{
    public static void SetServerAction(this Command command, ServerOptions options, Func<ParseResult, BartizanClient, CancellationToken, Task<Outcome<int>>> action) =>
        command.SetAction(async (result, cancellationToken) =>
        {
            if (!options.Open(result).TryGetValue(out var connection, out var problem))
            {
                return Refuse(problem);
            }

            using (connection)
            {
                var outcome = await action(result, connection.Client, cancellationToken).ConfigureAwait(false);
                ServerOptions.Keep(connection);
                return outcome.TryGetValue(out var code, out problem) ? code : Refuse(problem);
            }
        });

    public static int Refuse(Problem problem)
    {
        var error = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var target = problem.Target is { Length: > 0 } t && !problem.Message.Contains(t, StringComparison.Ordinal) && !t.StartsWith("--", StringComparison.Ordinal) ? $" ({t})" : "";
        error.Profile.Width = int.MaxValue;
        error.MarkupLineInterpolated($"[red]bartizan:[/] {problem.Message}{target}");
        return ExitCodes.Of(problem);
    }
}
