using Bartizan.Kql.Syntax;
using Bartizan.Kql.Tests.Corpus;
using CsCheck;

namespace Bartizan.Kql.Tests.Syntax;

public sealed class RoundTripTests
{
    private static readonly string[] Pieces =
    [
        "T", "where", "|", " ", "\n", "(", ")", "[", "]", "{", "}", ",", ";", "=", "==", "a", "b*", "*", "\"x\"", "'y", "@\"", "```", "1", "1.5", "1d",
        "..", ".", "let", "summarize", "by", "join", "kind=inner", "on", "$left", "mv-expand", "parse", "with", "scan", "step", "=>", ":", "datetime(",
        "dynamic({", "graph-match", "-[", "]->", "<-", "//c", "#", "has_any", "in~", "!in", "between", "top-nested", "of", "union", "print", "range",
        "from", "to", "datatable", "\\", "é", "\uD800", "\0", "evaluate", "make-series", "default=", "fork", "facet", "-", "+", "/", "%", "~", "!", "h'",
    ];

    [Fact]
    public void Any_sequence_of_pieces_prints_back() =>
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 60].Sample(pieces => PrintsBack(string.Concat(pieces)), iter: 20_000);

    [Fact]
    public void Any_characters_print_back() => Gen.String[0, 200].Sample(PrintsBack, iter: 20_000);

    [Fact]
    public void Every_query_of_the_corpus_prints_back()
    {
        foreach (var query in CorpusQuery.Read("rules.jsonl").Concat(CorpusQuery.Read("docs-examples.jsonl")))
        {
            Assert.Equal(query.Text, SyntaxTree.Parse(query.Text).Root.ToFullText());
        }
    }

    [Fact]
    public void A_truncated_query_prints_back()
    {
        foreach (var query in CorpusQuery.Read("rules.jsonl").Take(400))
        {
            var text = query.Text[..(query.Text.Length * 2 / 3)];
            Assert.Equal(text, SyntaxTree.Parse(text).Root.ToFullText());
        }
    }

    [Theory]
    [InlineData("(")]
    [InlineData("a[")]
    [InlineData("f(")]
    [InlineData("-(")]
    [InlineData("{")]
    [InlineData("dynamic([")]
    [InlineData("T | where (")]
    [InlineData("T | fork (")]
    [InlineData("let f = () {")]
    [InlineData("toscalar(T | where a in (")]
    public void Nesting_without_bound_is_refused_and_prints_back(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 20_000));
        var tree = SyntaxTree.Parse(text);
        Assert.NotEmpty(tree.Diagnostics);
        Assert.Equal(text, tree.Root.ToFullText());
    }

    [Fact]
    public void A_long_chain_is_no_deep_nesting()
    {
        var text = "T | where " + string.Join(" or ", Enumerable.Repeat("a == 1", 20_000));
        var tree = SyntaxTree.Parse(text);
        Assert.Empty(tree.Diagnostics);
        Assert.Equal(text, tree.Root.ToFullText());
    }

    private static bool PrintsBack(string text) => SyntaxTree.Parse(text).Root.ToFullText() == text;
}
