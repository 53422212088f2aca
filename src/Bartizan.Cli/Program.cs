using System.CommandLine;
using System.CommandLine.Invocation;
using Bartizan.Cli;
using Bartizan.Cli.Kql;
using Bartizan.Cli.Policy;
using Bartizan.Cli.Rules;

var root = new RootCommand(
    "Bartizan: posture, detection and response for estates of any cloud.\n\nOn the server's machine:  bartizan score --data DIR\nFrom anywhere:            bartizan login --server URL, then bartizan score\n\n"
    + "Exit codes: 0 done, 1 done with refusals, 2 wrong use or input, 3 no server answers, 4 not allowed.")
{
    LoginCommand.Create(),
    LoginCommand.CreateLogout(),
    ImportCommand.Create(),
    QueryCommand.Create(),
    ScoreCommand.Create(),
    RecommendationsCommand.Create(),
    FixCommand.Create(),
    IncidentsCommand.Create(),
    ContentCommand.Create(),
    ServicePrincipalCommand.Create(),
    KqlCommand.Create(),
    PolicyCommand.Create(),
    Bartizan.Cli.Check.CheckCommand.Create(),
    RulesCommand.Create(),
};

var parsed = root.Parse(args);

// A command that cannot be understood is one sentence and exit code 2; a group without its command shows what there is.
if (parsed is { Action: ParseErrorAction, CommandResult.Command.Subcommands.Count: 0 })
{
    await Console.Error.WriteLineAsync($"bartizan: {string.Join(" ", parsed.Errors.Select(e => e.Message))} See --help.");
    return ExitCodes.Refused;
}

return await parsed.InvokeAsync();
