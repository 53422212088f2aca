using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Operators;

/// <summary>Where rows come from: tables, datatable, print, range.</summary>
internal static class Sources
{
    public static PlanRows Plan(PlanBuilder builder, BoundQuery query)
    {
        switch (query)
        {
            case BoundTable table:
                var fields = builder.NewColumns(table.Shape);
                builder.NoteReceived(fields);
                return new PlanRows(Scoped(builder.Scope, new PlanScan(table.Table, fields)), table.Shape, fields, [], []);
            case BoundEmpty:
                var none = builder.NewColumns(query.Shape);
                return new PlanRows(new PlanValues(none, []), query.Shape, none, [], []);
            case BoundDataTable table:
                return DataTable(builder, table.Shape, table.Rows);
            case BoundPrint print:
                return Print(builder, print);
            case BoundRange range:
                var column = builder.NewColumn(range.Column.Type, range.Column.Name);
                var plan = new PlanRange(column, Planned(builder, range.From), Planned(builder, range.To), Planned(builder, range.Step));
                var descends = Managed.ManagedExpression.Constant(range.Step, builder.Context) is { IsNull: false } step && step.AsReal < 0;
                return new PlanRows(plan, range.Shape, [column], [new PlanOrder(column, descends, false)], []);
            case BoundFunctionTable table:
                return FromFunction(builder, table);
            case BoundExternalRows data:
                return External(builder, data);
            default:
                throw new PlanRefusal($"{query.GetType().Name[5..]} cannot be run yet.");
        }
    }

    public static PlanRows Consume(PlanBuilder builder, BoundConsume consume)
    {
        var rows = builder.Plan(consume.Source);
        return rows with { Node = new PlanSlice(rows.Node, Literals.Long(0), [], []), Shape = consume.Shape, Columns = consume.Shape.Columns.Count == 0 ? [] : rows.Columns };
    }

    /// <summary>Rows written out keep the order in which they are written.</summary>
    public static PlanRows DataTable(PlanBuilder builder, RowShape shape, IReadOnlyList<IReadOnlyList<BoundExpression>> rows)
    {
        var fields = builder.NewColumns(shape);
        var number = builder.NewColumn(KqlType.Long, "");
        var numbered = rows.Select((r, i) => (IReadOnlyList<BoundExpression>)[.. r, Literals.Long(i)]).ToList();
        return new PlanRows(new PlanValues([.. fields, number], numbered), shape, fields, [new PlanOrder(number, false, false)], []);
    }

    private static PlanNode Scoped(DateTimeScope? scope, PlanScan scan)
    {
        if (scope is null || scan.Fields.FirstOrDefault(f => f.Name == scope.Column && f.Type == KqlType.DateTime) is not { } column)
        {
            return scan;
        }

        PlanNode node = scan;
        foreach (var (bound, comparison) in new[] { (scope.From, "_greater_or_equal"), (scope.To, "_less_or_equal") })
        {
            if (bound is { } moment)
            {
                node = new PlanFilter(node, new BoundCall(comparison, [new PlanRef(column), Literals.Of(moment)], KqlType.Bool));
            }
        }

        return node;
    }

    private static PlanRows External(PlanBuilder builder, BoundExternalRows data)
    {
        var addresses = data.Sources.Select(s => Managed.ManagedExpression.Constant(s, builder.Context) is { } text
            ? Functions.Conversion.ToText(text)
            : throw new PlanRefusal("The sources of externaldata must be known before the rows.")).ToList();
        var rows = builder.External(data, addresses)
            ?? throw new PlanRefusal("externaldata is not allowed here: its source is not on the list of allowed ones.");
        var fields = builder.NewColumns(data.Shape);
        PlanNode node = rows.Count == 0 ? new PlanValues(fields, []) : new PlanStored(new GivenRows([.. fields.Select(f => f.Type)], rows), fields);
        return new PlanRows(node, data.Shape, fields, [], []);
    }

    private static PlanRows FromFunction(PlanBuilder builder, BoundFunctionTable table)
    {
        var arguments = table.Arguments
            .Select(a => Managed.ManagedExpression.Constant(a, builder.Context) ?? throw new PlanRefusal($"The arguments of {table.Function.Name} must be known before the rows."))
            .ToList();
        if (builder.Functions(table.Function, arguments) is not { } given)
        {
            var none = builder.NewColumns(table.Shape);
            return new PlanRows(new PlanValues(none, []), table.Shape, none, [], []);
        }

        if (table.Shape.IsOpen)
        {
            var key = string.Join(",", table.Arguments.Select(a => a is BoundLiteral { Value: { } v } ? v.ToString() : "?"));
            throw new PlanKnownShape($"{table.Function.Name}({key})", given.Shape with { IsOpen = false });
        }

        var fields = builder.NewColumns(given.Shape);
        var rows = new PlanRows(new PlanStored(new GivenRows([.. fields.Select(f => f.Type)], given.Rows), fields), given.Shape, fields, [], []);
        return new PlanRows(rows.Node, table.Shape, [.. table.Shape.Columns.Select(c => rows.Column(c.Name))], [], []);
    }

    private static PlanRows Print(PlanBuilder builder, BoundPrint print)
    {
        var one = new PlanRows(new PlanValues([], [[]]), RowShape.Empty, [], [], []);
        var (rows, columns) = builder.Compute(one, [.. print.Columns.Select(c => (c.Column.Name, c.Value))]);
        return rows with { Shape = print.Shape, Columns = columns };
    }

    private static BoundExpression Planned(PlanBuilder builder, BoundExpression expression) =>
        builder.Resolve(new PlanRows(new PlanValues([], [[]]), RowShape.Empty, [], [], []), expression);
}
