using Bartizan.Kql.Syntax;
using Bartizan.Kql.Tests.Corpus;

namespace Bartizan.Kql.Tests.Syntax;

public sealed class CorpusGrammarTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("rules.jsonl", 2833, 50)]
    [InlineData("docs-examples.jsonl", 873, 40)]
    public void Grammar_accepts_and_refuses_as_the_reference_does(string file, int accepted, int refused)
    {
        int right = 0, wrong = 0;
        foreach (var query in CorpusQuery.Read(file))
        {
            var diagnostics = SyntaxTree.Parse(query.Text).Diagnostics;
            if (query.Verdict == "syntax-error")
            {
                wrong += diagnostics.Count > 0 ? 1 : 0;
                if (diagnostics.Count == 0)
                {
                    output.WriteLine($"accepted: {query.Id} at {query.ErrorStart}");
                }
            }
            else
            {
                right += diagnostics.Count == 0 ? 1 : 0;
                if (diagnostics.Count > 0)
                {
                    var start = diagnostics[0].Span.Start;
                    output.WriteLine($"refused: {query.Id} {diagnostics[0]} near <{query.Text[Math.Max(0, start - 40)..Math.Min(query.Text.Length, start + 40)].Replace("\n", "\\n", StringComparison.Ordinal)}>");
                }
            }
        }

        output.WriteLine($"accepted {right}, refused {wrong}");
        Assert.True(right >= accepted, $"accepted {right} of the queries that have no syntax error, before {accepted}");
        Assert.True(wrong >= refused, $"refused {wrong} of the queries with a syntax error, before {refused}");
    }
}
