using System.CommandLine;

namespace Bartizan.Cli.Kql;

/// <summary><c>bartizan kql</c>: queries checked and run without a server.</summary>
internal static class KqlCommand
{
    public static Command Create() => new("kql", "Check KQL queries against a schema.")
    {
        CheckCommand.Create(),
    };
}
