using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Series;

/// <summary>series_fit_line, series_fit_2lines and series_fit_poly.</summary>
internal static class Fits
{
    private static readonly KqlColumn[] LineElements =
    [
        new("rsquare", KqlType.Real), new("slope", KqlType.Real), new("variance", KqlType.Real), new("rvariance", KqlType.Real), new("interception", KqlType.Real), new("line_fit", KqlType.Dynamic),
    ];

    private static readonly KqlColumn[] TwoLinesElements =
    [
        new("rsquare", KqlType.Real), new("split_idx", KqlType.Long), new("variance", KqlType.Real), new("rvariance", KqlType.Real), new("line_fit", KqlType.Dynamic),
        .. from side in (string[])["right", "left"] from name in (string[])["rsquare", "slope", "interception", "variance", "rvariance"] select new KqlColumn($"{side}_{name}", KqlType.Real),
    ];

    private static readonly KqlColumn[] PolynomialElements =
    [
        new("rsquare", KqlType.Real), new("coefficients", KqlType.Dynamic), new("variance", KqlType.Real), new("rvariance", KqlType.Real), new("poly_fit", KqlType.Dynamic),
    ];

    public static IEnumerable<KqlFunction> All() =>
    [
        new("series_fit_line", "(series:array) -> several", "The line that fits a series best, and how well it does.")
        {
            Naming = new NameRule(NameRuleKind.Elements, "series_fit_line"),
            Elements = LineElements,
            Managed = a => Line(a[0]) is { } line ? Json.ArrayOf(line.Select(p => p.Value)) : KqlValue.Null(KqlType.Dynamic),
        },
        new("series_fit_line_dynamic", "(series:array) -> dynamic", "The same as series_fit_line as one bag.")
        {
            Managed = a => Line(a[0]) is { } line ? Json.BagOf(line) : KqlValue.Null(KqlType.Dynamic),
        },
        new("series_fit_2lines", "(series:array) -> several", "The two lines that fit a series best, one up to a point and one from it on.")
        {
            Naming = new NameRule(NameRuleKind.Elements, "series_fit_2lines"),
            Elements = TwoLinesElements,
            Managed = a => TwoLines(a[0]) is var (all, right, left) ? Json.ArrayOf([.. all.Select(p => p.Value), .. right.Select(p => p.Value), .. left.Select(p => p.Value)]) : KqlValue.Null(KqlType.Dynamic),
        },
        new("series_fit_2lines_dynamic", "(series:array) -> dynamic", "The same as series_fit_2lines as one bag.")
        {
            Managed = a => TwoLines(a[0]) is var (all, right, left)
                ? Json.BagOf([.. all, new("right", Json.BagOf(right).AsText), new("left", Json.BagOf(left).AsText)])
                : KqlValue.Null(KqlType.Dynamic),
        },
        new("series_fit_poly", "(series:array, x:array?, degree:integer?) -> several", "The polynomial that fits a series best, its coefficients from the highest power down.")
        {
            Naming = new NameRule(NameRuleKind.Elements, "series_fit_poly"),
            Elements = PolynomialElements,
            Managed = Polynomial,
        },
    ];

    private static List<KeyValuePair<string, string>>? Line(KqlValue series)
    {
        if (SeriesText.Reals(series) is not { Length: > 0 } reals || LineFit.Over(Finite(reals), 0, reals.Length) is not { } fit)
        {
            return null;
        }

        return
        [
            new("rsquare", Json.Number(fit.RSquare)), new("slope", Json.Number(fit.Slope)), new("variance", Json.Number(fit.Variance)),
            new("rvariance", Json.Number(fit.ResidualVariance)), new("interception", Json.Number(fit.Interception)), new("line_fit", SeriesText.Text(reals.Select((_, i) => fit.At(i)))),
        ];
    }

    private static (List<KeyValuePair<string, string>> All, List<KeyValuePair<string, string>> Right, List<KeyValuePair<string, string>> Left)? TwoLines(KqlValue series)
    {
        if (SeriesText.AllReals(series) is not { Length: >= 4 } values)
        {
            return null;
        }

        var split = BestSplit(values);
        var left = LineFit.Over(values, 0, split)!;
        var right = LineFit.Over(values, split, values.Length - split)!;
        var whole = LineFit.Over(values, 0, values.Length)!;
        var rest = (left.ResidualVariance * (split - 1)) + (right.ResidualVariance * (values.Length - split - 1));
        var total = whole.Variance * (values.Length - 1);
        return (
            [
                new("rsquare", Json.Number(total > 0 ? 1 - (rest / total) : 1)), new("split_idx", Json.Of(KqlValue.Long(split))), new("variance", Json.Number(whole.Variance)),
                new("rvariance", Json.Number(rest / (values.Length - 1))),
                new("line_fit", SeriesText.Text(values.Select((_, i) => i < split ? left.At(i) : right.At(i - split)))),
            ],
            Side(right),
            Side(left));
    }

    private static List<KeyValuePair<string, string>> Side(LineFit fit) =>
    [
        new("rsquare", Json.Number(fit.RSquare)), new("slope", Json.Number(fit.Slope)), new("interception", Json.Number(fit.Interception)),
        new("variance", Json.Number(fit.Variance)), new("rvariance", Json.Number(fit.ResidualVariance)),
    ];

    /// <summary>Where the second line starts so that the two leave least over; by running sums from both ends.</summary>
    private static int BestSplit(double[] values)
    {
        var mean = values.Average();
        var left = Rests(values, mean, backward: false);
        var right = Rests(values, mean, backward: true);
        var best = 2;
        for (var split = 2; split <= values.Length - 2; split++)
        {
            if (left[split] + right[values.Length - split] < left[best] + right[values.Length - best])
            {
                best = split;
            }
        }

        return best;
    }

    /// <summary>At n, what the best line over the first (or last) n values leaves over.</summary>
    private static double[] Rests(double[] values, double mean, bool backward)
    {
        var rests = new double[values.Length + 1];
        double sumX = 0, sumY = 0, xx = 0, xy = 0, yy = 0;
        for (var n = 1; n <= values.Length; n++)
        {
            var y = values[backward ? values.Length - n : n - 1] - mean;
            double x = n - 1;
            sumX += x;
            sumY += y;
            xx += x * x;
            xy += x * y;
            yy += y * y;
            var (cxx, cxy, cyy) = (xx - (sumX * sumX / n), xy - (sumX * sumY / n), yy - (sumY * sumY / n));
            rests[n] = Math.Max(0, cxx > 0 ? cyy - (cxy * cxy / cxx) : cyy);
        }

        return rests;
    }

    private static KqlValue Polynomial(ReadOnlySpan<KqlValue> a)
    {
        if (SeriesText.AllReals(a[0]) is not { Length: > 0 } y)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var degree = a.Length > 2 ? a[2].AsLong : 1;
        var x = a.Length > 1 ? Places(a[1]) : [.. Enumerable.Range(1, y.Length).Select(i => (double)i)];
        if (x is null || x.Length != y.Length || degree is < 1 or > 20 || PolynomialFit.Coefficients(x, y, (int)degree) is not { } coefficients)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var fit = x.Select(at => coefficients.Aggregate(0.0, (sum, c) => (sum * at) + c)).ToArray();
        var mean = y.Average();
        var total = y.Sum(v => (v - mean) * (v - mean));
        var rest = y.Zip(fit).Sum(p => (p.First - p.Second) * (p.First - p.Second));
        var divisor = Math.Max(1, y.Length - 1);
        return Json.ArrayOf(
        [
            Json.Number(total > 0 ? 1 - (rest / total) : 1), SeriesText.Text(coefficients), Json.Number(total / divisor), Json.Number(rest / divisor), SeriesText.Text(fit),
        ]);
    }

    /// <summary>Numbers, or datetimes by their ticks.</summary>
    private static double[]? Places(KqlValue series)
    {
        if (Json.Array(series) is not { Count: <= SeriesText.MostElements } items)
        {
            return null;
        }

        var numbers = items.Select(i => Json.ToNumber(Json.ToDynamic(i))).ToList();
        return numbers.Any(n => n.IsNull) ? null : [.. numbers.Select(n => n.AsReal)];
    }

    private static double[] Finite(double?[] values) => [.. values.Select(v => v ?? double.NaN)];
}
