using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Plans;
using Bartizan.Kql.Plans.Managed;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Sql;

/// <summary>Plans all results of a program and writes their statements.</summary>
internal sealed class QueryPlanning
{
    private readonly BoundProgram program;
    private readonly PlanBuilder builder;
    private readonly QueryRun run;
    private readonly long? maxRows;

    public QueryPlanning(BoundProgram program, QuerySettings settings, ISqlEngine engine, int attempt)
    {
        this.program = program;
        maxRows = settings.MaxRows;
        var context = Now(program, settings.Context);
        builder = new PlanBuilder(program, context)
        {
            Scope = Scope(program, context),
            Functions = (function, arguments) => engine.Rows(function, arguments) is { } rows ? new FunctionTable(rows.Shape, rows.Rows) : null,
            External = (data, addresses) => engine.External(new ExternalSource(
                data.Shape, addresses, data.Properties.ToDictionary(p => p.Key, p => Conversion.ToText(Literals.Value(p.Value)), StringComparer.Ordinal))),
        };
        run = new QueryRun(builder, context, engine, settings.Parameters, attempt);
    }

    public IReadOnlyList<ResultStatement> Statements()
    {
        try
        {
            return [.. program.Results.SelectMany((r, i) => Results(r.Query, i))];
        }
        catch (PlanOpenShape open)
        {
            throw new OpenShapeException(open.Key, () => Discover(open));
        }
    }

    private RowShape Discover(PlanOpenShape open)
    {
        var inputs = open.Inputs.Select(i => run.Read(i.Node, i.Columns, i.Order)).ToList();
        return open.Operator.Discover(inputs, new OperatorContext(run.Context, run.Engine.Cancellation));
    }

    private IEnumerable<ResultStatement> Results(BoundQuery query, int number)
    {
        switch (query)
        {
            case BoundFork fork:
                return Branches(fork);
            case BoundGraph graph:
                // A query that ends in a graph shows what the graph is made of.
                return
                [
                    Result(new BoundGraphToTable(graph, graph.Nodes, true, null, null, null), "Nodes"),
                    Result(new BoundGraphToTable(graph, graph.Edges, false, null, null, null), "Edges"),
                ];
            default:
                break;
        }

        return [Result(query, number == 0 ? "PrimaryResult" : $"Result{number + 1}")];
    }

    private ResultStatement Result(BoundQuery query, string name)
    {
        var chart = query is BoundRender render ? new ChartRequest(render.Kind, render.Properties) : null;
        return Result(builder.Plan(query), name) with { Chart = chart };
    }

    private ResultStatement Result(PlanRows rows, string name)
    {
        rows = Apart(rows);
        var columns = rows.Shape.Columns.Select((c, i) => new KqlColumn(c.Name, rows.Columns[i].Type == KqlType.Unknown ? c.Type : rows.Columns[i].Type)).ToList();
        return new ResultStatement(name, columns, run.Statement(rows.Node, rows.Columns, rows.Order, maxRows)) { IsOrdered = rows.Order.Count > 0 };
    }

    /// <summary>A plan column that stands under two names becomes two columns.</summary>
    private PlanRows Apart(PlanRows rows)
    {
        var copies = new List<PlanAssignment>();
        var columns = new List<PlanColumn>();
        foreach (var column in rows.Columns)
        {
            if (!columns.Contains(column))
            {
                columns.Add(column);
                continue;
            }

            var copy = builder.NewColumn(column.Type, column.Name);
            copies.Add(new PlanAssignment(copy, new PlanRef(column)));
            columns.Add(copy);
        }

        return copies.Count == 0 ? rows : rows with { Node = new PlanCompute(rows.Node, copies), Columns = columns };
    }

    private List<ResultStatement> Branches(BoundFork fork)
    {
        if (fork.Source is BoundGraph)
        {
            return [.. fork.Branches.Select((branch, i) => Result(branch.Query, branch.Name ?? $"Result{i + 1}"))];
        }

        var source = builder.Plan(fork.Source);
        var columns = source.Columns.Concat(source.Order.Select(o => o.Column)).Distinct().ToList();
        var kept = new MaterializedRows(source.Node, columns);
        return [.. fork.Branches.Select((branch, i) =>
        {
            var input = source with { Node = new PlanStored(kept, columns) };
            var chart = branch.Query is BoundRender render ? new ChartRequest(render.Kind, render.Properties) : null;
            return Result(builder.PlanOver(fork.Input, input, branch.Query), branch.Name ?? $"Result{i + 1}") with { Chart = chart };
        })];
    }

    private static SqlContext Now(BoundProgram program, SqlContext context) =>
        Setting(program, "query_now", KqlType.DateTime, context) is { } moment ? context with { NowTicks = moment.AsLong } : context;

    private static DateTimeScope? Scope(BoundProgram program, SqlContext context) =>
        Setting(program, "query_datetimescope_column", KqlType.String, context) is { } column
            ? new DateTimeScope(column.AsText, Setting(program, "query_datetimescope_from", KqlType.DateTime, context), Setting(program, "query_datetimescope_to", KqlType.DateTime, context))
            : null;

    /// <summary>Null where the query does not set it. What is set must mean something: left out of account, it would change the answer unseen.</summary>
    private static KqlValue? Setting(BoundProgram program, string name, KqlType type, SqlContext context) =>
        !program.Settings.TryGetValue(name, out var setting) ? null
        : ManagedExpression.Constant(setting, context) is { IsNull: false } value && Conversion.To(value, type) is { IsNull: false } converted ? converted
        : throw new PlanRefusal($"'set {name}' needs a {type.ToString().ToLowerInvariant()} that is known before the rows.");
}

/// <summary>An operator whose columns depend on its rows was met while its shape is open still.</summary>
internal sealed class OpenShapeException(string key, Func<RowShape> discover) : Exception
{
    public string Key => key;

    public RowShape Discover() => discover();
}
