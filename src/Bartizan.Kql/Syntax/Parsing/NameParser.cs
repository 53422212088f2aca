using System.Text;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Syntax.Tokens;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Syntax.Parsing;

/// <summary>
/// name ::= word | ['text'] ; pattern ::= name with * ; schema ::= ( name : type, … )
/// </summary>
internal sealed class NameParser(TokenReader reader)
{
    public bool IsBracketedName =>
        reader.Is("[") && reader.Peek(1).Kind == SyntaxTokenKind.StringLiteral && reader.Peek(2).Is("]");

    /// <summary>A name may begin here (also one that is also a keyword).</summary>
    public bool IsName => reader.Current.Kind == SyntaxTokenKind.Identifier || IsBracketedName;

    /// <summary>A name, then an equals sign.</summary>
    public bool IsAssignment =>
        (reader.Current.Kind == SyntaxTokenKind.Identifier && reader.Peek(1).Is("=")) || (IsBracketedName && reader.Peek(3).Is("="));

    public NameSyntax ParseName(string what = "name")
    {
        var mark = reader.Mark;
        if (IsBracketedName)
        {
            reader.Accept();
            var name = LiteralReader.ReadString(reader.Accept());
            reader.Accept();
            return reader.Finish(mark, new NameSyntax(name, true, false));
        }

        if (reader.Current.Kind == SyntaxTokenKind.Identifier)
        {
            return reader.Finish(mark, new NameSyntax(reader.Accept().Text, false, false));
        }

        // A string in the place of a name is what people mean by it, but the language asks for brackets.
        if (reader.Current.Kind == SyntaxTokenKind.LongLiteral && reader.Peek(1).Is("="))
        {
            reader.ReportMissing(what);
            reader.Accept();
            return reader.Finish(mark, new NameSyntax("", false, false));
        }

        reader.ReportMissing(what);
        return reader.Finish(mark, new NameSyntax("", false, false));
    }

    /// <summary>The name of a new column: a word that the language keeps for itself must be bracketed.</summary>
    public NameSyntax ParseDeclaredName()
    {
        var token = reader.Current;
        var name = ParseName();
        if (!name.IsBracketed && Words.Reserved.Contains(name.Text) && !Words.Declarable.Contains(name.Text))
        {
            reader.Report("KS228", token.Span, $"The name '{name.Text}' needs to be bracketed as ['{name.Text}'] to be used in this context.", $"Write ['{name.Text}'].");
        }

        return name;
    }

    /// <summary><c>Sec*</c>, <c>*_s</c>, <c>*</c>-holding names; a plain name when there is no star.</summary>
    public ExpressionSyntax ParsePattern()
    {
        var mark = reader.Mark;
        if (IsBracketedName)
        {
            return ParseName();
        }

        if (!IsPatternPiece(reader.Current))
        {
            return ParseName();
        }

        var text = new StringBuilder();
        var hasStar = false;
        do
        {
            hasStar |= reader.Is("*");
            text.Append(reader.Accept().Text);
        }
        while (IsPatternPiece(reader.Current) && reader.Current.Trivia.Length == 0);
        var pattern = text.ToString();
        return pattern == "*" ? reader.Finish<ExpressionSyntax>(mark, new StarSyntax()) : reader.Finish(mark, new NameSyntax(pattern, false, hasStar));
    }

    private static bool IsPatternPiece(SyntaxToken token) =>
        token.Kind is SyntaxTokenKind.Identifier or SyntaxTokenKind.LongLiteral or SyntaxTokenKind.TimeSpanLiteral || token.Is("*");

    /// <summary>True at <c>Word*</c> or <c>*Word</c>, written without a blank between.</summary>
    public bool IsWildcard
    {
        get
        {
            if (!IsPatternPiece(reader.Current))
            {
                return false;
            }

            var hasStar = reader.Is("*");
            var hasWord = !hasStar;
            for (var i = 1; IsPatternPiece(reader.Peek(i)) && reader.Peek(i).Trivia.Length == 0; i++)
            {
                hasStar |= reader.Peek(i).Is("*");
                hasWord |= !reader.Peek(i).Is("*");
            }

            return hasStar && hasWord;
        }
    }

    public KqlType ParseType(out SyntaxToken token)
    {
        token = reader.Current;
        if (token.Kind == SyntaxTokenKind.Identifier && LiteralReader.TypeOf(token.Text) is { } type)
        {
            reader.Accept();
            return type;
        }

        if (token.Kind == SyntaxTokenKind.Identifier)
        {
            reader.Report("KS160", token.Span, $"The name '{token.Text}' is not a valid type name that can be used here.", "The types are bool, int, long, real, decimal, string, datetime, timespan, guid and dynamic.");
            reader.Accept();
            return KqlType.Unknown;
        }

        reader.ReportMissing("type");
        return KqlType.Unknown;
    }

    public SchemaSyntax ParseSchema()
    {
        var mark = reader.Mark;
        reader.Expect("(");
        var (columns, hasStar) = ParseColumnDeclarations();
        reader.Expect(")");
        return reader.Finish(mark, new SchemaSyntax(columns, hasStar));
    }

    public (List<ColumnDeclarationSyntax> Columns, bool HasStar) ParseColumnDeclarations()
    {
        var columns = new List<ColumnDeclarationSyntax>();
        var hasStar = false;
        while (!reader.AtEnd && !reader.Is(")"))
        {
            if (reader.AcceptIf("*"))
            {
                hasStar = true;
            }
            else if (IsName)
            {
                var column = reader.Mark;
                var name = ParseDeclaredName();
                reader.Expect(":");
                var type = ParseType(out var token);
                columns.Add(reader.Finish(column, new ColumnDeclarationSyntax(name, type, token)));
            }
            else
            {
                reader.ReportMissing("name");
                break;
            }

            if (!reader.AcceptIf(","))
            {
                break;
            }
        }

        return (columns, hasStar);
    }
}
