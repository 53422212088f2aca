namespace Bartizan.Kql.Functions.Series;

/// <summary>Least squares by orthogonal polynomials over the given points, which stays sound where powers of x would drown in rounding.</summary>
internal static class PolynomialFit
{
    /// <summary>From the highest power down; null where the points do not determine them.</summary>
    public static double[]? Coefficients(double[] x, double[] y, int degree)
    {
        var (low, high) = (x.Min(), x.Max());
        var (center, scale) = ((low + high) / 2, (high - low) / 2);
        if (!(scale > 0) || !double.IsFinite(scale) || x.Distinct().Take(degree + 1).Count() <= degree)
        {
            return null;
        }

        var t = x.Select(v => (v - center) / scale).ToArray();
        // Polynomials in t as coefficients from the lowest power up, by the three-term recurrence of Stieltjes.
        var sum = new double[degree + 1];
        var (before, current) = (new double[degree + 1], new double[degree + 1]);
        var (valuesBefore, values) = (new double[t.Length], Enumerable.Repeat(1.0, t.Length).ToArray());
        current[0] = 1;
        var normBefore = 0.0;
        for (var k = 0; k <= degree; k++)
        {
            var norm = values.Sum(v => v * v);
            if (!(norm > 1e-300))
            {
                return null;
            }

            var weight = values.Zip(y).Sum(p => p.First * p.Second) / norm;
            for (var i = 0; i <= degree; i++)
            {
                sum[i] += weight * current[i];
            }

            var alpha = values.Zip(t).Sum(p => p.First * p.First * p.Second) / norm;
            var beta = k == 0 ? 0 : norm / normBefore;
            var (next, nextValues) = (new double[degree + 1], new double[t.Length]);
            for (var i = 0; i <= degree; i++)
            {
                next[i] = (i > 0 ? current[i - 1] : 0) - (alpha * current[i]) - (beta * before[i]);
            }

            for (var i = 0; i < t.Length; i++)
            {
                nextValues[i] = ((t[i] - alpha) * values[i]) - (beta * valuesBefore[i]);
            }

            (before, current, valuesBefore, values, normBefore) = (current, next, values, nextValues, norm);
        }

        return InX(sum, center, scale);
    }

    /// <summary>From powers of t = (x - center) / scale, lowest first, to powers of x, highest first.</summary>
    private static double[] InX(double[] inT, double center, double scale)
    {
        var result = new double[inT.Length];
        for (var i = inT.Length - 1; i >= 0; i--)
        {
            for (var power = inT.Length - 1; power >= 0; power--)
            {
                result[power] = ((power > 0 ? result[power - 1] : 0) - (center * result[power])) / scale;
            }

            result[0] += inT[i];
        }

        Array.Reverse(result);
        return result;
    }
}
