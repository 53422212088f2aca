using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding.Tree;

/// <summary>A graph: what <c>make-graph</c> gives and the other graph operators take. Its rows are those of its edges.</summary>
internal abstract record BoundGraph(RowShape Nodes, RowShape Edges) : BoundQuery(RowShape.Empty);

/// <param name="NodeInputs">Each <c>with Table on Key</c>; empty when only the edges tell the nodes.</param>
/// <param name="NodeIdColumn">The name that <c>with_node_id=</c> gives to the id, or null.</param>
/// <param name="PartitionKey">The column of the edges whose values tell graphs apart; null where there is one graph.</param>
internal sealed record BoundMakeGraph(
    BoundQuery Source,
    BoundExpression SourceKey,
    BoundExpression TargetKey,
    IReadOnlyList<BoundNodeInput> NodeInputs,
    string? NodeIdColumn,
    BoundExpression? PartitionKey,
    RowShape Nodes,
    RowShape Edges) : BoundGraph(Nodes, Edges);

/// <param name="PartitionKey">The same column as that of the edges, where these nodes have it; without it they are in every partition.</param>
internal sealed record BoundNodeInput(BoundQuery Source, BoundExpression Key, BoundExpression? PartitionKey = null);

/// <summary><c>graph-mark-components</c>: nodes get one more column, the number of their component.</summary>
internal sealed record BoundGraphMarkComponents(BoundGraph Graph, string Kind, string Column, RowShape Nodes) : BoundGraph(Nodes, Graph.Edges);

internal sealed record BoundGraphFilter(BoundGraph Graph, BoundExpression Predicate, bool OnNodes) : BoundGraph(Graph.Nodes, Graph.Edges);

/// <summary><c>graph-match</c> or <c>graph-shortest-paths</c> without <c>project</c>: the nodes and edges that its matches are made of.</summary>
/// <param name="Cycles">For graph-match: <c>all</c>, <c>none</c> or <c>unique_edges</c>.</param>
/// <param name="Output">For graph-shortest-paths: <c>any</c> or <c>all</c>.</param>
internal sealed record BoundGraphPart(BoundGraph Graph, IReadOnlyList<BoundPatternChain> Patterns, string? Cycles, string? Output, BoundExpression? Predicate)
    : BoundGraph(Graph.Nodes, Graph.Edges);

/// <summary><c>make-graph … partitioned-by</c>: the subquery over the graph of each value; within it a <see cref="BoundMakeGraph"/> names the key.</summary>
internal sealed record BoundPartitionedGraph(RowShape Shape, BoundQuery Subquery) : BoundQuery(Shape);

internal enum BoundGraphDirection
{
    Forward,
    Backward,
    Any,
}

/// <summary>A node of a pattern; unnamed ones have a name that the binder made.</summary>
internal sealed record BoundPatternNode(string Name, bool IsNamed);

/// <summary>The edge after node n of a chain. <paramref name="IsVariable"/> with the number of hops between the two bounds.</summary>
internal sealed record BoundPatternEdge(string Name, bool IsNamed, BoundGraphDirection Direction, bool IsVariable, int MinHops, int MaxHops);

/// <summary><c>(a)-[e]->(b)--(c)</c>: one more node than edges.</summary>
internal sealed record BoundPatternChain(IReadOnlyList<BoundPatternNode> Nodes, IReadOnlyList<BoundPatternEdge> Edges);

/// <param name="Cycles"><c>all</c>, <c>none</c> or <c>unique_edges</c>.</param>
internal sealed record BoundGraphMatch(
    BoundGraph Graph,
    RowShape Shape,
    IReadOnlyList<BoundPatternChain> Patterns,
    string Cycles,
    BoundExpression? Predicate,
    IReadOnlyList<BoundAssignment> Columns) : BoundQuery(Shape);

/// <param name="Output"><c>any</c> or <c>all</c>.</param>
internal sealed record BoundGraphShortestPaths(
    BoundGraph Graph,
    RowShape Shape,
    BoundPatternChain Pattern,
    string Output,
    BoundExpression? Predicate,
    IReadOnlyList<BoundAssignment> Columns) : BoundQuery(Shape);

/// <summary><c>graph-to-table nodes</c> or <c>edges</c>, with the names of the added id columns where asked for.</summary>
internal sealed record BoundGraphToTable(
    BoundGraph Graph, RowShape Shape, bool OfNodes, string? NodeIdColumn, string? SourceIdColumn, string? TargetIdColumn) : BoundQuery(Shape);
