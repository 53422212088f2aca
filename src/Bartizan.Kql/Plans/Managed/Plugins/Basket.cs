using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed.Plugins;

/// <summary>
/// basket: all combinations of column values that a large enough part of the rows share (frequent item sets, by Apriori), the most frequent
/// first. Columns that a combination leaves open are null, or the wildcard that is given for their type.
/// </summary>
internal sealed class Basket : ManagedOperator
{
    private const int MostSets = 200_000;

    private readonly RowShape source;
    private readonly double threshold;
    private readonly int weight = -1;
    private readonly long dimensions;
    private readonly Dictionary<KqlType, KqlValue> wildcards = [];

    public Basket(PluginCall call)
    {
        source = call.Source.Shape;
        threshold = Given(call, 0) is { } t ? Math.Clamp(t.AsReal, 0.0001, 1) : 0.05;
        if (call.IsColumn(1))
        {
            weight = call.Column(1);
        }

        dimensions = Given(call, 2) is { } most ? Math.Max(1, most.AsLong) : 5;
        for (var i = 3; i < call.Count; i++)
        {
            if (Given(call, i) is { } wildcard)
            {
                wildcards[wildcard.Type] = wildcard;
            }
        }
    }

    public override string Name => "basket";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var items = new Dictionary<(int Column, string Text), int>();
        var values = new List<(int Column, KqlValue Value)>();
        var rows = new List<(int[] Items, double Weight)>();
        var total = 0.0;
        foreach (var row in inputs[0])
        {
            var counts = weight < 0 ? 1 : row[weight].IsNull ? 0 : row[weight].AsReal;
            total += counts;
            var present = new List<int>();
            for (var c = 0; c < source.Columns.Count; c++)
            {
                if (c == weight || row[c].IsNull)
                {
                    continue;
                }

                var key = (c, Json.Of(row[c]));
                if (!items.TryGetValue(key, out var item))
                {
                    items[key] = item = values.Count;
                    values.Add((c, row[c]));
                }

                present.Add(item);
            }

            rows.Add(([.. present], counts));
            if (rows.Count > context.MaxHeldRows)
            {
                throw new QueryLimitException("basket has more rows than it may keep.");
            }
        }

        var number = 0L;
        foreach (var (set, count) in Frequent(rows, values, threshold * total, context).OrderByDescending(f => f.Count).ThenByDescending(f => f.Set.Length))
        {
            yield return
            [
                KqlValue.Long(number++), KqlValue.Long((long)Math.Round(count)), KqlValue.Real(total == 0 ? 0 : 100 * count / total),
                .. source.Columns.Select((c, i) => set.Where(s => values[s].Column == i).Select(s => (KqlValue?)values[s].Value).FirstOrDefault() ?? Open(c.Type)),
            ];
        }
    }

    /// <summary>Each level is made of the one before: a set can only be frequent when all its parts are.</summary>
    private List<(int[] Set, double Count)> Frequent(List<(int[] Items, double Weight)> rows, List<(int Column, KqlValue Value)> values, double least, OperatorContext context)
    {
        var all = new List<(int[] Set, double Count)>();
        var single = new double[values.Count];
        foreach (var (present, counts) in rows)
        {
            foreach (var item in present)
            {
                single[item] += counts;
            }
        }

        var level = Enumerable.Range(0, values.Count).Where(i => single[i] >= least && single[i] > 0).Select(i => (Set: (int[])[i], Count: single[i])).ToList();
        var frequent = level.Select(l => l.Set[0]).ToHashSet();
        var reduced = rows.Select(r => (Items: r.Items.Where(frequent.Contains).Order().ToArray(), r.Weight)).ToList();
        for (var size = 1; level.Count > 0; size++)
        {
            all.AddRange(level);
            if (all.Count > MostSets)
            {
                throw new QueryLimitException("basket found too many combinations; raise its threshold.");
            }

            if (size >= dimensions)
            {
                break;
            }

            context.Cancellation.ThrowIfCancellationRequested();
            var known = level.Select(l => string.Join(',', l.Set)).ToHashSet(StringComparer.Ordinal);
            var counts = new Dictionary<string, (int[] Set, double Count)>(StringComparer.Ordinal);
            foreach (var (present, counted) in reduced)
            {
                foreach (var (set, _) in level)
                {
                    if (!IsIn(set, present))
                    {
                        continue;
                    }

                    foreach (var item in present.Where(i => i > set[^1]))
                    {
                        var longer = (int[])[.. set, item];
                        var key = string.Join(',', longer);
                        counts[key] = counts.TryGetValue(key, out var soFar) ? (soFar.Set, soFar.Count + counted) : (longer, counted);
                    }
                }
            }

            level = [.. counts.Values.Where(c => c.Count >= least && known.Contains(string.Join(',', c.Set[1..])))];
        }

        return all;
    }

    private static bool IsIn(int[] set, int[] sorted) => set.All(i => Array.BinarySearch(sorted, i) >= 0);

    private KqlValue Open(KqlType type) => wildcards.TryGetValue(type, out var wildcard) ? wildcard : KqlValue.Null(type);

    /// <summary><c>'~'</c> stands for the usual value.</summary>
    internal static KqlValue? Given(PluginCall call, int index) =>
        call.Count > index && !call.IsColumn(index) && call.Constant(index) is { IsNull: false } value && !(value.Type == KqlType.String && value.AsText == "~") ? value : null;
}
