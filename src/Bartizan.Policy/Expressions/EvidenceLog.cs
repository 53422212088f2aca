using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>One clause of a rule as it was evaluated: what it asked, what it read, and what came out.</summary>
/// <param name="Path">Where the clause stands in the rule, as a JSON pointer.</param>
/// <param name="Text">The clause in words: <c>field type equals</c>, <c>allOf</c>.</param>
/// <param name="Holds">Whether it held; null when it was not reached because the result stood already.</param>
public sealed record ClauseEvidence(string Path, string Text, bool? Holds)
{
    /// <summary>What the left side read; null for allOf, anyOf and not.</summary>
    public PolicyValue? Actual { get; init; }

    /// <summary>What it was compared with.</summary>
    public PolicyValue? Expected { get; init; }

    public IReadOnlyList<ClauseEvidence> Clauses { get; init; } = [];

    public IEnumerable<ClauseEvidence> Flatten() => Clauses.SelectMany(c => c.Flatten()).Prepend(this);
}

/// <summary>Collects clauses while an evaluation runs; a clause takes those that ended inside it as its own.</summary>
internal sealed class EvidenceLog
{
    /// <summary>Evidence is for people; counts over long arrays stop being written down here.</summary>
    private const int MaxClauses = 2_000;

    private readonly Stack<List<ClauseEvidence>?> open = new([[]]);
    private int written;

    public IReadOnlyList<ClauseEvidence> Clauses => open.Peek() ?? [];

    /// <summary>Opens a clause. One that is opened after the limit is not kept, nor what ends inside it.</summary>
    public void Begin() => open.Push(CanKeep() ? [] : null);

    public void End(ClauseEvidence clause)
    {
        if (open.Pop() is { } inner)
        {
            open.Peek()?.Add(inner.Count == 0 ? clause : clause with { Clauses = inner });
        }
    }

    public void Add(ClauseEvidence clause)
    {
        if (open.Peek() is { } clauses && CanKeep())
        {
            clauses.Add(clause);
        }
    }

    private bool CanKeep() => written < MaxClauses && ++written > 0;
}
