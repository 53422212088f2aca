using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed.Plugins;

/// <summary>
/// active_users_count: per bin the different ids that were seen in enough periods of the look-back window that ends with their row in the bin.
/// </summary>
internal sealed class ActiveUsers : ManagedOperator
{
    private readonly int id;
    private readonly int time;
    private readonly Timeline timeline;
    private readonly KqlType type;
    private readonly KqlValue start;
    private readonly KqlValue window;
    private readonly KqlValue period;
    private readonly long least;
    private readonly int[] dimensions;

    public ActiveUsers(PluginCall call)
    {
        id = call.Column(0);
        time = call.Column(1);
        type = call.Shape.Columns[0].Type;
        start = call.Required(2);
        window = call.Required(4);
        period = call.Required(5);
        least = call.Required(6).AsLong;
        timeline = new Timeline(type, start, call.Required(3), call.Required(7));
        dimensions = [.. Enumerable.Range(8, Math.Max(0, call.Count - 8)).Select(call.Column)];
    }

    public override string Name => "active_users_count";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var groups = new Dictionary<string, (KqlValue[] Keys, Dictionary<string, List<KqlValue>> Ids)>(StringComparer.Ordinal);
        var held = 0L;
        foreach (var row in inputs[0])
        {
            if (row[time].IsNull || Distance(start, row[time]) <= -window.AsReal)
            {
                continue;
            }

            var key = string.Join('\u0001', dimensions.Select(d => Json.Of(row[d])));
            if (!groups.TryGetValue(key, out var group))
            {
                groups[key] = group = ([.. dimensions.Select(d => row[d])], new Dictionary<string, List<KqlValue>>(StringComparer.Ordinal));
            }

            var who = Json.Of(row[id]);
            if (!group.Ids.TryGetValue(who, out var times))
            {
                group.Ids[who] = times = [];
            }

            times.Add(row[time]);
            if (++held > context.MaxHeldRows)
            {
                throw new QueryLimitException("active_users_count has more rows than it may keep.");
            }
        }

        foreach (var (keys, ids) in groups.Values)
        {
            var bins = new SortedDictionary<int, long>();
            foreach (var times in ids.Values)
            {
                foreach (var bin in ActiveBins(times))
                {
                    bins[bin] = bins.GetValueOrDefault(bin) + 1;
                }
            }

            foreach (var (bin, count) in bins)
            {
                yield return [timeline.Start(bin), .. keys, KqlValue.Long(count)];
            }
        }
    }

    private HashSet<int> ActiveBins(List<KqlValue> times)
    {
        times.Sort((a, b) => Functions.Operators.Comparison.Compare(a, b) ?? 0);
        var active = new HashSet<int>();
        var periods = new Dictionary<long, int>();
        var first = 0;
        foreach (var at in times)
        {
            var now = Period(at);
            periods[now] = periods.GetValueOrDefault(now) + 1;
            while (Distance(times[first], at) >= window.AsReal && Distance(times[first], at) > 0)
            {
                var gone = Period(times[first++]);
                if (--periods[gone] == 0)
                {
                    _ = periods.Remove(gone);
                }
            }

            if (periods.Count >= least && timeline.Bin(at) is { } bin)
            {
                _ = active.Add(bin);
            }
        }

        return active;
    }

    private double Distance(KqlValue from, KqlValue to) => type == KqlType.Real ? to.AsReal - from.AsReal : to.AsLong - from.AsLong;

    private long Period(KqlValue at) => period.AsReal > 0 ? (long)Math.Floor(Distance(start, at) / period.AsReal) : 0;
}
