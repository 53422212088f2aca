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
    /// Level by level: the aggregate of each value within the values of the levels before, then the first ones of each; what is left over
    /// falls together under the name for others.
    /// </summary>
    private static PlanRows Nested(PlanBuilder builder, BoundTopNested top)
    {
        var rows = builder.Plan(top.Source);
        var (source, values) = builder.Compute(rows, [.. top.Levels.Select(l => (l.Of.Column.Name, l.Of.Value))]);
        var ranks = new List<(PlanColumn Value, PlanColumn Aggregate)>();
        var kept = source with { Shape = rows.Shape, Columns = rows.Columns };
        var columns = new List<PlanColumn>();
        for (var i = 0; i < top.Levels.Count; i++)
        {
            var level = top.Levels[i];
            if (level.Others is not null)
            {
                throw new PlanRefusal("top-nested with others cannot be run yet.");
            }

            // The same groups are needed twice: to choose among them, and to keep the rows that belong to the chosen.
            IReadOnlyList<PlanColumn> keys = [.. ranks.Select(r => r.Value), values[i], .. kept.Partition];
            var definition = builder.Define(kept.Node, mustAgree: true);
            var inner = kept.Columns.Concat(keys).Concat(ranks.Select(r => r.Aggregate)).Concat(values).Distinct().ToList();
            var grouped = Copy(builder, definition, inner, kept, out var map);
            var shape = new RowShape([level.Aggregate.Column]);
            var summarized = Grouping.Summarize(builder, grouped with { Partition = [.. keys.Select(k => map[k])] }, shape, [], [level.Aggregate]);
            var aggregate = summarized.Columns[0];
            var chosen = level.Count is null
                ? summarized.Node
                : new PlanSlice(summarized.Node, builder.Resolve(rows, level.Count), [new PlanOrder(aggregate, level.IsDescending, false)], [.. keys.Where(k => k != values[i]).Select(k => map[k])]);
            var again = Copy(builder, definition, inner, kept, out var second);
            var joinKeys = keys.Select(k => new PlanJoinKey(new PlanRef(second[k]), new PlanRef(map[k]), NullsMatch: true)).ToList();
            kept = again with { Node = new PlanJoin(again.Node, chosen, PlanJoinKind.Inner, joinKeys) };
            values = [.. values.Select(v => second[v])];
            ranks = [.. ranks.Select(r => (second[r.Value], second[r.Aggregate])), (values[i], aggregate)];
        }

        foreach (var (value, aggregate) in ranks)
        {
            columns.Add(value);
            columns.Add(aggregate);
        }

        var node = new PlanGroup(kept.Node, [.. columns.Concat(kept.Partition).Distinct()], [], []);
        return new PlanRows(node, top.Shape, columns, [], kept.Partition);
    }

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
