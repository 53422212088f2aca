using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans;

/// <summary>
/// A column of a plan. It keeps its identity through all nodes that pass it on, so renaming and reordering cost nothing; the number is
/// what the engine calls it, since engines do not tell names apart by case.
/// </summary>
internal sealed class PlanColumn(int number, KqlType type, string name)
{
    public int Number => number;

    public KqlType Type => type;

    /// <summary>The name in the query, for reading a plan.</summary>
    public string Name => name;

    public override string ToString() => $"{name}#{number}";
}

/// <summary>A reference to a plan's column, which takes the place of <see cref="BoundColumn"/> when an expression enters a plan.</summary>
internal sealed record PlanRef(PlanColumn Column) : BoundExpression(Column.Type);

/// <summary>Membership in the values of a plan's column.</summary>
internal sealed record PlanMembership(string Operator, BoundExpression Value, PlanNode Table, PlanColumn Of) : BoundExpression(KqlType.Bool);

/// <summary>A managed body that is no function of the catalogue, applied to values of the row.</summary>
internal sealed record PlanManagedCall(string Name, ScalarBody Body, IReadOnlyList<BoundExpression> Arguments, KqlType Type) : BoundExpression(Type);

/// <summary>A new column and what gives it.</summary>
internal sealed record PlanAssignment(PlanColumn Column, BoundExpression Value);

/// <summary>One key of an order that rows have.</summary>
internal sealed record PlanOrder(PlanColumn Column, bool IsDescending, bool NullsFirst);

/// <summary>A relational operation. Nodes say which columns they hold; whoever reads them says which of these it needs.</summary>
internal abstract record PlanNode
{
    public abstract IReadOnlyList<PlanColumn> Columns { get; }

    public virtual bool Equals(PlanNode? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>A stored table; columns stand beside those of its shape.</summary>
internal sealed record PlanScan(TableSymbol Table, IReadOnlyList<PlanColumn> Fields) : PlanNode
{
    public override IReadOnlyList<PlanColumn> Columns => Fields;
}

/// <summary>Rows written out; expressions do not refer to columns.</summary>
internal sealed record PlanValues(IReadOnlyList<PlanColumn> Fields, IReadOnlyList<IReadOnlyList<BoundExpression>> Rows) : PlanNode
{
    public override IReadOnlyList<PlanColumn> Columns => Fields;
}

/// <summary>Evenly spaced values, both ends included.</summary>
internal sealed record PlanRange(PlanColumn Field, BoundExpression From, BoundExpression To, BoundExpression Step) : PlanNode
{
    public override IReadOnlyList<PlanColumn> Columns => [Field];
}

/// <summary>Rows that an operator hands to its subquery, or that were computed before and kept in a table of the session.</summary>
internal sealed record PlanStored(IStoredRows Rows, IReadOnlyList<PlanColumn> Fields) : PlanNode
{
    public override IReadOnlyList<PlanColumn> Columns => Fields;
}

/// <summary>Something that is computed once and then read from a table of the session.</summary>
internal interface IStoredRows
{
    IReadOnlyList<KqlType> Types { get; }
}

/// <summary><c>materialize</c>: the rows of a plan.</summary>
internal sealed record MaterializedRows(PlanNode Source, IReadOnlyList<PlanColumn> Columns) : IStoredRows
{
    public IReadOnlyList<KqlType> Types { get; } = [.. Columns.Select(c => c.Type)];

    public bool Equals(MaterializedRows? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>The rows that a managed operator makes from the rows of its inputs.</summary>
internal sealed record OperatorRows(Managed.ManagedOperator Operator, IReadOnlyList<PlanInput> Inputs, IReadOnlyList<KqlType> Types) : IStoredRows
{
    public bool Equals(OperatorRows? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>Rows that are at hand.</summary>
internal sealed record GivenRows(IReadOnlyList<KqlType> Types, IReadOnlyList<KqlValue[]> Rows) : IStoredRows
{
    public bool Equals(GivenRows? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>An input of a managed operator: the columns it sees, in order, and the order of the rows.</summary>
/// <param name="Partition">The operator runs once for each value of these; they are the last of <paramref name="Columns"/>.</param>
internal sealed record PlanInput(
    PlanNode Source, IReadOnlyList<PlanColumn> Columns, IReadOnlyList<PlanOrder> Order, IReadOnlyList<PlanColumn> Partition);

internal sealed record PlanFilter(PlanNode Source, BoundExpression Predicate) : PlanNode
{
    public override IReadOnlyList<PlanColumn> Columns => Source.Columns;
}

/// <summary>All columns of the source and new ones beside them.</summary>
internal sealed record PlanCompute(PlanNode Source, IReadOnlyList<PlanAssignment> Additions) : PlanNode
{
    public override IReadOnlyList<PlanColumn> Columns { get; } = [.. Source.Columns, .. Additions.Select(a => a.Column)];
}

/// <summary>One row per value of the keys, which are columns of the source; one row in all where there are none.</summary>
/// <param name="Order">The order in which aggregates that depend on it see the rows.</param>
internal sealed record PlanGroup(
    PlanNode Source, IReadOnlyList<PlanColumn> Keys, IReadOnlyList<PlanAssignment> Aggregates, IReadOnlyList<PlanOrder> Order) : PlanNode
{
    public override IReadOnlyList<PlanColumn> Columns { get; } = [.. Keys, .. Aggregates.Select(a => a.Column)];
}

/// <summary>The first rows in an order (any rows where there is none), of each partition.</summary>
internal sealed record PlanSlice(
    PlanNode Source, BoundExpression Count, IReadOnlyList<PlanOrder> Order, IReadOnlyList<PlanColumn> Partition) : PlanNode
{
    public override IReadOnlyList<PlanColumn> Columns => Source.Columns;
}

/// <summary>One row for each value of the keys: the first in the order, any where there is none.</summary>
internal sealed record PlanFirst(PlanNode Source, IReadOnlyList<PlanColumn> Keys, IReadOnlyList<PlanOrder> Order) : PlanNode
{
    public override IReadOnlyList<PlanColumn> Columns => Source.Columns;
}

internal enum PlanJoinKind
{
    Inner,
    Left,
    Right,
    Full,
    Semi,
    Anti,
    Cross,
}

/// <param name="NullsMatch">True for keys that the planner adds (partitions), which are equal also when both are null.</param>
internal sealed record PlanJoinKey(BoundExpression Left, BoundExpression Right, bool NullsMatch = false);

/// <summary>Semi and anti joins hold the left columns only.</summary>
internal sealed record PlanJoin(PlanNode Left, PlanNode Right, PlanJoinKind Kind, IReadOnlyList<PlanJoinKey> Keys) : PlanNode
{
    public override IReadOnlyList<PlanColumn> Columns { get; } =
        Kind is PlanJoinKind.Semi or PlanJoinKind.Anti ? Left.Columns : [.. Left.Columns, .. Right.Columns];
}

/// <summary>All rows of all inputs; each input's columns stand beside the output's.</summary>
internal sealed record PlanUnion(IReadOnlyList<(PlanNode Source, IReadOnlyList<PlanColumn> Columns)> Inputs, IReadOnlyList<PlanColumn> Fields) : PlanNode
{
    public override IReadOnlyList<PlanColumn> Columns => Fields;
}

/// <summary>An array that becomes rows: the column that holds its elements, as dynamic.</summary>
internal sealed record PlanExpansion(PlanColumn Element, BoundExpression Value);

/// <summary>One row for each position of the longest array; shorter ones give null.</summary>
internal sealed record PlanUnnest(
    PlanNode Source, IReadOnlyList<PlanExpansion> Expansions, bool BagsAsArrays, PlanColumn Position) : PlanNode
{
    public override IReadOnlyList<PlanColumn> Columns { get; } = [.. Source.Columns, .. Expansions.Select(e => e.Element), Position];
}

/// <summary>A number for each row, from 1, in the order (as the rows come where there is none), within each partition.</summary>
internal sealed record PlanOrdinal(PlanNode Source, PlanColumn Number, IReadOnlyList<PlanOrder> Order, IReadOnlyList<PlanColumn> Partition) : PlanNode
{
    public override IReadOnlyList<PlanColumn> Columns { get; } = [.. Source.Columns, Number];
}

/// <summary>Values that window functions give, over rows in order; every assignment is a call of one.</summary>
internal sealed record PlanWindow(
    PlanNode Source, IReadOnlyList<PlanAssignment> Additions, IReadOnlyList<PlanOrder> Order, IReadOnlyList<PlanColumn> Partition) : PlanNode
{
    public override IReadOnlyList<PlanColumn> Columns { get; } = [.. Source.Columns, .. Additions.Select(a => a.Column)];
}

/// <summary>A plan that is used at several places: written once, under names of its own at each place.</summary>
internal sealed record PlanShared(PlanDefinition Definition, IReadOnlyList<PlanColumn> Inner, IReadOnlyList<PlanColumn> Outer) : PlanNode
{
    public override IReadOnlyList<PlanColumn> Columns => Outer;
}

internal sealed class PlanDefinition(int number, PlanNode source, bool mustAgree)
{
    public bool MustAgree => mustAgree;

    public int Number => number;

    public PlanNode Source => source;
}
