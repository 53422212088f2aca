using System.CommandLine;
using Bartizan.Cli.Connection;
using Bartizan.Cli.Output;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Client;
using Bartizan.Wire.Detection;

namespace Bartizan.Cli.Rules;

/// <summary><c>bartizan rules replay</c>: a server's rules over a past span of its events, raising what they find.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var command = new Command(
            "replay",
            "Run rules over past events of a server, as their timetable would have, and raise what they find.\n\n  bartizan rules replay --from 2020-09-01 --to 2020-09-30\n  bartizan rules replay --rule \"Audit log cleared\"\n\n"
            + "Exit codes: 0 done, 1 a rule failed, 2 wrong use, 3 no server, 4 not allowed.");
        var rule = new Option<string?>("--rule") { Description = "The rule's name or id; all enabled rules by default.", HelpName = "NAME" };
        var from = new Option<DateTimeOffset?>("--from") { Description = "Where the span begins; a day before its end by default.", HelpName = "TIME" };
        var to = new Option<DateTimeOffset?>("--to") { Description = "Where the span ends; now by default. A span has at most 90 days.", HelpName = "TIME" };
        command.Options.Add(rule);
        command.Options.Add(from);
        command.Options.Add(to);
        var options = ServerOptions.AddTo(command);
        var output = OutputOption.AddTo(command);
        command.SetServerAction(
            options, (result, client, cancellationToken) => RunAsync(client, result.GetValue(rule), new RuleRunRequest(result.GetValue(from), result.GetValue(to), Raise: true), result.GetValue(output), cancellationToken));
        return command;
    }

    private static async Task<Outcome<int>> RunAsync(BartizanClient client, string? rule, RuleRunRequest request, OutputFormat format, CancellationToken cancellationToken)
    {
        var place = "run";
        if (rule is not null)
        {
            if (!(await client.Detection.RulesAsync(cancellationToken)).TryGetValue(out var page, out var problem))
            {
                return problem;
            }

            var all = new List<ArmResource<AlertRuleProperties>>(page.Value);
            while (page.NextLink is not null)
            {
                if (!(await client.PageAsync<ArmResource<AlertRuleProperties>>(page.NextLink, cancellationToken)).TryGetValue(out page, out problem))
                {
                    return problem;
                }

                all.AddRange(page.Value);
            }

            var found = all.FirstOrDefault(r => string.Equals(r.Name, rule, StringComparison.OrdinalIgnoreCase) || string.Equals(r.Properties.DisplayName, rule, StringComparison.OrdinalIgnoreCase));
            if (found is null)
            {
                var near = NearestName.Find(rule, all.Select(r => r.Properties.DisplayName));
                return new Problem(ProblemKind.NotFound, "RuleNotFound", $"There is no rule '{rule}'.{(near is null ? "" : $" Did you mean '{near}'?")}", "--rule");
            }

            place = $"{found.Name}/run";
        }

        var ran = await client.PostAsync<RuleRunAnswer>($"/providers/Microsoft.Bartizan/alertRules/{place}?api-version={ApiVersions.Bartizan}", request, cancellationToken);
        if (!ran.TryGetValue(out var answer, out var refused))
        {
            return refused;
        }

        var table = new ResultTable("Rule", "From", "To", "Rows", "Alerts", "Problem");
        foreach (var run in answer.Found)
        {
            table.Add(run.Rule, run.WindowStart, run.WindowEnd, run.Rows, run.Alerts, run.Failure ?? "");
        }

        table.Write(format);
        return answer.Found.Any(e => e.Failure is not null) ? ExitCodes.Failed : ExitCodes.Done;
    }
}
