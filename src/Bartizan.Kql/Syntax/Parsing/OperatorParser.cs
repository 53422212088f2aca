using System.Collections.Frozen;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Syntax.Tokens;

namespace Bartizan.Kql.Syntax.Parsing;

/// <summary>What may follow a bar: the list of operators, their named parameters, and those that take rows as they come.</summary>
internal sealed class OperatorParser
{
    private readonly Parser parser;
    private readonly TokenReader reader;
    private readonly NameParser names;
    private readonly FrozenDictionary<string, Func<QueryOperatorSyntax>> operators;

    public OperatorParser(Parser parser)
    {
        this.parser = parser;
        reader = parser.Reader;
        names = parser.Names;
        operators = Words().ToFrozenDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
    }

    public IEnumerable<string> Names => operators.Keys;

    public bool IsOperator(SyntaxToken token) => token.Kind == SyntaxTokenKind.Identifier && operators.ContainsKey(token.Text);

    private Dictionary<string, Func<QueryOperatorSyntax>> Words() => new(StringComparer.Ordinal)
    {
        ["where"] = ParseWhere,
        ["filter"] = ParseWhere,
        ["extend"] = () => parser.Columns.ParseColumns(),
        ["project"] = () => parser.Columns.ParseColumns(),
        ["project-away"] = () => parser.Columns.ParsePatterns(),
        ["project-keep"] = () => parser.Columns.ParsePatterns(),
        ["project-rename"] = () => parser.Columns.ParseColumns(),
        ["project-reorder"] = () => parser.Columns.ParsePatterns(),
        ["project-by-names"] = () => parser.Columns.ParseColumns(),
        ["project-smart"] = ParseBare,
        ["serialize"] = () => parser.Columns.ParseSerialize(),
        ["distinct"] = () => parser.Columns.ParseColumns(),
        ["print"] = () => parser.Columns.ParseColumns(),
        ["summarize"] = () => parser.Columns.ParseSummarize(),
        ["count"] = ParseCount,
        ["take"] = ParseTake,
        ["limit"] = ParseTake,
        ["sample"] = ParseTake,
        ["sample-distinct"] = ParseSampleDistinct,
        ["sort"] = ParseSort,
        ["order"] = ParseSort,
        ["top"] = ParseTop,
        ["top-hitters"] = ParseTopHitters,
        ["top-nested"] = () => parser.Columns.ParseTopNested(),
        ["join"] = ParseJoin,
        ["lookup"] = ParseJoin,
        ["union"] = ParseUnion,
        ["mv-expand"] = () => parser.Columns.ParseMvExpand(),
        ["mvexpand"] = () => parser.Columns.ParseMvExpand(),
        ["mv-apply"] = () => parser.Columns.ParseMvApply(),
        ["mvapply"] = () => parser.Columns.ParseMvApply(),
        ["parse"] = () => parser.Patterns.ParseParse(),
        ["parse-where"] = () => parser.Patterns.ParseParse(),
        ["parse-kv"] = () => parser.Patterns.ParseParseKv(),
        ["make-series"] = () => parser.Columns.ParseMakeSeries(),
        ["partition"] = () => parser.Patterns.ParsePartition(),
        ["scan"] = () => parser.Patterns.ParseScan(),
        ["reduce"] = () => parser.Patterns.ParseReduce(),
        ["fork"] = () => parser.Patterns.ParseFork(),
        ["facet"] = () => parser.Patterns.ParseFacet(),
        ["search"] = () => parser.Patterns.ParseSearch(),
        ["find"] = () => parser.Patterns.ParseFind(),
        ["invoke"] = () => parser.Patterns.ParseInvoke(),
        ["evaluate"] = () => parser.Patterns.ParseInvoke(),
        ["range"] = ParseRange,
        ["as"] = ParseAs,
        ["consume"] = ParseBare,
        ["getschema"] = ParseBare,
        ["execute-and-cache"] = ParseBare,
        ["assert-schema"] = ParseAssertSchema,
        ["render"] = () => parser.Patterns.ParseRender(),
        ["macro-expand"] = () => parser.Patterns.ParseMacroExpand(),
        ["make-graph"] = () => parser.Graphs.ParseMakeGraph(),
        ["graph-match"] = () => parser.Graphs.ParseMatch(),
        ["graph-shortest-paths"] = () => parser.Graphs.ParseMatch(),
        ["graph-to-table"] = () => parser.Graphs.ParseToTable(),
        ["graph-mark-components"] = ParseBare,
        ["graph-where-nodes"] = () => parser.Graphs.ParseWhere(),
        ["graph-where-edges"] = () => parser.Graphs.ParseWhere(),
    };

    public QueryOperatorSyntax Parse()
    {
        if (reader.Current.Kind == SyntaxTokenKind.Identifier && operators.TryGetValue(reader.Current.Text, out var parse))
        {
            if (!reader.TryEnter())
            {
                return SkipUnknown();
            }

            var result = parse();
            reader.Leave();
            return result;
        }

        return SkipUnknown();
    }

    private UnknownOperatorSyntax SkipUnknown()
    {
        var mark = reader.Mark;
        var keyword = reader.Current;
        if (keyword.Kind == SyntaxTokenKind.Identifier)
        {
            var near = Foundation.Outcomes.NearestName.Find(keyword.Text, operators.Keys);
            reader.Report("KS176", keyword.Span, "Query operator expected.", near is null ? null : $"Did you mean '{near}'?");
            reader.Accept();
            reader.SkipUntilSilently(IsEnd);
        }
        else
        {
            reader.Report("KS176", new Foundation.Outcomes.TextSpan(reader.PreviousEnd, 0), "Query operator expected.");
        }

        return reader.Finish(mark, new UnknownOperatorSyntax(keyword));
    }

    private static bool IsEnd(SyntaxToken token) => token.Is("|") || token.Is(";") || token.Is(")") || token.Is("}");

    /// <summary><c>kind=inner hint.strategy=shuffle</c>: any such pairs, or only <c>hint.…</c> and the names given.</summary>
    public List<OperatorParameterSyntax> ParseParameters(params ReadOnlySpan<string> allowed)
    {
        var parameters = new List<OperatorParameterSyntax>();
        while (reader.Current.Kind == SyntaxTokenKind.Identifier)
        {
            var isHint = reader.Is("hint") && reader.Peek(1).Is(".");
            if (!isHint && !(reader.Peek(1).Is("=") && (allowed.Contains(reader.Current.Text) || allowed.Contains("*"))))
            {
                break;
            }

            var mark = reader.Mark;
            var name = reader.Accept().Text;
            if (isHint)
            {
                reader.Accept();
                name += "." + (reader.Current.Kind == SyntaxTokenKind.Identifier ? reader.Accept().Text : "");
            }

            reader.Expect("=");
            parameters.Add(reader.Finish(mark, new OperatorParameterSyntax(name, ParseParameterValue())));
        }

        return parameters;
    }

    public ExpressionSyntax ParseParameterValue() =>
        reader.Current.Kind == SyntaxTokenKind.Identifier && reader.Current.Text is not ("true" or "false" or "dynamic")
            ? names.ParseName()
            : reader.Is("(") ? reader.Finish(reader.Mark, new MissingSyntax()) : ParseSigned();

    private ExpressionSyntax ParseSigned()
    {
        var mark = reader.Mark;
        if (reader.Is("-"))
        {
            var sign = reader.Accept();
            return reader.Finish(mark, new UnarySyntax(sign, parser.Expressions.ParsePath()));
        }

        return parser.Expressions.ParsePath();
    }

    /// <summary><c>with (name=value, …)</c>, also without the parentheses; the names may contain dots.</summary>
    public List<OperatorParameterSyntax> ParseWithProperties()
    {
        if (!reader.Is("with"))
        {
            return [];
        }

        reader.Accept();
        var parenthesized = reader.AcceptIf("(");
        var properties = ParseProperties(parenthesized ? ")" : "|");
        if (parenthesized)
        {
            reader.Expect(")");
        }

        return properties;
    }

    public List<OperatorParameterSyntax> ParseProperties(string close)
    {
        var properties = new List<OperatorParameterSyntax>();
        while (!reader.AtEnd && !reader.Is(close) && reader.Current.Kind == SyntaxTokenKind.Identifier && (reader.Peek(1).Is("=") || reader.Peek(1).Is(".")))
        {
            var mark = reader.Mark;
            var name = reader.Accept().Text;
            while (reader.AcceptIf("."))
            {
                name += "." + (reader.Current.Kind == SyntaxTokenKind.Identifier ? reader.Accept().Text : "");
            }

            reader.Expect("=");
            var value = ParseParameterValue();

            // ycolumns = a, b: more names until the next one with an equals sign.
            while (reader.Is(",") && value is NameSyntax && reader.Peek(1).Kind == SyntaxTokenKind.Identifier && !reader.Peek(2).Is("=") && !reader.Peek(2).Is("."))
            {
                reader.Accept();
                names.ParseName();
            }

            properties.Add(reader.Finish(mark, new OperatorParameterSyntax(name, value)));
            reader.AcceptIf(",");
        }

        return properties;
    }

    private WhereSyntax ParseWhere()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = ParseParameters("kind");
        var condition = parser.Expressions.ParseNamed();
        return reader.Finish(mark, new WhereSyntax(keyword, condition) { Parameters = parameters });
    }

    private CountSyntax ParseCount()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = ParseParameters();
        var name = reader.AcceptIf("as") ? names.ParseDeclaredName() : null;
        return reader.Finish(mark, new CountSyntax(keyword, name) { Parameters = parameters });
    }

    private TakeSyntax ParseTake()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = ParseParameters();
        return reader.Finish(mark, new TakeSyntax(keyword, parser.Expressions.ParseNamed()) { Parameters = parameters });
    }

    private SampleDistinctSyntax ParseSampleDistinct()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = ParseParameters();
        var count = parser.Expressions.ParseNamed();
        reader.Expect("of");
        return reader.Finish(mark, new SampleDistinctSyntax(keyword, count, parser.Expressions.ParseNamed()) { Parameters = parameters });
    }

    private SortSyntax ParseSort()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = ParseParameters();
        if (!reader.AcceptIf("by"))
        {
            reader.ReportExpected("by");
        }

        var keys = parser.Expressions.ParseList(parser.Expressions.ParseOrdered);
        return reader.Finish(mark, new SortSyntax(keyword, keys) { Parameters = parameters });
    }

    private TopSyntax ParseTop()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = ParseParameters();
        var count = parser.Expressions.ParseNamed();
        reader.Expect("by");
        var keys = parser.Expressions.ParseList(parser.Expressions.ParseOrdered);
        return reader.Finish(mark, new TopSyntax(keyword, count, keys) { Parameters = parameters });
    }

    private TopHittersSyntax ParseTopHitters()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var count = parser.Expressions.ParseNamed();
        reader.Expect("of");
        var of = parser.Expressions.ParseNamed();
        var by = reader.AcceptIf("by") ? parser.Expressions.ParseNamed() : null;
        return reader.Finish(mark, new TopHittersSyntax(keyword, count, of, by));
    }

    private JoinSyntax ParseJoin()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = ParseParameters("*");
        var right = ParseTable();
        SyntaxToken? on = null;
        List<ExpressionSyntax> conditions = [];
        if (reader.Is("on") || reader.Is("where"))
        {
            on = reader.Accept();
            conditions = parser.Expressions.ParseList(() => parser.Expressions.ParseScalar());
        }
        else
        {
            reader.Report("KS006", keyword.Span, "Missing join on condition clause", "Add 'on' and the columns that both sides share.");
            reader.SkipUntilSilently(IsEnd);
        }

        return reader.Finish(mark, new JoinSyntax(keyword, right, on, conditions) { Parameters = parameters });
    }

    private UnionSyntax ParseUnion()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = ParseParameters("*");
        var tables = parser.Expressions.ParseList(ParseTable);
        return reader.Finish(mark, new UnionSyntax(keyword, tables) { Parameters = parameters });
    }

    /// <summary>A table in an operator: a name, also with wildcards, a path, or a pipe in parentheses.</summary>
    public ExpressionSyntax ParseTable() =>
        reader.Is("*") || names.IsWildcard ? names.ParsePattern() : parser.Expressions.ParsePath();

    private RangeSyntax ParseRange()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var name = names.ParseDeclaredName();
        reader.Expect("from");
        var from = parser.Expressions.ParseNamed();
        reader.Expect("to");
        var to = parser.Expressions.ParseNamed();
        reader.Expect("step");
        return reader.Finish(mark, new RangeSyntax(keyword, name, from, to, parser.Expressions.ParseNamed()));
    }

    private AsSyntax ParseAs()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = ParseParameters();
        return reader.Finish(mark, new AsSyntax(keyword, names.ParseDeclaredName()) { Parameters = parameters });
    }

    private BareOperatorSyntax ParseBare()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = ParseParameters("*");
        return reader.Finish(mark, new BareOperatorSyntax(keyword) { Parameters = parameters });
    }

    private AssertSchemaSyntax ParseAssertSchema()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        return reader.Finish(mark, new AssertSchemaSyntax(keyword, names.ParseSchema()));
    }
}
