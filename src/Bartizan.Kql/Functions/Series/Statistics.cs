using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Series;

/// <summary>One figure, or a few, of a whole series, or of two together.</summary>
internal static class Statistics
{
    private static readonly KqlColumn[] StatsElements =
    [
        new("min", KqlType.Real), new("min_idx", KqlType.Long), new("max", KqlType.Real), new("max_idx", KqlType.Long),
        new("avg", KqlType.Real), new("stdev", KqlType.Real), new("variance", KqlType.Real),
    ];

    public static IEnumerable<KqlFunction> All() =>
    [
        new("series_stats", "(series:array, ignore_nonfinite:bool?!) -> several", "Smallest and largest value with their places, mean, standard deviation and variance of a series.")
        {
            Naming = new NameRule(NameRuleKind.Elements, "series_stats"),
            Elements = StatsElements,
            Managed = a => Stats(a) is { } s ? Json.ArrayOf(s.Take(7).Select(p => p.Value)) : KqlValue.Null(KqlType.Dynamic),
        },
        new("series_stats_dynamic", "(series:array, ignore_nonfinite:bool?!) -> dynamic", "The same as series_stats as one bag, with the sum and the length.")
        {
            Managed = a => Stats(a) is { } s ? Json.BagOf(s) : KqlValue.Null(KqlType.Dynamic),
        },
        new("series_sum", "(series:array) -> real", "The sum of the elements.")
        {
            Managed = a => KqlValue.Real(SeriesText.AllReals(a[0])?.Sum()),
        },
        new("series_product", "(series:array) -> real", "The product of the elements.")
        {
            Managed = a => KqlValue.Real(SeriesText.AllReals(a[0])?.Aggregate(1.0, (x, y) => x * y)),
        },
        new("series_magnitude", "(series:array) -> real", "The length of the series as a vector.")
        {
            Managed = a => KqlValue.Real(SeriesText.AllReals(a[0]) is { } s ? Math.Sqrt(Dot(s, s)) : null),
        },
        new("series_dot_product", "(left:array, right:array) -> real; (left:array, right:number) -> real; (left:number, right:array) -> real", "The sum of the products of the elements.")
        {
            Managed = a =>
            {
                var (left, right) = (a[0].Type == KqlType.Dynamic ? SeriesText.AllReals(a[0]) : null, a[1].Type == KqlType.Dynamic ? SeriesText.AllReals(a[1]) : null);
                return KqlValue.Real(
                    left is not null && right is not null ? Dot(left, right)
                    : left is not null && a[1].Type != KqlType.Dynamic ? left.Sum() * a[1].AsReal
                    : right is not null && a[0].Type != KqlType.Dynamic ? right.Sum() * a[0].AsReal
                    : null);
            },
        },
        new("series_cosine_similarity", "(left:array, right:array, left_magnitude:real?, right_magnitude:real?) -> real", "The cosine of the angle between two series as vectors.")
        {
            Managed = a =>
            {
                if (SeriesText.AllReals(a[0]) is not { } left || SeriesText.AllReals(a[1]) is not { } right)
                {
                    return KqlValue.Null(KqlType.Real);
                }

                var size = (a.Length > 2 ? a[2].AsReal : Math.Sqrt(Dot(left, left))) * (a.Length > 3 ? a[3].AsReal : Math.Sqrt(Dot(right, right)));
                return KqlValue.Real(Dot(left, right) / size);
            },
        },
        new("series_pearson_correlation", "(left:array, right:array) -> real", "How far the two series rise and fall together: between -1 and 1.")
        {
            Managed = a => SeriesText.AllReals(a[0]) is { } left && SeriesText.AllReals(a[1]) is { } right && left.Length == right.Length && left.Length > 0
                ? KqlValue.Real(Correlation(left, right))
                : KqlValue.Null(KqlType.Real),
        },
        new(
            "series_outliers", "(series:array, kind:string?, ignore:number?) -> $0; (series:array, kind:string, ignore:real, low_percentile:real, high_percentile:real?, test_points:integer?) -> $0",
            "How far each element lies outside the range of most: beyond ±1.5 it is an outlier.")
        {
            Nulls = NullRule.Handled,
            Naming = NameRule.FirstArgument,
            Managed = Outliers,
        },
    ];

    /// <summary>Distance beyond the percentiles in units of the range between them; null where there are too few values.</summary>
    internal static double[]? Scores(double[] values, bool isTukey, double low, double high, int testPoints, double? ignored)
    {
        if (isTukey && double.IsNaN(low))
        {
            (low, high) = (25, 75);
        }
        else if (double.IsNaN(low))
        {
            (low, high) = (10, 90);
        }

        var sorted = values.Take(Math.Max(0, values.Length - Math.Max(0, testPoints))).Where(v => double.IsFinite(v) && v != ignored).Order().ToArray();
        if (sorted.Length == 0)
        {
            return null;
        }

        var (floor, ceiling) = (Quantile(sorted, low / 100), Quantile(sorted, high / 100));
        var range = ceiling - floor;
        return [.. values.Select(v => !double.IsFinite(v) || v == ignored ? 0 : v > ceiling ? Ratio(v - ceiling, range) : v < floor ? Ratio(v - floor, range) : 0)];
    }

    private static double Ratio(double distance, double range) => range > 0 ? distance / range : distance > 0 ? double.PositiveInfinity : double.NegativeInfinity;

    internal static double Quantile(double[] sorted, double fraction)
    {
        var at = Math.Clamp(fraction, 0, 1) * (sorted.Length - 1);
        var below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }

    internal static double Dot(double[] left, double[] right)
    {
        var sum = 0.0;
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private static double Correlation(double[] left, double[] right)
    {
        var (a, b) = (left.Average(), right.Average());
        double ab = 0, aa = 0, bb = 0;
        for (var i = 0; i < left.Length; i++)
        {
            ab += (left[i] - a) * (right[i] - b);
            aa += (left[i] - a) * (left[i] - a);
            bb += (right[i] - b) * (right[i] - b);
        }

        return ab / Math.Sqrt(aa * bb);
    }

    private static KqlValue Outliers(ReadOnlySpan<KqlValue> a)
    {
        if (SeriesText.Reals(a[0]) is not { } series)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var kind = a.Length > 1 ? a[1].AsText : "ctukey";
        var tukey = kind.Equals("tukey", StringComparison.OrdinalIgnoreCase);
        if (!tukey && !kind.Equals("ctukey", StringComparison.OrdinalIgnoreCase))
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var ignored = a.Length > 2 && !a[2].IsNull ? a[2].AsReal : (double?)null;
        var low = !tukey && a.Length > 3 && !a[3].IsNull ? a[3].AsReal : double.NaN;
        var high = a.Length > 4 && !a[4].IsNull ? a[4].AsReal : 90;
        var test = a.Length > 5 && !a[5].IsNull ? (int)Math.Clamp(a[5].AsLong, 0, int.MaxValue) : 0;
        var scores = Scores([.. series.Select(v => v ?? double.NaN)], tukey, low, high, test, ignored);
        return scores is null ? KqlValue.Null(KqlType.Dynamic) : Json.Reals(scores);
    }

    private static List<KeyValuePair<string, string>>? Stats(ReadOnlySpan<KqlValue> a)
    {
        if (SeriesText.Reals(a[0]) is not { } series)
        {
            return null;
        }

        var ignores = a.Length > 1 && a[1].AsBool;
        var used = series.Select((v, i) => (Value: v ?? double.NaN, Index: i)).Where(p => !ignores || double.IsFinite(p.Value)).ToList();
        if (used.Count == 0 || used.Any(p => !double.IsFinite(p.Value)))
        {
            return [.. StatsElements.Select(e => KeyValuePair.Create(e.Name, "null")), KeyValuePair.Create("sum", "null"), KeyValuePair.Create("len", Json.Of(KqlValue.Long(series.Length)))];
        }

        var (low, high) = (used.MinBy(p => p.Value), used.MaxBy(p => p.Value));
        var mean = used.Average(p => p.Value);
        var variance = used.Count > 1 ? used.Sum(p => (p.Value - mean) * (p.Value - mean)) / (used.Count - 1) : 0;
        return
        [
            new("min", Json.Number(low.Value)), new("min_idx", Json.Of(KqlValue.Long(low.Index))), new("max", Json.Number(high.Value)), new("max_idx", Json.Of(KqlValue.Long(high.Index))),
            new("avg", Json.Number(mean)), new("stdev", Json.Number(Math.Sqrt(variance))), new("variance", Json.Number(variance)),
            new("sum", Json.Number(used.Sum(p => p.Value))), new("len", Json.Of(KqlValue.Long(used.Count))),
        ];
    }
}
