using System.Globalization;
using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Types;
using Bartizan.Testing;

namespace Bartizan.Kql.Tests.Corpus;

public sealed class CorpusColumnTests(ITestOutputHelper output)
{
    private static readonly Lazy<SchemaSet?> Schemas = new(() => RepositoryRoot.Corpus("kql/schemas.json") is { } path ? SchemaSet.Parse(File.ReadAllText(path)) : null);

    [Theory]
    [InlineData("rules.jsonl", 2660, 2655, 200)]
    [InlineData("docs-examples.jsonl", 580, 576, 208)]
    public void Queries_are_accepted_and_have_the_columns_of_the_reference(string file, int accepted, int alike, int refused)
    {
        int clean = 0, faulty = 0, accepts = 0, equal = 0, refuses = 0, placed = 0;
        foreach (var query in CorpusQuery.Read(file))
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            var analysis = KqlAnalysis.Of(query.Text, Schemas.Value!.ForPlatform(query.Platform)!);
            if (clock.ElapsedMilliseconds > 20)
            {
                output.WriteLine($"slow: {query.Id} {clock.ElapsedMilliseconds} ms");
            }

            var error = analysis.Error;
            if (query.Verdict == "clean")
            {
                clean++;
                accepts += error is null ? 1 : 0;
                if (error is not null)
                {
                    Write("refused", query, error);
                }
                else if (Difference(query, analysis) is { } difference)
                {
                    output.WriteLine($"columns: {query.Id}: {difference}");
                }
                else
                {
                    equal++;
                }

                continue;
            }

            faulty++;
            refuses += error is null ? 0 : 1;
            if (error is null)
            {
                output.WriteLine($"accepted: {query.Id} {query.ErrorCode} <{Around(query, query.ErrorStart)}>");
            }
            else if (error.Span.Start >= query.ErrorStart && error.Span.Start <= query.ErrorStart + Math.Max(1, query.ErrorLength))
            {
                placed++;
            }
            else
            {
                Write($"misplaced {query.ErrorCode}@{query.ErrorStart}", query, error);
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"clean {clean}: accepted {accepts} ({100.0 * accepts / clean:F2}%), columns equal {equal} ({100.0 * equal / Math.Max(1, accepts):F2}% of those); faulty {faulty}: refused {refuses}, at the right place {placed}"));
        Assert.True(accepts >= accepted, $"accepted {accepts}, before {accepted}");
        Assert.True(equal >= alike, $"columns equal in {equal}, before {alike}");
        Assert.True(placed >= refused, $"refused at the right place {placed}, before {refused}");
    }

    private void Write(string what, CorpusQuery query, Diagnostic error) =>
        output.WriteLine($"{what}: {query.Id} {error.Code}@{error.Span.Start} {error.Message} <{Around(query, error.Span.Start)}>");

    private static string Around(CorpusQuery query, int at) =>
        query.Text[Math.Clamp(at - 30, 0, query.Text.Length)..Math.Clamp(at + 40, 0, query.Text.Length)].ReplaceLineEndings("\\n");

    private static string? Difference(CorpusQuery query, KqlAnalysis analysis)
    {
        if (query.Shape is not "table")
        {
            return query.Shape == "scalar" && analysis.Shape.Columns.Count != 1 ? "not a scalar" : null;
        }

        var ours = analysis.Shape.Columns;
        var theirs = query.Columns;
        for (var i = 0; i < theirs.Count; i++)
        {
            if (i >= ours.Count)
            {
                return $"{i} of {theirs.Count} columns, lacks {theirs[i].Name}";
            }

            if (ours[i].Name != theirs[i].Name)
            {
                return $"column {i} is {ours[i].Name}, not {theirs[i].Name}";
            }

            var type = ours[i].Type.ToString().ToLowerInvariant();
            if (theirs[i].Type != "unknown" && ours[i].Type != KqlType.Unknown && type != theirs[i].Type)
            {
                return $"column {i} {ours[i].Name} is {type}, not {theirs[i].Type}";
            }
        }

        return ours.Count > theirs.Count && !query.IsOpen ? $"{ours.Count} columns, not {theirs.Count}: also {ours[theirs.Count].Name}" : null;
    }
}
