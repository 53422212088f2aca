using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed.Graphs;

/// <summary>How a graph is made of rows: the plans of its edges and nodes, and what is done to them in order. Operators over graphs hold one.</summary>
internal sealed class GraphRecipe
{
    private readonly List<Action<Graph, OperatorContext>> steps = [];
    private readonly List<(int Key, int Partition, int[] From)> nodeTables = [];
    private readonly HashSet<string> keyColumns = new(StringComparer.Ordinal);
    private readonly int sourceKey;
    private readonly int targetKey;
    private readonly int partitionKey;
    private readonly int edgeWidth;
    private readonly int nodeWidth;
    private readonly bool hasNodeId;

    public GraphRecipe(PlanBuilder builder, BoundGraph graph)
    {
        var chain = new Stack<BoundGraph>();
        while (graph is not BoundMakeGraph)
        {
            chain.Push(graph);
            graph = graph switch
            {
                BoundGraphFilter filter => filter.Graph,
                BoundGraphMarkComponents mark => mark.Graph,
                BoundGraphPart part => part.Graph,
                _ => throw new PlanRefusal("This graph cannot be made yet."),
            };
        }

        var make = (BoundMakeGraph)graph;
        var edges = Keyed(builder, builder.Plan(make.Source), [make.SourceKey, make.TargetKey, make.PartitionKey]);
        edgeWidth = make.Edges.Columns.Count;
        (sourceKey, targetKey) = (edgeWidth, edgeWidth + 1);
        partitionKey = make.PartitionKey is null ? -1 : edgeWidth + 2;
        Partition = make.PartitionKey?.Type;
        var inputs = new List<PlanRows> { edges };
        nodeWidth = make.Nodes.Columns.Count;
        hasNodeId = make.NodeInputs.Count == 0 && nodeWidth == 1;
        foreach (var input in make.NodeInputs)
        {
            var rows = Keyed(builder, builder.Plan(input.Source), [input.Key, input.PartitionKey]);
            var key = input.Source.Shape.Columns.Count;
            nodeTables.Add((key, input.PartitionKey is null ? -1 : key + 1, [.. make.Nodes.Columns.Select(c => input.Source.Shape.Columns.ToList().FindIndex(s => s.Name == c.Name))]));
            inputs.Add(rows);
            if (input.Key is BoundColumn { Name: var name })
            {
                _ = keyColumns.Add(name);
            }
        }

        Inputs = inputs;
        NodeShape = make.Nodes;
        foreach (var step in chain)
        {
            steps.Add(Step(builder, step));
        }
    }

    public IReadOnlyList<PlanRows> Inputs { get; }

    /// <summary>The type of the value that tells the graphs apart; null where there is one graph.</summary>
    public KqlType? Partition { get; }

    private RowShape NodeShape { get; }

    /// <summary>The graphs, in the order in which the edges name them, each with the value that tells it apart; one graph where nothing does.</summary>
    public IEnumerable<(KqlValue[] Key, Graph Graph)> Make(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        if (partitionKey < 0)
        {
            return [([], Make(inputs[0], (t, _) => inputs[t + 1], "", context))];
        }

        var tables = nodeTables.Select((table, t) => inputs[t + 1].ToLookup(row => table.Partition < 0 ? "" : Json.Of(row[table.Partition]))).ToList();
        return inputs[0].GroupBy(row => Json.Of(row[partitionKey])).Select(group =>
            ((KqlValue[])[group.First()[partitionKey]], Make(group, (t, key) => tables[t][nodeTables[t].Partition < 0 ? "" : key], group.Key, context)));
    }

    private Graph Make(IEnumerable<KqlValue[]> edges, Func<int, string, IEnumerable<KqlValue[]>> nodes, string partition, OperatorContext context)
    {
        var graph = new Graph();
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var t = 0; t < nodeTables.Count; t++)
        {
            var (key, _, from) = nodeTables[t];
            foreach (var row in nodes(t, partition))
            {
                if (!row[key].IsNull && numbers.TryAdd(Json.Of(row[key]), graph.Nodes.Count))
                {
                    graph.AddNode(row[key], [.. from.Select((f, i) => f < 0 ? KqlValue.Null(NodeShape.Columns[i].Type) : row[f])]);
                }
            }
        }

        foreach (var row in edges)
        {
            graph.Add(Node(row[sourceKey]), Node(row[targetKey]), row[..edgeWidth]);
            if (graph.Edges.Count + graph.Nodes.Count > context.MaxHeldRows)
            {
                throw new QueryLimitException("The graph has more nodes and edges than it may keep.");
            }
        }

        steps.ForEach(s => s(graph, context));
        return graph;

        int Node(KqlValue key)
        {
            var text = Json.Of(key);
            if (!numbers.TryGetValue(text, out var number))
            {
                number = graph.Nodes.Count;
                numbers.Add(text, number);
                // A node that no table knows has its key alone.
                graph.AddNode(key, [.. NodeShape.Columns.Take(nodeWidth).Select(c => hasNodeId || keyColumns.Contains(c.Name) ? Conversion.To(key, c.Type) : KqlValue.Null(c.Type))]);
            }

            return number;
        }
    }

    private static PlanRows Keyed(PlanBuilder builder, PlanRows rows, IReadOnlyList<BoundExpression?> keys)
    {
        var (computed, columns) = builder.Compute(rows, [.. keys.OfType<BoundExpression>().Select(k => ("", k))]);
        return computed with
        {
            Shape = new RowShape([.. rows.Shape.Columns, .. columns.Select(c => new KqlColumn("", c.Type))]),
            Columns = [.. rows.Columns, .. columns],
        };
    }

    private static Action<Graph, OperatorContext> Step(PlanBuilder builder, BoundGraph step)
    {
        switch (step)
        {
            case BoundGraphFilter filter:
                var shape = filter.OnNodes ? filter.Graph.Nodes : filter.Graph.Edges;
                var holds = ManagedExpression.Compile(filter.Predicate, builder.Context, e => e is BoundColumn c ? shape.Columns.ToList().FindIndex(s => s.Name == c.Name) : null)
                    ?? throw new PlanRefusal("This condition cannot be used over a graph yet.");
                return (g, _) => g.Keep(filter.OnNodes, row => holds(row) is { IsNull: false, AsBool: true });
            case BoundGraphMarkComponents mark:
                return (g, _) => g.MarkComponents(mark.Kind.Equals("strong", StringComparison.OrdinalIgnoreCase));
            case BoundGraphPart part:
                var search = part.Output is null ? PatternSearch.Of(builder.Context, part.Graph, part.Patterns, part.Cycles!, part.Predicate) : null;
                var paths = part.Output is { } output ? new ShortestPaths(builder.Context, part.Graph, part.Patterns[0], output, part.Predicate) : null;
                return (g, context) => g.KeepMatched(search?.Run(g, context) ?? paths!.Run(g, context));
            default:
                throw new PlanRefusal("This graph cannot be made yet.");
        }
    }
}
