using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed.Plugins;

/// <summary>What autocluster and diffpatterns share: their source, wildcards, and the choice of segments that do not repeat each other.</summary>
internal abstract class SegmentSearch(PluginCall call) : ManagedOperator
{
    private readonly Dictionary<KqlType, KqlValue> wildcards = [];

    protected RowShape Source { get; } = call.Source.Shape;

    protected void ReadWildcards(PluginCall from, int index)
    {
        for (var i = index; i < from.Count; i++)
        {
            if (Basket.Given(from, i) is { } wildcard)
            {
                wildcards[wildcard.Type] = wildcard;
            }
        }
    }

    protected KqlValue Open(KqlType type) => wildcards.TryGetValue(type, out var wildcard) ? wildcard : KqlValue.Null(type);

    protected static double Weight(KqlValue[] row, int column) => column < 0 ? 1 : row[column].IsNull ? 0 : row[column].AsReal;

    protected void Bound(SegmentRows rows, OperatorContext context)
    {
        if (rows.Count > context.MaxHeldRows)
        {
            throw new QueryLimitException($"{Name} has more rows than it may keep.");
        }
    }

    /// <summary>The best first; one that only says more or less than a better one is left out.</summary>
    protected static List<(HashSet<int> Set, double Score)> Choose(IEnumerable<(HashSet<int> Set, double Score)> found)
    {
        var chosen = new List<(HashSet<int> Set, double Score)>();
        foreach (var candidate in found.OrderByDescending(f => f.Score).ThenBy(f => f.Set.Count))
        {
            if (!chosen.Exists(c => c.Set.IsSubsetOf(candidate.Set) || c.Set.IsSupersetOf(candidate.Set)))
            {
                chosen.Add(candidate);
            }
        }

        return chosen;
    }
}

/// <summary>
/// autocluster: few combinations of values that hold for many rows and say much about them. From each of the most frequent values a segment
/// grows by the value most frequent in it; of its stages that with the best product of size and number of columns stays.
/// </summary>
internal sealed class AutoCluster : SegmentSearch
{
    private readonly double sizeWeight;
    private readonly int weight = -1;
    private readonly int seeds;

    public AutoCluster(PluginCall call)
        : base(call)
    {
        sizeWeight = Math.Clamp((Basket.Given(call, 0) ?? KqlValue.Real(0.5)).AsReal, 0, 1);
        if (call.IsColumn(1))
        {
            weight = call.Column(1);
        }

        seeds = (int)Math.Clamp((Basket.Given(call, 2) ?? KqlValue.Long(25)).AsLong, 1, 1000);
        ReadWildcards(call, 3);
    }

    public override string Name => "autocluster";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var rows = new SegmentRows();
        foreach (var row in inputs[0])
        {
            rows.Add(row, Source.Columns.Count, [weight], Weight(row, weight), 0);
            Bound(rows, context);
        }

        var first = rows.Weights(rows.All, []).OrderByDescending(w => w.Value.A).ThenBy(w => w.Key).Take(seeds).Select(w => w.Key);
        var shown = Choose(first.Select(seed => Grow(rows, seed, context))).Select(c => (c.Set, Count: Size(rows, c.Set))).OrderByDescending(c => c.Count);
        var number = 0L;
        foreach (var (set, count) in shown)
        {
            yield return
            [
                KqlValue.Long(number++), KqlValue.Long((long)Math.Round(count)), KqlValue.Real(rows.TotalA == 0 ? 0 : 100 * count / rows.TotalA), .. rows.Show(set, Source, Open),
            ];
        }
    }

    private static double Size(SegmentRows rows, HashSet<int> set) => rows.Weigh(set.Aggregate(rows.All, rows.With)).A;

    private (HashSet<int> Set, double Score) Grow(SegmentRows rows, int seed, OperatorContext context)
    {
        var set = new HashSet<int> { seed };
        var among = rows.With(rows.All, seed);
        var best = (Set: new HashSet<int>(set), Score: Score(rows.Weigh(among).A, 1));
        while (set.Count < Source.Columns.Count)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var weights = rows.Weights(among, set);
            if (weights.Count == 0)
            {
                break;
            }

            var (next, (count, _)) = weights.OrderByDescending(w => w.Value.A).ThenBy(w => w.Key).First();
            _ = set.Add(next);
            among = rows.With(among, next);
            if (Score(count, set.Count) is var score && score > best.Score)
            {
                best = ([.. set], score);
            }
        }

        return best;

        double Score(double count, int columns) =>
            rows.TotalA == 0 ? 0 : Math.Pow(count / rows.TotalA, sizeWeight) * Math.Pow((double)columns / Source.Columns.Count, 1 - sizeWeight);
    }
}

/// <summary>
/// diffpatterns: combinations of values whose part of the rows of A and of B differs by at least the threshold. From each value that differs enough a
/// segment grows while the difference does not shrink.
/// </summary>
internal sealed class DiffPatterns : SegmentSearch
{
    private const int MaxSeeds = 200;

    private readonly int split;
    private readonly string a;
    private readonly string b;
    private readonly int weight = -1;
    private readonly double threshold;
    private readonly long dimensions;

    public DiffPatterns(PluginCall call)
        : base(call)
    {
        split = call.Column(0);
        (a, b) = (Conversion.ToText(call.Required(1)), Conversion.ToText(call.Required(2)));
        if (call.IsColumn(3))
        {
            weight = call.Column(3);
        }

        threshold = Math.Clamp((Basket.Given(call, 4) ?? KqlValue.Real(0.05)).AsReal, 0.015, 1);
        dimensions = Math.Max(1, (Basket.Given(call, 5) ?? KqlValue.Long(long.MaxValue)).AsLong);
        ReadWildcards(call, 6);
    }

    public override string Name => "diffpatterns";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var rows = new SegmentRows();
        foreach (var row in inputs[0])
        {
            var side = Conversion.ToText(row[split]);
            if (side != a && side != b)
            {
                continue;
            }

            var counts = Weight(row, weight);
            rows.Add(row, Source.Columns.Count, [split, weight], side == a ? counts : 0, side == b ? counts : 0);
            Bound(rows, context);
        }

        var first = rows.Weights(rows.All, []).Select(w => (w.Key, Difference: Difference(rows, w.Value))).Where(w => w.Difference >= threshold)
            .OrderByDescending(w => w.Difference).ThenBy(w => w.Key).Take(MaxSeeds);
        var number = 0L;
        foreach (var (set, difference) in Choose(first.Select(seed => Grow(rows, seed.Key, seed.Difference, context))))
        {
            var (countA, countB) = rows.Weigh(set.Aggregate(rows.All, rows.With));
            var (partA, partB) = (Part(countA, rows.TotalA), Part(countB, rows.TotalB));
            yield return
            [
                KqlValue.Long(number++), KqlValue.Long((long)Math.Round(countA)), KqlValue.Long((long)Math.Round(countB)),
                KqlValue.Real(Math.Round(100 * partA, 2)), KqlValue.Real(Math.Round(100 * partB, 2)), KqlValue.Real(Math.Round(100 * difference, 2)), .. rows.Show(set, Source, Open),
            ];
        }
    }

    private static double Part(double count, double total) => total == 0 ? 0 : count / total;

    private static double Difference(SegmentRows rows, (double A, double B) counts) => Math.Abs(Part(counts.A, rows.TotalA) - Part(counts.B, rows.TotalB));

    private (HashSet<int> Set, double Score) Grow(SegmentRows rows, int seed, double difference, OperatorContext context)
    {
        var set = new HashSet<int> { seed };
        var among = rows.With(rows.All, seed);
        while (set.Count < dimensions)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var weights = rows.Weights(among, set).Select(w => (w.Key, Difference: Difference(rows, w.Value))).OrderByDescending(w => w.Difference).ThenBy(w => w.Key).ToList();
            if (weights.Count == 0 || weights[0].Difference < difference)
            {
                break;
            }

            difference = weights[0].Difference;
            _ = set.Add(weights[0].Key);
            among = rows.With(among, weights[0].Key);
        }

        return (set, difference);
    }
}
