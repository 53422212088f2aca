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
                return new PlanRows(new PlanScan(table.Table, fields), table.Shape, fields, [], []);
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
                throw new PlanRefusal($"{table.Function.Name} has no rows here: nothing provides it.");
            case BoundExternalData:
                throw new PlanRefusal("externaldata is not allowed here: no source outside is on the list of allowed ones.");
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

    private static PlanRows Print(PlanBuilder builder, BoundPrint print)
    {
        var one = new PlanRows(new PlanValues([], [[]]), RowShape.Empty, [], [], []);
        var (rows, columns) = builder.Compute(one, [.. print.Columns.Select(c => (c.Column.Name, c.Value))]);
        return rows with { Shape = print.Shape, Columns = columns };
    }

    private static BoundExpression Planned(PlanBuilder builder, BoundExpression expression) =>
        builder.Resolve(new PlanRows(new PlanValues([], [[]]), RowShape.Empty, [], [], []), expression);
}
