using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Plans.Managed;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Operators;

/// <summary>mv-expand and mv-apply.</summary>
internal static class Expanding
{
    public static PlanRows Plan(PlanBuilder builder, BoundQuery query) => query switch
    {
        BoundMvExpand expand => Expand(builder, expand),
        BoundMvApply apply => Apply(builder, apply),
        _ => throw new PlanRefusal($"{query.GetType().Name[5..]} cannot be run yet."),
    };

    private static PlanRows Expand(PlanBuilder builder, BoundMvExpand expand)
    {
        var rows = builder.Plan(expand.Source);
        if (expand.Limit is not null)
        {
            rows = Windows.Numbered(builder, rows);
        }

        var (node, values, position) = Unnest(builder, rows, expand.Expansions, expand.BagsAsArrays);
        if (expand.Limit is { } limit)
        {
            node = new PlanFilter(node, new BoundCall("_less", [new PlanRef(position), builder.Resolve(rows, limit)], KqlType.Bool));
        }

        var columns = expand.Shape.Columns.Select(c =>
        {
            var at = IndexOf(expand.Expansions, c.Name);
            return at >= 0 ? values[at] : c.Name == expand.IndexColumn ? position : rows.Column(c.Name);
        }).ToList();
        IReadOnlyList<PlanOrder> order = rows.Order.Count > 0 ? [.. rows.Order, new PlanOrder(position, false, false)] : [];
        return rows with { Node = node, Shape = expand.Shape, Columns = columns, Order = order };
    }

    /// <summary>Each row becomes a group of its own; the subquery then runs over all groups at once.</summary>
    private static PlanRows Apply(PlanBuilder builder, BoundMvApply apply)
    {
        var number = builder.NewColumn(KqlType.Long, "");
        var source = builder.Plan(apply.Source);
        source = source with { Node = new PlanOrdinal(source.Node, number, source.Order, []) };
        var again = source;
        var numberAgain = number;
        var keepsRows = KeepsRows(apply.Subquery, apply.Input);
        if (!keepsRows)
        {
            // The subquery makes other rows: the source's columns come back by the row's number, so both must see the same numbers.
            var columns = source.Columns.Concat(source.Order.Select(o => o.Column)).Concat(source.Partition).Append(number).Distinct().ToList();
            var definition = builder.Define(source.Node, mustAgree: true);
            (again, numberAgain) = Copy(builder, source, number, definition, columns);
            (source, number) = Copy(builder, source, number, definition, columns);
        }

        var (node, values, position) = Unnest(builder, source, apply.Expansions, apply.BagsAsArrays);
        if (apply.Limit is { } limit)
        {
            node = new PlanFilter(node, new BoundCall("_less", [new PlanRef(position), builder.Resolve(source, limit)], KqlType.Bool));
        }

        var inside = apply.Input.Shape.Columns.Select(c =>
        {
            var at = IndexOf(apply.Expansions, c.Name);
            return at >= 0 ? values[at] : c.Name == apply.IndexColumn ? position : source.Column(c.Name);
        }).ToList();
        var input = new PlanRows(node, apply.Input.Shape, inside, [new PlanOrder(position, false, false)], [number]);
        var result = builder.PlanOver(apply.Input, input, apply.Subquery);
        var joined = keepsRows
            ? result.Node
            : new PlanJoin(again.Node, result.Node, PlanJoinKind.Inner, [new PlanJoinKey(new PlanRef(numberAgain), new PlanRef(result.Partition[0]), NullsMatch: true)]);
        var outputs = apply.Columns.Select(c => c.Side == BoundJoinSide.Right ? result.Column(c.SourceName) : again.Column(c.SourceName)).ToList();
        IReadOnlyList<PlanOrder> order = again.Order.Count > 0 ? [.. again.Order, new PlanOrder(numberAgain, false, false), .. result.Order] : [];
        return new PlanRows(joined, apply.Shape, outputs, order, again.Partition);
    }

    /// <summary>True when each row of the result is a row of the input with columns added.</summary>
    private static bool KeepsRows(BoundQuery query, BoundInputRows input) => query switch
    {
        BoundInputRows rows => ReferenceEquals(rows, input),
        BoundFilter filter => KeepsRows(filter.Source, input),
        BoundProject project => KeepsRows(project.Source, input),
        BoundSort sort => KeepsRows(sort.Source, input),
        BoundTake take => KeepsRows(take.Source, input),
        BoundTop top => KeepsRows(top.Source, input),
        BoundMvExpand expand => KeepsRows(expand.Source, input),
        _ => false,
    };

    private static (PlanNode Node, List<PlanColumn> Values, PlanColumn Position) Unnest(
        PlanBuilder builder, PlanRows rows, IReadOnlyList<BoundExpansion> expansions, bool bagsAsArrays)
    {
        var resolved = builder.Resolve(rows, expansions.Select(e => e.Value));
        var elements = expansions.Select((e, i) => new PlanExpansion(builder.NewColumn(KqlType.Dynamic, e.Column.Name), resolved[i])).ToList();
        var position = builder.NewColumn(KqlType.Long, "");
        PlanNode node = new PlanUnnest(rows.Node, elements, bagsAsArrays, position);
        var typed = new List<PlanAssignment>();
        var values = new List<PlanColumn>();
        for (var i = 0; i < elements.Count; i++)
        {
            var type = expansions[i].Column.Type;
            if (type is KqlType.Dynamic or KqlType.Unknown)
            {
                values.Add(elements[i].Element);
                continue;
            }

            var column = builder.NewColumn(type, expansions[i].Column.Name);
            typed.Add(new PlanAssignment(column, new PlanManagedCall("mv-expand to", a => DynamicAccess.Cast(a[0], type), [new PlanRef(elements[i].Element)], type)));
            values.Add(column);
        }

        return (typed.Count == 0 ? node : new PlanCompute(node, typed), values, position);
    }

    private static (PlanRows Rows, PlanColumn Number) Copy(
        PlanBuilder builder, PlanRows source, PlanColumn number, PlanDefinition definition, List<PlanColumn> columns)
    {
        var renamed = columns.ToDictionary(c => c, c => builder.NewColumn(c.Type, c.Name));
        var rows = source with
        {
            Node = new PlanShared(definition, columns, [.. columns.Select(c => renamed[c])]),
            Columns = [.. source.Columns.Select(c => renamed[c])],
            Order = [.. source.Order.Select(o => o with { Column = renamed[o.Column] })],
            Partition = [.. source.Partition.Select(p => renamed[p])],
        };
        return (rows, renamed[number]);
    }

    private static int IndexOf(IReadOnlyList<BoundExpansion> expansions, string name)
    {
        for (var i = 0; i < expansions.Count; i++)
        {
            if (expansions[i].Column.Name == name)
            {
                return i;
            }
        }

        return -1;
    }
}
