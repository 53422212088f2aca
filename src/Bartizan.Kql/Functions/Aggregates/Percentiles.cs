using System.Globalization;
using Bartizan.Kql.Functions.Operators;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Aggregates;

/// <summary>Percentiles by nearest rank over the exact values, with and without weights.</summary>
internal static class Percentiles
{
    /// <summary>Values kept for one group; beyond it the smallest error is that of one rank in so many.</summary>
    private const int MostValues = 1 << 24;

    public static IEnumerable<KqlFunction> All() =>
    [
        One("percentile", "(value:any, percentile:number!) -> $0", "The smallest value at or below which so many percent of the values lie.", weighted: false, NameRuleKind.Percentiles, "percentile"),
        One("percentiles", "(value:any, percentile:number*!) -> several", "Several percentiles, a column each.", weighted: false, NameRuleKind.Percentiles, "percentile"),
        One("percentilew", "(value:any, weight:integer, percentile:number!) -> $0", "The percentile where each value counts as often as its weight says.", weighted: true, NameRuleKind.Percentiles, "percentile"),
        One("percentilesw", "(value:any, weight:integer, percentile:number*!) -> several", "Several weighted percentiles, a column each.", weighted: true, NameRuleKind.Percentiles, "percentile"),
        One("percentiles_array", "(value:any, percentile:number*!) -> dynamic; (value:any, percentiles:array!) -> dynamic", "Several percentiles as one array.", weighted: false, NameRuleKind.PrefixAndFirstArgument, "percentiles"),
        One("percentilesw_array", "(value:any, weight:integer, percentile:number*!) -> dynamic; (value:any, weight:integer, percentiles:array!) -> dynamic", "Several weighted percentiles as one array.", weighted: true, NameRuleKind.PrefixAndFirstArgument, "percentiles"),
    ];

    private static KqlFunction One(string name, string signatures, string doc, bool weighted, NameRuleKind naming, string prefix) => new(name, signatures, doc)
    {
        Kind = FunctionKind.Aggregate,
        Nulls = NullRule.Handled,
        Naming = new NameRule(naming, prefix),
        Aggregate = types => new RankState(types[0], weighted, asArray: naming != NameRuleKind.Percentiles),
        DuckDb = weighted || naming != NameRuleKind.Percentiles ? null : Sql,
    };

    private static string? Sql(SqlCall c)
    {
        var percent = c.Arguments[1 + c.Element];
        if (c.TypeOf(0) is KqlType.Decimal or KqlType.Dynamic || !percent.IsConstant || Fraction(percent.Constant) is not { } fraction)
        {
            return null;
        }

        // Reals may hold NaN, which the engine ranks as the largest number.
        var value = c.TypeOf(0) == KqlType.Real ? $"CASE WHEN isnan({c[0]}) THEN NULL ELSE {c[0]} END" : c[0];
        var ranked = $"quantile_disc({value}, {fraction})";
        return c.TypeOf(0) == KqlType.String ? $"coalesce({ranked}, '')" : ranked;
    }

    /// <summary>The percentile as an exact decimal between 0 and 1, so that no rank is lost to rounding.</summary>
    private static string? Fraction(object? constant)
    {
        var percent = constant switch
        {
            int or long => Convert.ToDecimal(constant, CultureInfo.InvariantCulture),
            double real when double.IsFinite(real) && Math.Abs(real) < 1e9 => (decimal)real,
            string text when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) => exact,
            _ => (decimal?)null,
        };
        return percent is { } p ? (Math.Round(Math.Clamp(p, 0, 100), 12) / 100).ToString(CultureInfo.InvariantCulture) : null;
    }

    private sealed class RankState(KqlType type, bool weighted, bool asArray) : AggregateState
    {
        private readonly List<(KqlValue Value, long Weight)> values = [];
        private List<double>? percents;
        private bool isSorted;

        public override void Add(ReadOnlySpan<KqlValue> row)
        {
            percents ??= Percents(row[(weighted ? 2 : 1)..]);
            var weight = weighted ? row[1].IsNull ? 0 : row[1].AsLong : 1;
            if (row[0].IsNull || weight <= 0 || (row[0].Type == KqlType.Real && double.IsNaN(row[0].AsReal)))
            {
                return;
            }

            values.Add((row[0], weight));
            isSorted = false;
            if (values.Count > MostValues)
            {
                Thin();
            }
        }

        public override void Merge(AggregateState later)
        {
            var other = (RankState)later;
            percents ??= other.percents;
            values.AddRange(other.values);
            isSorted = false;
        }

        public override KqlValue Finish() => asArray
            ? percents is null ? KqlValue.Null(KqlType.Dynamic) : Json.ArrayOf(percents.Select(p => Json.Of(At(p))))
            : Finish(0);

        public override KqlValue Finish(int element) => asArray ? Finish() : percents is not null && element < percents.Count ? At(percents[element]) : KqlValue.Null(type);

        private KqlValue At(double percent)
        {
            Sort();
            var total = values.Sum(v => (decimal)v.Weight);
            var wanted = (decimal)(percent > 0 ? Math.Min(percent, 100) : 0) / 100 * total;
            var sum = 0m;
            foreach (var (value, weight) in values)
            {
                sum += weight;
                if (sum >= wanted)
                {
                    return value;
                }
            }

            return KqlValue.Null(type);
        }

        private void Sort()
        {
            if (!isSorted)
            {
                values.Sort((a, b) => Comparison.Compare(a.Value, b.Value) ?? string.CompareOrdinal(a.Value.AsText, b.Value.AsText));
                isSorted = true;
            }
        }

        /// <summary>Keeps every second value of the sorted ones, with twice the weight.</summary>
        private void Thin()
        {
            Sort();
            var kept = values.Where((_, i) => i % 2 == 0).Select(v => (v.Value, v.Weight * 2)).ToList();
            values.Clear();
            values.AddRange(kept);
        }

        private static List<double> Percents(ReadOnlySpan<KqlValue> arguments)
        {
            var percents = new List<double>();
            foreach (var argument in arguments)
            {
                if (argument.Type == KqlType.Dynamic && Json.Array(argument) is { } items)
                {
                    percents.AddRange(items.Select(i => Json.ToNumber(Json.ToDynamic(i))).Select(n => n.IsNull ? 0 : n.AsReal));
                }
                else
                {
                    percents.Add(argument.IsNull ? 0 : argument.AsReal);
                }
            }

            return percents.Count <= 1024 ? percents : percents[..1024];
        }
    }
}
