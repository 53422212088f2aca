using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Plans.Managed;
using Bartizan.Kql.Plans.Managed.Plugins;

namespace Bartizan.Kql.Plans.Operators;

/// <summary>evaluate: one line for each plugin that can be run.</summary>
internal static class Plugins
{
    public static PlanRows Plan(PlanBuilder builder, BoundEvaluate evaluate)
    {
        var call = new PluginCall(builder, evaluate);
        switch (evaluate.Plugin)
        {
            case "bag_unpack":
                return Run(call, evaluate, new BagUnpack(call), keepsOrder: true);
            case "pivot":
                return Run(call, evaluate, new Pivot(call));
            case "narrow":
                return Run(call, evaluate, new Narrow(call));
            case "ipv4_lookup" or "ipv6_lookup":
                var table = builder.Plan(call.Table(0));
                return Run(call, evaluate, new AddressLookup(call, table, evaluate.Plugin == "ipv6_lookup"), table: table);
            case "geo_polygon_lookup" or "geo_line_lookup":
                var shapes = builder.Plan(call.Table(0));
                return Run(call, evaluate, new ShapeLookup(call, shapes, evaluate.Plugin == "geo_line_lookup"), table: shapes);
            case "rows_near":
                return Run(call, evaluate, new RowsNear(call), keepsOrder: true);
            case "dcount_intersect":
                return Run(call, evaluate, new DcountIntersect(call), keepsOrder: true);
            case "rolling_percentile":
                return Run(call, evaluate, new RollingPercentile(call));
            case "activity_counts_metrics":
                return Run(call, evaluate, new ActivityCounts(call));
            case "session_count":
                return Run(call, evaluate, new SessionCount(call));
            case "activity_metrics" or "activity_engagement" or "sliding_window_counts":
                return Run(call, evaluate, new ActivityWindows(call, evaluate.Plugin));
            case "funnel_sequence_completion":
                return Run(call, evaluate, new FunnelCompletion(call));
            case "identity":
                return Run(call, evaluate, new Identity(), keepsOrder: true);
            case "basket":
                return Run(call, evaluate, new Basket(call));
            default:
                throw new PlanRefusal($"The plugin {evaluate.Plugin} cannot be run yet.");
        }
    }

    private static PlanRows Run(PluginCall call, BoundEvaluate evaluate, ManagedOperator plugin, bool keepsOrder = false, PlanRows? table = null)
    {
        IReadOnlyList<PlanRows> inputs = table is null ? [call.Source] : [call.Source, table];
        if (evaluate.Shape.IsOpen && plugin is IOpenShape open)
        {
            throw new PlanOpenShape(evaluate.OpenKey, open, [.. inputs.Select(call.Builder.Apart)]);
        }

        return call.Builder.Run(plugin, inputs, evaluate.Shape, keepsOrder);
    }
}
