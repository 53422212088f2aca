using System.Text.Json;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;
using Bartizan.Testing;

namespace Bartizan.Policy.Tests.Corpus;

/// <summary>Published definitions, aliases and resources beside the clone; tests over them skip where they are absent.</summary>
internal static class PolicyCorpus
{
    private static readonly Lazy<AliasTable> BuiltInAliases = new(() => AliasTable.Parse(File.ReadAllText(Path("azure-policy/aliases-builtin.json"))).Value);

    public static AliasTable Aliases => BuiltInAliases.Value;

    /// <summary>The context that the known answers were given in.</summary>
    public static EvaluationContext Context { get; } = EvaluationContext.From(PolicyJson.TryParse("""
        {"resourceGroup":{"name":"rg-test","location":"eastus","managedBy":null},"subscription":{"subscriptionId":"00000000-0000-0000-0000-000000000000"},
         "requestContext":{"apiVersion":"2024-01-01"},"policy":{"assignmentId":"/providers/a"},"utcNow":"2026-05-01T00:00:00.0000000Z"}
        """)!);

    public static string Path(string relative)
    {
        var path = RepositoryRoot.Corpus(relative);
        Assert.SkipWhen(path is null, $"The file {relative} of the corpora is not beside this clone.");
        return path;
    }

    public static IEnumerable<JsonElement> Lines(string relative)
    {
        foreach (var line in File.ReadLines(Path(relative)))
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }

    public static IEnumerable<PolicyDefinition> Definitions() => Lines("azure-policy/definitions.jsonl").Select(d => PolicyDefinition.Parse(d).Value);

    /// <summary>Every resource of the three files, with the version it was read in.</summary>
    public static IEnumerable<PolicyResource> Resources() =>
        from file in new[] { "psrule-resources", "recorded-resources", "api-example-resources" }
        from line in Lines($"resources/azure/{file}.jsonl")
        select PolicyResource.Parse(line.GetProperty("resource"), line.TryGetProperty("apiVersion", out var version) ? version.GetString() : null);
}
