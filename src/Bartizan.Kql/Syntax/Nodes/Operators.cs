using Bartizan.Kql.Syntax.Tokens;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Syntax.Nodes;

/// <summary>What stands after a bar. <see cref="Keyword"/> is the word it begins with.</summary>
internal abstract record QueryOperatorSyntax(SyntaxToken Keyword) : SyntaxNode
{
    /// <summary>Named parameters between the keyword and the rest: <c>kind=inner</c>, <c>hint.strategy=shuffle</c>.</summary>
    public IReadOnlyList<OperatorParameterSyntax> Parameters { get; init; } = [];

    public OperatorParameterSyntax? Parameter(string name)
    {
        foreach (var parameter in Parameters)
        {
            if (parameter.Name == name)
            {
                return parameter;
            }
        }

        return null;
    }

    public string? ParameterText(string name) => Parameter(name)?.Value switch
    {
        NameSyntax n => n.Text,
        LiteralSyntax { Value: bool b } => b ? "true" : "false",
        LiteralSyntax { Value: { } v } => Convert.ToString(v, System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };
}

internal sealed record OperatorParameterSyntax(string Name, ExpressionSyntax Value) : SyntaxNode;

internal sealed record UnknownOperatorSyntax(SyntaxToken Keyword) : QueryOperatorSyntax(Keyword);

internal sealed record WhereSyntax(SyntaxToken Keyword, ExpressionSyntax Condition) : QueryOperatorSyntax(Keyword);

/// <summary>extend, project, project-away, project-keep, project-rename, project-reorder, project-smart, serialize, distinct, print.</summary>
internal sealed record ColumnsSyntax(SyntaxToken Keyword, IReadOnlyList<ExpressionSyntax> Columns) : QueryOperatorSyntax(Keyword);

internal sealed record SummarizeSyntax(
    SyntaxToken Keyword, IReadOnlyList<ExpressionSyntax> Aggregates, SyntaxToken? By, IReadOnlyList<ExpressionSyntax> Keys) : QueryOperatorSyntax(Keyword);

internal sealed record CountSyntax(SyntaxToken Keyword, NameSyntax? AsName) : QueryOperatorSyntax(Keyword);

internal sealed record TakeSyntax(SyntaxToken Keyword, ExpressionSyntax Count) : QueryOperatorSyntax(Keyword);

internal sealed record SampleDistinctSyntax(SyntaxToken Keyword, ExpressionSyntax Count, ExpressionSyntax Of) : QueryOperatorSyntax(Keyword);

internal sealed record SortSyntax(SyntaxToken Keyword, IReadOnlyList<ExpressionSyntax> Keys) : QueryOperatorSyntax(Keyword);

internal sealed record TopSyntax(SyntaxToken Keyword, ExpressionSyntax Count, IReadOnlyList<ExpressionSyntax> Keys) : QueryOperatorSyntax(Keyword);

internal sealed record TopHittersSyntax(SyntaxToken Keyword, ExpressionSyntax Count, ExpressionSyntax Of, ExpressionSyntax? By) : QueryOperatorSyntax(Keyword);

internal sealed record TopNestedSyntax(SyntaxToken Keyword, IReadOnlyList<TopNestedClauseSyntax> Clauses) : QueryOperatorSyntax(Keyword);

internal sealed record TopNestedClauseSyntax(
    ExpressionSyntax? Count, ExpressionSyntax Of, ExpressionSyntax? Others, ExpressionSyntax By) : SyntaxNode;

/// <summary>join and lookup.</summary>
internal sealed record JoinSyntax(
    SyntaxToken Keyword, ExpressionSyntax Right, SyntaxToken? OnOrWhere, IReadOnlyList<ExpressionSyntax> Conditions) : QueryOperatorSyntax(Keyword);

internal sealed record UnionSyntax(SyntaxToken Keyword, IReadOnlyList<ExpressionSyntax> Tables) : QueryOperatorSyntax(Keyword);

internal sealed record MvExpandSyntax(
    SyntaxToken Keyword, IReadOnlyList<ExpansionSyntax> Columns, ExpressionSyntax? Limit) : QueryOperatorSyntax(Keyword);

/// <summary><c>name = value to typeof(type)</c>.</summary>
internal sealed record ExpansionSyntax(ExpressionSyntax Value, TypeofSyntax? To) : SyntaxNode;

internal sealed record MvApplySyntax(
    SyntaxToken Keyword, IReadOnlyList<ExpansionSyntax> Columns, ExpressionSyntax? Limit, ExpressionSyntax? Id, SubquerySyntax Body)
    : QueryOperatorSyntax(Keyword);

/// <summary>Operators that begin without a source, as in <c>mv-apply … on ( … )</c>, <c>fork ( … )</c>; or a whole pipe.</summary>
internal sealed record SubquerySyntax(IReadOnlyList<QueryOperatorSyntax> Operators, ExpressionSyntax? Query) : SyntaxNode;

internal sealed record ParseSyntax(SyntaxToken Keyword, ExpressionSyntax Text, IReadOnlyList<SyntaxNode> Pattern) : QueryOperatorSyntax(Keyword);

/// <summary>A column in a parse pattern: <c>name</c> or <c>name:type</c>.</summary>
internal sealed record ParseColumnSyntax(NameSyntax Name, KqlType? Type) : SyntaxNode;

internal sealed record ParseKvSyntax(
    SyntaxToken Keyword, ExpressionSyntax Text, SchemaSyntax Keys, IReadOnlyList<OperatorParameterSyntax> Properties) : QueryOperatorSyntax(Keyword);

internal sealed record MakeSeriesSyntax(
    SyntaxToken Keyword,
    IReadOnlyList<SeriesSyntax> Series,
    ExpressionSyntax Axis,
    ExpressionSyntax? From,
    ExpressionSyntax? To,
    ExpressionSyntax? Step,
    IReadOnlyList<ExpressionSyntax> Keys) : QueryOperatorSyntax(Keyword)
{
    /// <summary>Written <c>in range(from, to, step)</c>: the last bin is that of the upper bound.</summary>
    public bool IsRange { get; init; }
}

internal sealed record SeriesSyntax(ExpressionSyntax Aggregate, ExpressionSyntax? Default) : SyntaxNode;

internal sealed record PartitionSyntax(
    SyntaxToken Keyword, ExpressionSyntax Key, ExpressionSyntax? Scope, SubquerySyntax Body) : QueryOperatorSyntax(Keyword);

/// <summary><c>partition … by</c>-like scope operator <c>__partitionby</c> is not part of the language of users.</summary>
internal sealed record ScanSyntax(
    SyntaxToken Keyword,
    IReadOnlyList<ExpressionSyntax> OrderBy,
    IReadOnlyList<ExpressionSyntax> PartitionBy,
    IReadOnlyList<ParameterSyntax> Declared,
    IReadOnlyList<ScanStepSyntax> Steps) : QueryOperatorSyntax(Keyword);

internal sealed record ScanStepSyntax(
    NameSyntax Name, bool IsOptional, string? Output, ExpressionSyntax Condition, IReadOnlyList<NamedSyntax> Assignments) : SyntaxNode;

internal sealed record ReduceSyntax(SyntaxToken Keyword, ExpressionSyntax By, IReadOnlyList<OperatorParameterSyntax> Properties) : QueryOperatorSyntax(Keyword);

internal sealed record ForkSyntax(SyntaxToken Keyword, IReadOnlyList<ForkBranchSyntax> Branches) : QueryOperatorSyntax(Keyword);

internal sealed record ForkBranchSyntax(NameSyntax? Name, SubquerySyntax Body) : SyntaxNode;

internal sealed record FacetSyntax(SyntaxToken Keyword, IReadOnlyList<ExpressionSyntax> Columns, SubquerySyntax? With) : QueryOperatorSyntax(Keyword);

internal sealed record SearchSyntax(SyntaxToken Keyword, IReadOnlyList<ExpressionSyntax> Tables, ExpressionSyntax Condition) : QueryOperatorSyntax(Keyword);

internal sealed record FindSyntax(
    SyntaxToken Keyword,
    IReadOnlyList<ExpressionSyntax> Tables,
    ExpressionSyntax Condition,
    IReadOnlyList<FindColumnSyntax> Columns,
    bool IsSmart,
    IReadOnlyList<ExpressionSyntax> Away) : QueryOperatorSyntax(Keyword);

/// <summary>A column of <c>find … project</c>: a name, a name with a type, or <c>pack(*)</c> (<paramref name="IsPackAll"/>).</summary>
internal sealed record FindColumnSyntax(NameSyntax? Name, KqlType? Type, bool IsPackAll) : SyntaxNode;

/// <summary>invoke and evaluate.</summary>
internal sealed record InvokeSyntax(SyntaxToken Keyword, ExpressionSyntax Function, SchemaSyntax? Schema) : QueryOperatorSyntax(Keyword);

internal sealed record RangeSyntax(
    SyntaxToken Keyword, NameSyntax Name, ExpressionSyntax From, ExpressionSyntax To, ExpressionSyntax Step) : QueryOperatorSyntax(Keyword);

internal sealed record AsSyntax(SyntaxToken Keyword, NameSyntax Name) : QueryOperatorSyntax(Keyword);

/// <summary>consume, getschema, and others that are a word and parameters.</summary>
internal sealed record BareOperatorSyntax(SyntaxToken Keyword) : QueryOperatorSyntax(Keyword);

internal sealed record RenderSyntax(SyntaxToken Keyword, NameSyntax Kind, IReadOnlyList<OperatorParameterSyntax> Properties) : QueryOperatorSyntax(Keyword);

internal sealed record AssertSchemaSyntax(SyntaxToken Keyword, SchemaSyntax Schema) : QueryOperatorSyntax(Keyword);

internal sealed record MacroExpandSyntax(
    SyntaxToken Keyword, ExpressionSyntax Group, NameSyntax ScopeName, FunctionBodySyntax Body) : QueryOperatorSyntax(Keyword);

// ---- graphs

internal sealed record MakeGraphSyntax(
    SyntaxToken Keyword,
    ExpressionSyntax Source,
    SyntaxToken Direction,
    ExpressionSyntax Target,
    IReadOnlyList<GraphNodesSyntax> Nodes,
    NameSyntax? NodeId,
    SubquerySyntax? PartitionBody,
    ExpressionSyntax? PartitionKey) : QueryOperatorSyntax(Keyword);

internal sealed record GraphNodesSyntax(ExpressionSyntax Table, ExpressionSyntax Key) : SyntaxNode;

internal sealed record GraphMatchSyntax(
    SyntaxToken Keyword, IReadOnlyList<GraphPatternSyntax> Patterns, ExpressionSyntax? Condition, IReadOnlyList<ExpressionSyntax>? Columns)
    : QueryOperatorSyntax(Keyword);

/// <summary><c>(a)-[e]->(b)</c>: nodes and edges in turn.</summary>
internal sealed record GraphPatternSyntax(IReadOnlyList<SyntaxNode> Parts) : SyntaxNode;

internal sealed record GraphNodeSyntax(NameSyntax? Name) : SyntaxNode;

internal sealed record GraphEdgeSyntax(
    NameSyntax? Name, bool PointsLeft, bool PointsRight, ExpressionSyntax? MinHops, ExpressionSyntax? MaxHops, bool IsVariable) : SyntaxNode;

internal sealed record GraphToTableSyntax(SyntaxToken Keyword, IReadOnlyList<GraphTableSyntax> Tables) : QueryOperatorSyntax(Keyword);

internal sealed record GraphTableSyntax(bool OfNodes, NameSyntax? AsName, IReadOnlyList<OperatorParameterSyntax> Parameters) : SyntaxNode;

internal sealed record GraphWhereSyntax(SyntaxToken Keyword, ExpressionSyntax Condition) : QueryOperatorSyntax(Keyword);
