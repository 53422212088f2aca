using System.Text.Json;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed.Plugins;

/// <summary>funnel_sequence_completion: per bin and period, how many ids went through the first states of a sequence, in order and in time.</summary>
internal sealed class FunnelCompletion(PluginCall call) : ManagedOperator
{
    private readonly int id = call.Column(0);
    private readonly int time = call.Column(1);
    private readonly Timeline timeline = new(call.Shape.Columns[0].Type, call.Required(2), call.Required(3), call.Required(4));
    private readonly int state = call.Column(5);
    private readonly List<string> sequence = [.. Elements(call.Required(6)).Select(e => Conversion.ToText(Json.ToDynamic(e)))];
    private readonly List<long> periods = [.. Elements(call.Required(7)).Select(e => Json.ToNumber(Json.ToDynamic(e))).Select(n => n.IsNull ? 0 : n.AsLong)];
    private readonly RowShape shape = call.Shape;

    public override string Name => "funnel_sequence_completion";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var bins = new SortedDictionary<int, Dictionary<string, List<(long At, int Step)>>>();
        var held = 0L;
        foreach (var row in inputs[0])
        {
            var step = sequence.IndexOf(Conversion.ToText(row[state]));
            if (step < 0 || timeline.Bin(row[time]) is not { } bin)
            {
                continue;
            }

            if (!bins.TryGetValue(bin, out var ids))
            {
                bins[bin] = ids = new Dictionary<string, List<(long, int)>>(StringComparer.Ordinal);
            }

            var who = Json.Of(row[id]);
            if (!ids.TryGetValue(who, out var events))
            {
                ids[who] = events = [];
            }

            events.Add((row[time].AsLong, step));
            if (++held > context.MaxHeldRows)
            {
                throw new QueryLimitException("funnel_sequence_completion has more rows than it may keep.");
            }
        }

        foreach (var (bin, ids) in bins)
        {
            foreach (var period in periods)
            {
                var reached = new long[sequence.Count];
                foreach (var events in ids.Values)
                {
                    for (var s = 0; s < Reached(events, period); s++)
                    {
                        reached[s]++;
                    }
                }

                for (var s = 0; s < sequence.Count; s++)
                {
                    yield return [timeline.Start(bin), Conversion.To(KqlValue.Text(sequence[s]), shape.Columns[1].Type), KqlValue.TimeSpan(period), KqlValue.Long(reached[s])];
                }
            }
        }
    }

    private static List<JsonElement> Elements(KqlValue array) => Json.Array(array) ?? [];

    /// <summary>How many states in a row, the first and the last no farther apart than the period: for each state the latest start that leads to it.</summary>
    private int Reached(List<(long At, int Step)> events, long period)
    {
        events.Sort();
        var starts = new long?[sequence.Count];
        var most = 0;
        foreach (var (at, step) in events)
        {
            var start = step == 0 ? at : starts[step - 1];
            if (start is { } began && at - began <= period)
            {
                starts[step] = starts[step] is { } known ? Math.Max(known, began) : began;
                most = Math.Max(most, step + 1);
            }
        }

        return most;
    }
}

/// <summary>
/// funnel_sequence: for each bin of the timeline the states before and after a sequence of states, and how many ids went that way. The states of
/// an id follow each other when nothing lies between them and they are no farther apart than the window. It gives the first of the original's tables.
/// </summary>
internal sealed class FunnelSequence(PluginCall call) : ManagedOperator
{
    private const int MaxSamples = 128;

    private readonly int id = call.Column(0);
    private readonly int time = call.Column(1);
    private readonly Timeline timeline = new(call.Shape.Columns[0].Type, call.Required(2), call.Required(3), call.Required(5));
    private readonly double window = call.Required(4) is var size && call.Shape.Columns[0].Type == KqlType.Real ? size.AsReal : size.AsLong;
    private readonly int state = call.Column(6);
    private readonly List<string> sequence = [.. (Json.Array(call.Required(7)) ?? []).Select(e => Conversion.ToText(Json.ToDynamic(e)))];

    public override string Name => "funnel_sequence";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var ids = new Dictionary<string, List<(double At, int Bin, string State)>>(StringComparer.Ordinal);
        var held = 0L;
        foreach (var row in inputs[0])
        {
            if (timeline.Bin(row[time]) is not { } bin)
            {
                continue;
            }

            var who = Json.Of(row[id]);
            if (!ids.TryGetValue(who, out var events))
            {
                ids[who] = events = [];
            }

            events.Add((row[time].Type == KqlType.Real ? row[time].AsReal : row[time].AsLong, bin, Conversion.ToText(row[state])));
            if (++held > context.MaxHeldRows)
            {
                throw new QueryLimitException("funnel_sequence has more rows than it may keep.");
            }
        }

        var found = new SortedDictionary<(int Bin, string Before, string After), List<string>>(
            Comparer<(int Bin, string Before, string After)>.Create((a, b) => a.Bin != b.Bin ? a.Bin.CompareTo(b.Bin)
                : string.CompareOrdinal(a.Before, b.Before) is not 0 and var order ? order : string.CompareOrdinal(a.After, b.After)));
        foreach (var (who, unsorted) in ids)
        {
            var events = unsorted.OrderBy(e => e.At).ToList();
            foreach (var way in Ways(events).Distinct())
            {
                if (!found.TryGetValue(way, out var went))
                {
                    found[way] = went = [];
                }

                went.Add(who);
            }
        }

        return found.Select(f => (KqlValue[])
        [
            timeline.Start(f.Key.Bin), KqlValue.Text(f.Key.Before), KqlValue.Text(f.Key.After), KqlValue.Long(f.Value.Count), Json.ArrayOf(f.Value.Take(MaxSamples)),
        ]);
    }

    private IEnumerable<(int Bin, string Before, string After)> Ways(List<(double At, int Bin, string State)> events)
    {
        for (var first = 0; sequence.Count > 0 && first + sequence.Count <= events.Count; first++)
        {
            var last = first + sequence.Count - 1;
            if (Enumerable.Range(0, sequence.Count).All(s => events[first + s].State == sequence[s] && (s == 0 || Near(first + s))))
            {
                yield return (events[first].Bin, first > 0 && Near(first) ? events[first - 1].State : "", last + 1 < events.Count && Near(last + 1) ? events[last + 1].State : "");
            }
        }

        bool Near(int number) => events[number].At - events[number - 1].At <= window;
    }
}

/// <summary>
/// sequence_detect: each way to choose a row for every step, in order of time, no two neighbours farther apart than the first span and the last no
/// farther from the first than the second.
/// </summary>
internal sealed class SequenceDetect : ManagedOperator
{
    private readonly int time;
    private readonly KqlType type;
    private readonly double step;
    private readonly double whole;
    private readonly int[] conditions;
    private readonly int[] dimensions;

    public SequenceDetect(PluginCall call)
    {
        time = call.Column(0);
        type = call.Arguments[0].Value!.Type;
        (step, whole) = (Number(call.Required(1)), Number(call.Required(2)));
        var steps = call.Arguments.Skip(3).TakeWhile(a => a.Value?.Type == KqlType.Bool).ToList();
        conditions = [.. steps.Select(s => call.Computed(s.Value!))];
        dimensions = [.. call.Arguments.Skip(3 + steps.Count).Select(a => call.Computed(a.Value ?? throw new PlanRefusal("The dimensions of sequence_detect must be columns.")))];
    }

    public override string Name => "sequence_detect";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var groups = new Dictionary<string, (KqlValue[] Keys, List<KqlValue>[] Steps)>(StringComparer.Ordinal);
        var held = 0L;
        foreach (var row in inputs[0])
        {
            var key = string.Join('\u0001', dimensions.Select(d => Json.Of(row[d])));
            if (row[time].IsNull)
            {
                continue;
            }

            if (!groups.TryGetValue(key, out var group))
            {
                groups[key] = group = ([.. dimensions.Select(d => row[d])], [.. conditions.Select(_ => new List<KqlValue>())]);
            }

            for (var s = 0; s < conditions.Length; s++)
            {
                if (row[conditions[s]] is { IsNull: false, AsBool: true })
                {
                    group.Steps[s].Add(row[time]);
                    held++;
                }
            }

            if (held > context.MaxHeldRows)
            {
                throw new QueryLimitException("sequence_detect has more rows than it may keep.");
            }
        }

        foreach (var (keys, steps) in groups.Values)
        {
            var times = steps.Select(s => s.DistinctBy(Number).OrderBy(Number).ToList()).ToArray();
            foreach (var chosen in Choose(times, [], context))
            {
                var span = Number(chosen[^1]) - Number(chosen[0]);
                yield return [.. keys, .. chosen, type is KqlType.DateTime or KqlType.TimeSpan ? KqlValue.TimeSpan((long)span) : KqlValue.Null(KqlType.TimeSpan)];
            }
        }
    }

    private IEnumerable<KqlValue[]> Choose(List<KqlValue>[] times, KqlValue[] chosen, OperatorContext context)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        if (chosen.Length == times.Length)
        {
            return [chosen];
        }

        var reached = chosen.Length == 0 ? times[0] : times[chosen.Length].Where(t => Number(t) >= Number(chosen[^1]) && Number(t) - Number(chosen[^1]) <= step && Number(t) - Number(chosen[0]) <= whole);
        return reached.SelectMany(t => Choose(times, [.. chosen, t], context));
    }

    private static double Number(KqlValue value) => value.Type is KqlType.Real ? value.AsReal : value.AsLong;
}
