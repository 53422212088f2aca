using Bartizan.Kql.Binding.Tree;

namespace Bartizan.Kql.Plans.Operators;

/// <summary>Operators that are computed here: one line for each, which says who plans it.</summary>
internal static class ManagedOperators
{
    public static PlanRows Plan(PlanBuilder builder, BoundQuery query) => query switch
    {
        BoundEvaluate evaluate => Plugins.Plan(builder, evaluate),
        BoundScan scan => Scans.Plan(builder, scan),
        BoundReduce => throw new PlanRefusal("reduce cannot be run yet."),
        BoundGraph or BoundGraphMatch or BoundGraphShortestPaths or BoundGraphToTable => Graphs.Plan(builder, query),
        _ => throw new PlanRefusal($"{query.GetType().Name[5..]} cannot be run yet."),
    };
}
