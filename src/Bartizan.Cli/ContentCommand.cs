using System.CommandLine;
using Bartizan.Cli.Connection;
using Bartizan.Cli.Output;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Client;
using Bartizan.Wire.Detection;
using Bartizan.Wire.Posture;

namespace Bartizan.Cli;

/// <summary><c>bartizan content import</c>: content that others wrote, in its own format.</summary>
internal static class ContentCommand
{
    public static Command Create() => new("content", "Bring in content that others wrote.")
    {
        new Command("import", "Read files of a known format into a server.")
        {
            Policies(),
            Rules(),
        },
    };

    private static Command Policies()
    {
        var command = new Command(
            "policies",
            "Read Azure Policy definitions and initiatives: definition JSON as Azure publishes and exports it, one a file or JSON lines.\n\n  bartizan content import policies MyPolicy.json\n  bartizan content import policies built-in-policies/policyDefinitions\n\n"
            + "Exit codes: 0 all taken, 1 some refused, 2 wrong use, 3 no server, 4 not allowed.");
        var paths = new Argument<string[]>("FILE|DIR") { Description = "Files, or folders whose .json and .jsonl files are read.", Arity = ArgumentArity.OneOrMore };
        command.Arguments.Add(paths);
        var options = ServerOptions.AddTo(command);
        var output = OutputOption.AddTo(command);
        command.SetServerAction(options, (result, client, cancellationToken) => ImportAsync(result.GetValue(paths)!, client, result.GetValue(output), cancellationToken));
        return command;
    }

    private static Command Rules()
    {
        var command = new Command(
            "rules",
            "Read detection rules in Sentinel's format, YAML or JSON.\n\n  bartizan content import rules MyRule.yaml\n  bartizan content import rules Detections/\n\n"
            + "Exit codes: 0 all taken, 1 some refused, 2 wrong use, 3 no server, 4 not allowed.");
        var paths = new Argument<string[]>("FILE|DIR") { Description = "Files, or folders whose .yaml, .yml and .json files are read.", Arity = ArgumentArity.OneOrMore };
        command.Arguments.Add(paths);
        var options = ServerOptions.AddTo(command);
        var output = OutputOption.AddTo(command);
        command.SetServerAction(options, (result, client, cancellationToken) => ImportRulesAsync(result.GetValue(paths)!, client, result.GetValue(output), cancellationToken));
        return command;
    }

    private static async Task<Outcome<int>> ImportRulesAsync(string[] paths, BartizanClient client, OutputFormat format, CancellationToken cancellationToken)
    {
        if (!Files(paths, ".yaml", ".yml", ".json").TryGetValue(out var files, out var problem))
        {
            return problem;
        }

        var table = new ResultTable("File", "Taken", "Refused");
        var refused = new List<(string File, RefusedRule Rule)>();
        foreach (var file in files)
        {
            await using var stream = File.OpenRead(file);
            var outcome = await client.SendContentAsync<RuleImportReport>("rules", file, stream, cancellationToken);
            if (!outcome.TryGetValue(out var report, out problem))
            {
                return problem with { Message = $"{file}: {problem.Message}" };
            }

            table.Add(file, report.Taken.Count, report.Refused.Count);
            refused.AddRange(report.Refused.Select(r => (file, r)));
        }

        table.Write(format);
        foreach (var (file, rule) in refused)
        {
            await Console.Error.WriteLineAsync($"{file}: {rule.Name}: {rule.Reason}");
        }

        return refused.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static Outcome<IReadOnlyList<string>> Files(string[] paths, params string[] endings)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
            {
                files.AddRange(Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(f => endings.Any(e => f.EndsWith(e, StringComparison.OrdinalIgnoreCase))).Order(StringComparer.Ordinal));
            }
            else if (File.Exists(path))
            {
                files.Add(path);
            }
            else
            {
                return new Problem(ProblemKind.Invalid, "FileNotFound", $"There is neither a file nor a folder '{path}'; nothing was sent.", path);
            }
        }

        return files;
    }

    private static async Task<Outcome<int>> ImportAsync(string[] paths, BartizanClient client, OutputFormat format, CancellationToken cancellationToken)
    {
        if (!Files(paths, ".json", ".jsonl").TryGetValue(out var files, out var missing))
        {
            return missing;
        }

        var table = new ResultTable("File", "Definitions", "Initiatives", "Refused");
        var refused = new List<RefusedPolicy>();
        foreach (var file in files)
        {
            await using var stream = File.OpenRead(file);
            var outcome = await client.SendContentAsync<PolicyImportReport>("policies", file, stream, cancellationToken);
            if (!outcome.TryGetValue(out var report, out var problem))
            {
                return problem with { Message = $"{file}: {problem.Message}" };
            }

            table.Add(file, report.Definitions, report.Initiatives, report.Refused.Count);
            refused.AddRange(report.Refused);
        }

        table.Write(format);
        foreach (var one in refused)
        {
            await Console.Error.WriteLineAsync($"{one.Name}: {one.Reason}");
        }

        return refused.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }
}
