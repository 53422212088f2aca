using Bartizan.Kql.Functions;
using Bartizan.Kql.Functions.Aggregates;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed.Plugins;

/// <summary>rows_near: rows where a condition holds, with so many rows before and after each.</summary>
internal sealed class RowsNear(PluginCall call) : ManagedOperator
{
    private readonly int width = call.Source.Shape.Columns.Count;
    private readonly int condition = call.Column(0);
    private readonly long before = Math.Clamp(call.Required(1).AsLong, 0, 1_000_000);
    private readonly long after = Math.Clamp((call.Constant(2) ?? call.Required(1)).AsLong, 0, 1_000_000);

    public override string Name => "rows_near";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var waiting = new Queue<KqlValue[]>();
        var due = 0L;
        foreach (var row in inputs[0])
        {
            if (!row[condition].IsNull && row[condition].AsBool)
            {
                while (waiting.TryDequeue(out var earlier))
                {
                    yield return earlier[..width];
                }

                yield return row[..width];
                due = after;
            }
            else if (due > 0)
            {
                due--;
                yield return row[..width];
            }
            else
            {
                waiting.Enqueue(row);
                if (waiting.Count > before)
                {
                    _ = waiting.Dequeue();
                }
            }
        }
    }
}

/// <summary>dcount_intersect: of several sketches, how many values the first has, the first two share, the first three, and so on.</summary>
internal sealed class DcountIntersect(PluginCall call) : ManagedOperator
{
    private readonly int width = call.Source.Shape.Columns.Count;
    private readonly int[] sketches = [.. Enumerable.Range(0, call.Count).Select(call.Column)];

    public override string Name => "dcount_intersect";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        foreach (var row in inputs[0])
        {
            var read = sketches.Select(s => HyperLogLog.Read(row[s])).ToList();
            yield return [.. row[..width], .. Enumerable.Range(1, read.Count).Select(n => KqlValue.Long(Shared(read, n)))];
        }
    }

    /// <summary>By inclusion and exclusion over the unions, which are what sketches can tell.</summary>
    private static long Shared(List<HyperLogLog?> sketches, int count)
    {
        if (sketches.Take(count).Any(s => s is null) || count > 12)
        {
            return 0;
        }

        if (HyperLogLog.CountShared([.. sketches.Take(count).Select(s => s!)]) is { } exact)
        {
            return exact;
        }

        var total = 0L;
        for (var subset = 1; subset < 1 << count; subset++)
        {
            var union = new HyperLogLog(sketches[0]!.Precision);
            for (var i = 0; i < count; i++)
            {
                if ((subset >> i & 1) == 1)
                {
                    union.Merge(sketches[i]!);
                }
            }

            total += int.PopCount(subset) % 2 == 1 ? union.Count() : -union.Count();
        }

        return Math.Max(0, total);
    }
}

/// <summary>rolling_percentile: a percentile over the bins so far, at most so many of them, for each bin of an index.</summary>
internal sealed class RollingPercentile(PluginCall call) : ManagedOperator
{
    private readonly int value = call.Column(0);
    private readonly KqlValue percentile = call.Required(1);
    private readonly int index = call.Column(2);
    private readonly KqlValue size = call.Required(3);
    private readonly long bins = Math.Clamp(call.Required(4).AsLong, 1, 100_000);
    private readonly int[] dimensions = [.. Enumerable.Range(5, Math.Max(0, call.Count - 5)).Select(call.Column)];
    private readonly RowShape shape = call.Shape;

    public override string Name => "rolling_percentile";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var aggregate = FunctionCatalog.FindAggregate("percentile")!.Aggregate!;
        var groups = new Dictionary<string, (KqlValue[] Keys, SortedDictionary<long, List<KqlValue>> Bins)>(StringComparer.Ordinal);
        var held = 0L;
        foreach (var row in inputs[0])
        {
            if (row[index].IsNull || Bin(row[index]) is not { } bin)
            {
                continue;
            }

            var key = string.Join('\u0001', dimensions.Select(d => Json.Of(row[d])));
            if (!groups.TryGetValue(key, out var group))
            {
                groups[key] = group = ([.. dimensions.Select(d => row[d])], []);
            }

            if (!group.Bins.TryGetValue(bin, out var values))
            {
                group.Bins[bin] = values = [];
            }

            values.Add(row[value]);
            if (++held > context.MaxHeldRows)
            {
                throw new QueryLimitException("rolling_percentile has more rows than it may keep.");
            }
        }

        foreach (var (keys, all) in groups.Values)
        {
            foreach (var bin in all.Keys)
            {
                var state = aggregate([shape.Columns[^1].Type, percentile.Type]);
                foreach (var (_, values) in all.Where(b => b.Key <= bin && b.Key > bin - bins))
                {
                    values.ForEach(v => state.Add([v, percentile]));
                }

                yield return [Start(bin), .. keys, Conversion.To(state.Finish(), shape.Columns[^1].Type)];
            }
        }
    }

    private long? Bin(KqlValue at) => size.Type == KqlType.Real || at.Type == KqlType.Real
        ? size.AsReal > 0 ? (long)Math.Floor(at.AsReal / size.AsReal) : null
        : size.AsLong > 0 ? at.AsLong / size.AsLong : null;

    private KqlValue Start(long bin) => shape.Columns[0].Type == KqlType.Real
        ? KqlValue.Real(bin * size.AsReal)
        : Functions.Operators.Arithmetic.Typed(bin * size.AsLong, shape.Columns[0].Type);
}
