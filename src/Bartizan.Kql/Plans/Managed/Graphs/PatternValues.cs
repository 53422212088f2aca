using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed.Graphs;

/// <summary>What a pattern has bound so far: a node for each node variable, and for each edge variable the edges of its path with the nodes passed.</summary>
internal sealed class PatternMatch(Graph graph)
{
    public Graph Graph => graph;

    public Dictionary<string, int> Nodes { get; } = new(StringComparer.Ordinal);

    /// <summary>Edges by number, and the nodes from the first to the last, one more than edges.</summary>
    public Dictionary<string, (List<int> Edges, List<int> Nodes)> Paths { get; } = new(StringComparer.Ordinal);
}

/// <summary>Compiles expressions over a pattern: its properties and path functions become slots that are filled for each match.</summary>
internal sealed class PatternValues(SqlContext context, RowShape nodes, RowShape edges, IReadOnlySet<string> nodeNames, IReadOnlySet<string> pathNames)
{
    private readonly List<Func<PatternMatch, KqlValue>> slots = [];
    private readonly Dictionary<BoundExpression, int> known = [];

    public static PatternValues Of(SqlContext context, BoundGraph graph, IReadOnlyList<BoundPatternChain> chains) => new(
        context, graph.Nodes, graph.Edges,
        chains.SelectMany(c => c.Nodes).Select(n => n.Name).ToHashSet(StringComparer.Ordinal),
        chains.SelectMany(c => c.Edges).Where(e => e.IsVariable).Select(e => e.Name).ToHashSet(StringComparer.Ordinal));

    /// <summary>Variables that an expression speaks of.</summary>
    public static HashSet<string> Variables(BoundExpression expression)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        _ = ExpressionTree.Any(expression, e =>
        {
            if (e is BoundGraphProperty property)
            {
                found.Add(property.Variable);
            }
            else if (e is BoundGraphVariable variable)
            {
                found.Add(variable.Variable);
            }

            return false;
        });
        return found;
    }

    /// <summary>Only what the expression itself names is looked up: a condition is asked before all is bound.</summary>
    public Func<PatternMatch, KqlValue> Compile(BoundExpression expression) => new PatternValues(context, nodes, edges, nodeNames, pathNames).Made(expression);

    private Func<PatternMatch, KqlValue> Made(BoundExpression expression)
    {
        var body = ManagedExpression.Compile(expression, context, Slot) ?? throw new PlanRefusal("This expression cannot be used in a graph pattern yet.");
        return match => body([.. slots.Select(s => s(match))]);
    }

    /// <summary>A condition that names properties of a path's edges holds when it holds for each edge.</summary>
    public Func<PatternMatch, bool> Condition(BoundExpression condition)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        _ = ExpressionTree.Any(condition, e =>
        {
            if (e is BoundGraphProperty property && pathNames.Contains(property.Variable))
            {
                paths.Add(property.Variable);
            }

            return false;
        });
        if (paths.Count == 0)
        {
            var value = Compile(condition);
            return match => value(match) is { IsNull: false, AsBool: true };
        }

        if (paths.Count > 1)
        {
            throw new PlanRefusal("A condition over the edges of several paths cannot be used yet.");
        }

        var path = paths.First();
        var edge = -1;
        var inner = new PatternValues(context, nodes, edges, nodeNames, new HashSet<string>());
        var body = ManagedExpression.Compile(condition, context, e => e is BoundGraphProperty property && property.Variable == path ? inner.Add(e, m => m.Graph.Edges[edge].Row[Index(edges, property.Name)]) : inner.Slot(e))
            ?? throw new PlanRefusal("This condition cannot be used in a graph pattern yet.");
        return match => match.Paths[path].Edges.TrueForAll(e =>
        {
            edge = e;
            return body([.. inner.slots.Select(s => s(match))]) is { IsNull: false, AsBool: true };
        });
    }

    private int? Slot(BoundExpression e)
    {
        if (known.TryGetValue(e, out var slot))
        {
            return slot;
        }

        return e switch
        {
            BoundGraphProperty property => Add(e, Property(property)),
            BoundGraphVariable variable => Add(e, Whole(variable.Variable)),
            BoundCall { Function: "all" or "any" or "map", Arguments: [var over, BoundGraphLambda lambda] } call => Add(e, Each(call.Function, over, lambda.Body)),
            BoundCall { Function: "inner_nodes", Arguments: [BoundGraphVariable variable] } => Add(e, m => Json.ArrayOf(Inner(m, variable.Variable).Select(n => Bag(nodes, m.Graph.Nodes[n])))),
            BoundCall { Function: "node_degree_in", Arguments: [BoundGraphVariable variable] } => Add(e, m => KqlValue.Long(m.Graph.Incoming(m.Nodes[variable.Variable]).Count)),
            BoundCall { Function: "node_degree_out", Arguments: [BoundGraphVariable variable] } => Add(e, m => KqlValue.Long(m.Graph.Outgoing(m.Nodes[variable.Variable]).Count)),
            BoundCall { Function: "node_id", Arguments: [BoundGraphVariable variable] } => Add(e, m => KqlValue.Text(Conversion.ToText(m.Graph.Keys[m.Nodes[variable.Variable]]))),
            // Labels belong to stored graphs; what make-graph gives has none.
            BoundCall { Function: "labels" } => Add(e, _ => KqlValue.Dynamic("[]")),
            _ => null,
        };
    }

    private int Add(BoundExpression e, Func<PatternMatch, KqlValue> value)
    {
        slots.Add(value);
        return known[e] = slots.Count - 1;
    }

    private Func<PatternMatch, KqlValue> Property(BoundGraphProperty property)
    {
        if (nodeNames.Contains(property.Variable))
        {
            var node = Index(nodes, property.Name);
            return m => m.Graph.Nodes[m.Nodes[property.Variable]][node];
        }

        var edge = Index(edges, property.Name);
        return pathNames.Contains(property.Variable)
            ? m => Json.ArrayOf(m.Paths[property.Variable].Edges.Select(e => Json.Of(m.Graph.Edges[e].Row[edge])))
            : m => m.Graph.Edges[m.Paths[property.Variable].Edges[0]].Row[edge];
    }

    private Func<PatternMatch, KqlValue> Whole(string variable) => nodeNames.Contains(variable)
        ? m => KqlValue.Dynamic(Bag(nodes, m.Graph.Nodes[m.Nodes[variable]]))
        : pathNames.Contains(variable)
            ? m => Json.ArrayOf(m.Paths[variable].Edges.Select(e => Bag(edges, m.Graph.Edges[e].Row)))
            : m => KqlValue.Dynamic(Bag(edges, m.Graph.Edges[m.Paths[variable].Edges[0]].Row));

    private Func<PatternMatch, KqlValue> Each(string function, BoundExpression over, BoundExpression lambda)
    {
        var ofNodes = over is BoundCall { Function: "inner_nodes" } || (over is BoundGraphVariable { Variable: var name } && nodeNames.Contains(name));
        var variable = over switch
        {
            BoundGraphVariable v => v.Variable,
            BoundCall { Function: "inner_nodes", Arguments: [BoundGraphVariable v] } => v.Variable,
            _ => throw new PlanRefusal($"{function}() in a graph pattern expects a path or its inner nodes."),
        };
        var shape = ofNodes ? nodes : edges;
        var width = shape.Columns.Count;
        var body = ManagedExpression.Compile(lambda, context, e => e switch
        {
            BoundColumn column => Index(shape, column.Name),
            BoundCall { Function: "node_degree_in", Arguments: [] } when ofNodes => width,
            BoundCall { Function: "node_degree_out", Arguments: [] } when ofNodes => width + 1,
            BoundCall { Function: "node_id", Arguments: [] } when ofNodes => width + 2,
            BoundCall { Function: "labels", Arguments: [] } => ofNodes ? width + 3 : width,
            BoundGraphProperty or BoundGraphVariable => throw new PlanRefusal("Other parts of the pattern cannot be named inside all(), any() and map() yet."),
            _ => null,
        }) ?? throw new PlanRefusal("This expression cannot be used in a graph pattern yet.");
        return m =>
        {
            var values = Elements(m).Select(r => body(r));
            return function switch
            {
                "all" => KqlValue.Bool(values.All(v => !v.IsNull && v.AsBool)),
                "any" => KqlValue.Bool(values.Any(v => !v.IsNull && v.AsBool)),
                _ => Json.ArrayOf(values.Select(Json.Of)),
            };
        };

        IEnumerable<KqlValue[]> Elements(PatternMatch m) => !ofNodes
            ? m.Paths[variable].Edges.Select(e => (KqlValue[])[.. m.Graph.Edges[e].Row, KqlValue.Dynamic("[]")])
            : (over is BoundCall ? Inner(m, variable) : [m.Nodes[variable]]).Select(n =>
                (KqlValue[])[.. m.Graph.Nodes[n], KqlValue.Long(m.Graph.Incoming(n).Count), KqlValue.Long(m.Graph.Outgoing(n).Count), KqlValue.Text(Conversion.ToText(m.Graph.Keys[n])), KqlValue.Dynamic("[]")]);
    }

    private static IEnumerable<int> Inner(PatternMatch m, string path) => m.Paths[path].Nodes is { Count: > 2 } passed ? passed[1..^1] : [];

    private static string Bag(RowShape shape, KqlValue[] row) => Json.BagOf(shape.Columns.Select((c, i) => KeyValuePair.Create(c.Name, Json.Of(row[i])))).AsText;

    private static int Index(RowShape shape, string name)
    {
        for (var i = 0; i < shape.Columns.Count; i++)
        {
            if (shape.Columns[i].Name == name)
            {
                return i;
            }
        }

        throw new PlanRefusal($"The graph has no property '{name}'.");
    }
}
