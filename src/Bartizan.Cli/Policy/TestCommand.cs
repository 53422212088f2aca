using System.CommandLine;

namespace Bartizan.Cli.Policy;

/// <summary><c>bartizan policy test</c>: a folder of cases, each a definition, a resource, and the verdict that is right.</summary>
internal static class TestCommand
{
    private static readonly Argument<DirectoryInfo> Folder = new("folder") { Description = "A folder with definition.json and cases, or a tree of such folders." };
    private static readonly Option<bool> Accept = new("--accept") { Description = "Write the verdicts that are missing, to be reviewed as code." };

    public static Command Create()
    {
        var command = new Command("test", "Run a folder of cases.") { Folder, Accept };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var output = arguments.InvocationConfiguration.Output;
        var folder = arguments.GetValue(Folder)!;
        if (!folder.Exists)
        {
            arguments.InvocationConfiguration.Error.WriteLine($"{folder} does not exist.");
            return ExitCodes.Refused;
        }

        var (passed, failed) = (0, 0);
        foreach (var outcome in PolicyCase.Find(folder).Select(c => c.Run(arguments.GetValue(Accept), TimeProvider.System)))
        {
            if (outcome.Faults.Count == 0)
            {
                passed++;
                continue;
            }

            failed++;
            output.WriteLine($"FAILED {outcome.Case}");
            foreach (var fault in outcome.Faults)
            {
                output.WriteLine($"  {fault}");
            }
        }

        output.WriteLine($"{passed} passed, {failed} failed");
        if (passed + failed == 0)
        {
            arguments.InvocationConfiguration.Error.WriteLine($"{folder} holds no cases: definition.json beside NAME.resource.json.");
            return ExitCodes.Refused;
        }

        return failed == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }
}
