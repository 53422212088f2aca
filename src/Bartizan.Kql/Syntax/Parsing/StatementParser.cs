using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Syntax.Tokens;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Syntax.Parsing;

/// <summary>
/// text      ::= statement { ; statement } [;]
/// statement ::= let name = value | set name [= value] | declare … | alias database … | restrict access to (…) | pipe
/// </summary>
internal sealed class StatementParser(Parser parser)
{
    private readonly TokenReader reader = parser.Reader;
    private readonly NameParser names = parser.Names;

    public QueryTextSyntax ParseText()
    {
        var mark = reader.Mark;
        reader.SkipLeadingDirectives();
        var statements = ParseStatements(inBody: false);
        reader.Accept();
        return reader.Finish(mark, new QueryTextSyntax(statements));
    }

    private List<StatementSyntax> ParseStatements(bool inBody)
    {
        var statements = new List<StatementSyntax>();
        while (!reader.AtEnd && !(inBody && reader.Is("}")))
        {
            if (reader.Is(";"))
            {
                reader.Report("KS198", reader.Current.Span, "The incomplete fragment is unexpected.", "Remove the empty statement.");
                reader.Accept();
                continue;
            }

            if (BeginsNothing(reader.Current))
            {
                reader.SkipUntil(t => t.Is(";") || (inBody && t.Is("}")), "KS198", "The incomplete fragment is unexpected.");
                reader.AcceptIf(";");
                continue;
            }

            statements.Add(ParseStatement());
            if (!reader.AtEnd && !reader.Is(";") && !(inBody && reader.Is("}")))
            {
                reader.SkipUntil(t => t.Is(";") || (inBody && t.Is("}")), reader.Is(")") || reader.Is("]") || reader.Is("=") || reader.Is("==") ? "KS198" : "KS005", reader.Is(")") ? "The incomplete fragment is unexpected." : "Expected: ;");
            }

            reader.AcceptIf(";");
        }

        return statements;
    }

    private static bool BeginsNothing(Tokens.SyntaxToken token) =>
        token.Kind == SyntaxTokenKind.Punctuation && token.Text is not ("(" or "[" or "-" or "+" or "*" or "{" or "}");

    private StatementSyntax ParseStatement()
    {
        var mark = reader.Mark;
        var next = reader.Peek(1);
        switch (reader.Current.Text)
        {
            case "let" when next.Kind is SyntaxTokenKind.Identifier || next.Is("["):
                return ParseLet();
            case "set" when next.Kind == SyntaxTokenKind.Identifier:
                return ParseSet();
            case "declare" when next.Is("query_parameters"):
                reader.Accept();
                reader.Accept();
                return reader.Finish(mark, new QueryParametersStatementSyntax(ParseParameterList()));
            case "declare" when next.Is("pattern"):
                return ParsePattern();
            case "alias" when next.Is("database"):
                reader.Accept();
                reader.Accept();
                var name = names.ParseName();
                reader.Expect("=");
                return reader.Finish(mark, new AliasStatementSyntax(name, parser.Expressions.ParsePath()));
            case "restrict" when next.Is("access"):
                return ParseRestrict();
            default:
                return reader.Finish(mark, new ExpressionStatementSyntax(parser.Pipes.Parse()));
        }
    }

    private LetStatementSyntax ParseLet()
    {
        var mark = reader.Mark;
        reader.Accept();
        var name = names.ParseDeclaredName();
        reader.Expect("=");
        var value = IsFunctionDeclaration() ? ParseFunctionDeclaration() : parser.Pipes.Parse();
        return reader.Finish(mark, new LetStatementSyntax(name, value));
    }

    private bool IsFunctionDeclaration()
    {
        var start = reader.Is("view") && reader.Peek(1).Is("(") ? 1 : 0;
        if (!reader.Peek(start).Is("("))
        {
            return false;
        }

        var nesting = 0;
        for (var i = start; ; i++)
        {
            var token = reader.Peek(i);
            if (token.Kind == SyntaxTokenKind.EndOfText)
            {
                return false;
            }

            nesting += token.Is("(") ? 1 : token.Is(")") ? -1 : 0;
            if (nesting == 0)
            {
                // "(x:int" without the brace is still meant as a function.
                return reader.Peek(i + 1).Is("{") || (i > start + 2 && reader.Peek(start + 1).Kind == SyntaxTokenKind.Identifier && reader.Peek(start + 2).Is(":") && !reader.Peek(i + 1).Is("|"));
            }
        }
    }

    private FunctionDeclarationSyntax ParseFunctionDeclaration()
    {
        var mark = reader.Mark;
        var isView = reader.AcceptIf("view");
        var parameters = ParseParameterList();
        return reader.Finish(mark, new FunctionDeclarationSyntax(isView, parameters, ParseFunctionBody()));
    }

    public FunctionBodySyntax ParseFunctionBody()
    {
        var mark = reader.Mark;
        if (!reader.TryEnter())
        {
            return reader.Finish(mark, new FunctionBodySyntax([], null));
        }

        reader.Expect("{");
        var statements = ParseStatements(inBody: true);
        reader.Expect("}");
        reader.Leave();
        return FinishBody(mark, statements);
    }

    public FunctionBodySyntax ParseBareBody()
    {
        var mark = reader.Mark;
        reader.SkipLeadingDirectives();
        var statements = ParseStatements(inBody: false);
        reader.Accept();
        return FinishBody(mark, statements);
    }

    /// <summary>Statements and a result up to a closing sign that belongs to somebody else (<c>macro-expand … ( … )</c>).</summary>
    public FunctionBodySyntax ParseEnclosedBody(string close)
    {
        var mark = reader.Mark;
        var statements = new List<StatementSyntax>();
        while (!reader.AtEnd && !reader.Is(close))
        {
            statements.Add(ParseStatement());
            if (!reader.AcceptIf(";"))
            {
                break;
            }
        }

        return FinishBody(mark, statements);
    }

    private FunctionBodySyntax FinishBody(int mark, List<StatementSyntax> statements)
    {
        ExpressionSyntax? result = null;
        if (statements.Count > 0 && statements[^1] is ExpressionStatementSyntax last)
        {
            result = last.Expression;
            statements.RemoveAt(statements.Count - 1);
        }

        return reader.Finish(mark, new FunctionBodySyntax(statements, result));
    }

    public ParameterListSyntax ParseParameterList()
    {
        var mark = reader.Mark;
        reader.Expect("(");
        var parameters = ParseParameters(")");
        reader.Expect(")");
        return reader.Finish(mark, new ParameterListSyntax(parameters));
    }

    public List<ParameterSyntax> ParseParameters(string close)
    {
        var parameters = new List<ParameterSyntax>();
        while (!reader.AtEnd && !reader.Is(close))
        {
            parameters.Add(ParseParameter());
            if (!reader.AcceptIf(","))
            {
                break;
            }
        }

        return parameters;
    }

    private ParameterSyntax ParseParameter()
    {
        var mark = reader.Mark;
        var name = names.ParseDeclaredName();
        reader.Expect(":");
        KqlType? type = null;
        SchemaSyntax? schema = null;
        if (reader.Is("("))
        {
            schema = names.ParseSchema();
        }
        else
        {
            type = names.ParseType(out _);
        }

        var value = reader.AcceptIf("=") ? parser.Expressions.ParseScalar() : null;
        return reader.Finish(mark, new ParameterSyntax(name, type, schema, value));
    }

    private SetStatementSyntax ParseSet()
    {
        var mark = reader.Mark;
        reader.Accept();
        var name = names.ParseName();
        var value = reader.AcceptIf("=") ? parser.Expressions.ParsePath() : null;
        return reader.Finish(mark, new SetStatementSyntax(name, value));
    }

    private RestrictStatementSyntax ParseRestrict()
    {
        var mark = reader.Mark;
        reader.Accept();
        reader.Accept();
        reader.Expect("to");
        reader.Expect("(");
        var targets = parser.Expressions.ParseList(() => names.IsWildcard || reader.Is("*") ? names.ParsePattern() : parser.Expressions.ParsePath());
        reader.Expect(")");
        return reader.Finish(mark, new RestrictStatementSyntax(targets));
    }

    private PatternStatementSyntax ParsePattern()
    {
        var mark = reader.Mark;
        reader.Accept();
        reader.Accept();
        var name = names.ParseName();
        var parameters = new List<ParameterSyntax>();
        ParameterSyntax? path = null;
        var cases = new List<PatternCaseSyntax>();
        if (reader.AcceptIf("="))
        {
            reader.Expect("(");
            parameters = ParseParameters(")");
            reader.Expect(")");
            if (reader.AcceptIf("["))
            {
                path = ParseParameter();
                reader.Expect("]");
            }

            reader.Expect("{");
            while (reader.Is("("))
            {
                cases.Add(ParsePatternCase());
            }

            reader.Expect("}");
        }

        return reader.Finish(mark, new PatternStatementSyntax(name, parameters, path, cases));
    }

    private PatternCaseSyntax ParsePatternCase()
    {
        var mark = reader.Mark;
        var arguments = parser.Expressions.ParseArguments();
        ExpressionSyntax? path = null;
        if (reader.AcceptIf("."))
        {
            reader.Expect("[");
            path = parser.Expressions.ParseScalar();
            reader.Expect("]");
        }

        reader.Expect("=");
        var body = ParseFunctionBody();
        reader.AcceptIf(";");
        return reader.Finish(mark, new PatternCaseSyntax(arguments, path, body));
    }
}
