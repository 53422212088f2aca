using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Plans.Managed.Graphs;

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
                return builder.Run(new GraphMatchOperator(matched, builder.Context, match), matched.Inputs, match.Shape);
            case BoundGraphShortestPaths paths:
                var searched = new GraphRecipe(builder, paths.Graph);
                return builder.Run(new ShortestPathsOperator(searched, builder.Context, paths), searched.Inputs, paths.Shape);
            case BoundGraphToTable table:
                var shown = new GraphRecipe(builder, table.Graph);
                return builder.Run(new GraphTableOperator(shown, table), shown.Inputs, table.Shape);
            default:
                throw new PlanRefusal("A graph is no table: end with graph-match, graph-shortest-paths or graph-to-table.");
        }
    }
}
