using System.Text.Json;
using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assessments;
using Bartizan.Posture.Assignments;
using Bartizan.Testing;

namespace Bartizan.Posture.Tests.Evaluation;

/// <summary>Resources that others recorded, beside the clone; without them these tests skip.</summary>
public sealed class RealResourcesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("azure/recorded-resources.jsonl", 300)]
    [InlineData("azure/psrule-resources.jsonl", 300)]
    [InlineData("azure/api-example-resources.jsonl", 600)]
    public async Task Recorded_resources_are_assessed_without_a_failure(string file, int least)
    {
        var path = RepositoryRoot.Corpus("resources/" + file);
        Assert.SkipWhen(path is null, "The corpus is not beside the clone.");
        await using var estate = new Estate();
        var receipt = await estate.PutAsync(await File.ReadAllLinesAsync(path!, Stop));
        Assert.Empty(receipt.Problems.Select(p => $"{p.Line}: {p.Message}"));

        await estate.Sweep.SweepAsync(Stop);

        Assert.True(estate.Queries.Board.Count >= least, $"{estate.Queries.Board.Count} resources stand on the board.");
        Assert.Empty(estate.Queries.Findings(ResourceId.Tenant).Where(f => f.Assessment.Cause == AssessmentCause.EvaluationFailed).Select(f => $"{f.Check?.Name} {f.Resource.Id}: {f.Assessment.Description}"));
        Assert.Contains(estate.Queries.Recommendations(), r => r.State == AssessmentStatus.Unhealthy);
    }

    [Fact]
    public async Task Imported_built_ins_agree_with_the_known_answers()
    {
        var answers = RepositoryRoot.Corpus("resources/azure/builtin-known-answers.jsonl");
        Assert.SkipWhen(answers is null, "The corpus is not beside the clone.");
        var cases = (await File.ReadAllLinesAsync(answers!, Stop)).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        var wanted = cases.Select(c => c.GetProperty("policy").GetString()!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var definitions = (await File.ReadAllLinesAsync(RepositoryRoot.Corpus("azure-policy/definitions.jsonl")!, Stop))
            .Where(l => wanted.Any(w => l.Contains(w, StringComparison.OrdinalIgnoreCase)));
        var resources = await File.ReadAllLinesAsync(RepositoryRoot.Corpus("resources/azure/psrule-resources.jsonl")!, Stop);
        var wrong = new List<string>();
        var judged = 0;
        foreach (var file in cases.GroupBy(c => c.GetProperty("file").GetString()!))
        {
            await using var estate = new Estate();
            var receipt = await estate.Get<PolicyImporter>().ImportAsync("definitions.jsonl", string.Join('\n', definitions), "t", Stop);
            Assert.True(receipt.Definitions >= wanted.Count);
            await estate.PutAsync([.. resources.Where(r => r.Contains($"\"{file.Key}\"", StringComparison.Ordinal))]);
            var book = estate.Get<AssignmentBook>();
            foreach (var policy in wanted)
            {
                using var properties = JsonDocument.Parse($$"""{"policyDefinitionId":"/providers/Microsoft.Authorization/policyDefinitions/{{policy}}"}""");
                Assert.True((await book.AssignAsync(ResourceId.Tenant, policy, properties.RootElement, null, null, null, "t", Stop)).IsSuccess);
            }

            await estate.Sweep.SweepAsync(Stop);
            foreach (var answer in file)
            {
                var name = answer.GetProperty("resource").GetString()!;
                var found = estate.Queries.Findings(ResourceId.Tenant, key: answer.GetProperty("policy").GetString()!)
                    .Where(f => EndsWith(f.Resource.Id, name) || f.Resource.Name == name).ToList();

                // A resource that the definition passes over is compliant in Azure's eyes.
                var isUnhealthy = answer.GetProperty("expected").GetString() == "noncompliant";
                judged++;
                if (found.Count != 1 || (found[0].Assessment.Status == AssessmentStatus.Unhealthy) != isUnhealthy || found[0].Assessment.Status == AssessmentStatus.Unknown)
                {
                    wrong.Add($"{answer.GetProperty("policy")} {file.Key} {name}: {string.Join(",", found.Select(f => f.Assessment.Status))} instead of {answer.GetProperty("expected")}");
                }
            }
        }

        Assert.Equal(76, judged);
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    /// <summary>Whether an id ends with these names: <c>vnet-A/subnet-B</c>.</summary>
    private static bool EndsWith(ResourceId id, string names) => names.Split('/') is [.., var last] parts
        && id.Name.Equals(last, StringComparison.OrdinalIgnoreCase) && (parts.Length == 1 || id.Parent!.Name.Equals(parts[^2], StringComparison.OrdinalIgnoreCase));
}
