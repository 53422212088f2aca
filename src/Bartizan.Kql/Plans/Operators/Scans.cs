using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Plans.Managed;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Operators;

/// <summary>scan: the rows in order, with the columns that tell independent scans apart behind them.</summary>
internal static class Scans
{
    public static PlanRows Plan(PlanBuilder builder, BoundScan scan)
    {
        var rows = builder.Plan(scan.Source);
        if (scan.OrderKeys.Count > 0)
        {
            rows = builder.Ordered(rows, scan.OrderKeys);
        }

        var (computed, keys) = builder.Compute(rows, [.. scan.PartitionKeys.Select(k => ("", k))]);
        var input = computed with
        {
            Shape = new RowShape([.. rows.Shape.Columns, .. keys.Select(k => new KqlColumn("", k.Type))]),
            Columns = [.. rows.Columns, .. keys],
        };
        return builder.Run(new ScanOperator(scan, builder.Context, keys.Count), [input], scan.Shape, keepsOrder: true);
    }
}
