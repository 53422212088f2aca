using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Numbers;

/// <summary>Powers, logarithms and trigonometry over reals. What has no finite result is NaN or an infinity, as in IEEE arithmetic.</summary>
internal static class Elementary
{
    public static IEnumerable<KqlFunction> All() =>
    [
        One("exp", "e to the power of the number.", Math.Exp),
        One("exp2", "2 to the power of the number.", x => Math.Pow(2, x)),
        One("exp10", "10 to the power of the number.", x => Math.Pow(10, x)),
        One("log", "The natural logarithm; -Infinity for 0 and NaN below.", Math.Log),
        One("log2", "The logarithm to base 2.", Math.Log2),
        One("log10", "The logarithm to base 10.", Math.Log10),
        One("sqrt", "The square root; NaN for a negative number.", Math.Sqrt),
        One("sin", "The sine of an angle in radians.", Math.Sin),
        One("cos", "The cosine of an angle in radians.", Math.Cos),
        One("tan", "The tangent of an angle in radians.", Math.Tan),
        One("asin", "The angle in radians whose sine is the number.", Math.Asin),
        One("acos", "The angle in radians whose cosine is the number.", Math.Acos),
        One("atan", "The angle in radians whose tangent is the number.", Math.Atan),
        One("cot", "The cotangent of an angle in radians.", x => 1 / Math.Tan(x), named: false),
        One("degrees", "An angle in radians as degrees.", x => x * (180 / Math.PI), named: false),
        One("radians", "An angle in degrees as radians.", x => x * (Math.PI / 180), named: false),
        One("erf", "The error function.", SpecialFunctions.Erf),
        One("erfc", "One less the error function.", SpecialFunctions.Erfc),
        One("gamma", "The gamma function.", SpecialFunctions.Gamma),
        One("loggamma", "The logarithm of the absolute value of the gamma function.", SpecialFunctions.LogGamma),
        new("pow", "(base:number, exponent:number) -> real", "The base to the power of the exponent.")
        {
            Naming = NameRule.FirstArgument,
            Managed = a => KqlValue.Real(Math.Pow(a[0].AsReal, a[1].AsReal)),
        },
        new("atan2", "(y:number, x:number) -> real", "The angle in radians between the x axis and the line to the point (x, y).")
        {
            Naming = NameRule.FirstArgument,
            Managed = a => KqlValue.Real(Math.Atan2(a[0].AsReal, a[1].AsReal)),
        },
        new("pi", "() -> real", "The ratio of a circle's circumference to its diameter.")
        {
            DuckDb = _ => "3.141592653589793::DOUBLE",
            Managed = _ => KqlValue.Real(Math.PI),
        },
        Test("isnan", "Whether the number is NaN.", double.IsNaN, x => $"isnan({x})"),
        Test("isinf", "Whether the number is an infinity.", double.IsInfinity, x => $"isinf({x})"),
        Test("isfinite", "Whether the number is neither NaN nor an infinity.", double.IsFinite, x => $"isfinite({x})"),
        Beta("beta_cdf", "x", "The cumulative beta distribution at x.", SpecialFunctions.BetaCdf),
        Beta("beta_inv", "probability", "The point at which the cumulative beta distribution reaches the probability.", SpecialFunctions.BetaInv),
        Beta("beta_pdf", "x", "The density of the beta distribution at x.", SpecialFunctions.BetaPdf),
        new("welch_test", "(mean1:number, variance1:number, count1:number, mean2:number, variance2:number, count2:number) -> real", "The p-value of Welch's test: how likely means this far apart are when the two samples share one.")
        {
            Managed = a => KqlValue.Real(SpecialFunctions.WelchTest(a[0].AsReal, a[1].AsReal, a[2].AsReal, a[3].AsReal, a[4].AsReal, a[5].AsReal)),
        },
        new("rand", "(range:integer?) -> real", "A random number from 0 up to 1; with an argument a whole one from 0 up to, but not including, it.")
        {
            Naming = NameRule.FirstArgument,
            IsDeterministic = false,
            Nulls = NullRule.Handled,
            DuckDb = c => c.Count == 0 ? "random()" : $"(CASE WHEN {c[0]} > 1 THEN floor(random() * {c[0]}) ELSE random() END)",
        },
    ];

    private static KqlFunction One(string name, string doc, Func<double, double> compute, bool named = true) => new(name, "(number:number) -> real", doc)
    {
        Naming = named ? NameRule.FirstArgument : NameRule.None,
        Managed = a => KqlValue.Real(compute(a[0].AsReal)),
    };

    private static KqlFunction Test(string name, string doc, Func<double, bool> test, Func<string, string> sql) => new(name, "(number:integer|real) -> bool", doc)
    {
        DuckDb = c => c.TypeOf(0) == KqlType.Real ? sql(c[0]) : null,
        Managed = a => KqlValue.Bool(test(a[0].AsReal)),
    };

    private static KqlFunction Beta(string name, string first, string doc, Func<double, double, double, double?> compute) => new(name, $"({first}:number, alpha:number, beta:number) -> real", doc)
    {
        Managed = a => KqlValue.Real(compute(a[0].AsReal, a[1].AsReal, a[2].AsReal)),
    };
}
