using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Plans.Managed;
using Bartizan.Kql.Plans.Managed.Graphs;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Operators;

/// <summary>graph-match, graph-shortest-paths and graph-to-table; make-graph and the operators between are done when one of these runs.</summary>
internal static class Graphs
{
    public static PlanRows Plan(PlanBuilder builder, BoundQuery query)
    {
        switch (query)
        {
            case BoundGraphMatch match:
                var matched = new GraphRecipe(builder, match.Graph);
                return Run(builder, matched, new PatternOperator(matched, builder.Context, match), match.Shape);
            case BoundGraphShortestPaths paths:
                var searched = new GraphRecipe(builder, paths.Graph);
                return Run(builder, searched, new PatternOperator(searched, builder.Context, paths), paths.Shape);
            case BoundGraphToTable table:
                var shown = new GraphRecipe(builder, table.Graph);
                return Run(builder, shown, new GraphTableOperator(shown, table), table.Shape);
            case BoundPartitionedGraph partitioned:
                var rows = builder.Plan(partitioned.Subquery);
                return rows with { Order = [], Partition = [.. rows.Partition.SkipLast(1)] };
            default:
                throw new PlanRefusal("A graph is no table: end with graph-match, graph-shortest-paths or graph-to-table.");
        }
    }

    /// <summary>Rows of several graphs are kept apart, as those of a partition are.</summary>
    private static PlanRows Run(PlanBuilder builder, GraphRecipe recipe, ManagedOperator managed, RowShape shape)
    {
        if (recipe.Partition is not { } type)
        {
            return builder.Run(managed, recipe.Inputs, shape);
        }

        var rows = builder.Run(managed, recipe.Inputs, new RowShape([.. shape.Columns, new KqlColumn("", type)], shape.IsOpen));
        return rows with { Shape = shape, Columns = [.. rows.Columns.SkipLast(1)], Partition = [.. rows.Partition, rows.Columns[^1]] };
    }
}
