using System.Text;
using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Syntax.Tokens;

namespace Bartizan.Kql.Syntax.Nodes;

/// <summary>
/// A construct of the language. Its typed parts are for those who read it; <see cref="Children"/> are all its pieces in
/// order, also signs, blanks and what the parser skipped, and give the text again.
/// </summary>
internal abstract record SyntaxNode : SyntaxElement
{
    private TextSpan span;

    public IReadOnlyList<SyntaxElement> Children { get; private set; } = [];

    public override TextSpan Span => span;

    public override void WriteTo(StringBuilder text)
    {
        // By an explicit stack: a chain of ten thousand operators is as deep as it is long.
        var open = new Stack<SyntaxElement>();
        open.Push(this);
        while (open.TryPop(out var element))
        {
            if (element is not SyntaxNode node)
            {
                element.WriteTo(text);
                continue;
            }

            for (var i = node.Children.Count - 1; i >= 0; i--)
            {
                open.Push(node.Children[i]);
            }
        }
    }

    public virtual bool Equals(SyntaxNode? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => base.GetHashCode();

    /// <summary>Called once, by the parser, when the node is complete.</summary>
    internal void Adopt(IReadOnlyList<SyntaxElement> children, int emptyAt)
    {
        Children = children;
        int start = -1, end = -1;
        foreach (var child in children)
        {
            if (child.Span.Length > 0)
            {
                start = start < 0 ? child.Span.Start : start;
                end = child.Span.End;
            }
        }

        span = start < 0 ? new TextSpan(emptyAt, 0) : TextSpan.FromBounds(start, end);
    }
}
