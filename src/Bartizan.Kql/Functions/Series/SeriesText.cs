using System.Text.Json;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Series;

/// <summary>Reads and writes the arrays of numbers that the series functions work on.</summary>
internal static class SeriesText
{
    /// <summary>Series longer than this are not computed (the result is null), which bounds time and memory.</summary>
    public const int MostElements = 1 << 22;

    /// <summary>The elements as typed numbers, null where one is no number; null when the value is no array.</summary>
    public static List<KqlValue?>? Numbers(KqlValue value) =>
        Json.Array(value) is { Count: <= MostElements } items ? [.. items.Select(Number)] : null;

    /// <summary>The elements as reals, null where one is no number; null when the value is no array.</summary>
    public static double?[]? Reals(KqlValue value) =>
        Json.Array(value) is { Count: <= MostElements } items ? [.. items.Select(i => Number(i)?.AsReal)] : null;

    /// <summary>The elements as reals; null when the value is no array of numbers alone.</summary>
    public static double[]? AllReals(KqlValue value)
    {
        if (Reals(value) is not { } reals)
        {
            return null;
        }

        var all = new double[reals.Length];
        for (var i = 0; i < all.Length; i++)
        {
            if (reals[i] is not { } real)
            {
                return null;
            }

            all[i] = real;
        }

        return all;
    }

    /// <summary>True when every number of the series is a whole one as written, and there is one.</summary>
    public static bool IsWhole(List<KqlValue?> numbers) => numbers.Any(n => n is not null) && numbers.All(n => n is null or { Type: KqlType.Long });

    public static string Text(IEnumerable<double> values) => Json.ArrayText(values.Select(Json.Number));

    public static string Text(IEnumerable<double?> values) => Json.ArrayText(values.Select(v => v is { } real ? Json.Number(real) : "null"));

    public static string Text(IEnumerable<KqlValue?> values) => Json.ArrayText(values.Select(v => v is { } value ? Json.Of(value) : "null"));

    private static KqlValue? Number(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => Json.Number(element),
        JsonValueKind.String => element.GetString() switch
        {
            "NaN" => KqlValue.Real(double.NaN),
            "Infinity" => KqlValue.Real(double.PositiveInfinity),
            "-Infinity" => KqlValue.Real(double.NegativeInfinity),
            _ => null,
        },
        _ => null,
    };
}
