using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Plans.Managed;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Operators;

/// <summary>make-series: aggregates per group and bin by the engine, laid out on the axis here.</summary>
internal static class MakeSeries
{
    public static PlanRows Plan(PlanBuilder builder, BoundMakeSeries series)
    {
        var rows = builder.Plan(series.Source);
        var step = Constant(builder, series.Step) ?? throw new PlanRefusal("The step of make-series must be known before the rows.");
        var from = series.From is null ? null : Constant(builder, series.From);
        var to = series.To is null ? null : Constant(builder, series.To);
        var axisType = series.Axis.Type;
        var bin = from is null || series.IsRange
            ? new BoundCall("bin", [series.Axis, series.Step], series.Axis.Type)
            : new BoundCall("bin_at", [series.Axis, series.Step, series.From!], series.Axis.Type);
        BoundExpression? bounds = null;
        if (series.From is not null)
        {
            bounds = new BoundCall("_greater_or_equal", [series.Axis, series.From], KqlType.Bool);
        }

        if (series.To is not null)
        {
            var below = new BoundCall(series.IsRange ? "_less_or_equal" : "_less", [series.Axis, series.To], KqlType.Bool);
            bounds = bounds is null ? below : new BoundCall("_and", [bounds, below], KqlType.Bool);
        }

        if (bounds is not null)
        {
            rows = Columns.Filter(builder, rows, bounds);
        }

        if (series is { IsRange: true, From: not null, To: not null })
        {
            var end = new BoundCall("_add", [new BoundCall("bin", [series.To, series.Step], axisType), series.Step], axisType);
            (from, to) = (Constant(builder, new BoundCall("bin", [series.From, series.Step], axisType)), Constant(builder, end));
        }

        var binKey = new BoundAssignment(new KqlColumn("", series.Axis.Type), bin);
        IReadOnlyList<BoundAssignment> keys = [.. series.Keys, binKey];
        IReadOnlyList<BoundAssignment> aggregates = [.. series.Series.Select(s => new BoundAssignment(new KqlColumn(s.Column.Name, s.Aggregate.Type), s.Aggregate))];
        var groupShape = new RowShape([.. keys.Concat(aggregates).Select(a => a.Column)]);
        var grouped = Grouping.Summarize(builder, rows, groupShape, keys, aggregates);
        var layout = new SeriesOperator(
            series.Keys.Count,
            axisType,
            from,
            to,
            step,
            [.. series.Series.Select(s => s.Default is null ? (KqlValue?)null : Constant(builder, s.Default))],
            series.IsNonEmpty,
            series.Keys.Count == 0);
        var raw = new RowShape([.. series.Keys.Select(k => k.Column), .. series.Series.Select(s => new KqlColumn(s.Column.Name, KqlType.Dynamic)), new KqlColumn(series.AxisColumn.Name, KqlType.Dynamic)]);
        var result = builder.Run(layout, [grouped], raw);
        return result with { Shape = series.Shape, Columns = [.. series.Shape.Columns.Select(c => result.Column(c.Name))] };
    }

    private static KqlValue? Constant(PlanBuilder builder, BoundExpression expression) => ManagedExpression.Constant(expression, builder.Context);
}
