using System.CommandLine;
using System.Globalization;
using Bartizan.Cli.Connection;
using Bartizan.Cli.Output;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Posture;

namespace Bartizan.Cli;

/// <summary><c>bartizan recommendations</c>: what to mend, the most worthwhile first.</summary>
internal static class RecommendationsCommand
{
    public static Command Create()
    {
        var command = new Command(
            "recommendations",
            "List what to mend, the most worthwhile first.\n\n  bartizan recommendations\n  bartizan recommendations --filter \"severity eq 'High'\"\n  bartizan recommendations --all --output json");
        var search = new Option<string?>("--search") { Description = "Only those with this text.", HelpName = "TEXT" };
        var filter = new Option<string?>("--filter") { Description = "An OData filter over severity, state and the like.", HelpName = "ODATA" };
        var all = new Option<bool>("--all") { Description = "Also those that every resource meets." };
        command.Options.Add(search);
        command.Options.Add(filter);
        command.Options.Add(all);
        var options = ServerOptions.AddTo(command);
        var output = OutputOption.AddTo(command);
        command.SetServerAction(options, async (result, client, cancellationToken) =>
        {
            var wanted = result.GetValue(filter) ?? (result.GetValue(all) ? null : "state eq 'Unhealthy'");
            var first = await client.Posture.RecommendationsAsync(result.GetValue(search), wanted, null, 500, cancellationToken);
            var outcome = await Pages.AllAsync(client, first, cancellationToken);
            return outcome.TryGetValue(out var found, out var problem) ? Show(found, result.GetValue(output)) : problem;
        });
        return command;
    }

    private static Outcome<int> Show(IReadOnlyList<ArmResource<RecommendationProperties>> found, OutputFormat format)
    {
        var table = new ResultTable("Key", "Severity", "Recommendation", "State", "Unhealthy", "Healthy", "NotApplicable", "Gain", "Control");
        foreach (var item in found.OrderByDescending(f => f.Properties.ScoreGain).ThenBy(f => f.Properties.DisplayName, StringComparer.OrdinalIgnoreCase))
        {
            var p = item.Properties;
            table.Add(item.Name, p.Severity, p.DisplayName, p.State, p.Unhealthy, p.Healthy, p.NotApplicable, p.ScoreGain.ToString("0.0", CultureInfo.InvariantCulture), p.ControlName);
        }

        table.Write(format);
        return ExitCodes.Done;
    }
}
