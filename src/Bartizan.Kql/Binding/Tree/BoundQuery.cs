using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding.Tree;

/// <summary>
/// A tabular value with everything resolved: its output shape, and each output column as an expression over its input. A tabular
/// <c>let</c> is one object, however often it is used.
/// </summary>
internal abstract record BoundQuery(RowShape Shape)
{
    public virtual bool Equals(BoundQuery? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>An output column and the expression over the input row (or group) that gives it.</summary>
internal sealed record BoundAssignment(KqlColumn Column, BoundExpression Value);

// ---- sources

internal sealed record BoundTable(TableSymbol Table) : BoundQuery(Table.Shape);

/// <summary>A saved function without a body, made by the store from its arguments.</summary>
/// <remarks>An open shape is told in full by <c>BindingOptions.KnownShapes</c> under <see cref="OpenKey"/>.</remarks>
internal sealed record BoundFunctionTable(FunctionSymbol Function, IReadOnlyList<BoundExpression> Arguments, RowShape Shape) : BoundQuery(Shape)
{
    public string OpenKey { get; init; } = "";
}

/// <summary>A tabular query parameter or a place that holds no rows (an unknown table in <c>union isfuzzy=true</c>).</summary>
internal sealed record BoundEmpty(RowShape Shape) : BoundQuery(Shape);

internal sealed record BoundDataTable(RowShape Shape, IReadOnlyList<IReadOnlyList<BoundExpression>> Rows) : BoundQuery(Shape);

internal sealed record BoundPrint(RowShape Shape, IReadOnlyList<BoundAssignment> Columns) : BoundQuery(Shape);

/// <summary><c>range x from a to b step c</c>; the three are of the column's type, the step a timespan for datetime.</summary>
internal sealed record BoundRange(KqlColumn Column, BoundExpression From, BoundExpression To, BoundExpression Step)
    : BoundQuery(new RowShape([Column]));

internal sealed record BoundExternalRows(
    RowShape Shape, IReadOnlyList<BoundExpression> Sources, IReadOnlyDictionary<string, BoundLiteral> Properties) : BoundQuery(Shape);

/// <summary>
/// The rows that an enclosing operator hands to its subquery: the group of <c>partition</c>, the expanded row of <c>mv-apply</c>, the
/// shared input of <c>fork</c> and <c>facet</c>, a tabular argument of <c>invoke</c>.
/// </summary>
internal sealed record BoundInputRows(RowShape Shape) : BoundQuery(Shape);

/// <summary><c>materialize(…)</c>: computed once; all uses see the same rows.</summary>
internal sealed record BoundMaterialize(BoundQuery Source) : BoundQuery(Source.Shape);

// ---- rows in, rows out

internal sealed record BoundFilter(BoundQuery Source, BoundExpression Predicate) : BoundQuery(Source.Shape);

/// <summary>extend, project and its variants, and getters of columns generally: the whole list of output columns, in order.</summary>
internal sealed record BoundProject(BoundQuery Source, RowShape Shape, IReadOnlyList<BoundAssignment> Columns) : BoundQuery(Shape);

/// <summary>
/// Groups and aggregates. <paramref name="Aggregates"/> hold calls of aggregate functions, possibly inside scalar expressions; keys come first in the
/// shape. Without keys there is one row, also over no input.
/// </summary>
internal sealed record BoundSummarize(
    BoundQuery Source, RowShape Shape, IReadOnlyList<BoundAssignment> Keys, IReadOnlyList<BoundAssignment> Aggregates) : BoundQuery(Shape);

internal sealed record BoundDistinct(BoundQuery Source, RowShape Shape, IReadOnlyList<BoundAssignment> Columns) : BoundQuery(Shape);

internal sealed record BoundCount(BoundQuery Source, RowShape Shape) : BoundQuery(Shape);

internal sealed record BoundSortKey(BoundExpression Value, bool IsDescending, bool NullsFirst);

internal sealed record BoundSort(BoundQuery Source, IReadOnlyList<BoundSortKey> Keys) : BoundQuery(Source.Shape);

internal sealed record BoundTake(BoundQuery Source, BoundExpression Count) : BoundQuery(Source.Shape);

internal sealed record BoundTop(BoundQuery Source, BoundExpression Count, IReadOnlyList<BoundSortKey> Keys) : BoundQuery(Source.Shape);

internal sealed record BoundSample(BoundQuery Source, BoundExpression Count) : BoundQuery(Source.Shape);

internal sealed record BoundSampleDistinct(BoundQuery Source, RowShape Shape, BoundExpression Count, BoundExpression Of) : BoundQuery(Shape);

/// <summary>Rows keep the order they have; window functions may follow. Columns are those of an <c>extend</c> after it.</summary>
internal sealed record BoundSerialize(BoundQuery Source, RowShape Shape, IReadOnlyList<BoundAssignment> Columns) : BoundQuery(Shape);

/// <summary><c>as Name</c>, <c>consume</c> and other operators that only pass the rows on need no node: the binder leaves them out.</summary>
internal sealed record BoundConsume(BoundQuery Source, RowShape Shape) : BoundQuery(Shape);

internal sealed record BoundGetSchema(BoundQuery Source, RowShape Shape) : BoundQuery(Shape);

internal sealed record BoundRender(BoundQuery Source, string Kind, IReadOnlyDictionary<string, string> Properties) : BoundQuery(Source.Shape);

// ---- several inputs

internal enum BoundJoinKind
{
    InnerUnique,
    Inner,
    LeftOuter,
    RightOuter,
    FullOuter,
    LeftSemi,
    RightSemi,
    LeftAnti,
    RightAnti,
}

internal enum BoundJoinSide
{
    Left,
    Right,
}

/// <summary>An equality of the join: left over the left input's row, right over the right one's; both of one type.</summary>
internal sealed record BoundJoinKey(BoundExpression Left, BoundExpression Right);

/// <summary>An output column and the input column it repeats (<c>X1</c> is the right side's <c>X</c>).</summary>
internal sealed record BoundJoinColumn(KqlColumn Column, BoundJoinSide Side, string SourceName);

/// <summary><c>join</c>, and <c>lookup</c> (which differs only in its output columns and its kinds).</summary>
internal sealed record BoundJoin(
    BoundQuery Left,
    BoundQuery Right,
    BoundJoinKind Kind,
    IReadOnlyList<BoundJoinKey> Keys,
    IReadOnlyList<BoundJoinColumn> Columns,
    RowShape Shape) : BoundQuery(Shape);

/// <summary>One input of a union: for each output column the input's expression, or a null literal where it has none.</summary>
internal sealed record BoundUnionInput(BoundQuery Source, string SourceName, IReadOnlyList<BoundExpression> Columns);

/// <param name="SourceColumn">The name that <c>withsource=</c> gives to the first column, or null.</param>
internal sealed record BoundUnion(IReadOnlyList<BoundUnionInput> Inputs, string? SourceColumn, RowShape Shape) : BoundQuery(Shape);

/// <summary><c>fork</c> and <c>facet</c>: several results over the same input (<see cref="Input"/> is the leaf of each branch).</summary>
internal sealed record BoundFork(BoundQuery Source, BoundInputRows Input, IReadOnlyList<BoundForkBranch> Branches) : BoundQuery(Branches.Count > 0 ? Branches[0].Query.Shape : RowShape.Empty);

internal sealed record BoundForkBranch(string? Name, BoundQuery Query);

// ---- columns that hold many values

/// <summary>One array that is expanded; it takes the place of the column of that name, or is added at the end.</summary>
/// <param name="Value">The dynamic value over the input row.</param>
/// <param name="Column">Output name and type: dynamic, or what <c>to typeof(…)</c> says.</param>
internal sealed record BoundExpansion(KqlColumn Column, BoundExpression Value);

/// <param name="BagsAsArrays">A bag becomes pairs <c>["key", value]</c> (<c>bagexpansion=array</c>) instead of bags of one property.</param>
internal sealed record BoundMvExpand(
    BoundQuery Source,
    RowShape Shape,
    IReadOnlyList<BoundExpansion> Expansions,
    bool BagsAsArrays,
    string? IndexColumn,
    BoundExpression? Limit) : BoundQuery(Shape);

/// <summary>
/// Runs <paramref name="Subquery"/> once for each input row over the rows of its expansion. The leaf of the subquery is
/// <paramref name="Input"/>: all columns of the source and the expanded ones. The output repeats the source's columns that
/// <paramref name="Shape"/> names and the subquery does not give, then those of the subquery.
/// </summary>
/// <param name="Columns">For each output column whether it comes from the source (Left) or from the subquery (Right).</param>
internal sealed record BoundMvApply(
    BoundQuery Source,
    RowShape Shape,
    IReadOnlyList<BoundExpansion> Expansions,
    bool BagsAsArrays,
    string? IndexColumn,
    BoundExpression? Limit,
    BoundInputRows Input,
    BoundQuery Subquery,
    IReadOnlyList<BoundJoinColumn> Columns) : BoundQuery(Shape);

// ---- text into columns

internal enum BoundParseKind
{
    Simple,
    Relaxed,
    Regex,
}

/// <summary>A piece of a parse pattern.</summary>
internal abstract record BoundParsePart;

/// <summary>Text (or a regular expression) that must be there.</summary>
internal sealed record BoundParseText(string Text) : BoundParsePart;

/// <summary><c>*</c>: anything.</summary>
internal sealed record BoundParseSkip : BoundParsePart;

/// <summary>What lies here becomes a column.</summary>
internal sealed record BoundParseColumn(KqlColumn Column, bool HasExplicitType) : BoundParsePart;

/// <param name="DropsUnmatched"><c>parse-where</c>: rows that do not match are left out.</param>
internal sealed record BoundParse(
    BoundQuery Source,
    RowShape Shape,
    BoundExpression Text,
    BoundParseKind Kind,
    string Flags,
    IReadOnlyList<BoundParsePart> Pattern,
    bool DropsUnmatched) : BoundQuery(Shape);

/// <param name="Properties">pair_delimiter, kv_delimiter, quote, escape, greedy; as literals.</param>
internal sealed record BoundParseKv(
    BoundQuery Source, RowShape Shape, BoundExpression Text, IReadOnlyList<KqlColumn> Keys, IReadOnlyDictionary<string, BoundLiteral> Properties)
    : BoundQuery(Shape);

// ---- series, windows, patterns

/// <summary>One series: its aggregate, the name of the array column and what fills empty bins.</summary>
internal sealed record BoundSeries(KqlColumn Column, BoundExpression Aggregate, BoundExpression? Default);

/// <summary>Arrays per group over an axis of equal bins; a bound that is null is taken from the rows.</summary>
internal sealed record BoundMakeSeries(
    BoundQuery Source,
    RowShape Shape,
    IReadOnlyList<BoundSeries> Series,
    KqlColumn AxisColumn,
    BoundExpression Axis,
    BoundExpression? From,
    BoundExpression? To,
    BoundExpression Step,
    IReadOnlyList<BoundAssignment> Keys,
    bool IsNonEmpty) : BoundQuery(Shape)
{
    /// <summary>True where both bounds are inside, and bins lie as <c>bin()</c> has them rather than from the lower bound on.</summary>
    public bool IsRange { get; init; }
}

internal sealed record BoundScanStep(
    string Name,
    bool IsOptional,
    bool IsOutputAll,
    bool IsOutputNone,
    BoundExpression Condition,
    IReadOnlyList<BoundAssignment> Assignments);

/// <param name="MatchIdColumn">The name that <c>with_match_id=</c> gives, or null.</param>
internal sealed record BoundScan(
    BoundQuery Source,
    RowShape Shape,
    string? MatchIdColumn,
    IReadOnlyList<BoundSortKey> OrderKeys,
    IReadOnlyList<BoundExpression> PartitionKeys,
    IReadOnlyList<BoundAssignment> Declared,
    IReadOnlyList<BoundScanStep> Steps) : BoundQuery(Shape);

/// <summary>Runs <paramref name="Subquery"/> over each group of rows with the same key; its leaf is <paramref name="Input"/>.</summary>
internal sealed record BoundPartition(
    BoundQuery Source, RowShape Shape, BoundExpression Key, BoundInputRows Input, BoundQuery Subquery) : BoundQuery(Shape);

/// <summary>One level of <c>top-nested</c>. A null <see cref="Count"/> keeps all.</summary>
internal sealed record BoundTopNestedLevel(
    BoundExpression? Count, BoundAssignment Of, BoundExpression? Others, BoundAssignment Aggregate, bool IsDescending);

internal sealed record BoundTopNested(BoundQuery Source, RowShape Shape, IReadOnlyList<BoundTopNestedLevel> Levels) : BoundQuery(Shape);

internal sealed record BoundTopHitters(
    BoundQuery Source, RowShape Shape, BoundExpression Count, BoundExpression Of, BoundExpression? By) : BoundQuery(Shape);

internal sealed record BoundReduce(
    BoundQuery Source, RowShape Shape, BoundExpression By, BoundExpression? Threshold, BoundExpression? Characters) : BoundQuery(Shape);

// ---- search over many tables

/// <summary>
/// One table of a <c>search</c> or <c>find</c>: the predicate over its own columns, and for each output column its expression. <c>search</c> and
/// <c>find</c> are unions of these with <c>$table</c> / <c>source_</c> as first column.
/// </summary>
internal sealed record BoundSearch(BoundUnion Union) : BoundQuery(Union.Shape);

internal sealed record BoundFind(BoundUnion Union) : BoundQuery(Union.Shape);

// ---- plugins

/// <summary>
/// <c>evaluate plugin(…)</c>. When <see cref="BoundQuery.Shape"/> is open, its columns depend on the rows: run the source, ask which columns
/// come out, and bind the text again with that shape under <paramref name="OpenKey"/> (see <c>BindingOptions.KnownShapes</c>).
/// </summary>
internal sealed record BoundEvaluate(
    BoundQuery? Source, RowShape Shape, string Plugin, IReadOnlyList<BoundPluginArgument> Arguments, string OpenKey) : BoundQuery(Shape);

/// <summary>An argument of a plugin: an expression over the source's row, or a tabular value.</summary>
internal sealed record BoundPluginArgument(string? Name, BoundExpression? Value, BoundQuery? Table);
