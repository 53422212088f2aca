using Bartizan.Kql.Functions;
using Bartizan.Kql.Functions.Operators;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed.Plugins;

/// <summary>The bins of a timeline between two bounds, the last one open, as the activity plugins count them.</summary>
internal sealed class Timeline(KqlType type, KqlValue start, KqlValue end, KqlValue step)
{
    public int? Bin(KqlValue at)
    {
        if (at.IsNull)
        {
            return null;
        }

        if (type == KqlType.Real)
        {
            return step.AsReal > 0 && at.AsReal >= start.AsReal && at.AsReal <= end.AsReal && (at.AsReal - start.AsReal) / step.AsReal < int.MaxValue ? (int)((at.AsReal - start.AsReal) / step.AsReal) : null;
        }

        return step.AsLong > 0 && at.AsLong >= start.AsLong && at.AsLong <= end.AsLong && (at.AsLong - start.AsLong) / step.AsLong is < int.MaxValue and var bin ? (int)bin : null;
    }

    public KqlValue Start(int bin) => type == KqlType.Real ? KqlValue.Real(start.AsReal + (bin * step.AsReal)) : Arithmetic.Typed(start.AsLong + (bin * step.AsLong), type);
}

/// <summary>activity_counts_metrics: per bin the events, the different ids, those never seen before, and all seen so far.</summary>
internal sealed class ActivityCounts(PluginCall call) : ManagedOperator
{
    private readonly int id = call.Column(0);
    private readonly int time = call.Column(1);
    private readonly Timeline timeline = new(call.Shape.Columns[0].Type, call.Required(2), call.Required(3), call.Required(4));
    private readonly int[] dimensions = [.. Enumerable.Range(5, Math.Max(0, call.Count - 5)).Select(call.Column)];

    public override string Name => "activity_counts_metrics";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var groups = new Dictionary<string, (KqlValue[] Keys, SortedDictionary<int, (long Count, HashSet<string> Ids)> Bins)>(StringComparer.Ordinal);
        var held = 0L;
        foreach (var row in inputs[0])
        {
            if (timeline.Bin(row[time]) is not { } bin)
            {
                continue;
            }

            var key = string.Join('\u0001', dimensions.Select(d => Json.Of(row[d])));
            if (!groups.TryGetValue(key, out var group))
            {
                groups[key] = group = ([.. dimensions.Select(d => row[d])], []);
            }

            var cell = group.Bins.TryGetValue(bin, out var known) ? known : (0, new HashSet<string>(StringComparer.Ordinal));
            if (cell.Item2.Add(Json.Of(row[id])) && ++held > context.MaxHeldRows)
            {
                throw new QueryLimitException("activity_counts_metrics has more ids than it may keep.");
            }

            group.Bins[bin] = (cell.Item1 + 1, cell.Item2);
        }

        foreach (var (keys, bins) in groups.Values)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (bin, (count, ids)) in bins)
            {
                var before = seen.Count;
                seen.UnionWith(ids);
                yield return [timeline.Start(bin), .. keys, KqlValue.Long(count), KqlValue.Long(ids.Count), KqlValue.Long(seen.Count - before), KqlValue.Long(seen.Count)];
            }
        }
    }
}

/// <summary>session_count: sessions of each id, which end after a pause longer than the look-back window, by the bin they start in.</summary>
internal sealed class SessionCount(PluginCall call) : ManagedOperator
{
    private readonly int id = call.Column(0);
    private readonly int time = call.Column(1);
    private readonly Timeline timeline = new(call.Shape.Columns[0].Type, call.Required(2), call.Required(3), call.Required(4));
    private readonly KqlValue pause = call.Required(5);
    private readonly int[] dimensions = [.. Enumerable.Range(6, Math.Max(0, call.Count - 6)).Select(call.Column)];

    public override string Name => "session_count";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var groups = new Dictionary<string, (KqlValue[] Keys, Dictionary<string, List<KqlValue>> Times)>(StringComparer.Ordinal);
        var held = 0L;
        foreach (var row in inputs[0])
        {
            if (timeline.Bin(row[time]) is null)
            {
                continue;
            }

            var key = string.Join('\u0001', dimensions.Select(d => Json.Of(row[d])));
            if (!groups.TryGetValue(key, out var group))
            {
                groups[key] = group = ([.. dimensions.Select(d => row[d])], new Dictionary<string, List<KqlValue>>(StringComparer.Ordinal));
            }

            var who = Json.Of(row[id]);
            if (!group.Times.TryGetValue(who, out var times))
            {
                group.Times[who] = times = [];
            }

            times.Add(row[time]);
            if (++held > context.MaxHeldRows)
            {
                throw new QueryLimitException("session_count has more rows than it may keep.");
            }
        }

        foreach (var (keys, all) in groups.Values)
        {
            var counts = new SortedDictionary<int, long>();
            foreach (var times in all.Values)
            {
                times.Sort((a, b) => Comparison.Compare(a, b) ?? 0);
                KqlValue? last = null;
                foreach (var at in times)
                {
                    if (last is not { } previous || at.AsReal - previous.AsReal > pause.AsReal)
                    {
                        var bin = timeline.Bin(at)!.Value;
                        counts[bin] = counts.GetValueOrDefault(bin) + 1;
                    }

                    last = at;
                }
            }

            foreach (var (bin, count) in counts)
            {
                yield return [timeline.Start(bin), .. keys, KqlValue.Long(count)];
            }
        }
    }
}
