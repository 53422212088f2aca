using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Operators;

/// <summary>summarize, distinct, count.</summary>
internal static class Grouping
{
    public static PlanRows Plan(PlanBuilder builder, BoundQuery query)
    {
        switch (query)
        {
            case BoundSummarize summarize:
                return Summarize(builder, builder.Plan(summarize.Source), summarize.Shape, summarize.Keys, summarize.Aggregates);
            case BoundDistinct distinct:
                var (source, columns) = builder.Compute(builder.Plan(distinct.Source), [.. distinct.Columns.Select(c => (c.Column.Name, c.Value))]);
                return source with { Node = new PlanGroup(source.Node, [.. columns.Concat(source.Partition).Distinct()], [], []), Shape = distinct.Shape, Columns = columns, Order = [] };
            case BoundCount count:
                return Summarize(builder, builder.Plan(count.Source), count.Shape, [], [new BoundAssignment(count.Shape.Columns[0], new BoundCall("count", [], KqlType.Long))]);
            default:
                throw new PlanRefusal($"{query.GetType().Name[5..]} cannot be run yet.");
        }
    }

    public static PlanRows Summarize(
        PlanBuilder builder, PlanRows rows, RowShape shape, IReadOnlyList<BoundAssignment> keys, IReadOnlyList<BoundAssignment> aggregates)
    {
        var (keyed, keyColumns) = builder.Compute(rows, [.. keys.Select(k => (k.Column.Name, k.Value))]);
        var resolved = builder.Resolve(keyed with { Shape = rows.Shape, Columns = rows.Columns }, aggregates.Select(a => a.Value));
        (keyed, resolved) = Windows.Extract(builder, keyed, resolved);
        var calls = new Dictionary<BoundExpression, PlanColumn>();
        var results = resolved.Select(r => ExpressionTree.Rewrite(r, Extract)).ToList();
        IReadOnlyList<PlanColumn> groupKeys = [.. keyColumns.Concat(rows.Partition).Distinct()];
        PlanNode node = new PlanGroup(keyed.Node, groupKeys, [.. calls.Select(c => new PlanAssignment(c.Value, c.Key))], keyed.Order);
        var partition = rows.Partition;
        if (partition.Count > 0 && keys.Count == 0 && AllGroups(rows) is { } groups)
        {
            (node, partition, var filled) = WithEmptyGroups(builder, node, rows, groups, calls);
            results = [.. results.Select(r => ExpressionTree.Rewrite(r, e => e is PlanRef { Column: var c } && filled.TryGetValue(c, out var f) ? new PlanRef(f) : null))];
        }

        var additions = new List<PlanAssignment>();
        var columns = new List<PlanColumn>(keyColumns);
        for (var i = 0; i < results.Count; i++)
        {
            if (results[i] is PlanRef reference)
            {
                columns.Add(reference.Column);
                continue;
            }

            var column = builder.NewColumn(results[i].Type, aggregates[i].Column.Name);
            additions.Add(new PlanAssignment(column, results[i]));
            columns.Add(column);
        }

        return rows with
        {
            Node = additions.Count == 0 ? node : new PlanCompute(node, additions),
            Shape = shape,
            Columns = columns,
            Order = [],
            Partition = partition,
        };

        BoundExpression? Extract(BoundExpression e)
        {
            if (e is not (BoundElement or BoundCall) || !IsAggregate(e))
            {
                return null;
            }

            if (!calls.TryGetValue(e, out var column))
            {
                column = builder.NewColumn(e.Type, "");
                calls.Add(e, column);
            }

            return new PlanRef(column);
        }
    }

    public static bool IsAggregate(BoundExpression e) => e switch
    {
        BoundCall call => FunctionCatalog.ByKey(call.Function)?.Kind == FunctionKind.Aggregate,
        BoundElement element => IsAggregate(element.Call),
        _ => false,
    };

    // A group of partition or mv-apply exists because it has rows; a filter before the summarize may have left none. Then the one row that summarize
    // without keys gives over nothing must still come.
    private static PlanNode? AllGroups(PlanRows rows) => rows.Node switch
    {
        PlanFilter or PlanSlice or PlanJoin or PlanUnion => Beneath(rows.Node, rows.Partition),
        _ => null,
    };

    private static PlanNode? Beneath(PlanNode node, IReadOnlyList<PlanColumn> partition)
    {
        while (true)
        {
            var below = node switch
            {
                PlanFilter filter => filter.Source,
                PlanSlice slice => slice.Source,
                PlanCompute compute => compute.Source,
                PlanJoin join => join.Left,
                _ => null,
            };
            if (below is null || !partition.All(below.Columns.Contains))
            {
                return node;
            }

            node = below;
        }
    }

    private static (PlanNode Node, IReadOnlyList<PlanColumn> Partition, Dictionary<PlanColumn, PlanColumn> Filled) WithEmptyGroups(
        PlanBuilder builder, PlanNode groups, PlanRows rows, PlanNode all, Dictionary<BoundExpression, PlanColumn> calls)
    {
        // The columns of the two sides must differ: the known groups are read under new names.
        var renamed = rows.Partition.Select(p => new PlanAssignment(builder.NewColumn(p.Type, p.Name), new PlanRef(p))).ToList();
        var known = new PlanGroup(new PlanCompute(all, renamed), [.. renamed.Select(r => r.Column)], [], []);
        var keys = rows.Partition.Zip(renamed, (p, r) => new PlanJoinKey(new PlanRef(r.Column), new PlanRef(p), NullsMatch: true)).ToList();
        var filled = calls.ToDictionary(c => c.Value, c => builder.NewColumn(c.Value.Type, ""));
        var values = calls.Select(c => new PlanAssignment(
            filled[c.Value], new BoundCall("coalesce", [new PlanRef(c.Value), new PlanEmptyAggregate(c.Key, c.Value.Type)], c.Value.Type)));
        var joined = new PlanJoin(known, groups, PlanJoinKind.Left, keys);
        return (new PlanCompute(joined, [.. values]), [.. renamed.Select(r => r.Column)], filled);
    }
}

/// <summary>What an aggregate gives over no rows.</summary>
internal sealed record PlanEmptyAggregate(BoundExpression Aggregate, KqlType Type) : BoundExpression(Type);
