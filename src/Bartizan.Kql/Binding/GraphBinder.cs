using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>make-graph and the operators over graphs.</summary>
internal sealed class GraphBinder(Binder binder)
{
    public Meaning Apply(TableMeaning source, QueryOperatorSyntax syntax, Scope scope)
    {
        if (syntax is MakeGraphSyntax make)
        {
            if (!source.IsGraph)
            {
                return MakeGraph(source.Query, make, scope);
            }

            binder.Report("KS111", syntax.Keyword.Span, "Tabular value expected.");
            return source;
        }

        if (source.Query is not BoundGraph graph)
        {
            if (source.Query is not BoundEmpty { Shape: { IsOpen: true, Columns.Count: 0 } })
            {
                binder.Report("KS219", syntax.Keyword.Span, "The query operator requires an input graph.", "Put make-graph before it.");
            }

            return new TableMeaning(Binder.BadTable());
        }

        return syntax switch
        {
            GraphMatchSyntax match => new TableMeaning(Match(graph, match, scope)),
            GraphToTableSyntax table => new TableMeaning(ToTable(graph, table, scope)),
            GraphWhereSyntax where => new TableMeaning(Where(graph, where, scope)),
            BareOperatorSyntax mark => new TableMeaning(MarkComponents(graph, mark)),
            _ => ErrorMeaning.Instance,
        };
    }

    private Meaning MakeGraph(BoundQuery source, MakeGraphSyntax make, Scope scope)
    {
        var row = new RowScope(source);
        var inner = scope.WithRow(row);
        var from = Key(make.Source, inner);
        var to = Key(make.Target, inner);
        var inputs = new List<BoundNodeInput>();
        var partition = make.PartitionKey is { } by ? Key(by, inner) : null;
        foreach (var nodes in make.Nodes)
        {
            var table = new RowScope(binder.Tables.Bind(nodes.Table, scope.WithoutRow()));
            var key = Key(nodes.Key, scope.WithRow(table));
            var nodePartition = partition is BoundColumn { Name: var column } && table.Shape.Find(column) is { } own ? new BoundColumn(own.Name, own.Type) : null;
            inputs.Add(new BoundNodeInput(table.Source, key, nodePartition));
        }

        RowShape shape;
        if (inputs.Count > 0)
        {
            var layout = UnionLayout.Of([.. inputs.Select(i => i.Source.Shape)], isInner: false);
            shape = new RowShape(layout.Columns, inputs.Exists(i => i.Source.Shape.IsOpen));
        }
        else
        {
            shape = make.NodeId is { } id ? new RowShape([new KqlColumn(id.Text, from.Type)]) : RowShape.Empty;
        }

        var graph = new BoundMakeGraph(row.Source, from, to, inputs, make.NodeId?.Text, partition, shape, row.Shape);
        if (make.PartitionBody is not { } body)
        {
            return new TableMeaning(graph);
        }

        if (body.Operators is [{ } first, ..] && first is not (GraphMatchSyntax or GraphToTableSyntax))
        {
            binder.Report("KS177", first.Keyword.Span, $"The query operator '{first.Keyword.Text}' is not allowed in the current context.", "Start with graph-match, graph-shortest-paths or graph-to-table.");
            return new TableMeaning(Binder.BadTable());
        }

        var subquery = binder.Pipes.BindSubquery(body, graph, scope);
        return new TableMeaning(new BoundPartitionedGraph(subquery.Shape, subquery));
    }

    private BoundExpression Key(ExpressionSyntax syntax, Scope inner)
    {
        var meaning = binder.Expressions.Bind(syntax, inner);
        var value = binder.Expressions.ToScalar(meaning, syntax.Span);
        if (meaning is ScalarMeaning { IsColumn: false } && value.Type != KqlType.Unknown)
        {
            binder.Report("KS109", syntax.Span, "Column name expected.");
        }

        if (value.Type == KqlType.Dynamic)
        {
            binder.Report("KS240", syntax.Span, "source, target and node id columns can't be of type dynamic, consider using explicit cast");
        }

        return value;
    }

    private BoundGraphFilter Where(BoundGraph graph, GraphWhereSyntax where, Scope scope)
    {
        var ofNodes = where.Keyword.Text == "graph-where-nodes";
        var row = new RowScope(new BoundInputRows(ofNodes ? graph.Nodes : graph.Edges));
        return new BoundGraphFilter(graph, binder.Expressions.Typed(where.Condition, scope.WithRow(row), KqlType.Bool), ofNodes);
    }

    private static BoundGraphMarkComponents MarkComponents(BoundGraph graph, BareOperatorSyntax mark)
    {
        var column = mark.ParameterText("with_component_id") ?? "ComponentId";
        var nodes = new RowShape([.. graph.Nodes.Columns, new KqlColumn(column, KqlType.Long)], graph.Nodes.IsOpen);
        return new BoundGraphMarkComponents(graph, mark.ParameterText("kind") ?? "weak", column, nodes);
    }

    private BoundQuery ToTable(BoundGraph graph, GraphToTableSyntax syntax, Scope scope)
    {
        var tables = syntax.Tables.Select(t => ToTable(graph, t)).ToList();
        if (tables.Count == 1)
        {
            return tables[0];
        }

        if (tables.Count > 2 || syntax.Tables[0].OfNodes == syntax.Tables[1].OfNodes)
        {
            binder.Report("KS230", syntax.Span, "The graph-to-table operator requires 1-2 arguments (nodes, edges).");
            return Binder.BadTable();
        }

        for (var i = 0; i < tables.Count; i++)
        {
            if (syntax.Tables[i].AsName is not { } name)
            {
                binder.Report("KS273", syntax.Tables[i].Span, "Multiple graph outputs require aliases.");
                continue;
            }

            scope.Names.Replace(name.Text, new TableMeaning(tables[i], name.Text));
        }

        return new BoundFork(graph, new BoundInputRows(RowShape.Empty), [.. syntax.Tables.Select((t, i) => new BoundForkBranch(t.AsName?.Text, tables[i]))]);
    }

    private static BoundGraphToTable ToTable(BoundGraph graph, GraphTableSyntax table)
    {
        string? Named(string name) => table.Parameters.FirstOrDefault(p => p.Name == name)?.Value is NameSyntax value ? value.Text : null;
        var node = table.OfNodes ? Named("with_node_id") : null;
        var source = table.OfNodes ? null : Named("with_source_id");
        var target = table.OfNodes ? null : Named("with_target_id");
        var ids = new[] { node, source, target }.OfType<string>().Select(n => new KqlColumn(n, KqlType.Long));
        var shape = table.OfNodes ? graph.Nodes : graph.Edges;
        return new BoundGraphToTable(graph, new RowShape([.. ids, .. shape.Columns], shape.IsOpen), table.OfNodes, node, source, target);
    }

    private BoundQuery Match(BoundGraph graph, GraphMatchSyntax match, Scope scope)
    {
        var variables = new Dictionary<string, PatternVariable>(StringComparer.Ordinal);
        var chains = match.Patterns.Select(p => Chain(p, variables)).ToList();
        var pattern = new PatternScope(variables, graph.Nodes, graph.Edges);
        var inner = scope.WithoutRow() with { Pattern = pattern };
        var predicate = match.Condition is { } condition ? binder.Expressions.Typed(condition, inner, KqlType.Bool) : null;
        var projection = new Projection(binder, inner);
        var isMatch = match.Keyword.Text == "graph-match";
        if (!isMatch && chains.Count != 1)
        {
            return Binder.BadTable();
        }

        var cycles = match.ParameterText("cycles") ?? "unique_edges";
        var output = match.ParameterText("output") ?? "any";
        if (match.Columns is null)
        {
            return new BoundGraphPart(graph, chains, isMatch ? cycles : null, isMatch ? null : output, predicate);
        }

        foreach (var item in match.Columns)
        {
            var isVariable = SearchBinder.Names(item).Exists(n => variables.TryGetValue(n, out var v) && v.IsVariableLength);
            projection.AddItem(item, inner with { Pattern = pattern with { IsProjection = true } }, ProjectionStyle.Graph, type: isVariable ? KqlType.Dynamic : null);
        }

        var shape = projection.ShapeWith(false);
        return isMatch
            ? new BoundGraphMatch(graph, shape, chains, cycles, predicate, projection.Columns)
            : new BoundGraphShortestPaths(graph, shape, chains[0], output, predicate, projection.Columns);
    }

    private BoundPatternChain Chain(GraphPatternSyntax pattern, Dictionary<string, PatternVariable> variables)
    {
        var nodes = new List<BoundPatternNode>();
        var edges = new List<BoundPatternEdge>();
        foreach (var part in pattern.Parts)
        {
            switch (part)
            {
                case GraphNodeSyntax node:
                    var name = node.Name?.Text ?? binder.NewName("$node");
                    nodes.Add(new BoundPatternNode(name, node.Name is not null));
                    variables.TryAdd(name, new PatternVariable(name, IsNode: true, IsVariableLength: false));
                    break;
                case GraphEdgeSyntax edge:
                    edges.Add(Edge(edge, variables));
                    break;
                default:
                    break;
            }
        }

        return new BoundPatternChain(nodes, edges);
    }

    private BoundPatternEdge Edge(GraphEdgeSyntax edge, Dictionary<string, PatternVariable> variables)
    {
        var name = edge.Name?.Text ?? binder.NewName("$edge");
        if (!variables.TryAdd(name, new PatternVariable(name, IsNode: false, edge.IsVariable)) && edge.Name is not null)
        {
            binder.Report("KS201", edge.Name.Span, $"A variable with the name '{name}' has already been declared.");
        }

        var direction = edge.PointsLeft == edge.PointsRight ? BoundGraphDirection.Any : edge.PointsRight ? BoundGraphDirection.Forward : BoundGraphDirection.Backward;
        var min = Hops(edge.MinHops, 1);
        var max = Hops(edge.MaxHops, edge.IsVariable && edge.MinHops is not null && edge.MaxHops is null && !HasRange(edge) ? min : edge.IsVariable ? int.MaxValue : 1);
        return new BoundPatternEdge(name, edge.Name is not null, direction, edge.IsVariable, edge.IsVariable ? min : 1, edge.IsVariable ? max : 1);
    }

    private static bool HasRange(GraphEdgeSyntax edge) => edge.Children.OfType<Syntax.Tokens.SyntaxToken>().Any(t => t.Is(".."));

    private int Hops(ExpressionSyntax? text, int fallback)
    {
        if (text is null)
        {
            return fallback;
        }

        if (binder.Expressions.Scalar(text, new Scope(NameScope.Empty, binder.Database)) is BoundLiteral { Value: long number } && number is >= 0 and <= int.MaxValue)
        {
            return (int)number;
        }

        binder.Report("KS221", text.Span, "Integer literal expected.");
        return fallback;
    }

    /// <summary>A node or edge by its name, as a whole.</summary>
    public static Meaning? FindInPattern(string name, PatternScope pattern) =>
        pattern.Variables.TryGetValue(name, out var variable) ? new ScalarMeaning(new BoundGraphVariable(variable.Name, KqlType.Dynamic)) : null;

    public Meaning BindProperty(PatternVariable variable, NameSyntax name, PatternScope pattern)
    {
        var shape = variable.IsNode ? pattern.Nodes : pattern.Edges;
        var column = shape.Find(name.Text) ?? (shape.IsOpen ? new KqlColumn(name.Text, KqlType.Unknown) : null);
        if (column is null)
        {
            var near = NearestName.Find(name.Text, shape.Columns.Select(c => c.Name));
            binder.Report("KS142", name.Span, $"The name '{name.Text}' does not refer to any known column, table, variable or function.", near is null ? null : $"Did you mean '{near}'?");
            return ErrorMeaning.Instance;
        }

        // A path of several edges has a value for each of them.
        var type = variable.IsVariableLength && pattern.IsProjection ? KqlType.Dynamic : column.Type;
        return new ScalarMeaning(new BoundGraphProperty(variable.Name, column.Name, type));
    }

    /// <summary>The functions over paths: <c>all(e, …)</c>, <c>any</c>, <c>map</c>, <c>inner_nodes</c>, <c>labels</c>, node degrees.</summary>
    public bool TryBindCall(CallSyntax call, Scope scope, out Meaning meaning)
    {
        meaning = ErrorMeaning.Instance;
        var name = call.Name.Text;
        if (scope.Pattern is not { } pattern)
        {
            return false;
        }

        switch (name)
        {
            case "all" or "any" or "map" when call.Arguments.Count == 2:
                var (over, shape) = Elements(call.Arguments[0], scope, pattern);
                var row = new RowScope(new BoundInputRows(shape));
                var body = binder.Expressions.Scalar(call.Arguments[1], scope with { Row = row });
                if (name != "map" && body.Type is not (KqlType.Bool or KqlType.Unknown))
                {
                    binder.Report("KS107", call.Arguments[1].Span, "A value of type bool expected.");
                }

                meaning = new ScalarMeaning(new BoundCall(name, [over, new BoundGraphLambda(body, body.Type)], name == "map" ? KqlType.Dynamic : KqlType.Bool));
                return true;
            case "inner_nodes" or "labels" or "node_degree_in" or "node_degree_out" or "node_id" or "edge_id" when call.Arguments.Count <= 1:
                var arguments = call.Arguments.Select(a => binder.Expressions.Scalar(a, scope)).ToList();
                meaning = new ScalarMeaning(new BoundCall(name, arguments, name is "inner_nodes" or "labels" ? KqlType.Dynamic : name is "node_id" ? KqlType.String : KqlType.Long));
                return true;
            default:
                return false;
        }
    }

    private (BoundExpression Over, RowShape Shape) Elements(ExpressionSyntax syntax, Scope scope, PatternScope pattern)
    {
        if (syntax is NameSyntax name && pattern.Variables.TryGetValue(name.Text, out var variable))
        {
            return (new BoundGraphVariable(variable.Name, KqlType.Dynamic), variable.IsNode ? pattern.Nodes : pattern.Edges);
        }

        var over = binder.Expressions.Scalar(syntax, scope);
        return (over, over is BoundCall { Function: "inner_nodes" } ? pattern.Nodes : new RowShape([], IsOpen: true));
    }
}
