using System.Text.Json;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Store.Queries;
using Bartizan.Testing;

namespace Bartizan.Store.Tests.Queries;

/// <summary>What is accepted runs: every query of the corpus that binds is run over a few rows of the tables it names.</summary>
public sealed class AcceptedQueryTests(ITestOutputHelper output)
{
    /// <summary>How many queries a run looks at, spread over the corpus; <c>BARTIZAN_ALL_QUERIES</c> runs them all.</summary>
    private const int Sample = 150;

    /// <summary>Of those that bind, how many may fail: what cannot run yet. It may only shrink.</summary>
    private const double MayFail = 0.03;

    [Fact]
    public async Task Queries_that_bind_also_run()
    {
        var path = RepositoryRoot.Corpus("kql/rules.jsonl");
        Assert.SkipWhen(path is null, "The KQL corpus does not lie beside the clone.");
        var schemas = SchemaSet.Parse(await File.ReadAllTextAsync(RepositoryRoot.Corpus("kql/schemas.json")!));
        using var database = ScratchDatabase.Open(TimeProvider.System, rows: 5, externalDataIsEmpty: true).Value;
        var lines = File.ReadLines(path!).ToList();
        var step = Environment.GetEnvironmentVariable("BARTIZAN_ALL_QUERIES") is null ? Math.Max(1, lines.Count / Sample) : 1;
        var only = Environment.GetEnvironmentVariable("BARTIZAN_EXAMPLE");
        var (bound, ran) = (0, 0);
        for (var i = 0; i < lines.Count; i += step)
        {
            using var json = JsonDocument.Parse(lines[i]);
            var query = json.RootElement;
            var id = query.GetProperty("id").GetString()!;
            if (query.GetProperty("verdict").GetString() != "clean" || (only is not null && !id.Contains(only, StringComparison.Ordinal)))
            {
                continue;
            }

            var failure = await FailureAsync(database, query.GetProperty("query").GetString()!, schemas.ForPlatform(query.GetProperty("platform").GetString())!);
            if (failure is not null && (failure.StartsWith("KS", StringComparison.Ordinal) || failure.StartsWith("BZ", StringComparison.Ordinal)))
            {
                continue;
            }

            bound++;
            ran += failure is null ? 1 : 0;
            if (failure is not null)
            {
                output.WriteLine($"FAILS {id}: {failure}");
            }
        }

        output.WriteLine($"== {ran} of {bound} accepted queries run");
        Assert.True(only is not null || ran >= bound * (1 - MayFail), $"Only {ran} of {bound} accepted queries run.");
    }

    private static async Task<string?> FailureAsync(ScratchDatabase database, string text, ISchemaCatalog schema)
    {
        try
        {
            var request = new QueryRequest(text) { Limits = new QueryLimits { Timeout = TimeSpan.FromSeconds(20) } };
            var answer = await database.RunAsync(request, schema, CancellationToken.None);
            return answer.Problem is { } problem ? $"{problem.Code}: {problem.Message}" : null;
        }
#pragma warning disable CA1031 // A crash is one query that fails; the others are still run.
        catch (Exception e)
        {
            return $"CRASH {e.GetType().Name}: {e.Message} {string.Join(" < ", (e.StackTrace ?? "").Split('\n').Take(4).Select(l => l.Trim()))}";
        }
#pragma warning restore CA1031
    }
}
