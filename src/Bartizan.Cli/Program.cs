using System.CommandLine;
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
    IncidentsCommand.Create(),
    ContentCommand.Create(),
    ServicePrincipalCommand.Create(),
    KqlCommand.Create(),
    PolicyCommand.Create(),
    RulesCommand.Create(),
};

return await root.Parse(args).InvokeAsync();
