using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding.Tree;

/// <summary>
/// An expression with every name resolved and every conversion written out. A value that a <c>let</c> names is one object,
/// however often it is used, so that a plan can compute it once.
/// </summary>
internal abstract record BoundExpression(KqlType Type)
{
    // Identity, not structure: sharing is part of the meaning, and deep trees must not be compared node by node.
    public virtual bool Equals(BoundExpression? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>
/// A constant. <paramref name="Value"/> is null, bool, int, long, double, string, <see cref="System.Guid"/>, and for datetime and timespan
/// ticks as long; decimal is its exact text as string; dynamic is compact JSON text.
/// </summary>
internal sealed record BoundLiteral(KqlType Type, object? Value) : BoundExpression(Type);

/// <summary>A column of the operator's input, by name. In a join key the side is known from where the expression stands.</summary>
internal sealed record BoundColumn(string Name, KqlType Type) : BoundExpression(Type);

/// <summary>
/// A call of a function, aggregate or operator of the catalogue, by its canonical name; arguments are already
/// converted to what the chosen signature accepts.
/// </summary>
internal sealed record BoundCall(string Function, IReadOnlyList<BoundExpression> Arguments, KqlType Type) : BoundExpression(Type);

/// <summary>
/// One of the values of a call that yields several (<c>arg_max(Time, *)</c>, <c>percentiles(x, 5, 95)</c>, <c>series_fit_line</c>).
/// Elements of one call share the <see cref="BoundCall"/> object. For <c>arg_max</c> and <c>arg_min</c> element 0 is the extreme itself
/// and element n the n-th argument; for <c>take_any</c> element n is argument n; for <c>percentiles</c> the n-th percentile.
/// </summary>
internal sealed record BoundElement(BoundCall Call, int Index, KqlType Type) : BoundExpression(Type);

/// <summary>An implicit conversion to a wider type (int to long, long to real, …); never one that Kusto would not make by itself.</summary>
internal sealed record BoundConvert(BoundExpression Value, KqlType Type) : BoundExpression(Type);

/// <summary><c>value.Name</c> or <c>value["Name"]</c> on a dynamic value.</summary>
internal sealed record BoundMember(BoundExpression Value, string Name) : BoundExpression(KqlType.Dynamic);

/// <summary><c>value[index]</c> on a dynamic value; the index is a number (negative counts from the end) or a text.</summary>
internal sealed record BoundIndex(BoundExpression Value, BoundExpression Index) : BoundExpression(KqlType.Dynamic);

/// <summary><c>value in (table)</c>: membership in the first column of a tabular value.</summary>
/// <param name="Operator">The canonical name of the operator: <c>_in</c>, <c>_not_in</c>, <c>_in_ci</c>, <c>_not_in_ci</c>, <c>_has_any</c>, <c>_has_all</c>.</param>
internal sealed record BoundInTable(string Operator, BoundExpression Value, BoundQuery Table) : BoundExpression(KqlType.Bool);

/// <summary><c>toscalar(table)</c>: first column of the first row, null when there is none. Never depends on a row outside.</summary>
internal sealed record BoundScalarSubquery(BoundQuery Query, KqlType Type) : BoundExpression(Type);

/// <summary>
/// A value given when the query runs: <c>declare query_parameters</c>. <paramref name="Default"/> is null when one must be given.
/// </summary>
internal sealed record BoundParameter(string Name, KqlType Type, BoundExpression? Default) : BoundExpression(Type);

/// <summary>Inside <c>scan</c>: a column as the step <paramref name="Step"/> last stored it.</summary>
internal sealed record BoundScanState(string Step, string Name, KqlType Type) : BoundExpression(Type);

/// <summary>Inside <c>graph-match</c>: a property of the node or edge that the pattern names.</summary>
internal sealed record BoundGraphProperty(string Variable, string Name, KqlType Type) : BoundExpression(Type);

/// <summary>Inside <c>graph-match</c>: a node or edge of the pattern as a whole (<c>inner_nodes(e)</c>, <c>labels(n)</c>, <c>all(e, …)</c>).</summary>
internal sealed record BoundGraphVariable(string Variable, KqlType Type) : BoundExpression(Type);

/// <summary>The argument of a function that takes a lambda-like expression over elements (<c>all</c>, <c>any</c>, <c>map</c> in graph patterns).</summary>
internal sealed record BoundGraphLambda(BoundExpression Body, KqlType Type) : BoundExpression(Type);
