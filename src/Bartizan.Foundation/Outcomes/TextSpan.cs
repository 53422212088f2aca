namespace Bartizan.Foundation.Outcomes;

/// <summary>A stretch of a text, in UTF-16 characters from its start.</summary>
public readonly record struct TextSpan(int Start, int Length)
{
    public int End => Start + Length;

    public static TextSpan FromBounds(int start, int end) => new(start, end - start);
}
