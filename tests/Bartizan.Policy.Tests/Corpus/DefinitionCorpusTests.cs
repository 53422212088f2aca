using System.Globalization;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Evaluation;

namespace Bartizan.Policy.Tests.Corpus;

/// <summary>The published definitions against the collected resources: no error may be ours.</summary>
public sealed class DefinitionCorpusTests(ITestOutputHelper output)
{
    /// <summary>Set <c>BARTIZAN_CORPUS=all</c> to evaluate each definition on each resource.</summary>
    private static readonly bool IsWhole = Environment.GetEnvironmentVariable("BARTIZAN_CORPUS") == "all";

    [Fact]
    public void Every_published_definition_loads_and_compiles()
    {
        var refused = new List<string>();
        var count = 0;
        foreach (var line in PolicyCorpus.Lines("azure-policy/definitions.jsonl"))
        {
            count++;
            var outcome = PolicyDefinition.Parse(line).Then(d => PolicyCompiler.Compile(d, null, PolicyCorpus.Aliases));
            if (!outcome.IsSuccess)
            {
                refused.Add($"{line.GetProperty("name").GetString()}: {outcome.Problem.Message}");
            }
        }

        output.WriteLine($"{count:N0} definitions, {refused.Count} refused");
        Assert.Empty(refused);
        Assert.True(count > 1_000, $"{count} definitions");
    }

    [Fact]
    public void Definitions_evaluate_on_every_resource_without_an_error()
    {
        var resources = PolicyCorpus.Resources().ToList();
        var errors = new List<string>();
        var (evaluations, matches) = (0L, 0L);
        var number = 0;
        foreach (var definition in PolicyCorpus.Definitions().Where(d => d.Mode != PolicyMode.ResourceProvider))
        {
            var policy = PolicyCompiler.Compile(definition, null, PolicyCorpus.Aliases).Value;
            number++;
            for (var i = 0; i < resources.Count; i++)
            {
                // The sample takes every resource that the definition can be about, and of the others a few in turn.
                if (!IsWhole && !policy.CanApplyTo(resources[i].Type) && (i + number) % 31 != 0)
                {
                    continue;
                }

                var verdict = policy.Evaluate(new PolicyRequest(resources[i]) { Context = PolicyCorpus.Context, Related = PolicyRequest.Resolved([]) });
                evaluations++;
                matches += verdict.Matched ? 1 : 0;
                if (verdict.Error is not null)
                {
                    errors.Add($"{definition.Name} on {resources[i].Id}: {verdict.Error}");
                }
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number:N0} definitions, {resources.Count:N0} resources, {evaluations:N0} evaluations, {matches:N0} matches, {errors.Count} errors"));
        foreach (var error in errors.Take(40))
        {
            output.WriteLine(error);
        }

        Assert.Empty(errors);
        Assert.True(evaluations > 100_000, $"{evaluations} evaluations");
    }

    [Fact]
    public void Verdicts_with_evidence_are_those_without()
    {
        var resources = PolicyCorpus.Resources().ToList();
        var compared = 0;
        foreach (var definition in PolicyCorpus.Definitions().Where(d => d.Mode != PolicyMode.ResourceProvider))
        {
            var policy = PolicyCompiler.Compile(definition, null, PolicyCorpus.Aliases).Value;
            foreach (var resource in resources.Where(r => policy.Types is not null && policy.CanApplyTo(r.Type)).Take(5))
            {
                var request = new PolicyRequest(resource) { Context = PolicyCorpus.Context, Related = PolicyRequest.Resolved([]) };
                var quick = policy.Evaluate(request);
                var explained = policy.Evaluate(request with { KeepEvidence = true });
                Assert.Equal((quick.Matched, quick.Effect, quick.State, quick.ExistenceMet), (explained.Matched, explained.Effect, explained.State, explained.ExistenceMet));
                compared++;
            }
        }

        output.WriteLine($"{compared:N0} compared");
        Assert.True(compared > 500, $"{compared} compared");
    }
}
