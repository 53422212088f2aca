using Bartizan.Kql.Functions;
using Bartizan.Kql.Plans;
using Bartizan.Kql.Plans.Managed;

namespace Bartizan.Kql.Sql;

/// <summary>Runs a managed operator over its inputs, once per group where they come in groups, and numbers what it yields.</summary>
internal static class OperatorRuns
{
    public static IEnumerable<KqlValue[]> Rows(QueryRun run, OperatorRows rows)
    {
        var context = new OperatorContext(run.Context, run.Engine.Cancellation);
        var number = 0L;
        foreach (var (key, inputs) in Groups(run, rows.Inputs))
        {
            foreach (var row in rows.Operator.Run(inputs, context))
            {
                yield return [.. row, .. key, KqlValue.Long(++number)];
            }
        }
    }

    private static IEnumerable<(KqlValue[] Key, IReadOnlyList<IEnumerable<KqlValue[]>> Inputs)> Groups(QueryRun run, IReadOnlyList<PlanInput> inputs)
    {
        if (inputs.All(i => i.Partition.Count == 0))
        {
            // One statement can be read at a time: of several inputs all but the last are held.
            var held = inputs.Select((input, i) =>
            {
                var rows = run.Read(input.Source, input.Columns, input.Order);
                return inputs.Count == 1 ? rows : rows.ToList();
            }).ToList();
            yield return ([], held);
            yield break;
        }

        if (inputs is not [var only])
        {
            throw new PlanRefusal("This operator cannot stand inside partition or mv-apply.");
        }

        var width = only.Columns.Count - only.Partition.Count;
        IReadOnlyList<PlanOrder> order = [.. only.Partition.Select(p => new PlanOrder(p, false, false)), .. only.Order];
        var group = new List<KqlValue[]>();
        KqlValue[]? key = null;
        foreach (var row in run.Read(only.Source, only.Columns, order))
        {
            var next = row[width..];
            if (key is not null && !Same(key, next))
            {
                yield return (key, [group]);
                group = [];
            }

            key = next;
            group.Add(row[..width]);
        }

        if (key is not null)
        {
            yield return (key, [group]);
        }
    }

    private static bool Same(KqlValue[] left, KqlValue[] right) =>
        left.Zip(right).All(p => p.First.IsNull == p.Second.IsNull && Json.Of(p.First) == Json.Of(p.Second));
}
