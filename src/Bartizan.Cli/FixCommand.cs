using System.CommandLine;
using Bartizan.Cli.Connection;
using Bartizan.Cli.Output;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Client;
using Bartizan.Wire.Posture;

namespace Bartizan.Cli;

/// <summary><c>bartizan fix</c>: what mends a finding, as a plan that is approved before it is carried out.</summary>
internal static class FixCommand
{
    public static Command Create() => new("fix", "Mend findings: propose, approve, carry out, undo.")
    {
        Propose(),
        List(),
        Act("approve", "Approve a plan: exactly what it says may then be sent."),
        Act("reject", "Reject a plan."),
        Act("execute", "Carry an approved plan out, and read the resource back."),
        Act("undo", "Put back what a plan changed."),
    };

    private static Command Propose()
    {
        var command = new Command(
            "propose",
            "Say what would mend a finding, and what every check would make of it.\n\n  bartizan fix propose /subscriptions/…/storageAccounts/a --recommendation KEY\n"
            + "  bartizan fix propose /subscriptions/…/storageAccounts/a --recommendation KEY --keep mend-a\n\n'bartizan recommendations' lists the keys.");
        var resource = new Argument<string>("RESOURCE") { Description = "The resource's id." };
        var recommendation = new Option<string>("--recommendation", "-r") { Description = "The key of the recommendation.", Required = true, HelpName = "KEY" };
        var keep = new Option<string?>("--keep") { Description = "Keep it as a plan of this name, for approval.", HelpName = "NAME" };
        var json = new Option<bool>("--json") { Description = "Print the whole proposal as JSON." };
        command.Arguments.Add(resource);
        command.Options.Add(recommendation);
        command.Options.Add(keep);
        command.Options.Add(json);
        var options = ServerOptions.AddTo(command);
        command.SetServerAction(options, async (result, client, cancellationToken) =>
        {
            var (id, key) = (result.GetValue(resource)!, result.GetValue(recommendation)!);
            var outcome = result.GetValue(keep) is { } name
                ? (await client.Posture.PutFixPlanAsync(id, name, key, cancellationToken)).Then<FixPlanProperties>(plan => plan.Properties)
                : await client.Posture.ProposeFixAsync(id, key, cancellationToken);
            return outcome.TryGetValue(out var fix, out var problem) ? Show(fix, result.GetValue(json)) : problem;
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "List plans, the one that changed last first.");
        var filter = new Option<string?>("--filter") { Description = "An OData filter over status, resourceName, recommendation and the like.", HelpName = "ODATA" };
        command.Options.Add(filter);
        var options = ServerOptions.AddTo(command);
        var output = OutputOption.AddTo(command);
        command.SetServerAction(options, async (result, client, cancellationToken) =>
        {
            var all = await Pages.AllAsync(client, await client.Posture.FixPlansAsync("", result.GetValue(filter), 500, cancellationToken), cancellationToken);
            if (!all.TryGetValue(out var found, out var problem))
            {
                return problem;
            }

            var table = new ResultTable("Name", "Status", "Resource", "Recommendation", "Risk", "Changed", "By");
            foreach (var plan in found)
            {
                var p = plan.Properties;
                table.Add(plan.Name, p.Status, p.ResourceName, p.DisplayName, p.Risk.Level, p.Steps[^1].At, p.Steps[^1].By);
            }

            table.Write(result.GetValue(output));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Act(string act, string description)
    {
        var command = new Command(act, description);
        var name = new Argument<string>("NAME") { Description = "The plan's name." };
        var note = new Option<string?>("--note") { Description = "Why; it is kept with the plan.", HelpName = "TEXT" };
        command.Arguments.Add(name);
        if (act is "approve" or "reject")
        {
            command.Options.Add(note);
        }

        var options = ServerOptions.AddTo(command);
        command.SetServerAction(options, async (result, client, cancellationToken) =>
        {
            var wanted = result.GetValue(name)!;
            if (!(await FindAsync(client, wanted, cancellationToken)).TryGetValue(out var plan, out var problem)
                || !(await client.Posture.ActOnFixPlanAsync(plan.Id!, act, act is "approve" or "reject" ? result.GetValue(note) : null, cancellationToken)).TryGetValue(out var now, out problem))
            {
                return problem;
            }

            var step = now.Properties.Steps[^1];
            if (step.Status == "Failed" || (act == "undo" && step.Status != "Undone"))
            {
                return new Problem(ProblemKind.Conflict, "FixFailed", step.Note ?? "It failed.");
            }

            Console.WriteLine($"'{wanted}' is {step.Status}.{(step.Note is { Length: > 0 } said ? " " + said : "")}");
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<Outcome<ArmResource<FixPlanProperties>>> FindAsync(BartizanClient client, string name, CancellationToken cancellationToken)
    {
        var all = await Pages.AllAsync(client, await client.Posture.FixPlansAsync("", null, 500, cancellationToken), cancellationToken);
        return !all.TryGetValue(out var found, out var problem) ? problem
            : found.FirstOrDefault(p => name.Equals(p.Name, StringComparison.OrdinalIgnoreCase)) is { } plan ? plan
            : new Problem(ProblemKind.NotFound, "FixPlanNotFound", $"There is no fix plan '{name}'; 'bartizan fix list' lists them.", name);
    }

    private static Outcome<int> Show(FixPlanProperties fix, bool asJson)
    {
        if (asJson)
        {
            ResultTable.WriteJson(fix);
            return ExitCodes.Done;
        }

        Console.WriteLine($"{fix.DisplayName}\n{fix.ResourceId}\n");
        if (fix.Changes.Count > 0)
        {
            var changes = new ResultTable("Place", "Before", "After");
            foreach (var change in fix.Changes)
            {
                changes.Add(change.Path, change.Before?.GetRawText(), change.After?.GetRawText());
            }

            changes.Write(OutputFormat.Table);
        }

        if (fix.Effects.Count > 0)
        {
            var effects = new ResultTable("Check", "Now", "Then");
            foreach (var effect in fix.Effects)
            {
                effects.Add(effect.DisplayName, effect.Before, effect.After);
            }

            effects.Write(OutputFormat.Table);
        }

        Console.WriteLine($"Risk: {fix.Risk.Level}");
        foreach (var note in fix.Risk.Notes)
        {
            Console.WriteLine($"  {note}");
        }

        foreach (var snippet in fix.Snippets)
        {
            Console.WriteLine($"\n{snippet.Tool}:\n{snippet.Text.TrimEnd()}");
        }

        if (fix.Status is { } status)
        {
            Console.WriteLine($"\nKept as a plan: {status}.");
        }

        return ExitCodes.Done;
    }
}
