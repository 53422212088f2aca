using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Evaluation;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Benchmarks;

/// <summary>
/// The published definitions on the collected resources of the types that each is about, one evaluation an operation. Target: at least
/// 500,000 a second on one core.
/// </summary>
[MemoryDiagnoser]
public class PolicyEvaluation
{
    private static readonly EvaluationContext Context = EvaluationContext.From(PolicyJson.TryParse(
        """{"resourceGroup":{"name":"rg","location":"eastus"},"subscription":{"subscriptionId":"s"},"requestContext":{"apiVersion":"2024-01-01"},"utcNow":"2026-05-01T00:00:00.0000000Z"}""")!);

    private static readonly string[] ResourceFiles = ["psrule-resources", "recorded-resources", "api-example-resources"];

    private (CompiledPolicy Policy, PolicyRequest Request)[] pairs = [];

    /// <summary>How many evaluations one call of <see cref="Evaluate"/> makes.</summary>
    public int Count => pairs.Length;

    [GlobalSetup]
    public void Load()
    {
        var corpora = Corpora();
        var aliases = AliasTable.Parse(File.ReadAllText(Path.Combine(corpora, "azure-policy", "aliases-builtin.json"))).Value;
        var resources = ResourceFiles
            .SelectMany(f => File.ReadLines(Path.Combine(corpora, "resources", "azure", f + ".jsonl")))
            .Select(ReadResource)
            .ToList();
        pairs =
        [
            .. from line in File.ReadLines(Path.Combine(corpora, "azure-policy", "definitions.jsonl"))
               let definition = PolicyDefinition.Parse(JsonDocument.Parse(line).RootElement).Value
               where definition.Mode != PolicyMode.ResourceProvider
               let policy = PolicyCompiler.Compile(definition, null, aliases).Value
               where policy.Types is not null
               from resource in resources
               where policy.CanApplyTo(resource.Type)
               select (policy, new PolicyRequest(resource) { Context = Context, Related = PolicyRequest.Resolved([]) }),
        ];
    }

    [Benchmark]
    public int Evaluate()
    {
        var matched = 0;
        foreach (var (policy, request) in pairs)
        {
            matched += policy.Evaluate(request).Matched ? 1 : 0;
        }

        return matched;
    }

    private static PolicyResource ReadResource(string line)
    {
        using var document = JsonDocument.Parse(line);
        return PolicyResource.Parse(
            document.RootElement.GetProperty("resource"), document.RootElement.TryGetProperty("apiVersion", out var version) ? version.GetString() : null);
    }

    /// <summary>Beside the clone, or where <c>BARTIZAN_CORPORA</c> says.</summary>
    private static string Corpora()
    {
        if (Environment.GetEnvironmentVariable("BARTIZAN_CORPORA") is { Length: > 0 } named)
        {
            return named;
        }

        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Bartizan.slnx")))
            {
                return Path.GetFullPath(Path.Combine(folder, "..", "shared", "corpora"));
            }
        }

        throw new InvalidOperationException("The corpora lie neither beside a clone nor where BARTIZAN_CORPORA says.");
    }
}
