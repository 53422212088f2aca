using System.CommandLine;

namespace Bartizan.Cli.Kql;

/// <summary><c>bartizan kql</c>: queries checked and run without a server.</summary>
internal static class KqlCommand
{
    public static Command Create() => new("kql", "Check and run KQL queries without a server.")
    {
        CheckCommand.Create(),
        RunCommand.Create(),
        ExplainCommand.Create(),
    };
}
