using System.Text.Json;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Evaluation;

namespace Bartizan.Policy.Tests.Corpus;

/// <summary>Outcomes that others tested, against ours.</summary>
public sealed class KnownAnswerTests(ITestOutputHelper output)
{
    private const string ApiVersion = "2024-01-01";

    /// <summary>
    /// Cases whose source takes a condition on <c>[*]</c> over an empty array as not met. Azure documents it as met, since no member
    /// is in violation; these go when the source follows.
    /// </summary>
    private static readonly string[] AgainstTheDocumentation = ["kv-iprules-with-allow-none", "kv-iprules-with-deny-none"];

    [Fact]
    public void Every_known_answer_agrees()
    {
        var wanted = PolicyCorpus.Lines("resources/azure/builtin-known-answers.jsonl").ToList();
        var names = wanted.Select(w => Text(w, "policy")).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var policies = PolicyCorpus.Lines("azure-policy/definitions.jsonl")
            .Where(d => names.Contains(Text(d, "name")))
            .ToDictionary(d => Text(d, "name"), d => PolicyCompiler.Compile(PolicyDefinition.Parse(d).Value, null, PolicyCorpus.Aliases).Value, StringComparer.OrdinalIgnoreCase);
        var files = PolicyCorpus.Lines("resources/azure/psrule-resources.jsonl").ToLookup(r => Text(r, "file"));

        var wrong = new List<string>();
        foreach (var answer in wanted)
        {
            var verdict = Judge(policies[Text(answer, "policy")], [.. files[Text(answer, "file")]], answer);
            var isWeak = verdict.State == ComplianceState.NonCompliant;
            if (verdict.Error is not null || isWeak != (Text(answer, "expected") == "noncompliant"))
            {
                wrong.Add($"{Text(answer, "displayName")} on {Text(answer, "resource")}: {verdict.State} {verdict.Error}, expected {Text(answer, "expected")}");
            }
        }

        output.WriteLine($"{wanted.Count - wrong.Count} of {wanted.Count} agree");
        Assert.Equal(wanted.Count, wanted.Count - wrong.Count);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Sample_cases_agree_but_for_those_against_the_documentation()
    {
        var (count, agreeing) = (0, 0);
        foreach (var sample in PolicyCorpus.Lines("resources/azure/policy-sample-cases.jsonl"))
        {
            count++;
            var policy = PolicyCompiler.Compile(PolicyDefinition.Parse(sample.GetProperty("definition")).Value, null, PolicyCorpus.Aliases).Value;
            var verdict = policy.Evaluate(new PolicyRequest(PolicyResource.Parse(sample.GetProperty("resource"))) { Context = PolicyCorpus.Context });
            var effect = verdict.Matched ? verdict.Effect : "none";
            var agrees = effect.Equals(Text(sample, "expected"), StringComparison.OrdinalIgnoreCase);
            agreeing += agrees ? 1 : 0;
            Assert.True(agrees != AgainstTheDocumentation.Contains(Text(sample, "case")), $"{Text(sample, "sample")} {Text(sample, "case")}: {effect}");
        }

        output.WriteLine($"{agreeing} of {count} sample cases agree");
        Assert.True(count >= 12, $"{count} cases");
    }

    private static Verdict Judge(CompiledPolicy policy, List<JsonElement> file, JsonElement answer)
    {
        var name = Text(answer, "resource");
        var related = answer.GetProperty("related").EnumerateArray().Select(r => r.GetString()!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var subject = file.Select(l => l.GetProperty("resource")).First(r => Text(r, "name") == name && policy.CanApplyTo(Text(r, "type")));
        var candidates = from line in file
                         let resource = line.GetProperty("resource")
                         where Text(line, "parent") == name && (related.Contains(Text(resource, "id")) || related.Contains(Text(resource, "name")))
                         select PolicyResource.Parse(resource, ApiVersion);
        return policy.Evaluate(new PolicyRequest(PolicyResource.Parse(subject, ApiVersion))
        {
            Context = PolicyCorpus.Context,
            Related = PolicyRequest.Among([.. candidates]),
        });
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
