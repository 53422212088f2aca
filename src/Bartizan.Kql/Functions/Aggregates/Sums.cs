using Bartizan.Kql.Functions.Operators;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Aggregates;

/// <summary>sum, avg, min, max, the bitwise ones, and their conditional forms. Nulls are passed over.</summary>
internal static class Sums
{
    private const string AverageSignatures =
        "(value:integer[if]) -> real; (value:real[if]) -> real; (value:decimal[if]) -> decimal; (value:timespan[if]) -> timespan; (value:datetime[if]) -> datetime";

    public static IEnumerable<KqlFunction> All() =>
    [
        .. Conditional.Pair("sum", "sumif", "(value:summable[if]) -> +$0", "The sum; 0 over nothing.", t => new SumState(t[0]), SumSql),
        .. Conditional.Pair("avg", "avgif", AverageSignatures, "The mean; NaN over nothing.", t => new AverageState(t[0]), AverageSql),
        .. Conditional.Pair("min", "minif", "(value:orderable[if]) -> $0", "The smallest value.", t => new ExtremeState(t[0], -1), (c, filter) => ExtremeSql(c, "min", filter)),
        .. Conditional.Pair("max", "maxif", "(value:orderable[if]) -> $0", "The largest value.", t => new ExtremeState(t[0], 1), (c, filter) => ExtremeSql(c, "max", filter)),
        Bitwise("binary_all_and", "bit_and", "The bits that are set in all values.", (a, b) => a & b),
        Bitwise("binary_all_or", "bit_or", "The bits that are set in any value.", (a, b) => a | b),
        Bitwise("binary_all_xor", "bit_xor", "The bits that are set in an odd number of values.", (a, b) => a ^ b),
    ];

    private static KqlFunction Bitwise(string name, string sqlName, string doc, Func<long, long, long> combine) => new(name, "(value:summable) -> $0", doc)
    {
        Kind = FunctionKind.Aggregate,
        Nulls = NullRule.Handled,
        Naming = NameRule.FirstArgument,
        Aggregate = types => new BitState(types[0], combine),
        DuckDb = c => c.AllOf(TypeSet.Integer | TypeSet.TimeSpan) ? $"{sqlName}({c[0]})" : null,
    };

    /// <summary>A sum of 64-bit values as Kusto has it: it wraps around, where the engine's wide sum does not.</summary>
    internal static string Wrapped(string sum) =>
        $"coalesce(try_cast({sum} AS BIGINT), ((({sum} + 9223372036854775808::HUGEINT) & 18446744073709551615::HUGEINT) - 9223372036854775808::HUGEINT)::BIGINT, 0::BIGINT)";

    private static string? SumSql(SqlCall c, string filter) => c.TypeOf(0) switch
    {
        KqlType.Int => $"coalesce(sum({c[0]}){filter}, 0)::BIGINT",
        KqlType.Long or KqlType.TimeSpan => Wrapped($"sum({c[0]}){filter}"),
        KqlType.Real => $"coalesce(sum({c[0]}){filter}, 0.0::DOUBLE)",
        _ => null,
    };

    private static string? AverageSql(SqlCall c, string filter) => c.TypeOf(0) switch
    {
        KqlType.Int or KqlType.Long or KqlType.Real => $"coalesce(avg({c[0]}){filter}, 'NaN'::DOUBLE)",
        KqlType.TimeSpan or KqlType.DateTime => $"(sum({c[0]}){filter} // count({c[0]}){filter})::BIGINT",
        _ => null,
    };

    private static string? ExtremeSql(SqlCall c, string name, string filter) => c.TypeOf(0) switch
    {
        KqlType.String => $"coalesce({name}({c[0]}){filter}, '')",
        // The engine takes NaN for the largest number of all; here it is passed over.
        KqlType.Real => $"{name}(CASE WHEN isnan({c[0]}) THEN NULL ELSE {c[0]} END){filter}",
        KqlType.Decimal or KqlType.Dynamic => null,
        _ => $"{name}({c[0]}){filter}",
    };

    private sealed class SumState(KqlType type) : AggregateState
    {
        private long whole;
        private double real;
        private KqlDecimal? exact = KqlDecimal.Zero;

        public override void Add(ReadOnlySpan<KqlValue> row)
        {
            if (row[0].IsNull)
            {
                return;
            }

            switch (type)
            {
                case KqlType.Real: real += row[0].AsReal; break;
                case KqlType.Decimal: exact = exact is null ? null : KqlDecimal.Add(exact, row[0].AsDecimal); break;
                default: whole = unchecked(whole + row[0].AsLong); break;
            }
        }

        public override void Merge(AggregateState later)
        {
            var other = (SumState)later;
            whole = unchecked(whole + other.whole);
            real += other.real;
            exact = exact is null || other.exact is null ? null : KqlDecimal.Add(exact, other.exact);
        }

        public override KqlValue Finish() => type switch
        {
            KqlType.Real => KqlValue.Real(real),
            KqlType.Decimal => KqlValue.Decimal(exact),
            KqlType.Int => KqlValue.Long(whole),
            _ => Arithmetic.Typed(whole, type),
        };
    }

    private sealed class AverageState(KqlType type) : AggregateState
    {
        private Int128 whole;
        private double real;
        private KqlDecimal? exact = KqlDecimal.Zero;
        private long count;

        public override void Add(ReadOnlySpan<KqlValue> row)
        {
            if (row[0].IsNull)
            {
                return;
            }

            count++;
            switch (type)
            {
                case KqlType.Real: real += row[0].AsReal; break;
                case KqlType.Decimal: exact = exact is null ? null : KqlDecimal.Add(exact, row[0].AsDecimal); break;
                default: whole += row[0].AsLong; break;
            }
        }

        public override void Merge(AggregateState later)
        {
            var other = (AverageState)later;
            count += other.count;
            whole += other.whole;
            real += other.real;
            exact = exact is null || other.exact is null ? null : KqlDecimal.Add(exact, other.exact);
        }

        public override KqlValue Finish() => type switch
        {
            KqlType.Real => KqlValue.Real(real / count),
            KqlType.Decimal => KqlValue.Decimal(exact is null || count == 0 ? null : KqlDecimal.Divide(exact, KqlDecimal.FromLong(count))),
            KqlType.DateTime or KqlType.TimeSpan => count == 0 ? KqlValue.Null(type) : Arithmetic.Typed((long)(whole / count), type),
            _ => KqlValue.Real((double)whole / count),
        };
    }

    private sealed class ExtremeState(KqlType type, int sign) : AggregateState
    {
        private KqlValue best = KqlValue.Null(type);
        private bool isEmpty = true;

        public override void Add(ReadOnlySpan<KqlValue> row) => Take(row[0]);

        public override void Merge(AggregateState later)
        {
            if (later is ExtremeState { isEmpty: false } other)
            {
                Take(other.best);
            }
        }

        public override KqlValue Finish() => best;

        private void Take(KqlValue value)
        {
            if (value.IsNull || (value.Type == KqlType.Real && double.IsNaN(value.AsReal)))
            {
                return;
            }

            if (isEmpty || Comparison.Compare(value, best) * sign > 0)
            {
                best = value;
                isEmpty = false;
            }
        }
    }

    private sealed class BitState(KqlType type, Func<long, long, long> combine) : AggregateState
    {
        private long? bits;

        public override void Add(ReadOnlySpan<KqlValue> row)
        {
            if (!row[0].IsNull)
            {
                Take(row[0].AsLong);
            }
        }

        public override void Merge(AggregateState later)
        {
            if (((BitState)later).bits is { } other)
            {
                Take(other);
            }
        }

        public override KqlValue Finish() => bits is { } value
            ? type == KqlType.Decimal ? KqlValue.Decimal(KqlDecimal.FromLong(value)) : Arithmetic.Typed(value, type)
            : KqlValue.Null(type);

        private void Take(long value) => bits = bits is { } soFar ? combine(soFar, value) : value;
    }
}
