using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>What a name or an expression turned out to mean: a value, a table, a graph, a database, a function.</summary>
internal abstract record Meaning;

/// <param name="IsColumn">True where the text is a column's name, so that the output column is that column.</param>
internal sealed record ScalarMeaning(BoundExpression Value, bool IsColumn = false) : Meaning
{
    /// <summary>For an argument that depends on a row: that row, outside of which it has no value.</summary>
    public RowScope? Of { get; init; }
}

/// <summary>A call that yields several values, with the names that its output columns have.</summary>
internal sealed record SeveralMeaning(BoundCall Call, IReadOnlyList<NamedElement> Elements) : Meaning;

/// <param name="Name">The name before any prefix of the function; null where the projection must find one.</param>
/// <param name="Index">The element of the call.</param>
/// <param name="IsColumn">True when the name is that of an input column: then it is dropped where a key already has it.</param>
internal readonly record struct NamedElement(string Name, KqlType Type, int Index, bool IsColumn);

/// <param name="Name">What <c>withsource</c> and <c>search</c> call the rows; null when they have no name.</param>
internal sealed record TableMeaning(BoundQuery Query, string? Name = null) : Meaning
{
    public bool IsGraph => Query is BoundGraph;
}

/// <summary>Several tables that one pattern names.</summary>
internal sealed record TablesMeaning(IReadOnlyList<TableMeaning> Tables) : Meaning;

internal sealed record DatabaseMeaning(IReadOnlyList<ISchemaCatalog> Databases) : Meaning;

internal sealed record ClusterMeaning : Meaning
{
    public static ClusterMeaning Instance { get; } = new();
}

internal sealed record EntityGroupMeaning(IReadOnlyList<Meaning> Members) : Meaning;

internal sealed record FunctionMeaning(UserFunction Function) : Meaning;

/// <summary>A name of a <c>declare pattern</c>: its cases are chosen by the arguments.</summary>
internal sealed record PatternMeaning(Syntax.Nodes.PatternStatementSyntax Pattern, NameScope Home) : Meaning;

/// <summary><c>typeof(…)</c>.</summary>
internal sealed record TypeMeaning(KqlType Type, RowShape? Shape) : Meaning;

/// <summary>All columns: a lone star among arguments.</summary>
internal sealed record StarMeaning : Meaning
{
    public static StarMeaning Instance { get; } = new();
}

/// <summary>An error that has been reported already; it fits everywhere, so that nothing more is said about it.</summary>
internal sealed record ErrorMeaning : Meaning
{
    public static ErrorMeaning Instance { get; } = new();
}

/// <summary>A function of the query or a saved one, ready to be bound at its calls.</summary>
/// <param name="Home">The names that its body sees besides its parameters.</param>
internal sealed record UserFunction(
    string Name,
    IReadOnlyList<FunctionParameter> Parameters,
    Syntax.Nodes.FunctionBodySyntax? Body,
    NameScope Home,
    ISchemaCatalog Database)
{
    public bool IsView { get; init; }

    /// <summary>Set for a saved function.</summary>
    public FunctionSymbol? Symbol { get; init; }

    public int RequiredCount => Parameters.Count(p => p.Default is null);
}

/// <param name="Shape">The columns that a tabular parameter must have; null for a scalar one.</param>
/// <param name="Type">Unknown for a tabular parameter.</param>
internal sealed record FunctionParameter(string Name, KqlType Type, RowShape? Shape, Syntax.Nodes.ExpressionSyntax? Default);
