using System.Text.Json;
using Bartizan.Store.Queries;
using Bartizan.Testing;

namespace Bartizan.Store.Tests.Queries;

/// <summary>Examples of the language's documentation beside the clone: their queries give the rows that the pages print.</summary>
public sealed class DocumentedExampleTests(ITestOutputHelper output)
{
    private static readonly string[] OtherKinds = ["geo", "graph", "plugin"];

    [Fact]
    public async Task Runnable_examples_give_the_printed_rows_but_for_those_listed()
    {
        var path = RepositoryRoot.Corpus("kql/docs-examples.jsonl");
        Assert.SkipWhen(path is null, "The KQL corpus does not lie beside the clone.");
        using var store = OpenStore.InMemory();
        var runner = store.Queries;
        var only = Environment.GetEnvironmentVariable("BARTIZAN_EXAMPLE");
        var different = new SortedSet<string>(StringComparer.Ordinal);
        var counts = new Dictionary<string, (int Right, int All)>();
        foreach (var line in File.ReadLines(path!))
        {
            using var json = JsonDocument.Parse(line);
            var example = json.RootElement;
            if (!(example.TryGetProperty("runnable", out var runnable) && runnable.GetBoolean()) || (only is not null && !example.GetProperty("id").GetString()!.Contains(only, StringComparison.Ordinal)))
            {
                continue;
            }

            var kind = example.GetProperty("cautions").EnumerateArray().Select(c => c.GetString()!).FirstOrDefault(OtherKinds.Contains) ?? "core";
            var query = example.GetProperty("query").GetString()!;
            var difference = await Difference(runner, query, new PrintedTable(example));
            if (difference is not null)
            {
                _ = different.Add(example.GetProperty("id").GetString()!.Split('/')[^1]);
            }

            var (right, all) = counts.GetValueOrDefault(kind);
            counts[kind] = (difference is null ? right + 1 : right, all + 1);
            if (difference is not null && (kind == "core" || only is not null || Environment.GetEnvironmentVariable("BARTIZAN_ALL_EXAMPLES") is not null))
            {
                output.WriteLine($"{kind} {example.GetProperty("id").GetString()}: {difference}");
                if (only is not null)
                {
                    output.WriteLine(query);
                }
            }
        }

        foreach (var (kind, (right, all)) in counts)
        {
            output.WriteLine($"== {kind}: {right} of {all}");
        }

        if (only is null)
        {
            Assert.Equal(Listed(), different);
        }
    }

    /// <summary>The examples that the conformance page lists as not equal, each with its cause.</summary>
    private static SortedSet<string> Listed()
    {
        var rows = File.ReadLines(Path.Combine(RepositoryRoot.Path, "docs", "conformance", "kql-examples.md")).Where(l => l.StartsWith("| `", StringComparison.Ordinal));
        return new SortedSet<string>(rows.SelectMany(l => l.Split('|')[1].Split(',').Select(n => n.Trim(' ', '`'))), StringComparer.Ordinal);
    }

    private static async Task<string?> Difference(QueryRunner runner, string query, PrintedTable table)
    {
        var request = new QueryRequest(query) { Limits = new QueryLimits { Timeout = TimeSpan.FromSeconds(20) } };
        Foundation.Outcomes.Outcome<QueryResult> answer;
        try
        {
            answer = await runner.RunAsync(request, CancellationToken.None);
        }
#pragma warning disable CA1031 // A crash is one example that fails; the others are still counted.
        catch (Exception e)
        {
            return $"CRASH {e.GetType().Name}: {e.Message} {e.StackTrace?.Split('\n')[0].Trim()}";
        }
#pragma warning restore CA1031

        if (!answer.TryGetValue(out var result, out var problem))
        {
            return $"{problem.Code}: {problem.Message}";
        }

        return table.Difference(result.Others.Count > 0 ? result.Others[^1] : result);
    }
}
