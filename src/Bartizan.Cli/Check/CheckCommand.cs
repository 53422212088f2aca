using System.CommandLine;
using Bartizan.Cli.Policy;
using Bartizan.Cli.Rules;
using Bartizan.Content.Packs;
using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Check;

/// <summary><c>bartizan check</c>: judges what files would make, before they make it.</summary>
internal static class CheckCommand
{
    private static readonly Argument<string[]> Files = new("FILE|DIR") { Description = "Templates, plans and manifests, or folders of them.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Initiative = new("--initiative", "-i") { Description = "What to judge by: baseline, bartizan-baseline-aws, the name of a standard, or an initiative's file. All baselines when left out." };
    private static readonly Option<string[]> Definitions = new("--definitions") { Description = "Files or folders with the definitions that an initiative's file names." };
    private static readonly Option<FileInfo?> InitiativeParameters = new("--initiative-parameters") { Description = "Values of the initiative's parameters, bare or as {\"value\": …}; an effect of Deny breaks the build." };
    private static readonly Option<FileInfo?> Parameters = new("--parameters", "-p") { Description = "Values of the template's parameters." };
    private static readonly Option<string> FailOn = new("--fail-on") { Description = "The severity from which a finding fails the command.", DefaultValueFactory = _ => "low" };
    private static readonly Option<string> Output = new("--output", "-o") { Description = "table, json, sarif or junit.", DefaultValueFactory = _ => "table" };
    private static readonly Option<DirectoryInfo?> Content = new("--content") { Description = "The content folder, when it is not above the program." };

    private static readonly string[] Extensions = [".json", ".yaml", ".yml", ".template"];

    public static Command Create()
    {
        Output.AcceptOnlyFromAmong("table", "json", "sarif", "junit");
        FailOn.AcceptOnlyFromAmong("high", "medium", "low", "none");
        var command = new Command(
            "check",
            "Judge what files would make before they make it: ARM templates (also from Bicep), CloudFormation templates, Terraform plans (terraform show -json) and Kubernetes manifests.\n\n"
            + "  bartizan check main.json --parameters main.parameters.json\n  bartizan check stack.yaml --initiative aws-cis-1.4 --output sarif > results.sarif\n\n"
            + "Exit codes: 0 nothing from --fail-on up, 1 findings or a denied resource, 2 wrong use, or a file that cannot be read.")
        {
            Files, Initiative, Definitions, InitiativeParameters, Parameters, FailOn, Output, Content,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var (output, errors) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        if (!ScratchStore.Content(arguments.GetValue(Content)).TryGetValue(out var folder, out var problem)
            || !Values(arguments.GetValue(InitiativeParameters)).TryGetValue(out var initiativeValues, out problem)
            || !Values(arguments.GetValue(Parameters)).TryGetValue(out var values, out problem))
        {
            ProblemText.Write(errors, problem);
            return ExitCodes.Refused;
        }

        var rules = new CheckSet(PosturePack.ReadFolder(folder)).Resolve(arguments.GetValue(Initiative), arguments.GetValue(Definitions) ?? [], initiativeValues);
        if (!rules.TryGetValue(out var set, out problem))
        {
            ProblemText.Write(errors, problem);
            return ExitCodes.Refused;
        }

        var result = Check(arguments.GetValue(Files)!, set, values, folder);
        output.Write(arguments.GetValue(Output) switch
        {
            "json" => JsonReport.Write(result),
            "sarif" => SarifReport.Write(result),
            "junit" => JunitReport.Write(result),
            _ => TableReport.Write(result),
        });
        foreach (var unreadable in result.Unreadable)
        {
            errors.WriteLine(unreadable);
        }

        return result.ExitCode(arguments.GetValue(FailOn)!);
    }

    internal static CheckResult Check(IEnumerable<string> paths, IReadOnlyList<InitiativeRule> rules, IReadOnlyDictionary<string, PolicyValue> parameters, string content)
    {
        var files = new List<DeclaredFile>();
        var unreadable = new List<string>();
        foreach (var (path, isNamed) in paths.SelectMany(Expand))
        {
            var read = PolicyFile.Text(new FileInfo(path)).Then(text => FileReading.Read(path, text, parameters, content));
            if (read.TryGetValue(out var file, out var problem))
            {
                files.Add(file);
            }
            else if (isNamed || problem.Code != "UnknownFormat")
            {
                unreadable.Add(problem.Message);
            }
        }

        var all = files.SelectMany(f => f.Resources.Select(r => r.Resource).Concat(f.Companions)).ToList();
        var judge = new FileJudge(rules);
        return new CheckResult(files, rules, [.. files.SelectMany(f => judge.Judge(f, all))], unreadable);
    }

    /// <summary>In a folder, files of other kinds are no mistake.</summary>
    private static IEnumerable<(string Path, bool IsNamed)> Expand(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(f => Extensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).Select(f => (f, false))
        : [(path, true)];

    /// <summary>Parameter values: bare, as <c>{"value": …}</c>, in a parameter file of Azure, or as a list of ParameterKey and ParameterValue.</summary>
    private static Outcome<IReadOnlyDictionary<string, PolicyValue>> Values(FileInfo? file)
    {
        if (file is null)
        {
            return new Dictionary<string, PolicyValue>();
        }

        return PolicyFile.Value(file).Then<IReadOnlyDictionary<string, PolicyValue>>(root =>
        {
            var values = new Dictionary<string, PolicyValue>(StringComparer.OrdinalIgnoreCase);
            foreach (var item in root.Elements ?? [])
            {
                if (item.Member("ParameterKey").AsText is { } key)
                {
                    values[key] = item.Member("ParameterValue");
                }
            }

            var map = root.Member("parameters") is { MemberNames: not null } inner ? inner : root;
            foreach (var name in map.MemberNames ?? [])
            {
                values[name] = map.Member(name).Member("value") is { IsUndefined: false } value ? value : map.Member(name);
            }

            return values;
        });
    }
}
