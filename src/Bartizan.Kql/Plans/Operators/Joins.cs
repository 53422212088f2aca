using Bartizan.Kql.Binding.Tree;

namespace Bartizan.Kql.Plans.Operators;

/// <summary>join and lookup of all kinds.</summary>
internal static class Joins
{
    public static PlanRows Plan(PlanBuilder builder, BoundJoin join)
    {
        var left = builder.Plan(join.Left);
        var right = builder.Plan(join.Right);
        var (l, leftKeys) = builder.Compute(left, [.. join.Keys.Select(k => ("", k.Left))]);
        var (r, rightKeys) = builder.Compute(right, [.. join.Keys.Select(k => ("", k.Right))]);
        (r, var partitionKeys) = Partitioned(builder, l, r);
        if (join.Kind == BoundJoinKind.InnerUnique)
        {
            l = l with { Node = new PlanFirst(l.Node, [.. leftKeys.Concat(l.Partition).Distinct()], l.Order) };
        }

        var keys = leftKeys.Zip(rightKeys, (a, b) => new PlanJoinKey(new PlanRef(a), new PlanRef(b))).Concat(partitionKeys).ToList();
        var node = join.Kind switch
        {
            BoundJoinKind.LeftSemi => new PlanJoin(l.Node, r.Node, PlanJoinKind.Semi, keys),
            BoundJoinKind.LeftAnti => new PlanJoin(l.Node, r.Node, PlanJoinKind.Anti, keys),
            BoundJoinKind.RightSemi => new PlanJoin(r.Node, l.Node, PlanJoinKind.Semi, Turned(keys)),
            BoundJoinKind.RightAnti => new PlanJoin(r.Node, l.Node, PlanJoinKind.Anti, Turned(keys)),
            BoundJoinKind.LeftOuter => new PlanJoin(l.Node, r.Node, PlanJoinKind.Left, keys),
            BoundJoinKind.RightOuter => new PlanJoin(l.Node, r.Node, PlanJoinKind.Right, keys),
            BoundJoinKind.FullOuter => new PlanJoin(l.Node, r.Node, PlanJoinKind.Full, keys),
            _ => new PlanJoin(l.Node, r.Node, keys.Count == 0 ? PlanJoinKind.Cross : PlanJoinKind.Inner, keys),
        };
        var columns = join.Columns.Select(c => c.Side == BoundJoinSide.Left ? left.Column(c.SourceName) : right.Column(c.SourceName)).ToList();
        if (l.Partition.Count > 0 && join.Kind is BoundJoinKind.RightOuter or BoundJoinKind.FullOuter or BoundJoinKind.RightSemi or BoundJoinKind.RightAnti && r.Partition.Count == 0)
        {
            throw new PlanRefusal("Inside partition and mv-apply a join must not keep unmatched rows of its right side.");
        }

        var partition = join.Kind is BoundJoinKind.RightSemi or BoundJoinKind.RightAnti ? r.Partition : l.Partition.Count > 0 ? l.Partition : r.Partition;
        return new PlanRows(node, join.Shape, columns, [], partition);
    }

    // Both sides within a group: only rows of the same group meet.
    private static (PlanRows Right, IReadOnlyList<PlanJoinKey> Keys) Partitioned(PlanBuilder builder, PlanRows left, PlanRows right)
    {
        if (left.Partition.Count == 0 || right.Partition.Count == 0)
        {
            return (right, []);
        }

        var copies = right.Partition.Select(p => new PlanAssignment(builder.NewColumn(p.Type, p.Name), new PlanRef(p))).ToList();
        var keys = left.Partition.Zip(copies, (a, b) => new PlanJoinKey(new PlanRef(a), new PlanRef(b.Column), NullsMatch: true)).ToList();
        return (right with { Node = new PlanCompute(right.Node, copies), Partition = [.. copies.Select(c => c.Column)] }, keys);
    }

    private static List<PlanJoinKey> Turned(IEnumerable<PlanJoinKey> keys) => [.. keys.Select(k => k with { Left = k.Right, Right = k.Left })];
}
