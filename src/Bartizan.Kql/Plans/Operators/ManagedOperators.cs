using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Plans.Managed;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Operators;

/// <summary>Operators that are computed here: one line for each, which says who plans it.</summary>
internal static class ManagedOperators
{
    public static PlanRows Plan(PlanBuilder builder, BoundQuery query) => query switch
    {
        BoundEvaluate evaluate => Plugins.Plan(builder, evaluate),
        BoundScan scan => Scans.Plan(builder, scan),
        BoundReduce reduce => Reduce(builder, reduce),
        BoundGraph or BoundGraphMatch or BoundGraphShortestPaths or BoundGraphToTable or BoundPartitionedGraph => Graphs.Plan(builder, query),
        _ => throw new PlanRefusal($"{query.GetType().Name[5..]} cannot be run yet."),
    };

    private static PlanRows Reduce(PlanBuilder builder, BoundReduce reduce)
    {
        var rows = builder.Plan(reduce.Source);
        var (computed, columns) = builder.Compute(rows, [("", reduce.By)]);
        var keepsSource = reduce.Shape.Columns.Count > 3;
        IReadOnlyList<PlanColumn> passed = keepsSource ? rows.Columns : [];
        var input = computed with
        {
            Shape = new RowShape([.. passed.Select(c => new KqlColumn(c.Name, c.Type)), new KqlColumn("", columns[0].Type)]),
            Columns = [.. passed, columns[0]],
        };
        var reducer = new ReduceOperator(passed.Count, Known(builder, reduce.Threshold, "threshold"), Known(builder, reduce.Characters, "characters"), keepsSource);
        return builder.Run(reducer, [input], reduce.Shape, keepsOrder: true);
    }

    private static KqlValue? Known(PlanBuilder builder, BoundExpression? value, string name) => value is null ? null
        : ManagedExpression.Constant(value, builder.Context) ?? throw new PlanRefusal($"The {name} of reduce must be known before the rows.");
}
