using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Operators;

/// <summary>sort, take, top, sample, sample-distinct.</summary>
internal static class Ordering
{
    public static PlanRows Plan(PlanBuilder builder, BoundQuery query)
    {
        switch (query)
        {
            case BoundSort sort:
                return builder.Ordered(builder.Plan(sort.Source), sort.Keys);
            case BoundTake take:
                return Slice(builder, builder.Plan(take.Source), take.Count);
            case BoundTop top:
                return Slice(builder, builder.Ordered(builder.Plan(top.Source), top.Keys), top.Count);
            case BoundSample sample:
                // Any rows will do; the first ones are as good a sample as Kusto promises no more, but a random one is what people expect.
                var random = new BoundCall("rand", [], KqlType.Real);
                var (shuffled, keys) = builder.Compute(builder.Plan(sample.Source), [("", random)]);
                var picked = Slice(builder, shuffled with { Order = [new PlanOrder(keys[0], false, false)] }, sample.Count);
                return picked with { Order = [] };
            case BoundSampleDistinct sample:
                var (source, columns) = builder.Compute(builder.Plan(sample.Source), [(sample.Shape.Columns[0].Name, sample.Of)]);
                var values = new PlanGroup(source.Node, [.. columns, .. source.Partition], [], []);
                return Slice(builder, source with { Node = values, Shape = sample.Shape, Columns = columns, Order = [] }, sample.Count);
            default:
                throw new PlanRefusal($"{query.GetType().Name[5..]} cannot be run yet.");
        }
    }

    private static PlanRows Slice(PlanBuilder builder, PlanRows rows, BoundExpression count) =>
        rows with { Node = new PlanSlice(rows.Node, builder.Resolve(rows, count), rows.Order, rows.Partition) };
}
