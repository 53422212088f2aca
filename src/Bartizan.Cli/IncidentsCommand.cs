using System.CommandLine;
using Bartizan.Cli.Connection;
using Bartizan.Cli.Output;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Detection;

namespace Bartizan.Cli;

/// <summary><c>bartizan incidents</c>: the queue, the newest first.</summary>
internal static class IncidentsCommand
{
    public static Command Create()
    {
        var command = new Command(
            "incidents",
            "List incidents, the newest first.\n\n  bartizan incidents                       the open ones\n  bartizan incidents --all --output csv\n  bartizan incidents --filter \"properties/severity eq 'High'\"");
        var search = new Option<string?>("--search") { Description = "Only those with this text.", HelpName = "TEXT" };
        var filter = new Option<string?>("--filter") { Description = "An OData filter, such as properties/status eq 'New'.", HelpName = "ODATA" };
        var all = new Option<bool>("--all") { Description = "Also the closed ones." };
        command.Options.Add(search);
        command.Options.Add(filter);
        command.Options.Add(all);
        var options = ServerOptions.AddTo(command);
        var output = OutputOption.AddTo(command);
        command.SetServerAction(options, async (result, client, cancellationToken) =>
        {
            var wanted = result.GetValue(filter) ?? (result.GetValue(all) ? null : "properties/status ne 'Closed'");
            var first = await client.Detection.IncidentsAsync(result.GetValue(search), wanted, "properties/createdTimeUtc desc", 500, cancellationToken);
            var outcome = await Pages.AllAsync(client, first, cancellationToken);
            return outcome.TryGetValue(out var found, out var problem) ? Show(found, result.GetValue(output)) : problem;
        });
        return command;
    }

    private static Outcome<int> Show(IReadOnlyList<ArmResource<IncidentProperties>> found, OutputFormat format)
    {
        var table = new ResultTable("Number", "Severity", "Status", "Title", "Alerts", "Tactics", "Techniques", "Owner", "FirstActivity", "LastActivity", "Created");
        foreach (var item in found)
        {
            var p = item.Properties;
            table.Add(
                p.IncidentNumber, p.Severity, p.Status, p.Title, p.AdditionalData?.AlertsCount, string.Join(" ", p.AdditionalData?.Tactics ?? []), string.Join(" ", p.AdditionalData?.Techniques ?? []),
                p.Owner?.AssignedTo ?? p.Owner?.UserPrincipalName, p.FirstActivityTimeUtc, p.LastActivityTimeUtc, p.CreatedTimeUtc);
        }

        table.Write(format);
        return ExitCodes.Done;
    }
}
