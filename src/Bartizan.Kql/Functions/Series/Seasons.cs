using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Series;

/// <summary>Periods, seasonal parts, decomposition into trend, season and rest, forecasts, and anomalies as outliers of the rest.</summary>
internal static class Seasons
{
    private const double StandardThreshold = 0.6;

    private static readonly KqlColumn[] PeriodElements = [new("periods", KqlType.Dynamic), new("scores", KqlType.Dynamic)];

    private static readonly KqlColumn[] Parts =
        [new("baseline", KqlType.Dynamic), new("seasonal", KqlType.Dynamic), new("trend", KqlType.Dynamic), new("residual", KqlType.Dynamic)];

    private static readonly KqlColumn[] AnomalyElements = [new("ad_flag", KqlType.Dynamic), new("ad_score", KqlType.Dynamic), new("baseline", KqlType.Dynamic)];

    public static IEnumerable<KqlFunction> All() =>
    [
        new("series_periods_detect", "(series:array, min_period:number, max_period:number, count:integer) -> several", "The most marked periods of a series, and a score between 0 and 1 for each.")
        {
            Naming = new NameRule(NameRuleKind.Elements, "series_periods_detect"),
            Elements = PeriodElements,
            Managed = Detect,
        },
        new("series_periods_validate", "(series:array, period:number*16) -> several", "A score between 0 and 1 for each period, 0 where the series does not have it.")
        {
            Naming = new NameRule(NameRuleKind.Elements, "series_periods_validate"),
            Elements = PeriodElements,
            Managed = Validate,
        },
        new("series_seasonal", "(series:array, period:integer?, test_points:integer?) -> dynamic", "The part of a series that comes again each period: the median at each place of it.")
        {
            Nulls = NullRule.Handled,
            Managed = a =>
            {
                if (Values(a[0]) is not { } values)
                {
                    return KqlValue.Null(KqlType.Dynamic);
                }

                var learned = values.Length - TestPoints(a, 2, values.Length);
                var period = Period(a, 1, values[..learned], StandardThreshold);
                return Json.Reals(Seasonal(values, learned, period));
            },
        },
        new("series_decompose", "(series:array, period:integer?, trend:string?, test_points:integer?, threshold:number?) -> several", "A series as trend, season and rest, and the baseline of the first two.")
        {
            Nulls = NullRule.Handled,
            Naming = new NameRule(NameRuleKind.Elements, "series_decompose"),
            Elements = Parts,
            Managed = a => Decompose(a, 1, 2, 3, 4) is { } d ? d.ToValue() : KqlValue.Null(KqlType.Dynamic),
        },
        new("series_decompose_forecast", "(series:array, points:integer, period:integer?, trend:string?, threshold:number?) -> several", "The same, learned without the last points, whose baseline is the forecast.")
        {
            Nulls = NullRule.Handled,
            Naming = new NameRule(NameRuleKind.Elements, "series_decompose_forecast"),
            Elements = Parts,
            Managed = a => Decompose(a, 2, 3, 1, 4) is { } d ? d.ToValue() : KqlValue.Null(KqlType.Dynamic),
        },
        new(
            "series_decompose_anomalies",
            "(series:array, threshold:number?, period:integer?, trend:string?, test_points:integer?, method:string?, seasonality_threshold:number?) -> several",
            "Where a series leaves its baseline: 1 above, -1 below, 0 elsewhere; with a score and the baseline.")
        {
            Nulls = NullRule.Handled,
            Naming = new NameRule(NameRuleKind.Elements, "series_decompose_anomalies"),
            Elements = AnomalyElements,
            Managed = Anomalies,
        },
    ];

    private static KqlValue Detect(ReadOnlySpan<KqlValue> a)
    {
        if (SeriesText.AllReals(a[0]) is not { } values)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var count = (int)Math.Clamp(a[3].AsLong, 0, 64);
        var found = Periods.Detect(values, a[1].AsReal, a[2].AsReal, count);
        // Kusto always gives as many as were asked for.
        return Json.ArrayOf(
        [
            SeriesText.Text(Enumerable.Range(0, count).Select(i => i < found.Count ? found[i].Period : 0.0)),
            SeriesText.Text(Enumerable.Range(0, count).Select(i => i < found.Count ? found[i].Score : 0.0)),
        ]);
    }

    private static KqlValue Validate(ReadOnlySpan<KqlValue> a)
    {
        if (SeriesText.AllReals(a[0]) is not { } values)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var correlation = Periods.Autocorrelation(values);
        var periods = new List<double>();
        foreach (var period in a[1..])
        {
            periods.Add(period.AsReal);
        }

        return Json.ArrayOf([SeriesText.Text(periods), SeriesText.Text(periods.Select(p => double.IsFinite(p) && Math.Abs(p) < 1e9 ? Periods.Score(correlation, p) : 0))]);
    }

    private static KqlValue Anomalies(ReadOnlySpan<KqlValue> a)
    {
        var method = a.Length > 5 ? a[5].AsText : "ctukey";
        var tukey = method.Equals("tukey", StringComparison.OrdinalIgnoreCase);
        if ((!tukey && !method.Equals("ctukey", StringComparison.OrdinalIgnoreCase)) || Decompose(a, 2, 3, 4, 6) is not { } parts)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var threshold = a.Length > 1 && !a[1].IsNull ? a[1].AsReal : 1.5;
        var scores = Statistics.Scores(parts.Residual, tukey, double.NaN, double.NaN, TestPoints(a, 4, parts.Residual.Length), null) ?? new double[parts.Residual.Length];
        return Json.ArrayOf(
        [
            Json.ArrayText(scores.Select(s => s > threshold ? "1" : s < -threshold ? "-1" : "0")), SeriesText.Text(scores), SeriesText.Text(parts.Baseline),
        ]);
    }

    private static Decomposition? Decompose(ReadOnlySpan<KqlValue> a, int periodAt, int trendAt, int testAt, int thresholdAt)
    {
        if (Values(a[0]) is not { Length: > 0 } values)
        {
            return null;
        }

        var learned = values.Length - TestPoints(a, testAt, values.Length);
        if (Trend(a.Length > trendAt ? a[trendAt].AsText : "avg", values, learned) is not { } trend)
        {
            return null;
        }

        var rest = values.Zip(trend, (v, t) => v - t).ToArray();
        var period = Period(a, periodAt, rest[..learned], a.Length > thresholdAt && !a[thresholdAt].IsNull ? a[thresholdAt].AsReal : StandardThreshold);
        var seasonal = period > 1 ? Seasonal(rest, learned, period) : new double[values.Length];
        var baseline = trend.Zip(seasonal, (t, s) => t + s).ToArray();
        return new Decomposition(baseline, seasonal, trend, [.. values.Zip(baseline, (v, b) => v - b)]);
    }

    private static double[]? Trend(string kind, double[] values, int learned)
    {
        switch (kind.ToLowerInvariant())
        {
            case "" or "avg":
                var mean = values[..learned].Where(double.IsFinite).DefaultIfEmpty(0).Average();
                return [.. Enumerable.Repeat(mean, values.Length)];
            case "linefit":
                return LineFit.Over(values, 0, learned) is { } line ? [.. values.Select((_, i) => line.At(i))] : new double[values.Length];
            case "none":
                return new double[values.Length];
            default:
                return null;
        }
    }

    /// <summary>The median at each place of the period, over the points learned from; all zero without a period.</summary>
    private static double[] Seasonal(double[] values, int learned, int period)
    {
        if (period < 1 || learned == 0)
        {
            return new double[values.Length];
        }

        var places = new double[Math.Min(period, values.Length)];
        for (var place = 0; place < places.Length; place++)
        {
            var seen = new List<double>();
            for (long i = place; i < learned; i += period)
            {
                if (double.IsFinite(values[i]))
                {
                    seen.Add(values[i]);
                }
            }

            places[place] = seen.Count == 0 ? 0 : Statistics.Quantile([.. seen.Order()], 0.5);
        }

        return [.. values.Select((_, i) => places[i % period])];
    }

    /// <summary>-1 finds it, 0 means that there is none.</summary>
    private static int Period(ReadOnlySpan<KqlValue> a, int at, double[] learned, double threshold)
    {
        var asked = a.Length > at && !a[at].IsNull ? a[at].AsLong : -1;
        if (asked >= 0)
        {
            return (int)Math.Min(asked, int.MaxValue);
        }

        return Periods.Detect(learned, 2, learned.Length / 2.0, 1) is [var best] && best.Score >= threshold ? best.Period : 0;
    }

    private static int TestPoints(ReadOnlySpan<KqlValue> a, int at, int length) => a.Length > at && !a[at].IsNull ? (int)Math.Clamp(a[at].AsLong, 0, length) : 0;

    private static double[]? Values(KqlValue series) => SeriesText.Reals(series) is { } reals ? [.. reals.Select(v => v ?? double.NaN)] : null;

    private sealed record Decomposition(double[] Baseline, double[] Seasonal, double[] Trend, double[] Residual)
    {
        public KqlValue ToValue() => Json.ArrayOf([SeriesText.Text(Baseline), SeriesText.Text(Seasonal), SeriesText.Text(Trend), SeriesText.Text(Residual)]);
    }
}
