using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Operators;

/// <summary>top-nested and top-hitters.</summary>
internal static class Tops
{
    public static PlanRows Plan(PlanBuilder builder, BoundQuery query) => query switch
    {
        BoundTopHitters top => Hitters(builder, top),
        BoundTopNested top => Nested(builder, top),
        _ => throw new PlanRefusal($"{query.GetType().Name[5..]} cannot be run yet."),
    };

    /// <summary>Exact counts, where the original approximates.</summary>
    private static PlanRows Hitters(PlanBuilder builder, BoundTopHitters top)
    {
        var value = top.Shape.Columns[0];
        var weight = top.Shape.Columns[1];
        var total = top.By is null
            ? (BoundExpression)new BoundConvert(new BoundCall("count", [], KqlType.Long), weight.Type)
            : new BoundConvert(new BoundCall("sum", [top.By], top.By.Type == KqlType.Int ? KqlType.Long : top.By.Type), weight.Type);
        var rows = Grouping.Summarize(
            builder, builder.Plan(top.Source), top.Shape, [new BoundAssignment(value, top.Of)], [new BoundAssignment(weight, Plain(total))]);
        rows = rows with { Order = [new PlanOrder(rows.Columns[1], true, false)] };
        return rows with { Node = new PlanSlice(rows.Node, builder.Resolve(rows, top.Count), rows.Order, rows.Partition) };
    }

    /// <summary>
    /// Level by level: the aggregate of each value within the values of the levels before, then the first ones of each. Where others are asked for,
    /// the rows of all other values stay under that name, with the aggregate over them; levels below do not divide them further.
    /// </summary>
    private static PlanRows Nested(PlanBuilder builder, BoundTopNested top)
    {
        var rows = builder.Plan(top.Source);
        var (source, values) = builder.Compute(rows, [.. top.Levels.Select(l => (l.Of.Column.Name, l.Of.Value))]);
        var ranks = new List<(PlanColumn Value, PlanColumn Aggregate)>();
        var kept = source with { Shape = rows.Shape, Columns = rows.Columns };
        PlanColumn? isOther = null;
        for (var i = 0; i < top.Levels.Count; i++)
        {
            var level = top.Levels[i];
            var held = kept.Columns.Concat(ranks.SelectMany(r => new[] { r.Value, r.Aggregate })).Concat(values).Concat(isOther is null ? [] : [isOther]).Distinct().ToList();
            IReadOnlyList<PlanColumn> parents = [.. ranks.Select(r => r.Value), .. kept.Partition];

            // The same rows are needed twice: to choose among the groups, and to keep the rows that belong to the chosen.
            var definition = builder.Define(kept.Node, mustAgree: true);
            var grouped = Copy(builder, definition, held, kept, out var map);
            if (isOther is not null)
            {
                grouped = grouped with { Node = new PlanFilter(grouped.Node, Not(new PlanRef(map[isOther]))) };
            }

            var (chosen, aggregate) = Aggregated(builder, grouped, [.. parents.Append(values[i]).Select(k => map[k])], level);
            if (level.Count is not null)
            {
                chosen = new PlanSlice(chosen, builder.Resolve(rows, level.Count), [new PlanOrder(aggregate, level.IsDescending, false)], [.. parents.Select(k => map[k])]);
            }

            var again = Copy(builder, definition, held, kept, out var second);
            var keys = parents.Append(values[i]).Select(k => new PlanJoinKey(new PlanRef(second[k]), new PlanRef(map[k]), NullsMatch: true)).ToList();
            values = [.. values.Select(v => second[v])];
            ranks = [.. ranks.Select(r => (second[r.Value], second[r.Aggregate]))];
            isOther = isOther is null ? null : second[isOther];
            if (level.Others is null && isOther is null)
            {
                kept = again with { Node = new PlanJoin(again.Node, chosen, PlanJoinKind.Inner, keys) };
                ranks.Add((values[i], aggregate));
                continue;
            }

            var found = builder.NewColumn(KqlType.Bool, "");
            PlanNode marked = new PlanJoin(again.Node, new PlanCompute(chosen, [new PlanAssignment(found, new BoundLiteral(KqlType.Bool, true))]), PlanJoinKind.Left, keys);
            BoundExpression isLeft = new BoundCall("isnull", [new PlanRef(found)], KqlType.Bool);
            if (level.Others is null)
            {
                marked = new PlanFilter(marked, new BoundCall("_or", [Not(isLeft), new PlanRef(isOther!)], KqlType.Bool));
            }

            var (value, left) = (builder.NewColumn(values[i].Type, values[i].Name), builder.NewColumn(KqlType.Bool, ""));
            BoundExpression name = level.Others is null ? new BoundLiteral(value.Type, value.Type == KqlType.String ? "" : null) : new BoundConvert(builder.Resolve(rows, level.Others), value.Type);
            marked = new PlanCompute(marked, [new PlanAssignment(value, new BoundCall("iff", [isLeft, name, new PlanRef(values[i])], value.Type)), new PlanAssignment(left, isLeft)]);
            (kept, ranks, values) = WithAggregate(builder, again with { Node = marked }, ranks, values, value, ref left, level);
            isOther = left;
        }

        var columns = ranks.SelectMany(r => new[] { r.Value, r.Aggregate }).ToList();
        var node = new PlanGroup(kept.Node, [.. columns.Concat(kept.Partition).Distinct()], [], []);
        return new PlanRows(node, top.Shape, columns, [], kept.Partition);
    }

    /// <summary>The aggregate of a level once more, now that the rows that are left over stand under one name.</summary>
    private static (PlanRows Rows, List<(PlanColumn Value, PlanColumn Aggregate)> Ranks, IReadOnlyList<PlanColumn> Values) WithAggregate(
        PlanBuilder builder, PlanRows rows, List<(PlanColumn Value, PlanColumn Aggregate)> ranks, IReadOnlyList<PlanColumn> values, PlanColumn value, ref PlanColumn left,
        BoundTopNestedLevel level)
    {
        var held = rows.Columns.Concat(ranks.SelectMany(r => new[] { r.Value, r.Aggregate })).Concat(values).Append(value).Append(left).Distinct().ToList();
        IReadOnlyList<PlanColumn> keys = [.. ranks.Select(r => r.Value), .. rows.Partition, value, left];
        var definition = builder.Define(rows.Node, mustAgree: true);
        var grouped = Copy(builder, definition, held, rows, out var map);
        var (all, aggregate) = Aggregated(builder, grouped, [.. keys.Select(k => map[k])], level);
        var again = Copy(builder, definition, held, rows, out var second);
        var join = new PlanJoin(again.Node, all, PlanJoinKind.Inner, [.. keys.Select(k => new PlanJoinKey(new PlanRef(second[k]), new PlanRef(map[k]), NullsMatch: true))]);
        left = second[left];
        return (again with { Node = join }, [.. ranks.Select(r => (second[r.Value], second[r.Aggregate])), (second[value], aggregate)], [.. values.Select(v => second[v])]);
    }

    private static (PlanNode Node, PlanColumn Aggregate) Aggregated(PlanBuilder builder, PlanRows rows, IReadOnlyList<PlanColumn> keys, BoundTopNestedLevel level)
    {
        var summarized = Grouping.Summarize(builder, rows with { Partition = keys }, new RowShape([level.Aggregate.Column]), [], [level.Aggregate]);
        return (summarized.Node, summarized.Columns[0]);
    }

    private static BoundCall Not(BoundExpression value) => new("not", [value], KqlType.Bool);

    private static PlanRows Copy(
        PlanBuilder builder, PlanDefinition definition, List<PlanColumn> columns, PlanRows rows, out Dictionary<PlanColumn, PlanColumn> map)
    {
        var renamed = columns.Concat(rows.Partition).Distinct().ToDictionary(c => c, c => builder.NewColumn(c.Type, c.Name));
        map = renamed;
        return rows with
        {
            Node = new PlanShared(definition, [.. renamed.Keys], [.. renamed.Values]),
            Columns = [.. rows.Columns.Select(c => renamed[c])],
            Order = [],
            Partition = [.. rows.Partition.Select(p => renamed[p])],
        };
    }

    private static BoundExpression Plain(BoundExpression e) => e is BoundConvert convert && convert.Value.Type == convert.Type ? convert.Value : e;
}
