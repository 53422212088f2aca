using System.Collections.Frozen;

namespace Bartizan.Kql.Syntax.Tokens;

/// <summary>
/// Cuts a text into tokens. Every character of the text is in exactly one token, as its text or as the trivia before it, whatever
/// the text is.
/// </summary>
internal sealed class Lexer
{
    private static readonly FrozenSet<string> TimeUnits = Words.Set(
        "d day days h hr hrs hour hours m min minute minutes s sec second seconds ms milli millis millisecond milliseconds "
        + "microsecond microseconds micro micros nano nanos nanosecond nanoseconds tick ticks");

    // Arrows of graph patterns are put together by their parser: elsewhere "--" is two minus signs.
    private static readonly string[] LongSigns = ["=>", "==", "!=", "<>", "<=", ">=", "=~", "!~", "..", "<|"];

    private static readonly FrozenDictionary<string, string> Interned = Intern();
    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> InternedSpans = Interned.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Units = TimeUnits.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> LiteralTypes = Words.LiteralTypes.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Hyphenated = Words.Hyphenated.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Negated = Words.Negated.GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly string text;
    private int at;

    private Lexer(string text) => this.text = text;

    public static List<SyntaxToken> Read(string text)
    {
        var lexer = new Lexer(text);
        var tokens = new List<SyntaxToken>(text.Length / 5 + 2);
        SyntaxToken token;
        do
        {
            token = lexer.Next();
            tokens.Add(token);
        }
        while (token.Kind != SyntaxTokenKind.EndOfText);
        return tokens;
    }

    private static FrozenDictionary<string, string> Intern()
    {
        IEnumerable<string> words =
        [
            .. Words.Hyphenated, .. Words.Negated, .. Words.Reserved, .. Words.TypeNames, .. LongSigns,
            .. "|;,.:()[]{}=<>+-*/%?@".Select(c => c.ToString()),
            .. "where extend summarize join on kind inner leftouter let ago count TimeGenerated tostring isnotempty sort order take limit top "
                .Split(' ', StringSplitOptions.RemoveEmptyEntries),
            " ", "\n", "\r\n", "\n    ", "  ",
        ];
        return words.Distinct().ToFrozenDictionary(w => w, w => w, StringComparer.Ordinal);
    }

    private char Peek(int ahead = 0) => at + ahead < text.Length ? text[at + ahead] : '\0';

    private SyntaxToken Next()
    {
        var triviaStart = at;
        SkipTrivia();
        var trivia = Slice(triviaStart, at);
        var start = at;
        if (at >= text.Length)
        {
            return new SyntaxToken(SyntaxTokenKind.EndOfText, "", trivia, start);
        }

        var complete = true;
        var kind = Scan(ref complete);
        return new SyntaxToken(kind, Slice(start, at), trivia, start) { IsComplete = complete };
    }

    private string Slice(int from, int to)
    {
        if (from == to)
        {
            return "";
        }

        var span = text.AsSpan(from, to - from);
        return InternedSpans.TryGetValue(span, out var known) ? known : span.ToString();
    }

    private void SkipTrivia()
    {
        while (at < text.Length)
        {
            var c = text[at];
            if (char.IsWhiteSpace(c) || c == '\uFEFF' || c == '\u200B')
            {
                at++;
            }
            else if (c == '/' && Peek(1) == '/')
            {
                SkipLine();
            }
            else
            {
                return;
            }
        }
    }

    private void SkipLine()
    {
        while (at < text.Length && text[at] is not ('\n' or '\r'))
        {
            at++;
        }
    }

    private SyntaxTokenKind Scan(ref bool complete)
    {
        var c = text[at];
        if (IsNameStart(c))
        {
            return ScanWord(ref complete);
        }

        if (char.IsAsciiDigit(c))
        {
            return ScanNumber();
        }

        switch (c)
        {
            case '"' or '\'':
                complete = ScanString(c, verbatim: false);
                return SyntaxTokenKind.StringLiteral;
            case '@' when Peek(1) is '"' or '\'':
                at++;
                complete = ScanString(text[at], verbatim: true);
                return SyntaxTokenKind.StringLiteral;
            case '`' or '~' when Peek(1) == c && Peek(2) == c:
                complete = ScanFenced(c);
                return SyntaxTokenKind.StringLiteral;
            case '#' when IsAtLineStart():
                SkipLine();
                return SyntaxTokenKind.Directive;
            case '!' when ScanNegated():
                return SyntaxTokenKind.Identifier;
        }

        foreach (var sign in LongSigns)
        {
            if (sign[0] == c && string.CompareOrdinal(text, at, sign, 0, sign.Length) == 0)
            {
                at += sign.Length;
                return SyntaxTokenKind.Punctuation;
            }
        }

        at++;
        return c switch
        {
            '|' or ';' or ',' or '.' or ':' or '(' or ')' or '[' or ']' or '{' or '}' or '=' or '<' or '>' or '+' or '-' or '*' or '/' or '%' or '?'
                => SyntaxTokenKind.Punctuation,
            _ => ScanBad(c),
        };
    }

    private SyntaxTokenKind ScanBad(char c)
    {
        if (char.IsHighSurrogate(c) && char.IsLowSurrogate(Peek()))
        {
            at++;
        }

        return SyntaxTokenKind.Bad;
    }

    private bool IsAtLineStart()
    {
        for (var i = at - 1; i >= 0; i--)
        {
            if (text[i] is '\n' or '\r')
            {
                return true;
            }

            if (!char.IsWhiteSpace(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c is '_' or '$' || (c > 127 && char.IsLetter(c));

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_' || (c > 127 && char.IsLetterOrDigit(c));

    private SyntaxTokenKind ScanWord(ref bool complete)
    {
        var start = at++;
        while (at < text.Length && IsNamePart(text[at]))
        {
            at++;
        }

        var word = text.AsSpan(start, at - start);
        if (Peek() == '-' && at + 1 < text.Length && char.IsAsciiLetter(text[at + 1]) && ScanHyphenated(start))
        {
            return SyntaxTokenKind.Identifier;
        }

        if (word is "h" or "H")
        {
            if (Peek() is '"' or '\'')
            {
                complete = ScanString(text[at], verbatim: false);
                return SyntaxTokenKind.StringLiteral;
            }

            if (Peek() == '@' && Peek(1) is '"' or '\'')
            {
                at++;
                complete = ScanString(text[at], verbatim: true);
                return SyntaxTokenKind.StringLiteral;
            }

            if (Peek() is '`' or '~' && Peek(1) == Peek() && Peek(2) == Peek())
            {
                complete = ScanFenced(text[at]);
                return SyntaxTokenKind.StringLiteral;
            }
        }

        if (Peek() == '(' && LiteralTypes.Contains(word))
        {
            complete = ScanTypedValue();
            return SyntaxTokenKind.TypedLiteral;
        }

        if (Peek() == '~' && word is "in" && Peek(1) != '~')
        {
            at++;
        }

        return SyntaxTokenKind.Identifier;
    }

    private bool ScanHyphenated(int start)
    {
        var end = at;
        while (end < text.Length && (IsNamePart(text[end]) || (text[end] == '-' && end + 1 < text.Length && char.IsAsciiLetter(text[end + 1]))))
        {
            end++;
            if (end - start > 24)
            {
                break;
            }
        }

        // The longest known word wins: "graph-to-table", but not "top-nested-x".
        for (var stop = end; stop > at; stop--)
        {
            if ((stop == text.Length || !IsNamePart(text[stop])) && Hyphenated.Contains(text.AsSpan(start, stop - start)))
            {
                at = stop;
                return true;
            }
        }

        return false;
    }

    private bool ScanNegated()
    {
        var end = at + 1;
        while (end < text.Length && (IsNamePart(text[end]) || text[end] == '~') && end - at < 20)
        {
            end++;
        }

        for (var stop = end; stop > at + 1; stop--)
        {
            if ((stop == text.Length || !IsNamePart(text[stop])) && Negated.Contains(text.AsSpan(at, stop - at)))
            {
                at = stop;
                return true;
            }
        }

        return false;
    }

    // A value that is broken off by the end of the line is no value: the word stands alone and the parser says what is wrong.
    private bool ScanTypedValue()
    {
        at++;
        while (at < text.Length && text[at] is not ('\n' or '\r'))
        {
            var c = text[at++];
            if (c == ')')
            {
                return true;
            }

            if (c is '"' or '\'')
            {
                at--;
                ScanString(c, verbatim: false);
            }
        }

        return false;
    }

    private SyntaxTokenKind ScanNumber()
    {
        var start = at;
        if (text[at] == '0' && Peek(1) is 'x' or 'X' && char.IsAsciiHexDigit(Peek(2)))
        {
            at += 2;
            SkipHex();
            return FinishNumber(start, SyntaxTokenKind.LongLiteral);
        }

        SkipDigits();
        var kind = SyntaxTokenKind.LongLiteral;
        if (Peek() == '.' && char.IsAsciiDigit(Peek(1)))
        {
            kind = SyntaxTokenKind.RealLiteral;
            at++;
            SkipDigits();
        }
        else if (Peek() == '.' && Peek(1) != '.' && !IsNameStart(Peek(1)) && Peek(1) != '[')
        {
            kind = SyntaxTokenKind.RealLiteral;
            at++;
            return kind;
        }

        if (Peek() is 'e' or 'E' && (char.IsAsciiDigit(Peek(1)) || (Peek(1) is '+' or '-' && char.IsAsciiDigit(Peek(2)))))
        {
            at += 2;
            SkipDigits();
            kind = SyntaxTokenKind.RealLiteral;
        }

        return FinishNumber(start, kind);
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Peek()))
        {
            at++;
        }
    }

    private void SkipHex()
    {
        while (char.IsAsciiHexDigit(Peek()))
        {
            at++;
        }
    }

    private SyntaxTokenKind FinishNumber(int start, SyntaxTokenKind kind)
    {
        var unit = at;
        var end = at;
        while (end < text.Length && IsNamePart(text[end]))
        {
            end++;
        }

        if (end == unit)
        {
            return kind;
        }

        if (Units.Contains(text.AsSpan(unit, end - unit)))
        {
            at = end;
            return SyntaxTokenKind.TimeSpanLiteral;
        }

        // Digits may begin a name ("7zip"), a number with a dot may not.
        if (text.AsSpan(start, unit - start).Contains('.'))
        {
            return kind;
        }

        at = end;
        return SyntaxTokenKind.Identifier;
    }

    private bool ScanString(char quote, bool verbatim)
    {
        at++;
        while (at < text.Length)
        {
            var c = text[at];
            if (c == quote)
            {
                at++;
                if (verbatim && Peek() == quote)
                {
                    at++;
                    continue;
                }

                return true;
            }

            if (c is '\n' or '\r')
            {
                return false;
            }

            at++;
            if (c == '\\' && !verbatim && at < text.Length && text[at] is not ('\n' or '\r'))
            {
                at++;
            }
        }

        return false;
    }

    private bool ScanFenced(char fence)
    {
        at += 3;
        var end = text.IndexOf(new string(fence, 3), at, StringComparison.Ordinal);
        at = end < 0 ? text.Length : end + 3;
        return end >= 0;
    }
}
