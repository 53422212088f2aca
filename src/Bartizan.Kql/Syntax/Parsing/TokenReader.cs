using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Syntax.Tokens;

namespace Bartizan.Kql.Syntax.Parsing;

/// <summary>
/// The tokens with a place in them. What is read waits in order until a node takes it: so each token is in exactly one
/// node, and no construct can lose one.
/// </summary>
internal sealed class TokenReader
{
    private const int MaxDepth = 250;
    private const int MaxDiagnostics = 100;

    private readonly List<SyntaxToken> tokens;
    private readonly List<SyntaxElement> pending = [];
    private int position;
    private int depth;

    public TokenReader(string text)
    {
        tokens = Lexer.Read(text);
        Current = tokens[0];
    }

    public List<Diagnostic> Diagnostics { get; } = [];

    public SyntaxToken Current { get; private set; }

    public bool AtEnd => Current.Kind == SyntaxTokenKind.EndOfText;

    public int Mark => pending.Count;

    public int PreviousEnd => position == 0 ? 0 : tokens[position - 1].End;

    public SyntaxToken Peek(int ahead) => tokens[Math.Min(position + ahead, tokens.Count - 1)];

    public SyntaxToken Accept()
    {
        var token = Current;
        pending.Add(token);
        CheckLiteral(token);
        if (position < tokens.Count - 1)
        {
            Current = tokens[++position];
            while (Current.Kind == SyntaxTokenKind.Directive)
            {
                pending.Add(Current);
                Current = tokens[++position];
            }
        }

        return token;
    }

    public void SkipLeadingDirectives()
    {
        while (Current.Kind == SyntaxTokenKind.Directive)
        {
            pending.Add(Current);
            Current = tokens[++position];
        }
    }

    public bool Is(string text) => Current.Is(text);

    public bool AcceptIf(string text)
    {
        if (!Current.Is(text))
        {
            return false;
        }

        Accept();
        return true;
    }

    public SyntaxToken Expect(string text)
    {
        if (Current.Is(text))
        {
            return Accept();
        }

        ReportExpected(text);
        return AddMissing();
    }

    public SyntaxToken AddMissing()
    {
        var missing = new SyntaxToken(SyntaxTokenKind.Punctuation, "", "", PreviousEnd) { IsMissing = true };
        pending.Add(missing);
        return missing;
    }

    public T Finish<T>(int mark, T node)
        where T : SyntaxNode
    {
        var count = pending.Count - mark;
        var children = new SyntaxElement[count];
        pending.CopyTo(mark, children, 0, count);
        pending.RemoveRange(mark, count);
        node.Adopt(children, PreviousEnd);
        pending.Add(node);
        return node;
    }

    public void ReportExpected(string text) => Report("KS005", ExpectedAt, $"Expected: {text}");

    /// <summary>Where something is missing: at the token that stands there instead, but at the end of the line when that is in a later one.</summary>
    private TextSpan ExpectedAt => AtEnd || Current.Trivia.Contains('\n') ? new TextSpan(PreviousEnd, 0) : Current.Span;

    public void ReportMissing(string what, string? hint = null) =>
        Report("KS006", new TextSpan(PreviousEnd, 0), $"Missing {what}", hint);

    public void Report(string code, TextSpan span, string message, string? hint = null)
    {
        // One error for one place: what follows from the first only confuses.
        if (Diagnostics.Count < MaxDiagnostics && (Diagnostics.Count == 0 || Diagnostics[^1].Span.Start != span.Start || span.Length == 0 && Diagnostics[^1].Code != code))
        {
            Diagnostics.Add(Diagnostic.Error(code, span, message, hint));
        }
    }

    /// <summary>
    /// Goes one level deeper; false when that is too deep. Then the rest of the text is skipped, with one diagnostic.
    /// Each true answer is paid back with <see cref="Leave"/>.
    /// </summary>
    public bool TryEnter()
    {
        if (++depth <= MaxDepth)
        {
            return true;
        }

        depth--;
        Report("BZ1001", Current.Span, $"The query is nested more than {MaxDepth} levels deep.", "Name inner parts with let statements.");
        while (!AtEnd)
        {
            Accept();
        }

        return false;
    }

    public void Leave() => depth--;

    /// <summary>Skips what cannot be understood, up to a place where a new part begins, and says so once.</summary>
    public void SkipUntil(Func<SyntaxToken, bool> isNext, string code, string message)
    {
        if (AtEnd || isNext(Current))
        {
            return;
        }

        Report(Current.Kind == SyntaxTokenKind.Bad ? "KS002" : code, code == "KS005" && Current.Kind != SyntaxTokenKind.Bad ? ExpectedAt : Current.Span, Current.Kind == SyntaxTokenKind.Bad ? $"Unexpected: {Current.Text}" : message);
        SkipUntilSilently(isNext);
    }

    public void SkipUntilSilently(Func<SyntaxToken, bool> isNext)
    {
        var nesting = 0;
        while (!AtEnd)
        {
            if (nesting == 0 && isNext(Current))
            {
                return;
            }

            if (Current.Is("(") || Current.Is("[") || Current.Is("{"))
            {
                nesting++;
            }
            else if (Current.Is(")") || Current.Is("]") || Current.Is("}"))
            {
                nesting = Math.Max(0, nesting - 1);
            }

            Accept();
        }
    }

    private void CheckLiteral(SyntaxToken token)
    {
        if (!token.IsComplete)
        {
            var close = token.Kind == SyntaxTokenKind.TypedLiteral ? ")"
                : token.Text.Contains("```", StringComparison.Ordinal) ? "```"
                : token.Text.Contains("~~~", StringComparison.Ordinal) ? "~~~"
                : token.Text.Contains('"') && (!token.Text.Contains('\'') || token.Text.IndexOf('"') < token.Text.IndexOf('\'')) ? "\"" : "'";
            Report("KS001", new TextSpan(token.End, 0), $"Missing: {close}");
        }

        if (token.Kind == SyntaxTokenKind.StringLiteral && token.Text.Contains('\\') && LiteralReader.FindBadEscape(token.Text) is var bad and >= 0)
        {
            Report("KS002", new TextSpan(token.Start + bad, 1), "Unexpected: \\", "Write \\\\ for a backslash, or put @ before the opening quote.");
        }
    }
}
