namespace Bartizan.Kql.Sql;

/// <summary>
/// What the texts of a row must hold for a predicate to be true of it: a weaker condition than the predicate, which an index over words can
/// answer for many rows at once. Words are runs of ASCII letters and digits, in lower case.
/// </summary>
public abstract record TermCondition
{
    private TermCondition()
    {
    }

    /// <summary>The word stands in one of the texts, with neither letter nor digit of ASCII beside it.</summary>
    public sealed record Word(string Text) : TermCondition;

    /// <summary>These letters and digits stand within a word of one of the texts.</summary>
    public sealed record Part(string Text) : TermCondition;

    public sealed record All(IReadOnlyList<TermCondition> Conditions) : TermCondition;

    public sealed record Any(IReadOnlyList<TermCondition> Conditions) : TermCondition;
}
