using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed.Graphs;

/// <summary>graph-match and graph-shortest-paths: a row for each match of a pattern.</summary>
internal sealed class PatternOperator : ManagedOperator
{
    private readonly GraphRecipe recipe;
    private readonly Func<Graph, OperatorContext, IEnumerable<PatternMatch>> search;
    private readonly List<Func<PatternMatch, KqlValue>> columns;
    private readonly IReadOnlyList<KqlType> types;

    public PatternOperator(GraphRecipe recipe, SqlContext context, BoundGraphMatch match)
        : this("graph-match", recipe, PatternValues.Of(context, match.Graph, match.Patterns), match.Columns)
    {
        search = PatternSearch.Of(context, match.Graph, match.Patterns, match.Cycles, match.Predicate).Run;
    }

    public PatternOperator(GraphRecipe recipe, SqlContext context, BoundGraphShortestPaths paths)
        : this("graph-shortest-paths", recipe, PatternValues.Of(context, paths.Graph, [paths.Pattern]), paths.Columns)
    {
        search = new ShortestPaths(context, paths.Graph, paths.Pattern, paths.Output, paths.Predicate).Run;
    }

    private PatternOperator(string name, GraphRecipe recipe, PatternValues values, IReadOnlyList<BoundAssignment> assignments)
    {
        (Name, this.recipe, search) = (name, recipe, (_, _) => []);
        columns = [.. assignments.Select(c => values.Compile(c.Value))];
        types = [.. assignments.Select(c => c.Column.Type)];
    }

    public override string Name { get; }

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        foreach (var (key, graph) in recipe.Make(inputs, context))
        {
            foreach (var match in search(graph, context))
            {
                yield return [.. columns.Select((c, i) => Conversion.To(c(match), types[i])), .. key];
            }
        }
    }
}

/// <summary>graph-to-table: the nodes or the edges as rows, with ids for the nodes where they are asked for.</summary>
internal sealed class GraphTableOperator(GraphRecipe recipe, BoundGraphToTable table) : ManagedOperator
{
    public override string Name => "graph-to-table";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        return recipe.Make(inputs, context).SelectMany(g => Rows(g.Graph).Select(row => (KqlValue[])[.. row, .. g.Key]));
    }

    private IEnumerable<KqlValue[]> Rows(Graph graph)
    {
        if (table.OfNodes)
        {
            return graph.Nodes.Select((row, n) => (KqlValue[])(table.NodeIdColumn is null ? row : [graph.Id(n), .. row]));
        }

        return graph.Edges.Select(e => (KqlValue[])
        [
            .. table.SourceIdColumn is null ? [] : (KqlValue[])[graph.Id(e.From)],
            .. table.TargetIdColumn is null ? [] : (KqlValue[])[graph.Id(e.To)],
            .. e.Row,
        ]);
    }
}
