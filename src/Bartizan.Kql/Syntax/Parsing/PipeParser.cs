using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Syntax.Tokens;

namespace Bartizan.Kql.Syntax.Parsing;

/// <summary>
/// pipe   ::= source { | operator }
/// source ::= expression | union … | print … | range … | search … | find … | evaluate …
/// </summary>
internal sealed class PipeParser(Parser parser)
{
    private readonly TokenReader reader = parser.Reader;
    private readonly NameParser names = parser.Names;

    public ExpressionSyntax Parse()
    {
        if (!reader.TryEnter())
        {
            return reader.Finish(reader.Mark, new MissingSyntax());
        }

        var mark = reader.Mark;
        var source = ParseSource();
        var result = ParseBars(mark, source);
        reader.Leave();
        return result;
    }

    public ExpressionSyntax ParseBars(int mark, ExpressionSyntax source)
    {
        if (!reader.Is("|"))
        {
            return source;
        }

        var operators = new List<QueryOperatorSyntax>();
        while (reader.AcceptIf("|"))
        {
            operators.Add(parser.Operators.Parse());
        }

        return reader.Finish(mark, new PipeSyntax(source, operators));
    }

    /// <summary>The body of <c>mv-apply</c>, <c>partition</c>, <c>fork</c>, <c>facet</c>: operators without a source, or a whole pipe.</summary>
    public SubquerySyntax ParseSubquery(string close)
    {
        var mark = reader.Mark;
        if (!parser.Operators.IsOperator(reader.Current) || IsSourceWord())
        {
            var query = reader.Is(close) ? null : Parse();
            return reader.Finish(mark, new SubquerySyntax([], query));
        }

        var operators = new List<QueryOperatorSyntax> { parser.Operators.Parse() };
        while (reader.AcceptIf("|"))
        {
            operators.Add(parser.Operators.Parse());
        }

        return reader.Finish(mark, new SubquerySyntax(operators, null));
    }

    private ExpressionSyntax ParseSource()
    {
        if (!IsSourceWord())
        {
            var start = reader.Mark;
            var source = parser.Expressions.ParseScalar();
            if (!reader.Is("datascope"))
            {
                return source;
            }

            // "T datascope=all": there is one scope here, that of all rows.
            parser.Operators.ParseParameters("datascope");
            return reader.Finish(start, new ParenthesizedSyntax(source));
        }

        var mark = reader.Mark;
        return reader.Finish(mark, new OperatorSourceSyntax(parser.Operators.Parse()));
    }

    private bool IsSourceWord()
    {
        var token = reader.Current;
        if (token.Kind != SyntaxTokenKind.Identifier)
        {
            return false;
        }

        var next = reader.Peek(1);
        return token.Text switch
        {
            "union" or "print" or "find" or "search" => !(next.Is(")") || next.Is(".") || next.Is("]") || next.Is("==") || next.Is("|")),
            "range" => next.Kind == SyntaxTokenKind.Identifier || (next.Is("[") && reader.Peek(2).Kind == SyntaxTokenKind.StringLiteral),
            "evaluate" or "macro-expand" => next.Kind == SyntaxTokenKind.Identifier,
            _ => false,
        };
    }

    public DataTableSyntax ParseDataTable()
    {
        var mark = reader.Mark;
        reader.Accept();
        parser.Operators.ParseParameters();
        var schema = names.ParseSchema();
        reader.Expect("[");
        var values = new List<ExpressionSyntax>();
        while (!reader.AtEnd && !reader.Is("]"))
        {
            values.Add(parser.Expressions.ParseScalar());
            if (values[^1] is MissingSyntax)
            {
                reader.SkipUntil(t => t.Is("]") || t.Is("|") || t.Is(";"), "KS198", "The incomplete fragment is unexpected.");
                break;
            }

            if (!reader.AcceptIf(","))
            {
                break;
            }
        }

        if (!reader.Is("]") && !reader.AtEnd)
        {
            reader.SkipUntil(t => t.Is("]") || t.Is("|") || t.Is(";"), "KS005", "Expected: ,");
        }

        reader.Expect("]");
        return reader.Finish(mark, new DataTableSyntax(schema, values));
    }

    public ExternalDataSyntax ParseExternalData()
    {
        var mark = reader.Mark;
        reader.Accept();
        var schema = names.ParseSchema();
        reader.Expect("[");
        var sources = new List<ExpressionSyntax>();
        while (!reader.AtEnd && !reader.Is("]"))
        {
            sources.Add(parser.Expressions.ParseScalar());
            if (!reader.AcceptIf(","))
            {
                break;
            }
        }

        reader.Expect("]");
        var properties = parser.Operators.ParseWithProperties();
        return reader.Finish(mark, new ExternalDataSyntax(schema, sources, properties));
    }

    public InlineExternalTableSyntax ParseInlineExternalTable()
    {
        var mark = reader.Mark;
        reader.Accept();
        var schema = names.ParseSchema();
        reader.SkipUntilSilently(t => t.Is("|") || t.Is(";"));
        return reader.Finish(mark, new InlineExternalTableSyntax(schema));
    }

    public EntityGroupSyntax ParseEntityGroup()
    {
        var mark = reader.Mark;
        reader.Accept();
        reader.Expect("[");
        var members = new List<ExpressionSyntax>();
        while (!reader.AtEnd && !reader.Is("]"))
        {
            members.Add(parser.Expressions.ParsePath());
            if (!reader.AcceptIf(","))
            {
                break;
            }
        }

        reader.Expect("]");
        return reader.Finish(mark, new EntityGroupSyntax(members));
    }
}
