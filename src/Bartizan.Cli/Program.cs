using System.CommandLine;
using Bartizan.Cli.Policy;

var root = new RootCommand("Bartizan: posture, detection and response for estates of any cloud.")
{
    PolicyCommand.Create(),
};

return await root.Parse(args).InvokeAsync();
