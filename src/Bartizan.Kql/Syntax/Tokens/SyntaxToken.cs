using System.Text;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Kql.Syntax.Tokens;

/// <summary>Any piece of the tree: a token, or a node made of pieces. Written one after another the pieces give the text again.</summary>
internal abstract record SyntaxElement
{
    /// <summary>Where the piece stands, without the blanks and comments before it.</summary>
    public abstract TextSpan Span { get; }

    public abstract void WriteTo(StringBuilder text);

    public string ToFullText()
    {
        var text = new StringBuilder();
        WriteTo(text);
        return text.ToString();
    }

    public virtual bool Equals(SyntaxElement? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>A word, literal or sign, with the blanks and comments before it. A missing token is one the parser expected: it has no text.</summary>
internal sealed record SyntaxToken(SyntaxTokenKind Kind, string Text, string Trivia, int Start) : SyntaxElement
{
    public bool IsMissing { get; init; }

    /// <summary>False for a literal that lacks its closing quote or parenthesis.</summary>
    public bool IsComplete { get; init; } = true;

    public int End => Start + Text.Length;

    public override TextSpan Span => new(Start, Text.Length);

    public bool Is(string text) =>
        Kind is SyntaxTokenKind.Punctuation or SyntaxTokenKind.Identifier && string.Equals(Text, text, StringComparison.Ordinal);

    public override void WriteTo(StringBuilder text) => text.Append(Trivia).Append(Text);

    public bool Equals(SyntaxToken? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => base.GetHashCode();

    public override string ToString() => Text;
}
