using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Syntax.Tokens;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Syntax.Parsing;

/// <summary>The operators with a grammar of their own: parse, scan, partition, fork, search, find, evaluate, render and others.</summary>
internal sealed class PatternOperatorParser(Parser parser)
{
    private readonly TokenReader reader = parser.Reader;
    private readonly NameParser names = parser.Names;

    private ExpressionParser Expressions => parser.Expressions;

    public ParseSyntax ParseParse()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = parser.Operators.ParseParameters("kind", "flags");
        var text = Expressions.ParseNamed();
        reader.Expect("with");
        var pattern = new List<SyntaxNode>();
        while (true)
        {
            var part = reader.Mark;
            if (reader.Is("*"))
            {
                pattern.Add(Expressions.ParseStar());
            }
            else if (reader.Current.Kind == SyntaxTokenKind.StringLiteral)
            {
                pattern.Add(reader.Finish(part, new LiteralSyntax(KqlType.String, LiteralReader.ReadString(reader.Accept()))));
            }
            else if (names.IsName)
            {
                var name = names.ParseDeclaredName();
                KqlType? type = reader.AcceptIf(":") ? names.ParseType(out _) : null;
                pattern.Add(reader.Finish(part, new ParseColumnSyntax(name, type)));
            }
            else
            {
                break;
            }

            reader.AcceptIf(",");
        }

        if (pattern.Count == 0)
        {
            reader.ReportMissing("parse pattern");
        }

        return reader.Finish(mark, new ParseSyntax(keyword, text, pattern) { Parameters = parameters });
    }

    public ParseKvSyntax ParseParseKv()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var text = Expressions.ParseScalar();
        reader.Expect("as");
        var keys = names.ParseSchema();
        var properties = parser.Operators.ParseWithProperties();
        return reader.Finish(mark, new ParseKvSyntax(keyword, text, keys, properties));
    }

    public PartitionSyntax ParsePartition()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = parser.Operators.ParseParameters();
        reader.Expect("by");
        var key = names.ParseName();
        ExpressionSyntax? scope = reader.AcceptIf("in") ? Expressions.ParsePath() : null;
        var close = reader.Is("{") ? "}" : ")";
        reader.Expect(close == "}" ? "{" : "(");
        var body = parser.Pipes.ParseSubquery(close);
        reader.Expect(close);
        return reader.Finish(mark, new PartitionSyntax(keyword, key, scope, body) { Parameters = parameters });
    }

    public ScanSyntax ParseScan()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = parser.Operators.ParseParameters("with_match_id", "kind");
        List<ExpressionSyntax> order = [];
        List<ExpressionSyntax> partition = [];
        List<ParameterSyntax> declared = [];
        while (true)
        {
            if (reader.Is("order"))
            {
                reader.Accept();
                reader.Expect("by");
                order = Expressions.ParseList(Expressions.ParseOrdered);
            }
            else if (reader.Is("partition"))
            {
                reader.Accept();
                reader.Expect("by");
                partition = Expressions.ParseList(() => Expressions.ParseScalar());
            }
            else if (reader.Is("declare"))
            {
                reader.Accept();
                reader.Expect("(");
                declared = parser.Statements.ParseParameters(")");
                reader.Expect(")");
            }
            else
            {
                break;
            }
        }

        reader.Expect("with");
        reader.Expect("(");
        var steps = new List<ScanStepSyntax>();
        while (reader.Is("step"))
        {
            steps.Add(ParseStep());
        }

        reader.Expect(")");
        return reader.Finish(mark, new ScanSyntax(keyword, order, partition, declared, steps) { Parameters = parameters });
    }

    private ScanStepSyntax ParseStep()
    {
        var mark = reader.Mark;
        reader.Accept();
        var name = names.ParseDeclaredName();
        var optional = reader.AcceptIf("optional");
        string? output = null;
        if (reader.Is("output"))
        {
            reader.Accept();
            reader.Expect("=");
            output = reader.Current.Kind == SyntaxTokenKind.Identifier ? reader.Accept().Text : null;
        }

        reader.Expect(":");
        var condition = Expressions.ParseScalar();
        var assignments = new List<NamedSyntax>();
        if (reader.AcceptIf("=>"))
        {
            do
            {
                var item = Expressions.ParseNamed();
                if (item is NamedSyntax named)
                {
                    assignments.Add(named);
                }
                else
                {
                    reader.Report("KS109", item.Span, "Column name expected.");
                }
            }
            while (reader.AcceptIf(","));
        }

        if (!reader.Is(")"))
        {
            reader.Expect(";");
        }

        return reader.Finish(mark, new ScanStepSyntax(name, optional, output, condition, assignments));
    }

    public ReduceSyntax ParseReduce()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = parser.Operators.ParseParameters("kind");
        reader.Expect("by");
        var by = Expressions.ParseScalar();
        var properties = parser.Operators.ParseWithProperties();
        return reader.Finish(mark, new ReduceSyntax(keyword, by, properties) { Parameters = parameters });
    }

    public ForkSyntax ParseFork()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var branches = new List<ForkBranchSyntax>();
        while (reader.Is("(") || names.IsAssignment)
        {
            var branch = reader.Mark;
            NameSyntax? name = null;
            if (names.IsAssignment)
            {
                name = names.ParseDeclaredName();
                reader.Accept();
            }

            reader.Expect("(");
            var body = parser.Pipes.ParseSubquery(")");
            reader.Expect(")");
            branches.Add(reader.Finish(branch, new ForkBranchSyntax(name, body)));
        }

        if (branches.Count == 0)
        {
            reader.ReportExpected("(");
        }

        return reader.Finish(mark, new ForkSyntax(keyword, branches));
    }

    public FacetSyntax ParseFacet()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        reader.Expect("by");
        var columns = Expressions.ParseList(() => Expressions.ParseScalar());
        SubquerySyntax? with = null;
        if (reader.AcceptIf("with"))
        {
            if (reader.AcceptIf("("))
            {
                with = parser.Pipes.ParseSubquery(")");
                reader.Expect(")");
            }
            else
            {
                var inner = reader.Mark;
                with = reader.Finish(inner, new SubquerySyntax([parser.Operators.Parse()], null));
            }
        }

        return reader.Finish(mark, new FacetSyntax(keyword, columns, with));
    }

    public SearchSyntax ParseSearch()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = parser.Operators.ParseParameters("kind");
        var tables = ParseInTables();
        var condition = Expressions.ParseScalar();
        return reader.Finish(mark, new SearchSyntax(keyword, tables, condition) { Parameters = parameters });
    }

    private List<ExpressionSyntax> ParseInTables()
    {
        if (!reader.Is("in"))
        {
            return [];
        }

        reader.Accept();
        reader.Expect("(");
        var tables = Expressions.ParseList(parser.Operators.ParseTable);
        reader.Expect(")");
        return tables;
    }

    public FindSyntax ParseFind()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = parser.Operators.ParseParameters("*");
        var tables = ParseInTables();
        reader.AcceptIf("where");
        var condition = Expressions.ParseScalar();
        var columns = new List<FindColumnSyntax>();
        var smart = false;
        List<ExpressionSyntax> away = [];
        if (reader.AcceptIf("project"))
        {
            do
            {
                columns.Add(ParseFindColumn());
            }
            while (reader.AcceptIf(","));
        }
        else
        {
            smart = reader.AcceptIf("project-smart");
        }

        if (reader.AcceptIf("project-away"))
        {
            away = Expressions.ParseList(parser.Operators.ParseTable);
        }

        return reader.Finish(mark, new FindSyntax(keyword, tables, condition, columns, smart, away) { Parameters = parameters });
    }

    private FindColumnSyntax ParseFindColumn()
    {
        var mark = reader.Mark;
        if (reader.Is("pack") && reader.Peek(1).Is("("))
        {
            reader.Accept();
            reader.Accept();
            reader.Expect("*");
            reader.Expect(")");
            return reader.Finish(mark, new FindColumnSyntax(null, null, true));
        }

        var name = names.ParseName();
        KqlType? type = reader.AcceptIf(":") ? names.ParseType(out _) : null;
        return reader.Finish(mark, new FindColumnSyntax(name, type, false));
    }

    public InvokeSyntax ParseInvoke()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = parser.Operators.ParseParameters();
        var function = Expressions.ParsePath();
        if (function is not (CallSyntax or MemberCallSyntax or MissingSyntax))
        {
            reader.ReportExpected("(");
        }

        SchemaSyntax? schema = null;
        if (reader.Is(":"))
        {
            reader.Accept();
            schema = names.ParseSchema();
        }

        return reader.Finish(mark, new InvokeSyntax(keyword, function, schema) { Parameters = parameters });
    }

    public RenderSyntax ParseRender()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var kind = names.ParseName("chart type");
        var properties = reader.Is("with") ? parser.Operators.ParseWithProperties() : parser.Operators.ParseProperties("|");
        return reader.Finish(mark, new RenderSyntax(keyword, kind, properties));
    }

    public MacroExpandSyntax ParseMacroExpand()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = parser.Operators.ParseParameters("*");
        var group = Expressions.ParsePath();
        reader.Expect("as");
        var name = names.ParseDeclaredName();
        reader.Expect("(");
        var body = parser.Statements.ParseEnclosedBody(")");
        reader.Expect(")");
        return reader.Finish(mark, new MacroExpandSyntax(keyword, group, name, body) { Parameters = parameters });
    }
}
