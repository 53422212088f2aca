using System.CommandLine;

namespace Bartizan.Cli.Rules;

/// <summary><c>bartizan rules test</c>: runs the events inside rules against the rules.</summary>
internal static class TestCommand
{
    private static readonly Argument<string> Folder = new("path") { Description = "A rule file, or a folder of them." };
    private static readonly Option<DirectoryInfo?> Content = new("--content") { Description = "The folder with tables; found above the program by default." };

    public static Command Create()
    {
        var command = new Command("test", "Run the events inside rules: those that must fire and those that must not.") { Folder, Content };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var (output, errors) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        var path = arguments.GetValue(Folder)!;
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            errors.WriteLine($"{path} does not exist.");
            return ExitCodes.Refused;
        }

        if (!ScratchStore.Content(arguments.GetValue(Content)).TryGetValue(out var content, out var problem) || !ScratchStore.Open(content).TryGetValue(out var store, out problem))
        {
            errors.WriteLine(problem.Message);
            return ExitCodes.Refused;
        }

        var (passed, failed) = (0, 0);
        using (store)
        {
            foreach (var rule in ScratchStore.ReadRules(path, errors))
            {
                foreach (var outcome in await store.Trial.RunAsync(rule, cancellationToken).ConfigureAwait(false))
                {
                    if (outcome.IsPassed)
                    {
                        passed++;
                    }
                    else
                    {
                        failed++;
                        output.WriteLine($"{rule.Name}: {outcome.Test.Name}: {outcome.Complaint}");
                    }
                }
            }
        }

        output.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }
}
