namespace Bartizan.Kql.Functions.Series;

/// <summary>
/// Periods of a series by its autocorrelation. A period's score is the autocorrelation at that lag or at twice the lag, whichever is
/// lower, so that a peak that does not come again counts for little.
/// </summary>
internal static class Periods
{
    /// <summary>What scores less is no period.</summary>
    private const double LeastScore = 0.3;

    /// <summary>At each lag, unbiased: divided by the number of pairs rather than by the length.</summary>
    public static double[] Autocorrelation(double[] values)
    {
        if (values.Length < 4 || !values.All(double.IsFinite))
        {
            return [];
        }

        var mean = values.Average();
        var sums = Fourier.Autocorrelation([.. values.Select(v => v - mean)]);
        if (!(sums[0] > 1e-12 * values.Length * Math.Max(1, mean * mean)))
        {
            return [];
        }

        return [.. Enumerable.Range(0, values.Length - 1).Select(lag => sums[lag] / sums[0] * values.Length / (values.Length - lag))];
    }

    /// <summary>0 when the autocorrelation has no peak at the period.</summary>
    public static double Score(double[] correlation, double period)
    {
        var lag = (int)Math.Round(period);
        if (lag < 2 || lag + 1 >= correlation.Length || !IsPeak(correlation, lag))
        {
            return 0;
        }

        var again = (int)Math.Round(2 * period);
        var score = again < correlation.Length ? Math.Min(correlation[lag], correlation[again]) : correlation[lag];
        return score < LeastScore ? 0 : Math.Min(1, score);
    }

    /// <summary>The best periods within the bounds, those that are multiples of a better one left out.</summary>
    public static List<(int Period, double Score)> Detect(double[] values, double from, double to, int count)
    {
        var correlation = Autocorrelation(values);
        var found = new List<(int Period, double Score)>();
        for (var lag = 2; 2 * lag < values.Length && lag <= to; lag++)
        {
            if (lag >= from && Score(correlation, lag) is > 0 and var score)
            {
                found.Add((lag, score));
            }
        }

        var kept = new List<(int Period, double Score)>();
        foreach (var candidate in found.OrderByDescending(f => f.Score).ThenBy(f => f.Period))
        {
            var isMultiple = found.Any(f => f.Period < candidate.Period && candidate.Period % f.Period == 0 && f.Score > candidate.Score - 0.1);
            if (!isMultiple && kept.Count < count)
            {
                kept.Add(candidate);
            }
        }

        return kept;
    }

    private static bool IsPeak(double[] correlation, int lag) => correlation[lag] > correlation[lag - 1] && correlation[lag] > correlation[lag + 1];
}
