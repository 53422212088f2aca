using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>Where an expression stands: the names, the database and the row that it sees.</summary>
internal sealed record Scope(NameScope Names, ISchemaCatalog Database)
{
    public RowScope? Row { get; init; }

    /// <summary>Inside the body of a scalar function: the row of the call, which its arguments may depend on.</summary>
    public RowScope? OuterRow { get; init; }

    /// <summary>The other side of a join.</summary>
    public RowScope? Right { get; init; }

    /// <summary>Among aggregates: columns only stand inside the calls of aggregate functions.</summary>
    public bool IsAggregate { get; init; }

    /// <summary>The names of the group's keys, which <c>arg_max(x, *)</c> leaves out.</summary>
    public IReadOnlySet<string>? KeyNames { get; init; }

    /// <summary>Inside <c>union isfuzzy=true</c>: a table that is not there is empty.</summary>
    public bool IsFuzzy { get; init; }

    /// <summary>Inside <c>scan</c>: the names of the steps.</summary>
    public IReadOnlySet<string>? Steps { get; init; }

    /// <summary>Inside a graph pattern: its nodes and edges.</summary>
    public PatternScope? Pattern { get; init; }

    /// <summary>The saved function whose body this is; there its own name is that of a table.</summary>
    public string? InsideOf { get; init; }

    /// <summary>True where a predicate of <c>search</c> may be a bare text.</summary>
    public bool IsSearch { get; init; }

    public bool IsCaseSensitive { get; init; }

    public Scope WithRow(RowScope? row) => this with { Row = row, OuterRow = null, Right = null, IsAggregate = false, KeyNames = null, Steps = null, Pattern = null, IsSearch = false };

    /// <summary>No row, as for a table or a let value.</summary>
    public Scope WithoutRow() => Row is null && OuterRow is null && Right is null && !IsAggregate && Pattern is null ? this : WithRow(null);
}

/// <summary>The variables of a graph pattern.</summary>
internal sealed record PatternScope(
    IReadOnlyDictionary<string, PatternVariable> Variables, RowShape Nodes, RowShape Edges, bool IsProjection = false);

internal sealed record PatternVariable(string Name, bool IsNode, bool IsVariableLength);
