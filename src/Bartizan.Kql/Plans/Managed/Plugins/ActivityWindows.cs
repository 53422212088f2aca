using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed.Plugins;

/// <summary>
/// Plugins that count the different ids in each bin of a timeline and compare them with those of other bins: activity_metrics,
/// activity_engagement and sliding_window_counts.
/// </summary>
internal sealed class ActivityWindows : ManagedOperator
{
    private readonly string plugin;
    private readonly int id;
    private readonly int time;
    private readonly KqlType type;
    private readonly KqlValue bin;
    private readonly KqlValue? start;
    private readonly KqlValue? end;
    private readonly int window;
    private Timeline timeline;
    private readonly int[] dimensions;

    public ActivityWindows(PluginCall call, string plugin)
    {
        this.plugin = plugin;
        id = call.Column(0);
        time = call.Column(1);
        type = call.Shape.Columns[0].Type;
        var at = Enumerable.Range(2, call.Count - 2).TakeWhile(i => !call.IsColumn(i)).Count();
        var sizes = plugin == "activity_metrics" ? 1 : 2;
        if (at < sizes || at == sizes + 1)
        {
            throw new PlanRefusal($"{plugin} needs {(sizes == 1 ? "the size of its bins" : "two sizes of time")}, and start and end both or neither.");
        }

        // Where they are not given, the rows tell the start and the end. Behind them: the bin, and for two of the plugins a longer window.
        var from = at > sizes ? 4 : 2;
        start = at > sizes ? call.Required(2) : null;
        end = at > sizes ? call.Required(3) : null;
        var (first, second) = (call.Required(from), call.Required(from + sizes - 1));
        (bin, var longer) = plugin == "sliding_window_counts" ? (second, first) : (first, second);
        timeline = new Timeline(type, start ?? KqlValue.Null(type), end ?? KqlValue.Null(type), bin);
        window = (int)Math.Clamp(Math.Round(longer.AsReal / bin.AsReal), 1, 1_000_000);
        dimensions = [.. Enumerable.Range(2 + at, call.Count - 2 - at).Select(call.Column)];
    }

    public override string Name => plugin;

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var groups = new Dictionary<string, (KqlValue[] Keys, SortedDictionary<int, Dictionary<string, long>> Bins)>(StringComparer.Ordinal);
        var held = 0L;
        foreach (var row in start is null ? Bounded(inputs[0], context) : inputs[0])
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

            if (!group.Bins.TryGetValue(bin, out var ids))
            {
                group.Bins[bin] = ids = new Dictionary<string, long>(StringComparer.Ordinal);
            }

            var who = Json.Of(row[id]);
            ids[who] = ids.GetValueOrDefault(who) + 1;
            if (++held > context.MaxHeldRows)
            {
                throw new QueryLimitException($"{plugin} has more rows than it may keep.");
            }
        }

        return groups.Values.SelectMany(g => plugin == "activity_metrics" ? Metrics(g.Keys, g.Bins) : Windows(g.Keys, g.Bins));
    }

    /// <summary>All rows, once their first and last time are known.</summary>
    private List<KqlValue[]> Bounded(IEnumerable<KqlValue[]> rows, OperatorContext context)
    {
        var held = new List<KqlValue[]>();
        KqlValue? first = null, last = null;
        foreach (var row in rows)
        {
            if (row[time].IsNull)
            {
                continue;
            }

            held.Add(row);
            if (held.Count > context.MaxHeldRows)
            {
                throw new QueryLimitException($"{plugin} has more rows than it may keep.");
            }

            first = first is { } low && Functions.Operators.Comparison.Compare(low, row[time]) <= 0 ? low : row[time];
            last = last is { } high && Functions.Operators.Comparison.Compare(high, row[time]) >= 0 ? high : row[time];
        }

        timeline = new Timeline(type, first ?? KqlValue.Null(type), last ?? KqlValue.Null(type), bin);
        return held;
    }

    private IEnumerable<KqlValue[]> Metrics(KqlValue[] keys, SortedDictionary<int, Dictionary<string, long>> bins)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (bin, ids) in bins)
        {
            var before = bins.GetValueOrDefault(bin - 1);
            var retained = before is null ? double.NaN : (double)before.Keys.Count(ids.ContainsKey) / before.Count;
            var known = seen.Count;
            seen.UnionWith(ids.Keys);
            yield return [timeline.Start(bin), .. keys, KqlValue.Long(ids.Count), KqlValue.Long(seen.Count - known), KqlValue.Real(retained), KqlValue.Real(1 - retained)];
        }
    }

    /// <summary>Each bin with those before it that the longer window reaches; bins that see nothing give no row.</summary>
    private IEnumerable<KqlValue[]> Windows(KqlValue[] keys, SortedDictionary<int, Dictionary<string, long>> bins)
    {
        var reached = plugin == "sliding_window_counts"
            ? bins.Keys.SelectMany(b => Enumerable.Range(b, window)).Where(b => timeline.Bin(timeline.Start(b)) is not null).Distinct().Order()
            : bins.Keys.AsEnumerable();
        foreach (var bin in reached)
        {
            var count = 0L;
            var ids = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (_, seen) in bins.Where(b => b.Key <= bin && b.Key > bin - window))
            {
                count += seen.Values.Sum();
                ids.UnionWith(seen.Keys);
            }

            var inner = bins.GetValueOrDefault(bin)?.Count ?? 0;
            yield return plugin == "sliding_window_counts"
                ? [timeline.Start(bin), .. keys, KqlValue.Long(count), KqlValue.Long(ids.Count)]
                : [timeline.Start(bin), .. keys, KqlValue.Long(inner), KqlValue.Long(ids.Count), KqlValue.Real((double)inner / ids.Count)];
        }
    }
}
