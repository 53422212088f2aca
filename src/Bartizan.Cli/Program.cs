using System.CommandLine;
using Bartizan.Cli.Kql;
using Bartizan.Cli.Policy;

var root = new RootCommand("Bartizan: posture, detection and response for estates of any cloud.")
{
    KqlCommand.Create(),
    PolicyCommand.Create(),
};

return await root.Parse(args).InvokeAsync();
