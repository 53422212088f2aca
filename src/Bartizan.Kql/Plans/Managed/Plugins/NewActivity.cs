using Bartizan.Kql.Functions;

namespace Bartizan.Kql.Plans.Managed.Plugins;

/// <summary>
/// new_activity_metrics: the ids that are new in each bin, and how many of them are back in that bin and each later one. Ids of a table of
/// earlier ones are never new.
/// </summary>
internal sealed class NewActivity : ManagedOperator
{
    private const int MaxBins = 2_000;

    private readonly int id;
    private readonly int time;
    private readonly Timeline timeline;
    private readonly int last;
    private readonly int? cohort;
    private readonly int earlierId = -1;
    private readonly int[] dimensions;

    public NewActivity(PluginCall call, PlanRows? earlier)
    {
        id = call.Column(0);
        time = call.Column(1);
        var (start, end, step) = (call.Required(2), call.Required(3), call.Required(4));
        timeline = new Timeline(call.Shape.Columns[0].Type, start, end, step);
        last = timeline.Bin(end) ?? -1;
        if (last >= MaxBins)
        {
            throw new PlanRefusal($"new_activity_metrics would have {last + 1L} bins; at most {MaxBins} are allowed.");
        }

        var hasCohort = call.Count > 5 && !call.IsColumn(5) && call.Expression(5) is not null;
        if (hasCohort && call.Constant(5) is { IsNull: false } only)
        {
            cohort = timeline.Bin(Conversion.To(only, call.Shape.Columns[0].Type)) ?? -1;
        }

        dimensions = [.. Enumerable.Range(5, Math.Max(0, call.Count - 5)).Where(call.IsColumn).Select(call.Column)];
        if (earlier is not null)
        {
            var name = call.Source.Shape.Columns[id].Name;
            earlierId = earlier.Shape.Columns.ToList().FindIndex(c => c.Name == name);
            if (earlierId < 0)
            {
                throw new PlanRefusal($"The table of earlier ids of new_activity_metrics has no column '{name}'.");
            }
        }
    }

    public override string Name => "new_activity_metrics";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        if (earlierId >= 0)
        {
            foreach (var row in inputs[1])
            {
                _ = known.Add(Json.Of(row[earlierId]));
                Bound(known.Count, context);
            }
        }

        var groups = new Dictionary<string, (KqlValue[] Keys, Dictionary<int, HashSet<string>> Bins)>(StringComparer.Ordinal);
        var held = (long)known.Count;
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

            if (!group.Bins.TryGetValue(bin, out var ids))
            {
                group.Bins[bin] = ids = new HashSet<string>(StringComparer.Ordinal);
            }

            if (ids.Add(Json.Of(row[id])))
            {
                Bound(++held, context);
            }
        }

        return groups.Values.SelectMany(g => Cohorts(g.Keys, g.Bins, known, context));
    }

    private static void Bound(long held, OperatorContext context)
    {
        if (held > context.MaxHeldRows)
        {
            throw new QueryLimitException("new_activity_metrics has more ids than it may keep.");
        }
    }

    private IEnumerable<KqlValue[]> Cohorts(KqlValue[] keys, Dictionary<int, HashSet<string>> bins, HashSet<string> known, OperatorContext context)
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (bin, ids) in bins.OrderBy(b => b.Key))
        {
            foreach (var who in ids)
            {
                _ = first.TryAdd(who, known.Contains(who) ? -1 : bin);
            }
        }

        for (var from = 0; from <= last; from++)
        {
            if ((cohort is { } only && only != from) || bins.GetValueOrDefault(from) is not { } ids)
            {
                continue;
            }

            var fresh = ids.Where(who => first[who] == from).ToList();
            for (var to = from; fresh.Count > 0 && to <= last; to++)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                var there = bins.GetValueOrDefault(to);
                long appeared = to == from ? fresh.Count : there?.Count(who => first[who] > from) ?? 0;
                long back = there is null ? 0 : fresh.Count(there.Contains);
                var rate = (double)back / fresh.Count;
                yield return
                [
                    timeline.Start(from), timeline.Start(to), .. keys, KqlValue.Long(appeared), KqlValue.Long(back), KqlValue.Long(fresh.Count - back),
                    KqlValue.Real(rate), KqlValue.Real(1 - rate),
                ];
            }
        }
    }
}
