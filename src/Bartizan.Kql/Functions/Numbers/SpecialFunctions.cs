namespace Bartizan.Kql.Functions.Numbers;

/// <summary>Gamma, error and beta functions, to about fifteen digits (Lanczos; continued fractions after Lentz).</summary>
public static class SpecialFunctions
{
    private const int MaxSteps = 500;
    private const double Tiny = 1e-300;

    // Lanczos approximation with g = 7 and nine terms.
    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    public static double Gamma(double x)
    {
        if (x == Math.Floor(x))
        {
            if (x <= 0)
            {
                return double.NaN;
            }

            if (x <= 171)
            {
                // Whole numbers are factorials, which products hold exactly as long as a real can.
                var product = 1.0;
                for (var i = 2.0; i < x; i++)
                {
                    product *= i;
                }

                return product;
            }
        }

        if (x < 0.5)
        {
            return Math.PI / (Math.Sin(Math.PI * x) * Gamma(1 - x));
        }

        if (x > 171.7)
        {
            return double.PositiveInfinity;
        }

        var (sum, t) = Series(x - 1);
        // In two halves, as the power alone overflows before the product does.
        var half = Math.Pow(t, ((x - 1) + 0.5) / 2);
        return Math.Sqrt(2 * Math.PI) * half * Math.Exp(-t) * half * sum;
    }

    public static double LogGamma(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        if (x <= 0 && x == Math.Floor(x))
        {
            return double.PositiveInfinity;
        }

        if (double.IsInfinity(x))
        {
            return double.PositiveInfinity;
        }

        if (x is 1 or 2)
        {
            return 0;
        }

        if (x < 0.5)
        {
            return Math.Log(Math.PI / Math.Abs(Math.Sin(Math.PI * x))) - LogGamma(1 - x);
        }

        var (sum, t) = Series(x - 1);
        return (0.5 * Math.Log(2 * Math.PI)) + (((x - 1) + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }

    public static double Erf(double x) =>
        double.IsNaN(x) ? x : Math.Abs(x) < 1.5 ? ErfSeries(x) : x > 0 ? 1 - ErfcFraction(x) : ErfcFraction(-x) - 1;

    public static double Erfc(double x) =>
        double.IsNaN(x) ? x : Math.Abs(x) < 1.5 ? 1 - ErfSeries(x) : x > 0 ? ErfcFraction(x) : 2 - ErfcFraction(-x);

    /// <summary>NaN for parameters that are not positive, null outside 0 to 1.</summary>
    public static double? BetaCdf(double x, double alpha, double beta) =>
        !(alpha > 0) || !(beta > 0) ? double.NaN : !(x >= 0 && x <= 1) ? null : RegularizedBeta(x, alpha, beta);

    public static double? BetaPdf(double x, double alpha, double beta)
    {
        if (!(alpha > 0) || !(beta > 0))
        {
            return double.NaN;
        }

        if (!(x >= 0 && x <= 1))
        {
            return null;
        }

        return x is 0 or 1
            ? (x == 0 ? alpha : beta) switch { < 1 => double.PositiveInfinity, > 1 => 0, _ => x == 0 ? beta : alpha }
            : Math.Exp(((alpha - 1) * Math.Log(x)) + ((beta - 1) * Math.Log(1 - x)) - LogBeta(alpha, beta));
    }

    public static double? BetaInv(double probability, double alpha, double beta)
    {
        if (!(alpha > 0) || !(beta > 0))
        {
            return double.NaN;
        }

        if (!(probability >= 0 && probability <= 1))
        {
            return null;
        }

        if (probability is 0 or 1)
        {
            return probability;
        }

        // Newton's step where it stays inside the bracket, halving otherwise.
        var (low, high, x) = (0.0, 1.0, alpha / (alpha + beta));
        for (var i = 0; i < 200; i++)
        {
            var error = RegularizedBeta(x, alpha, beta) - probability;
            if (error == 0)
            {
                break;
            }

            (low, high) = error > 0 ? (low, x) : (x, high);
            var slope = BetaPdf(x, alpha, beta) ?? 0;
            var next = x - (error / slope);
            next = next > low && next < high ? next : (low + high) / 2;
            if (Math.Abs(next - x) <= 1e-16 * Math.Abs(x) || next == x)
            {
                x = next;
                break;
            }

            x = next;
        }

        return x;
    }

    /// <summary>The two-sided p-value of Welch's unequal-variances t-test.</summary>
    public static double WelchTest(double mean1, double variance1, double count1, double mean2, double variance2, double count2)
    {
        var (a, b) = (variance1 / count1, variance2 / count2);
        var t = (mean1 - mean2) / Math.Sqrt(a + b);
        var degrees = (a + b) * (a + b) / ((a * a / (count1 - 1)) + (b * b / (count2 - 1)));
        return double.IsFinite(t) && degrees > 0 && double.IsFinite(degrees) ? RegularizedBeta(degrees / (degrees + (t * t)), degrees / 2, 0.5) : double.NaN;
    }

    public static double RegularizedBeta(double x, double a, double b)
    {
        if (x <= 0 || x >= 1)
        {
            return x <= 0 ? 0 : 1;
        }

        var front = Math.Exp((a * Math.Log(x)) + (b * Math.Log(1 - x)) - LogBeta(a, b));
        return x < (a + 1) / (a + b + 2) ? front * BetaFraction(x, a, b) / a : 1 - (front * BetaFraction(1 - x, b, a) / b);
    }

    private static double LogBeta(double a, double b) => LogGamma(a) + LogGamma(b) - LogGamma(a + b);

    private static (double Sum, double T) Series(double x)
    {
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++)
        {
            sum += Lanczos[i] / (x + i);
        }

        return (sum, x + 7.5);
    }

    private static double ErfSeries(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; n < MaxSteps && Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    /// <summary>For x of 1.5 and more.</summary>
    private static double ErfcFraction(double x)
    {
        if (x > 27.5)
        {
            return 0;
        }

        var fraction = 0.0;
        for (var n = 120; n > 0; n--)
        {
            fraction = n / 2.0 / (x + fraction);
        }

        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (x + fraction);
    }

    private static double BetaFraction(double x, double a, double b)
    {
        var (c, d) = (1.0, 1 - ((a + b) * x / (a + 1)));
        d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
        var result = d;
        for (var m = 1; m <= MaxSteps; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            Step(even, ref c, ref d, ref result);
            if (Math.Abs(Step(odd, ref c, ref d, ref result) - 1) < 1e-16)
            {
                break;
            }
        }

        return result;
    }

    private static double Step(double coefficient, ref double c, ref double d, ref double result)
    {
        d = 1 + (coefficient * d);
        d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
        c = 1 + (coefficient / c);
        c = Math.Abs(c) < Tiny ? Tiny : c;
        result *= c * d;
        return c * d;
    }
}
