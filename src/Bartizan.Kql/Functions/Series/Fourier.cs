using System.Numerics;

namespace Bartizan.Kql.Functions.Series;

/// <summary>The discrete Fourier transform of any length, in n log n steps.</summary>
internal static class Fourier
{
    public static Complex[] Transform(Complex[] values, bool inverse)
    {
        var n = values.Length;
        if (n <= 1)
        {
            return values;
        }

        var result = BitOperations.IsPow2(n) ? PowerOfTwo(values, inverse) : Bluestein(values, inverse);
        if (inverse)
        {
            for (var i = 0; i < n; i++)
            {
                result[i] /= n;
            }
        }

        return result;
    }

    /// <summary>Sums of products of the series with itself moved by each lag below its length.</summary>
    public static double[] Autocorrelation(double[] values)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)values.Length * 2);
        var padded = new Complex[size];
        for (var i = 0; i < values.Length; i++)
        {
            padded[i] = values[i];
        }

        var spectrum = Transform(padded, inverse: false);
        for (var i = 0; i < size; i++)
        {
            spectrum[i] *= Complex.Conjugate(spectrum[i]);
        }

        return [.. Transform(spectrum, inverse: true).Take(values.Length).Select(c => c.Real)];
    }

    private static Complex[] PowerOfTwo(Complex[] values, bool inverse)
    {
        var n = values.Length;
        var result = new Complex[n];
        var bits = BitOperations.Log2((uint)n);
        for (var i = 0; i < n; i++)
        {
            var reversed = 0;
            for (var b = 0; b < bits; b++)
            {
                reversed |= ((i >> b) & 1) << (bits - 1 - b);
            }

            result[reversed] = values[i];
        }

        for (var half = 1; half < n; half *= 2)
        {
            var twiddles = new Complex[half];
            for (var k = 0; k < half; k++)
            {
                twiddles[k] = Complex.FromPolarCoordinates(1, (inverse ? Math.PI : -Math.PI) * k / half);
            }

            for (var start = 0; start < n; start += 2 * half)
            {
                for (var k = 0; k < half; k++)
                {
                    var odd = twiddles[k] * result[start + half + k];
                    result[start + half + k] = result[start + k] - odd;
                    result[start + k] += odd;
                }
            }
        }

        return result;
    }

    /// <summary>Any length as a convolution of a power of two (Bluestein 1970).</summary>
    private static Complex[] Bluestein(Complex[] values, bool inverse)
    {
        var n = values.Length;
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)((2 * n) - 1));
        var chirp = new Complex[n];
        for (var i = 0; i < n; i++)
        {
            chirp[i] = Complex.FromPolarCoordinates(1, (inverse ? Math.PI : -Math.PI) * ((long)i * i % (2L * n)) / n);
        }

        var (a, b) = (new Complex[size], new Complex[size]);
        for (var i = 0; i < n; i++)
        {
            a[i] = values[i] * chirp[i];
            b[i] = Complex.Conjugate(chirp[i]);
            if (i > 0)
            {
                b[size - i] = b[i];
            }
        }

        (a, b) = (PowerOfTwo(a, inverse: false), PowerOfTwo(b, inverse: false));
        for (var i = 0; i < size; i++)
        {
            a[i] *= b[i];
        }

        var product = PowerOfTwo(a, inverse: true);
        var result = new Complex[n];
        for (var i = 0; i < n; i++)
        {
            result[i] = product[i] / size * chirp[i];
        }

        return result;
    }
}
