using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Syntax.Tokens;

namespace Bartizan.Kql.Syntax.Parsing;

/// <summary>The operators that make, choose, group or expand columns.</summary>
internal sealed class ColumnOperatorParser(Parser parser)
{
    private readonly TokenReader reader = parser.Reader;
    private readonly NameParser names = parser.Names;

    private ExpressionParser Expressions => parser.Expressions;

    public ColumnsSyntax ParseColumns()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = parser.Operators.ParseParameters();
        var columns = IsEnd && keyword.Text is "project" ? [] : Expressions.ParseList(ParseColumn);
        return reader.Finish(mark, new ColumnsSyntax(keyword, columns) { Parameters = parameters });
    }

    private bool IsEnd => reader.AtEnd || reader.Is("|") || reader.Is(";") || reader.Is(")") || reader.Is("}");

    private ExpressionSyntax ParseColumn() =>
        reader.Is("*") && (reader.Peek(1).Is(",") || reader.Peek(1).Is("|") || reader.Peek(1).Is(")") || reader.Peek(1).Is(";") || reader.Peek(1).Kind == SyntaxTokenKind.EndOfText)
            ? Expressions.ParseStar()
            : Expressions.ParseNamed();

    public ColumnsSyntax ParsePatterns()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var columns = Expressions.ParseList(ParsePattern);
        return reader.Finish(mark, new ColumnsSyntax(keyword, columns));
    }

    private ExpressionSyntax ParsePattern()
    {
        var mark = reader.Mark;
        var pattern = reader.Is("*") || names.IsWildcard ? names.ParsePattern() : Expressions.ParseNamed();
        return Expressions.FinishOrdered(mark, pattern);
    }

    public ColumnsSyntax ParseSerialize()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = parser.Operators.ParseParameters();
        var columns = IsEnd ? [] : Expressions.ParseList(Expressions.ParseNamed);
        return reader.Finish(mark, new ColumnsSyntax(keyword, columns) { Parameters = parameters });
    }

    public SummarizeSyntax ParseSummarize()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = parser.Operators.ParseParameters();
        var aggregates = reader.Is("by") || IsEnd ? [] : Expressions.ParseList(Expressions.ParseNamed);
        SyntaxToken? by = null;
        List<ExpressionSyntax> keys = [];
        if (reader.Is("by"))
        {
            by = reader.Accept();
            keys = Expressions.ParseList(Expressions.ParseNamed);
            if (reader.Is("bin") && reader.Peek(1).Is("="))
            {
                reader.Accept();
                reader.Accept();
                Expressions.ParseScalar();
            }
        }

        return reader.Finish(mark, new SummarizeSyntax(keyword, aggregates, by, keys) { Parameters = parameters });
    }

    public TopNestedSyntax ParseTopNested()
    {
        var mark = reader.Mark;
        var keyword = reader.Current;
        var clauses = new List<TopNestedClauseSyntax>();
        do
        {
            var clause = reader.Mark;
            reader.Expect("top-nested");
            var count = reader.Is("of") ? null : Expressions.ParseScalar();
            reader.Expect("of");
            var of = Expressions.ParseNamed();
            ExpressionSyntax? others = null;
            if (reader.Is("with"))
            {
                reader.Accept();
                reader.Expect("others");
                reader.Expect("=");
                others = Expressions.ParseScalar();
            }

            reader.Expect("by");
            clauses.Add(reader.Finish(clause, new TopNestedClauseSyntax(count, of, others, Expressions.ParseOrdered())));
        }
        while (reader.AcceptIf(","));
        return reader.Finish(mark, new TopNestedSyntax(keyword, clauses));
    }

    public MvExpandSyntax ParseMvExpand()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = parser.Operators.ParseParameters("bagexpansion", "kind", "with_itemindex");
        var columns = ParseExpansions();
        var limit = reader.AcceptIf("limit") ? Expressions.ParseScalar() : null;
        return reader.Finish(mark, new MvExpandSyntax(keyword, columns, limit) { Parameters = parameters });
    }

    private List<ExpansionSyntax> ParseExpansions()
    {
        var columns = new List<ExpansionSyntax>();
        do
        {
            var mark = reader.Mark;
            var value = Expressions.ParseNamed();
            var to = reader.AcceptIf("to") ? Expressions.ParseTypeof() : null;
            columns.Add(reader.Finish(mark, new ExpansionSyntax(value, to)));
        }
        while (reader.AcceptIf(","));
        return columns;
    }

    public MvApplySyntax ParseMvApply()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = parser.Operators.ParseParameters("bagexpansion", "kind", "with_itemindex");
        var columns = ParseExpansions();
        var limit = reader.AcceptIf("limit") ? Expressions.ParseScalar() : null;
        var id = reader.AcceptIf("id") ? Expressions.ParseScalar() : null;
        reader.Expect("on");
        reader.Expect("(");
        var body = parser.Pipes.ParseSubquery(")");
        reader.Expect(")");
        return reader.Finish(mark, new MvApplySyntax(keyword, columns, limit, id, body) { Parameters = parameters });
    }

    public MakeSeriesSyntax ParseMakeSeries()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = parser.Operators.ParseParameters("kind");
        var series = new List<SeriesSyntax>();
        do
        {
            var item = reader.Mark;
            var aggregate = Expressions.ParseNamed();
            ExpressionSyntax? value = null;
            if (reader.Is("default") && reader.Peek(1).Is("="))
            {
                reader.Accept();
                reader.Accept();
                value = Expressions.ParseScalar();
            }

            series.Add(reader.Finish(item, new SeriesSyntax(aggregate, value)));
        }
        while (reader.AcceptIf(","));

        reader.Expect("on");
        var axis = ParseAxis();
        ExpressionSyntax? from = null, to = null, step = null;
        var isRange = reader.Is("in") && reader.Peek(1).Is("range");
        if (isRange)
        {
            reader.Accept();
            reader.Accept();
            var bounds = Expressions.ParseArguments();
            from = bounds.Count > 0 ? bounds[0] : null;
            to = bounds.Count > 1 ? bounds[1] : null;
            step = bounds.Count > 2 ? bounds[2] : null;
        }
        else
        {
            from = reader.AcceptIf("from") ? Expressions.ParseScalar() : null;
            to = reader.AcceptIf("to") ? Expressions.ParseScalar() : null;
            step = reader.AcceptIf("step") ? Expressions.ParseScalar() : null;
        }

        if (step is null)
        {
            reader.ReportExpected("step");
        }

        List<ExpressionSyntax> keys = reader.AcceptIf("by") ? Expressions.ParseList(Expressions.ParseNamed) : [];
        return reader.Finish(mark, new MakeSeriesSyntax(keyword, series, axis, from, to, step, keys) { Parameters = parameters, IsRange = isRange });
    }

    private ExpressionSyntax ParseAxis()
    {
        var mark = reader.Mark;
        if (!names.IsAssignment)
        {
            return Expressions.ParseSum();
        }

        var name = names.ParseDeclaredName();
        reader.Accept();
        return reader.Finish(mark, new NamedSyntax([name], false, Expressions.ParseSum()));
    }
}
