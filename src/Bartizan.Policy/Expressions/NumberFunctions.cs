using System.Globalization;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>Arithmetic: add, sub, mul, div, mod, min, max.</summary>
internal static class NumberFunctions
{
    public static IReadOnlyList<TemplateFunction> All { get; } =
    [
        new("add", 2, 2, a => Calculate(a, (x, y) => checked(x + y), (x, y) => x + y)),
        new("sub", 2, 2, a => Calculate(a, (x, y) => checked(x - y), (x, y) => x - y)),
        new("mul", 2, 2, a => Calculate(a, (x, y) => checked(x * y), (x, y) => x * y)),
        new("div", 2, 2, a => Divide(a, (x, y) => x / y)),
        new("mod", 2, 2, a => Divide(a, (x, y) => x % y)),
        new("min", 1, FunctionTable.Many, a => Extreme(a, c => c < 0)),
        new("max", 1, FunctionTable.Many, a => Extreme(a, c => c > 0)),
    ];

    /// <summary>A whole number that an argument gives, cut down where it has a fraction.</summary>
    public static long? Whole(PolicyValue value) => (value as NumberValue)?.Truncated;

    private static PolicyValue Calculate(PolicyValue[] a, Func<long, long, long> whole, Func<double, double, double> real)
    {
        if (a[0] is not NumberValue x || a[1] is not NumberValue y)
        {
            return PolicyValue.Undefined;
        }

        if (x.IsInteger && y.IsInteger)
        {
            try
            {
                return PolicyValue.Of(whole(x.Integer, y.Integer));
            }
            catch (OverflowException)
            {
                return PolicyValue.Of(real(x.Real, y.Real));
            }
        }

        return PolicyValue.Of(real(x.Real, y.Real));
    }

    private static PolicyValue Divide(PolicyValue[] a, Func<long, long, long> operation) =>
        Whole(a[0]) is { } x && Whole(a[1]) is { } y && y != 0 && (x, y) is not (long.MinValue, -1)
            ? PolicyValue.Of(operation(x, y))
            : PolicyValue.Undefined;

    private static PolicyValue Extreme(PolicyValue[] a, Func<int, bool> replaces)
    {
        var values = a is [ArrayValue list] ? list.Items : a;
        NumberValue? best = null;
        foreach (var value in values)
        {
            if (value is not NumberValue n)
            {
                return PolicyValue.Undefined;
            }

            best = best is null || replaces(NumberValue.Compare(n, best)) ? n : best;
        }

        return best ?? PolicyValue.Undefined;
    }

    public static string Invariant(IFormattable value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
