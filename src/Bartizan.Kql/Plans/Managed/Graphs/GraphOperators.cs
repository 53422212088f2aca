using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed.Graphs;

/// <summary>graph-match: a row for each match of a pattern.</summary>
internal sealed class GraphMatchOperator : ManagedOperator
{
    private readonly GraphRecipe recipe;
    private readonly PatternSearch search;
    private readonly List<Func<PatternMatch, KqlValue>> columns;
    private readonly IReadOnlyList<KqlType> types;

    public GraphMatchOperator(GraphRecipe recipe, SqlContext context, BoundGraphMatch match)
    {
        this.recipe = recipe;
        var values = Values(context, match.Graph, match.Patterns);
        search = new PatternSearch(match.Patterns, match.Cycles, [.. Conjuncts(match.Predicate).Select(c => (PatternValues.Variables(c), values.Condition(c)))]);
        columns = [.. match.Columns.Select(c => values.Compile(c.Value))];
        types = [.. match.Columns.Select(c => c.Column.Type)];
    }

    public override string Name => "graph-match";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        foreach (var match in search.Run(recipe.Make(inputs, context), context))
        {
            yield return [.. columns.Select((c, i) => Conversion.To(c(match), types[i]))];
        }
    }

    internal static PatternValues Values(SqlContext context, BoundGraph graph, IReadOnlyList<BoundPatternChain> chains) => new(
        context, graph.Nodes, graph.Edges,
        chains.SelectMany(c => c.Nodes).Select(n => n.Name).ToHashSet(StringComparer.Ordinal),
        chains.SelectMany(c => c.Edges).Where(e => e.IsVariable).Select(e => e.Name).ToHashSet(StringComparer.Ordinal));

    internal static IEnumerable<BoundExpression> Conjuncts(BoundExpression? predicate) => predicate switch
    {
        null => [],
        BoundCall { Function: "_and" } and => and.Arguments.SelectMany(Conjuncts),
        _ => [predicate],
    };
}

/// <summary>graph-shortest-paths: for each pair of ends one shortest path of the pattern, or all of them.</summary>
internal sealed class ShortestPathsOperator : ManagedOperator
{
    private readonly GraphRecipe recipe;
    private readonly BoundPatternChain chain;
    private readonly bool all;
    private readonly List<(HashSet<string> Variables, Func<PatternMatch, bool> Holds)> conditions;
    private readonly List<Func<PatternMatch, KqlValue>> columns;
    private readonly IReadOnlyList<KqlType> types;

    public ShortestPathsOperator(GraphRecipe recipe, SqlContext context, BoundGraphShortestPaths paths)
    {
        this.recipe = recipe;
        chain = paths.Pattern;
        all = paths.Output == "all";
        var values = GraphMatchOperator.Values(context, paths.Graph, [chain]);
        conditions = [.. GraphMatchOperator.Conjuncts(paths.Predicate).Select(c => (PatternValues.Variables(c), values.Condition(c)))];
        columns = [.. paths.Columns.Select(c => values.Compile(c.Value))];
        types = [.. paths.Columns.Select(c => c.Column.Type)];
    }

    public override string Name => "graph-shortest-paths";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var graph = recipe.Make(inputs, context);
        // Paths of growing length: a pair of ends that has been met before has no shorter one to come.
        var longest = chain.Edges.Sum(e => (long)e.MaxHops) is var most && most < graph.Edges.Count ? most : graph.Edges.Count;
        var met = new Dictionary<(int, int), long>();
        for (var length = chain.Edges.Sum(e => (long)e.MinHops); length <= longest; length++)
        {
            var found = false;
            foreach (var match in Of(graph, length, context))
            {
                found = true;
                var ends = (match.Nodes[chain.Nodes[0].Name], match.Nodes[chain.Nodes[^1].Name]);
                if (!met.TryGetValue(ends, out var known))
                {
                    met.Add(ends, length);
                }
                else if (known < length || !all)
                {
                    continue;
                }

                yield return [.. columns.Select((c, i) => Conversion.To(c(match), types[i]))];
            }

            if (!found && length > graph.Nodes.Count)
            {
                yield break;
            }
        }
    }

    private IEnumerable<PatternMatch> Of(Graph graph, long length, OperatorContext context) => new PatternSearch(
        [chain with { Edges = chain.Edges.Count == 1 ? [chain.Edges[0] with { MinHops = (int)length, MaxHops = (int)length }] : chain.Edges }], "none", conditions)
        .Run(graph, context).Where(m => chain.Edges.Sum(e => m.Paths[e.Name].Edges.Count) == length);
}

/// <summary>graph-to-table: the nodes or the edges as rows, with ids for the nodes where they are asked for.</summary>
internal sealed class GraphTableOperator(GraphRecipe recipe, BoundGraphToTable table) : ManagedOperator
{
    public override string Name => "graph-to-table";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var graph = recipe.Make(inputs, context);
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
