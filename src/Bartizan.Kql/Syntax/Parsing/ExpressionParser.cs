using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Syntax.Tokens;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Syntax.Parsing;

/// <summary>
/// or       ::= and { or and }
/// and      ::= equality { and equality }
/// equality ::= relation [ (== != &lt;&gt;) relation | (in !in in~ !in~ has_any has_all) ( list ) | between ( sum .. sum ) ]
/// relation ::= sum [ (&lt; &gt; &lt;= &gt;=) sum ]
/// sum      ::= product { (+ -) product }
/// product  ::= match { (* / %) match }
/// match    ::= sign [ (has contains startswith =~ : "matches regex" …) sign ]
/// sign     ::= [+ -] path
/// path     ::= primary { .name | .['name'] | [index] | .call() }
/// </summary>
internal sealed class ExpressionParser(Parser parser)
{
    private static readonly System.Collections.Frozen.FrozenSet<string> MatchOperators = Words.Set(
        "=~ !~ : has !has has_cs !has_cs contains !contains contains_cs !contains_cs containscs notcontains notcontainscs startswith "
        + "!startswith startswith_cs !startswith_cs endswith !endswith endswith_cs !endswith_cs hasprefix !hasprefix hasprefix_cs "
        + "!hasprefix_cs hassuffix !hassuffix hassuffix_cs !hassuffix_cs like notlike likecs notlikecs");

    private static readonly System.Collections.Frozen.FrozenSet<string> ListOperators = Words.Set("in !in in~ !in~ has_any has_all !has_any !has_all");

    private readonly TokenReader reader = parser.Reader;
    private readonly NameParser names = parser.Names;

    /// <summary>A scalar expression, without a bar.</summary>
    public ExpressionSyntax ParseScalar()
    {
        if (!reader.TryEnter())
        {
            return reader.Finish(reader.Mark, new MissingSyntax());
        }

        var result = ParseOr();
        reader.Leave();
        return result;
    }

    /// <summary><c>name = expression</c>, <c>(a, b) = expression</c> or a bare expression.</summary>
    public ExpressionSyntax ParseNamed()
    {
        var mark = reader.Mark;
        if (names.IsAssignment)
        {
            var name = names.ParseDeclaredName();
            reader.Accept();
            return reader.Finish(mark, new NamedSyntax([name], false, ParseScalar()));
        }

        if (IsTupleAssignment())
        {
            var list = new List<NameSyntax>();
            do
            {
                reader.Accept();
                if (reader.Is(")") || reader.Is(","))
                {
                    continue;
                }

                list.Add(names.ParseDeclaredName());
            }
            while (reader.Is(","));
            reader.Expect(")");
            reader.Expect("=");
            return reader.Finish(mark, new NamedSyntax(list, true, ParseScalar()));
        }

        return ParseScalar();
    }

    public ExpressionSyntax ParseOrdered()
    {
        var mark = reader.Mark;
        var key = ParseNamed();
        return FinishOrdered(mark, key);
    }

    public ExpressionSyntax FinishOrdered(int mark, ExpressionSyntax key)
    {
        bool? descending = null;
        bool? nullsFirst = null;
        if (reader.Is("asc") || reader.Is("desc") || reader.Is("granny-asc") || reader.Is("granny-desc"))
        {
            descending = reader.Accept().Text.EndsWith("desc", StringComparison.Ordinal);
        }

        if (reader.Is("nulls"))
        {
            reader.Accept();
            if (reader.Is("first") || reader.Is("last"))
            {
                nullsFirst = reader.Accept().Text == "first";
            }
            else
            {
                reader.ReportExpected("first");
            }
        }

        return descending is null && nullsFirst is null ? key : reader.Finish(mark, new OrderedSyntax(key, descending, nullsFirst));
    }

    /// <summary>An element of an argument list: anything that may be a value or a table.</summary>
    public ExpressionSyntax ParseArgument()
    {
        if (reader.Is("*") && (reader.Peek(1).Is(",") || reader.Peek(1).Is(")")))
        {
            return ParseStar();
        }

        var mark = reader.Mark;
        if (names.IsAssignment)
        {
            var name = names.ParseName();
            reader.Accept();
            var value = reader.Is("*") ? ParseStar() : parser.Pipes.Parse();
            return reader.Finish(mark, new NamedSyntax([name], false, value));
        }

        // A column pattern, as in bag_pack_columns(a*) or column_names_of.
        if (names.IsWildcard && EndsAfterWildcard())
        {
            return names.ParsePattern();
        }

        return parser.Pipes.Parse();
    }

    public List<ExpressionSyntax> ParseList(Func<ExpressionSyntax> item)
    {
        var list = new List<ExpressionSyntax>();
        do
        {
            list.Add(item());
        }
        while (reader.AcceptIf(","));
        return list;
    }

    public List<ExpressionSyntax> ParseArguments()
    {
        var arguments = new List<ExpressionSyntax>();
        reader.Expect("(");
        if (!reader.Is(")"))
        {
            arguments = ParseList(ParseArgument);
        }

        reader.Expect(")");
        return arguments;
    }

    public ExpressionSyntax ParseStar()
    {
        var mark = reader.Mark;
        reader.Expect("*");
        return reader.Finish(mark, new StarSyntax());
    }

    /// <summary>A sum: what may stand before <c>in range(…)</c> and between the dots of <c>between</c>.</summary>
    public ExpressionSyntax ParseSum()
    {
        var mark = reader.Mark;
        var left = ParseProduct();
        while (reader.Is("+") || reader.Is("-"))
        {
            var sign = reader.Accept();
            left = reader.Finish(mark, new BinarySyntax(left, sign, ParseProduct()));
        }

        return left;
    }

    private bool EndsAfterWildcard()
    {
        var i = 1;
        while (reader.Peek(i).Trivia.Length == 0 && (reader.Peek(i).Is("*") || reader.Peek(i).Kind is SyntaxTokenKind.Identifier or SyntaxTokenKind.LongLiteral))
        {
            i++;
        }

        // With words at both ends it is a product: sum(a*b).
        return (reader.Is("*") || reader.Peek(i - 1).Is("*")) && (reader.Peek(i).Is(",") || reader.Peek(i).Is(")"));
    }

    private bool IsTupleAssignment()
    {
        if (!reader.Is("("))
        {
            return false;
        }

        for (var i = 1; i < 200; i++)
        {
            var token = reader.Peek(i);
            if (token.Is(")"))
            {
                return reader.Peek(i + 1).Is("=");
            }

            if (token.Kind is not (SyntaxTokenKind.Identifier or SyntaxTokenKind.StringLiteral) && !token.Is(",") && !token.Is("[") && !token.Is("]"))
            {
                return false;
            }
        }

        return false;
    }

    private ExpressionSyntax ParseOr()
    {
        var mark = reader.Mark;
        var left = ParseAnd();
        while (reader.Is("or"))
        {
            var word = reader.Accept();
            left = reader.Finish(mark, new BinarySyntax(left, word, ParseAnd()));
        }

        return left;
    }

    private ExpressionSyntax ParseAnd()
    {
        var mark = reader.Mark;
        var left = ParseEquality();
        while (reader.Is("and"))
        {
            var word = reader.Accept();
            left = reader.Finish(mark, new BinarySyntax(left, word, ParseEquality()));
        }

        return left;
    }

    private ExpressionSyntax ParseEquality()
    {
        var mark = reader.Mark;
        var left = ParseRelation();
        var token = reader.Current;
        if (token.Is("==") || token.Is("!=") || token.Is("<>"))
        {
            reader.Accept();
            return reader.Finish(mark, new BinarySyntax(left, token, ParseRelation()));
        }

        if (token.Kind == SyntaxTokenKind.Identifier && ListOperators.Contains(token.Text))
        {
            reader.Accept();
            return reader.Finish(mark, new ListOperatorSyntax(left, token, ParseOperatorList()));
        }

        if (token.Is("between") || token.Is("!between"))
        {
            reader.Accept();
            reader.Expect("(");
            var from = ParseSum();
            reader.Expect("..");
            var to = ParseSum();
            reader.Expect(")");
            return reader.Finish(mark, new BetweenSyntax(left, token, from, to));
        }

        // "a = b" in the place of a condition.
        return left;
    }

    private List<ExpressionSyntax> ParseOperatorList()
    {
        if (!reader.Is("("))
        {
            reader.ReportExpected("(");
            return [ParseSign()];
        }

        reader.Accept();
        var items = reader.Is(")") ? [] : ParseList(() => parser.Pipes.Parse());
        reader.Expect(")");
        return items;
    }

    private ExpressionSyntax ParseRelation()
    {
        var mark = reader.Mark;
        var left = ParseSum();
        if (reader.Is("<") || reader.Is(">") || reader.Is("<=") || reader.Is(">="))
        {
            var sign = reader.Accept();
            left = reader.Finish(mark, new BinarySyntax(left, sign, ParseSum()));
        }

        return left;
    }

    private ExpressionSyntax ParseProduct()
    {
        var mark = reader.Mark;
        var left = ParseMatch();
        while (reader.Is("*") || reader.Is("/") || reader.Is("%"))
        {
            var sign = reader.Accept();
            left = reader.Finish(mark, new BinarySyntax(left, sign, ParseMatch()));
        }

        return left;
    }

    private ExpressionSyntax ParseMatch()
    {
        var mark = reader.Mark;
        var left = ParseSign();
        var token = reader.Current;
        if ((token.Kind is SyntaxTokenKind.Identifier or SyntaxTokenKind.Punctuation) && MatchOperators.Contains(token.Text))
        {
            reader.Accept();
            return reader.Finish(mark, new BinarySyntax(left, token, ParseSign()));
        }

        if (token.Is("matches") && reader.Peek(1).Is("regex"))
        {
            reader.Accept();
            reader.Accept();
            return reader.Finish(mark, new BinarySyntax(left, token, ParseSign()));
        }

        return left;
    }

    private ExpressionSyntax ParseSign()
    {
        if (!reader.Is("-") && !reader.Is("+"))
        {
            return ParsePath();
        }

        var mark = reader.Mark;
        var sign = reader.Accept();
        return reader.Finish(mark, new UnarySyntax(sign, ParsePath()));
    }

    public ExpressionSyntax ParsePath()
    {
        var mark = reader.Mark;
        var target = ParsePrimary();
        while (true)
        {
            if (reader.Is(".") && target is not MissingSyntax)
            {
                reader.Accept();
                target = ParseMember(mark, target);
            }
            else if (reader.Is("[") && target is not (MissingSyntax or LiteralSyntax or StarSyntax))
            {
                reader.Accept();
                var index = parser.Pipes.Parse();
                reader.Expect("]");
                target = reader.Finish(mark, new ElementSyntax(target, index));
            }
            else
            {
                return target;
            }
        }
    }

    private ExpressionSyntax ParseMember(int mark, ExpressionSyntax target)
    {
        if (reader.Is("[") && !names.IsBracketedName)
        {
            reader.Accept();
            var index = ParseScalar();
            reader.Expect("]");
            return reader.Finish(mark, new ElementSyntax(target, index));
        }

        if (reader.Is("*") && !names.IsWildcard)
        {
            var star = reader.Mark;
            reader.Accept();
            return reader.Finish(mark, new MemberSyntax(target, reader.Finish(star, new NameSyntax("*", false, true))));
        }

        if (names.IsWildcard)
        {
            var pattern = (NameSyntax)names.ParsePattern();
            return reader.Finish(mark, new MemberSyntax(target, pattern));
        }

        if (reader.Current.Kind == SyntaxTokenKind.TypedLiteral)
        {
            reader.ReportMissing("name");
            return target;
        }

        var callMark = reader.Mark;
        var name = names.ParseName();
        if (reader.Is("(") && !name.IsMissing)
        {
            var call = reader.Finish(callMark, new CallSyntax(name, ParseArguments()));
            return reader.Finish(mark, new MemberCallSyntax(target, call));
        }

        return reader.Finish(mark, new MemberSyntax(target, name));
    }

    private ExpressionSyntax ParsePrimary()
    {
        var mark = reader.Mark;
        var token = reader.Current;
        switch (token.Kind)
        {
            case SyntaxTokenKind.StringLiteral:
                return ParseText();
            case SyntaxTokenKind.LongLiteral:
                reader.Accept();
                return reader.Finish(mark, new LiteralSyntax(KqlType.Long, CheckRange(token, LiteralReader.ReadLong(token.Text))));
            case SyntaxTokenKind.RealLiteral:
                reader.Accept();
                return reader.Finish(mark, new LiteralSyntax(KqlType.Real, LiteralReader.ReadReal(token.Text)));
            case SyntaxTokenKind.TimeSpanLiteral:
                reader.Accept();
                return reader.Finish(mark, new LiteralSyntax(KqlType.TimeSpan, CheckRange(token, LiteralReader.ReadTimeSpan(token.Text))));
            case SyntaxTokenKind.TypedLiteral:
                return ParseTyped();
            case SyntaxTokenKind.Identifier:
                return ParseWord();
            case SyntaxTokenKind.Punctuation when token.Text == "(":
                return ParseParenthesized();
            case SyntaxTokenKind.Punctuation when token.Text == "*":
                return ParseStar();
            case SyntaxTokenKind.Punctuation when names.IsBracketedName:
                return ParseNameOrCall();
            default:
                return ParseMissing();
        }
    }

    private object? CheckRange(SyntaxToken token, object? value)
    {
        if (value is null)
        {
            reader.Report("BZ1002", token.Span, $"The number '{token.Text}' is outside the range of its type.");
        }

        return value;
    }

    private ExpressionSyntax ParseMissing()
    {
        var mark = reader.Mark;
        if (reader.Current.Kind == SyntaxTokenKind.Bad)
        {
            reader.Report("KS002", reader.Current.Span, $"Unexpected: {reader.Current.Text}");
        }
        else
        {
            reader.ReportMissing("expression");
        }

        return reader.Finish(mark, new MissingSyntax());
    }

    private LiteralSyntax ParseText()
    {
        var mark = reader.Mark;
        var text = LiteralReader.ReadString(reader.Accept());
        if (reader.Current.Kind != SyntaxTokenKind.StringLiteral)
        {
            return reader.Finish(mark, new LiteralSyntax(KqlType.String, text));
        }

        var all = new System.Text.StringBuilder(text);
        while (reader.Current.Kind == SyntaxTokenKind.StringLiteral)
        {
            all.Append(LiteralReader.ReadString(reader.Accept()));
        }

        return reader.Finish(mark, new LiteralSyntax(KqlType.String, all.ToString()));
    }

    private LiteralSyntax ParseTyped()
    {
        var mark = reader.Mark;
        var token = reader.Accept();
        if (!LiteralReader.TryReadTyped(token.Text, out var type, out var value))
        {
            reader.Report("BZ1003", token.Span, $"'{token.Text}' is not a value of the type {type.ToString().ToLowerInvariant()}.", "Convert an expression with the function of that type, such as tolong() or todatetime().");
        }

        return reader.Finish(mark, new LiteralSyntax(type, value));
    }

    private ExpressionSyntax ParseWord()
    {
        var mark = reader.Mark;
        var token = reader.Current;
        switch (token.Text)
        {
            case "true" or "True" or "TRUE" or "false" or "False" or "FALSE":
                reader.Accept();
                return reader.Finish(mark, new LiteralSyntax(KqlType.Bool, token.Text[0] is 't' or 'T'));
            case "dynamic" when reader.Peek(1).Is("("):
                return parser.Json.Parse();
            case "typeof" when reader.Peek(1).Is("("):
                return ParseTypeof();
            case "datatable" when reader.Peek(1).Is("(") || reader.Peek(2).Is("="):
                return parser.Pipes.ParseDataTable();
            case "externaldata" or "external_data" when reader.Peek(1).Is("("):
                return parser.Pipes.ParseExternalData();
            case "inline_external_table" when reader.Peek(1).Is("("):
                return parser.Pipes.ParseInlineExternalTable();
            case "entity_group" when reader.Peek(1).Is("["):
                return parser.Pipes.ParseEntityGroup();
        }

        if (Words.Reserved.Contains(token.Text) && !(reader.Peek(1).Is("(") && IsCallable(token.Text)))
        {
            reader.ReportMissing("expression", $"If '{token.Text}' is a name, write ['{token.Text}'].");
            return reader.Finish(mark, new MissingSyntax());
        }

        return ParseNameOrCall();
    }

    // Words that are both a keyword and the name of a function.
    private static bool IsCallable(string word) => word is "toscalar" or "materialize" or "totable" or "time" or "set" or "first" or "last";

    private ExpressionSyntax ParseNameOrCall()
    {
        var mark = reader.Mark;
        var name = names.ParseName();
        return reader.Is("(") ? reader.Finish(mark, new CallSyntax(name, ParseArguments())) : name;
    }

    public TypeofSyntax ParseTypeof()
    {
        var mark = reader.Mark;
        reader.Expect("typeof");
        reader.Expect("(");
        KqlType? type = null;
        SchemaSyntax? schema = null;
        if (reader.Is("*") || reader.Peek(1).Is(":") || names.IsBracketedName)
        {
            var inner = reader.Mark;
            var (columns, hasStar) = names.ParseColumnDeclarations();
            schema = reader.Finish(inner, new SchemaSyntax(columns, hasStar));
        }
        else
        {
            type = names.ParseType(out _);
        }

        reader.Expect(")");
        return reader.Finish(mark, new TypeofSyntax(type, schema));
    }

    private ParenthesizedSyntax ParseParenthesized()
    {
        var mark = reader.Mark;
        reader.Accept();
        var inner = parser.Pipes.Parse();
        if (!reader.Is(")") && !reader.Is(";") && !reader.Is("|") && !reader.AtEnd)
        {
            reader.SkipUntil(t => t.Is(")") || t.Is("|") || t.Is(";"), "KS005", "Expected: )");
        }

        reader.Expect(")");
        return reader.Finish(mark, new ParenthesizedSyntax(inner));
    }
}
