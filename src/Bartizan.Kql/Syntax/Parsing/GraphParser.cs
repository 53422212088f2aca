using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Syntax.Tokens;

namespace Bartizan.Kql.Syntax.Parsing;

/// <summary>
/// pattern ::= node { edge node } ; node ::= ( [name] )
/// edge    ::= --> | &lt;-- | -- | -[ [name] [* [min] .. [max]] ]-> | &lt;-[ … ]- | -[ … ]-
/// </summary>
internal sealed class GraphParser(Parser parser)
{
    private readonly TokenReader reader = parser.Reader;
    private readonly NameParser names = parser.Names;

    private ExpressionParser Expressions => parser.Expressions;

    public MakeGraphSyntax ParseMakeGraph()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = parser.Operators.ParseParameters();
        var source = names.ParseName();
        var direction = reader.Current;
        reader.Expect("-");
        reader.Expect("-");
        reader.AcceptIf(">");
        var target = names.ParseName();
        var nodes = new List<GraphNodesSyntax>();
        NameSyntax? nodeId = null;
        SubquerySyntax? partitionBody = null;
        ExpressionSyntax? partitionKey = null;
        while (true)
        {
            if (reader.Is("with_node_id") && reader.Peek(1).Is("="))
            {
                reader.Accept();
                reader.Accept();
                nodeId = names.ParseDeclaredName();
            }
            else if (reader.AcceptIf("with"))
            {
                do
                {
                    var part = reader.Mark;
                    var table = parser.Operators.ParseTable();
                    reader.Expect("on");
                    nodes.Add(reader.Finish(part, new GraphNodesSyntax(table, names.ParseName())));
                }
                while (reader.AcceptIf(","));
            }
            else if (reader.AcceptIf("partitioned-by"))
            {
                partitionKey = names.ParseName();
                reader.Expect("(");
                partitionBody = parser.Pipes.ParseSubquery(")");
                reader.Expect(")");
            }
            else
            {
                break;
            }
        }

        return reader.Finish(mark, new MakeGraphSyntax(keyword, source, direction, target, nodes, nodeId, partitionBody, partitionKey) { Parameters = parameters });
    }

    public GraphMatchSyntax ParseMatch()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var parameters = parser.Operators.ParseParameters("cycles", "output");
        var patterns = new List<GraphPatternSyntax>();
        if (reader.Is("("))
        {
            do
            {
                patterns.Add(ParsePattern());
            }
            while (reader.AcceptIf(","));
        }
        else
        {
            reader.Report("KS217", keyword.Span, "Missing graph-match pattern.");
        }

        var condition = reader.AcceptIf("where") ? Expressions.ParseScalar() : null;
        var columns = reader.AcceptIf("project") ? Expressions.ParseList(Expressions.ParseNamed) : null;
        return reader.Finish(mark, new GraphMatchSyntax(keyword, patterns, condition, columns) { Parameters = parameters });
    }

    private GraphPatternSyntax ParsePattern()
    {
        var mark = reader.Mark;
        var parts = new List<SyntaxNode> { ParseNode() };
        while (reader.Is("-") || reader.Is("<"))
        {
            parts.Add(ParseEdge());
            parts.Add(ParseNode());
        }

        return reader.Finish(mark, new GraphPatternSyntax(parts));
    }

    private GraphNodeSyntax ParseNode()
    {
        var mark = reader.Mark;
        reader.Expect("(");
        var name = names.IsName ? names.ParseDeclaredName() : null;
        reader.Expect(")");
        return reader.Finish(mark, new GraphNodeSyntax(name));
    }

    private GraphEdgeSyntax ParseEdge()
    {
        var mark = reader.Mark;
        var left = reader.AcceptIf("<");
        reader.Expect("-");
        NameSyntax? name = null;
        ExpressionSyntax? min = null, max = null;
        var variable = false;
        if (reader.AcceptIf("["))
        {
            name = reader.Current.Kind == SyntaxTokenKind.Identifier ? names.ParseDeclaredName() : null;
            if (reader.AcceptIf("*"))
            {
                variable = true;
                min = reader.Is("..") || reader.Is("]") ? null : Expressions.ParseSum();
                if (reader.AcceptIf(".."))
                {
                    max = reader.Is("]") ? null : Expressions.ParseSum();
                }
            }

            reader.Expect("]");
        }

        reader.Expect("-");
        var right = reader.AcceptIf(">");
        return reader.Finish(mark, new GraphEdgeSyntax(name, left, right, min, max, variable));
    }

    public GraphToTableSyntax ParseToTable()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        var tables = new List<GraphTableSyntax>();
        do
        {
            var part = reader.Mark;
            var ofNodes = reader.Is("nodes");
            if (ofNodes || reader.Is("edges"))
            {
                reader.Accept();
            }
            else
            {
                reader.ReportExpected("nodes");
            }

            var name = reader.AcceptIf("as") ? names.ParseDeclaredName() : null;
            var parameters = parser.Operators.ParseParameters("with_node_id", "with_source_id", "with_target_id");
            tables.Add(reader.Finish(part, new GraphTableSyntax(ofNodes, name, parameters)));
        }
        while (reader.AcceptIf(","));
        return reader.Finish(mark, new GraphToTableSyntax(keyword, tables));
    }

    public GraphWhereSyntax ParseWhere()
    {
        var mark = reader.Mark;
        var keyword = reader.Accept();
        return reader.Finish(mark, new GraphWhereSyntax(keyword, Expressions.ParseScalar()));
    }
}
