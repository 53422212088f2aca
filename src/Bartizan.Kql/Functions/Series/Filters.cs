using System.Numerics;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Series;

/// <summary>series_fir, series_iir and the Fourier transform.</summary>
internal static class Filters
{
    private static readonly KqlColumn[] Spectrum = [new("real", KqlType.Dynamic), new("imag", KqlType.Dynamic)];

    public static IEnumerable<KqlFunction> All() =>
    [
        new("series_fir", "(series:array, filter:array, normalize:bool?, center:bool?) -> dynamic", "The series through a finite impulse response filter (moving averages, differences).")
        {
            Naming = NameRule.FirstArgument,
            Managed = Finite,
        },
        new("series_iir", "(series:array, numerators:array, denominators:array) -> dynamic", "The series through an infinite impulse response filter (running sums, smoothing).")
        {
            Naming = NameRule.FirstArgument,
            Managed = Infinite,
        },
        Transform("series_fft", "The discrete Fourier transform of a series: real and imaginary parts.", inverse: false),
        Transform("series_ifft", "The inverse of series_fft.", inverse: true),
    ];

    private static KqlFunction Transform(string name, string doc, bool inverse) => new(name, "(series:array, imaginary:array?) -> several", doc)
    {
        Naming = new NameRule(NameRuleKind.Elements, name),
        Elements = Spectrum,
        Managed = a =>
        {
            var real = SeriesText.AllReals(a[0]);
            var imaginary = a.Length > 1 ? SeriesText.AllReals(a[1]) : [];
            if (real is null || imaginary is null)
            {
                return KqlValue.Null(KqlType.Dynamic);
            }

            var values = new Complex[real.Length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = new Complex(real[i], i < imaginary.Length ? imaginary[i] : 0);
            }

            var result = Fourier.Transform(values, inverse);
            return Json.ArrayOf([SeriesText.Text(result.Select(c => Clean(c.Real))), SeriesText.Text(result.Select(c => Clean(c.Imaginary)))]);
        },
    };

    /// <summary>Rounding leaves a last digit where there should be none.</summary>
    private static double Clean(double value) => Math.Abs(value) < 1e-12 ? 0 : value;

    private static KqlValue Finite(ReadOnlySpan<KqlValue> a)
    {
        if (SeriesText.Reals(a[0]) is not { } series || SeriesText.AllReals(a[1]) is not { Length: > 0 and <= 1024 } filter)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var normalize = a.Length > 2 ? a[2].AsBool : filter.All(f => f >= 0);
        if (normalize)
        {
            if (filter.Any(f => f < 0) || filter.Sum() is not (> 0 and var sum))
            {
                return KqlValue.Null(KqlType.Dynamic);
            }

            filter = [.. filter.Select(f => f / sum)];
        }

        var ahead = a.Length > 3 && a[3].AsBool ? filter.Length / 2 : 0;
        var result = new double[series.Length];
        for (var i = 0; i < result.Length; i++)
        {
            for (var k = 0; k < filter.Length; k++)
            {
                var at = i + ahead - k;
                if (at >= 0 && at < series.Length)
                {
                    result[i] += filter[k] * (series[at] ?? 0);
                }
            }
        }

        return Json.Reals(result);
    }

    private static KqlValue Infinite(ReadOnlySpan<KqlValue> a)
    {
        if (SeriesText.Reals(a[0]) is not { } series || SeriesText.AllReals(a[1]) is not { Length: > 0 and <= 1024 } numerators
            || SeriesText.AllReals(a[2]) is not { Length: > 0 and <= 1024 } denominators || denominators[0] == 0)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var result = new double[series.Length];
        for (var i = 0; i < result.Length; i++)
        {
            for (var k = 0; k < numerators.Length && k <= i; k++)
            {
                result[i] += numerators[k] * (series[i - k] ?? 0);
            }

            for (var k = 1; k < denominators.Length && k <= i; k++)
            {
                result[i] -= denominators[k] * result[i - k];
            }

            result[i] /= denominators[0];
        }

        return Json.Reals(result);
    }
}
