using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Plans.Managed;
using Bartizan.Kql.Plans.Managed.Plugins;

namespace Bartizan.Kql.Plans.Operators;

/// <summary>evaluate: one line for each plugin that can be run.</summary>
internal static class Plugins
{
    private static readonly Dictionary<string, Func<PluginCall, BoundEvaluate, PlanRows>> Runners = new(StringComparer.Ordinal)
    {
        ["activity_counts_metrics"] = (call, evaluate) => Run(call, evaluate, new ActivityCounts(call)),
        ["activity_engagement"] = (call, evaluate) => Run(call, evaluate, new ActivityWindows(call, evaluate.Plugin)),
        ["activity_metrics"] = (call, evaluate) => Run(call, evaluate, new ActivityWindows(call, evaluate.Plugin)),
        ["active_users_count"] = (call, evaluate) => Run(call, evaluate, new ActiveUsers(call)),
        ["autocluster"] = (call, evaluate) => Run(call, evaluate, new AutoCluster(call), keepsOrder: true),
        ["bag_unpack"] = (call, evaluate) => Run(call, evaluate, new BagUnpack(call), keepsOrder: true),
        ["basket"] = (call, evaluate) => Run(call, evaluate, new Basket(call), keepsOrder: true),
        ["dcount_intersect"] = (call, evaluate) => Run(call, evaluate, new DcountIntersect(call), keepsOrder: true),
        ["diffpatterns"] = (call, evaluate) => Run(call, evaluate, new DiffPatterns(call), keepsOrder: true),
        ["estimate_rows_count"] = (call, evaluate) => Run(call, evaluate, new RowCount()),
        ["funnel_sequence"] = (call, evaluate) => Run(call, evaluate, new FunnelSequence(call), keepsOrder: true),
        ["funnel_sequence_completion"] = (call, evaluate) => Run(call, evaluate, new FunnelCompletion(call)),
        ["geo_line_lookup"] = Shapes,
        ["geo_polygon_lookup"] = Shapes,
        ["identity"] = (call, evaluate) => Run(call, evaluate, new Identity(), keepsOrder: true),
        ["ipv4_lookup"] = Addresses,
        ["ipv6_lookup"] = Addresses,
        ["narrow"] = (call, evaluate) => Run(call, evaluate, new Narrow(call)),
        ["new_activity_metrics"] = NewActivities,
        ["pivot"] = (call, evaluate) => Run(call, evaluate, new Pivot(call)),
        ["preview"] = (call, evaluate) => Run(call, evaluate, new Preview(call), keepsOrder: true),
        ["rolling_percentile"] = (call, evaluate) => Run(call, evaluate, new RollingPercentile(call)),
        ["rows_near"] = (call, evaluate) => Run(call, evaluate, new RowsNear(call), keepsOrder: true),
        ["sequence_detect"] = (call, evaluate) => Run(call, evaluate, new SequenceDetect(call), keepsOrder: true),
        ["session_count"] = (call, evaluate) => Run(call, evaluate, new SessionCount(call)),
        ["sliding_window_counts"] = (call, evaluate) => Run(call, evaluate, new ActivityWindows(call, evaluate.Plugin)),
    };

    /// <summary>The plugins that run.</summary>
    public static IEnumerable<string> Names => Runners.Keys;

    public static PlanRows Plan(PlanBuilder builder, BoundEvaluate evaluate) =>
        Runners.TryGetValue(evaluate.Plugin, out var run) ? run(new PluginCall(builder, evaluate), evaluate) : throw new PlanRefusal($"The plugin {evaluate.Plugin} cannot be run.");

    private static PlanRows Addresses(PluginCall call, BoundEvaluate evaluate)
    {
        var table = call.Builder.Plan(call.Table(0));
        return Run(call, evaluate, new AddressLookup(call, table, evaluate.Plugin == "ipv6_lookup"), table: table);
    }

    private static PlanRows Shapes(PluginCall call, BoundEvaluate evaluate)
    {
        var shapes = call.Builder.Plan(call.Table(0));
        return Run(call, evaluate, new ShapeLookup(call, shapes, evaluate.Plugin == "geo_line_lookup"), table: shapes);
    }

    private static PlanRows NewActivities(PluginCall call, BoundEvaluate evaluate)
    {
        var seen = evaluate.Arguments.FirstOrDefault(a => a.Table is not null)?.Table is { } earlier ? call.Builder.Plan(earlier) : null;
        return Run(call, evaluate, new NewActivity(call, seen), table: seen);
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
