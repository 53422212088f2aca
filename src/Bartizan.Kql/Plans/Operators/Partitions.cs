using Bartizan.Kql.Binding.Tree;

namespace Bartizan.Kql.Plans.Operators;

/// <summary>partition by: the subquery runs over all groups at once, every operator within the group's key.</summary>
internal static class Partitions
{
    public static PlanRows Plan(PlanBuilder builder, BoundPartition partition)
    {
        var source = builder.Plan(partition.Source);
        var outer = source.Partition;
        var (keyed, keys) = builder.Compute(source, [("", partition.Key)]);
        var input = keyed with { Partition = [.. outer.Concat(keys).Distinct()] };
        var result = builder.PlanOver(partition.Input, input, partition.Subquery);
        return result with { Shape = partition.Shape, Order = [], Partition = [.. result.Partition.Take(outer.Count)] };
    }
}
