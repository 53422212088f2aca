using System.CommandLine;

namespace Bartizan.Cli.Rules;

/// <summary><c>bartizan rules</c>: detection rules tested and replayed, without a server or on one.</summary>
internal static class RulesCommand
{
    public static Command Create() => new("rules", "Test and replay detection rules.")
    {
        EvaluateCommand.Create(),
        RunCommand.Create(),
        ReplayCommand.Create(),
        TestCommand.Create(),
    };
}
