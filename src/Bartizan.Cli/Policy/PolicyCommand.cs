using System.CommandLine;

namespace Bartizan.Cli.Policy;

/// <summary><c>bartizan policy</c>: definitions evaluated, explained and tested without a server.</summary>
internal static class PolicyCommand
{
    public static Command Create() => new("policy", "Evaluate, check and test Azure Policy definitions.")
    {
        EvalCommand.Create(),
        LintCommand.Create(),
        TestCommand.Create(),
    };
}
