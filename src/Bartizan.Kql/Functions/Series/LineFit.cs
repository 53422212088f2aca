namespace Bartizan.Kql.Functions.Series;

/// <summary>A least-squares line over the points of a series whose first one lies at x = 1.</summary>
internal sealed record LineFit(double RSquare, double Slope, double Variance, double ResidualVariance, double Interception)
{
    public double At(int index) => Interception + (Slope * (index + 1));

    /// <summary>Over the finite values from <paramref name="start"/> on; null where there are none.</summary>
    public static LineFit? Over(double[] values, int start, int count)
    {
        double n = 0, sumX = 0, sumY = 0;
        for (var i = 0; i < count; i++)
        {
            if (double.IsFinite(values[start + i]))
            {
                n++;
                sumX += i + 1;
                sumY += values[start + i];
            }
        }

        if (n == 0)
        {
            return null;
        }

        var (meanX, meanY) = (sumX / n, sumY / n);
        double xx = 0, xy = 0, yy = 0;
        for (var i = 0; i < count; i++)
        {
            var y = values[start + i];
            if (double.IsFinite(y))
            {
                xx += (i + 1 - meanX) * (i + 1 - meanX);
                xy += (i + 1 - meanX) * (y - meanY);
                yy += (y - meanY) * (y - meanY);
            }
        }

        var slope = xx > 0 ? xy / xx : 0;
        var rest = Math.Max(0, yy - (slope * xy));
        return new LineFit(yy > 0 ? 1 - (rest / yy) : 1, slope, n > 1 ? yy / (n - 1) : 0, n > 1 ? rest / (n - 1) : 0, meanY - (slope * meanX));
    }
}
