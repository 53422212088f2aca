using Bartizan.Kql.Functions.Operators;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Series;

/// <summary>Arithmetic, comparison and mathematical functions, element by element. What is missing or no number gives null.</summary>
internal static class Elementwise
{
    private const string Two = "(left:array, right:array) -> dynamic; (left:array, right:number) -> dynamic; (left:number, right:array) -> dynamic";

    public static IEnumerable<KqlFunction> All() =>
    [
        Calculated("series_add", "The sums of the elements of two series.", (a, b) => Arithmetic.Compute(a, b, Arithmetic.Operation.Add)),
        Calculated("series_subtract", "The differences of the elements of two series.", (a, b) => Arithmetic.Compute(a, b, Arithmetic.Operation.Subtract)),
        Calculated("series_multiply", "The products of the elements of two series.", (a, b) => Arithmetic.Compute(a, b, Arithmetic.Operation.Multiply)),
        Calculated("series_divide", "The quotients of the elements of two series.", (a, b) => KqlValue.Real(a.AsReal / b.AsReal)),
        Calculated("series_pow", "The elements of the first series to the powers in the second.", (a, b) => KqlValue.Real(Math.Pow(a.AsReal, b.AsReal))),
        Compared("series_greater", "Where the first series is above the second.", sign => sign > 0),
        Compared("series_greater_equals", "Where the first series is not below the second.", sign => sign >= 0),
        Compared("series_less", "Where the first series is below the second.", sign => sign < 0),
        Compared("series_less_equals", "Where the first series is not above the second.", sign => sign <= 0),
        Compared("series_equals", "Where the two series have the same element.", sign => sign == 0),
        Compared("series_not_equals", "Where the two series have different elements.", sign => sign != 0),
        Mapped("series_exp", "e to the power of each element.", Math.Exp),
        Mapped("series_log", "The natural logarithm of each element.", Math.Log),
        Mapped("series_sin", "The sine of each element.", Math.Sin),
        Mapped("series_asin", "The arc sine of each element.", Math.Asin),
        Mapped("series_cos", "The cosine of each element.", Math.Cos),
        Mapped("series_acos", "The arc cosine of each element.", Math.Acos),
        Mapped("series_tan", "The tangent of each element.", Math.Tan),
        Mapped("series_atan", "The arc tangent of each element.", Math.Atan),
        Mapped("series_floor", "The largest whole number not above each element.", Math.Floor),
        Mapped("series_ceiling", "The smallest whole number not below each element.", Math.Ceiling),
        new("series_abs", "(series:array) -> dynamic", "The size of each element without its sign.")
        {
            Managed = a => Map(a[0], n => n.Type == KqlType.Long ? n.AsLong == long.MinValue ? KqlValue.Real(-(double)n.AsLong) : KqlValue.Long(Math.Abs(n.AsLong)) : KqlValue.Real(Math.Abs(n.AsReal))),
        },
        new("series_sign", "(series:array) -> dynamic", "-1, 0 or 1 for each element, by its sign.")
        {
            Managed = a => Map(a[0], n => double.IsNaN(n.AsReal) ? n : n.Type == KqlType.Long ? KqlValue.Long(Math.Sign(n.AsLong)) : KqlValue.Real(Math.Sign(n.AsReal))),
        },
    ];

    private static KqlFunction Calculated(string name, string doc, Func<KqlValue, KqlValue, KqlValue> combine) => new(name, Two, doc)
    {
        Managed = a => Zip(a[0], a[1], (x, y) => combine(x, y) is { IsNull: false } value ? value : null),
    };

    private static KqlFunction Compared(string name, string doc, Func<int, bool> holds) => new(name, Two, doc)
    {
        Managed = a => Zip(a[0], a[1], (x, y) => Comparison.Compare(x, y) is { } sign ? KqlValue.Bool(holds(sign)) : KqlValue.Bool(name == "series_not_equals")),
    };

    private static KqlFunction Mapped(string name, string doc, Func<double, double> map) => new(name, "(series:array) -> dynamic", doc)
    {
        Managed = a => Map(a[0], n => KqlValue.Real(map(n.AsReal))),
    };

    private static KqlValue Map(KqlValue series, Func<KqlValue, KqlValue> map) =>
        SeriesText.Numbers(series) is { } numbers ? KqlValue.Dynamic(SeriesText.Text(numbers.Select(n => n is { } number ? map(number) : (KqlValue?)null))) : KqlValue.Null(KqlType.Dynamic);

    /// <summary>As long as the longer series; a number stands for a series of that number.</summary>
    private static KqlValue Zip(KqlValue left, KqlValue right, Func<KqlValue, KqlValue, KqlValue?> combine)
    {
        var a = left.Type == KqlType.Dynamic ? SeriesText.Numbers(left) : null;
        var b = right.Type == KqlType.Dynamic ? SeriesText.Numbers(right) : null;
        if ((a is null && b is null) || (a is null && !IsNumber(left)) || (b is null && !IsNumber(right)))
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var length = Math.Max(a?.Count ?? 0, b?.Count ?? 0);
        var results = new KqlValue?[length];
        for (var i = 0; i < length; i++)
        {
            var x = a is null ? left : i < a.Count ? a[i] : null;
            var y = b is null ? right : i < b.Count ? b[i] : null;
            results[i] = x is { } first && y is { } second ? combine(first, second) : null;
        }

        return KqlValue.Dynamic(SeriesText.Text(results));
    }

    private static bool IsNumber(KqlValue value) => value.Type is KqlType.Int or KqlType.Long or KqlType.Real or KqlType.Decimal && !value.IsNull;
}
