using System.CommandLine;
using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Evaluation;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Policy;

/// <summary><c>bartizan policy eval</c>: one definition on one resource with its evidence, or many lines of a file.</summary>
internal static class EvalCommand
{
    private static readonly Option<FileInfo?> Definition = new("--definition", "-d") { Description = "The definition: whole, its properties, or a bare policyRule." };
    private static readonly Option<FileInfo?> Resource = new("--resource", "-r") { Description = "The resource, as its provider returns it." };
    private static readonly Option<FileInfo?> Parameters = new("--parameters", "-p") { Description = "Parameter values by name, bare or as {\"value\": …}." };
    private static readonly Option<FileInfo?> Related = new("--related") { Description = "An array (or one a line) of resources that existence conditions may find." };
    private static readonly Option<FileInfo?> Aliases = new("--aliases", "-a") { Description = "An alias table, as GET /providers?$expand=resourceTypes/aliases returns it." };
    private static readonly Option<FileInfo?> Context = new("--context") { Description = "An object with resourceGroup, subscription, requestContext, policy, utcNow." };
    private static readonly Option<string?> ApiVersion = new("--api-version") { Description = "The version whose shape the resource has." };
    private static readonly Option<FileInfo?> Batch = new("--batch") { Description = "A file of requests, one JSON object a line; answers come in the same order." };
    private static readonly Option<string> Output = new("--output", "-o") { Description = "table or json.", DefaultValueFactory = _ => "table" };

    public static Command Create()
    {
        Output.AcceptOnlyFromAmong("table", "json");
        var command = new Command("eval", "Evaluate a definition on a resource and show which clauses decided.")
        {
            Definition, Resource, Parameters, Related, Aliases, Context, ApiVersion, Batch, Output,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var (output, errors) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        if (arguments.GetValue(Batch) is { } batch)
        {
            if (!batch.Exists)
            {
                errors.WriteLine($"{batch.FullName} does not exist.");
                return ExitCodes.Refused;
            }

            using var input = batch.OpenRead();
            using var answers = Console.OpenStandardOutput();
            new BatchRun(batch.DirectoryName ?? ".", TimeProvider.System).Run(input, answers);
            return ExitCodes.Done;
        }

        if (arguments.GetValue(Definition) is not { } definition || arguments.GetValue(Resource) is not { } resource)
        {
            errors.WriteLine("Give --definition and --resource, or --batch.");
            return ExitCodes.Refused;
        }

        if (!Evaluate(arguments, definition, resource).TryGetValue(out var verdict, out var problem))
        {
            ProblemText.Write(errors, problem);
            return ExitCodes.Refused;
        }

        output.Write(arguments.GetValue(Output) == "json" ? VerdictReport.ToJson(verdict) : VerdictReport.ToText(verdict));
        return verdict.Error is null ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static Outcome<Verdict> Evaluate(ParseResult arguments, FileInfo definitionFile, FileInfo resourceFile)
    {
        if (!PolicyFile.Text(definitionFile).TryGetValue(out var text, out var problem))
        {
            return problem;
        }

        if (!PolicyDefinition.Parse(text).TryGetValue(out var definition, out problem))
        {
            return ProblemText.Locate(problem, definitionFile.Name, text);
        }

        if (!Value(arguments, Parameters).TryGetValue(out var parameters, out problem)
            || !PolicyFile.AliasesOrBuiltIn(arguments.GetValue(Aliases)).TryGetValue(out var aliases, out problem)
            || !Value(arguments, Context).TryGetValue(out var context, out problem)
            || !PolicyFile.Value(resourceFile).TryGetValue(out var resource, out problem))
        {
            return problem;
        }

        if (!PolicyCompiler.Compile(definition, RequestParts.Parameters(parameters, definition), aliases).TryGetValue(out var policy, out problem))
        {
            return ProblemText.Locate(problem, definitionFile.Name, text);
        }

        RelatedLookup? lookup = null;
        if (arguments.GetValue(Related) is { } relatedFile)
        {
            if (!PolicyFile.Resources(relatedFile).TryGetValue(out var related, out problem))
            {
                return problem;
            }

            lookup = PolicyRequest.Among(related);
        }

        return policy.Evaluate(new PolicyRequest(PolicyResource.Of(resource, arguments.GetValue(ApiVersion)))
        {
            Context = RequestParts.Context(context, arguments.GetValue(ApiVersion), TimeProvider.System),
            Related = lookup,
            KeepEvidence = true,
        });
    }

    private static Outcome<PolicyValue> Value(ParseResult arguments, Option<FileInfo?> option) =>
        arguments.GetValue(option) is { } file ? PolicyFile.Value(file) : PolicyValue.Undefined;
}
