using Bartizan.Kql.Binding.Tree;

namespace Bartizan.Kql.Plans.Operators;

/// <summary>Operators that are computed here: one line for each, which says who plans it.</summary>
internal static class ManagedOperators
{
    public static PlanRows Plan(PlanBuilder builder, BoundQuery query) => query switch
    {
        BoundEvaluate evaluate => throw new PlanRefusal($"The plugin {evaluate.Plugin} cannot be run yet."),
        BoundScan => throw new PlanRefusal("scan cannot be run yet."),
        BoundReduce => throw new PlanRefusal("reduce cannot be run yet."),
        BoundGraph or BoundGraphMatch or BoundGraphShortestPaths or BoundGraphToTable => throw new PlanRefusal("Graph operators cannot be run yet."),
        _ => throw new PlanRefusal($"{query.GetType().Name[5..]} cannot be run yet."),
    };
}
