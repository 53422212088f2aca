using System.Globalization;
using Bartizan.Kql.Functions.Operators;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Numbers;

/// <summary>bin, bin_at, floor, ceiling, round, abs, sign.</summary>
internal static class Rounding
{
    private const string Binned =
        "(value:number, round_to:number) -> widest; (value:timespan, round_to:timespan) -> timespan; (value:datetime, round_to:timespan) -> datetime; (value:datetime, round_to:datetime) -> datetime";

    public static IEnumerable<KqlFunction> All() =>
    [
        new("bin", Binned, "The value rounded down to a multiple of the bin size; time counts from year 1.")
        {
            Aliases = ["floor"],
            Naming = NameRule.FirstArgument,
            DuckDb = BinSql,
            Managed = a => Bin(a[0], a[1], null),
        },
        new("bin_at", "(value:number, bin_size:number, fixed_point:number) -> widest; (value:timespan, bin_size:timespan, fixed_point:timespan) -> timespan; "
            + "(value:timespan, bin_size:number, fixed_point:timespan) -> timespan; (value:datetime, bin_size:summable, fixed_point:datetime) -> datetime",
            "The value rounded down to a bin edge, where one edge lies on the fixed point.")
        {
            Naming = NameRule.FirstArgument,
            DuckDb = BinAtSql,
            Managed = a => Bin(a[0], a[1], a[2]),
        },
        new("ceiling", "(number:number) -> $0", "The least whole number that is not below the number.")
        {
            Naming = NameRule.FirstArgument,
            DuckDb = c => c.TypeOf(0) == KqlType.Real ? $"ceil({c[0]})" : c.AllOf(TypeSet.Integer) ? c[0] : null,
            Managed = a => a[0].Type switch
            {
                KqlType.Real => KqlValue.Real(Math.Ceiling(a[0].AsReal)),
                KqlType.Decimal => KqlValue.Decimal(a[0].AsDecimal.Ceiling()),
                _ => a[0],
            },
        },
        new("round", "(number:number, precision:integer?!) -> $0", "The number rounded to so many places after the point, halves away from zero.")
        {
            Naming = NameRule.FirstArgument,
            Managed = a => Round(a[0], a.Length > 1 ? a[1].AsLong : 0),
        },
        new("abs", "(number:integer) -> long; (number:real) -> real; (number:decimal) -> decimal; (number:timespan) -> timespan", "The number without its sign.")
        {
            Naming = NameRule.FirstArgument,
            DuckDb = c => c.TypeOf(0) switch
            {
                KqlType.Real => $"abs({c[0]})",
                KqlType.Int => $"abs(({c[0]})::BIGINT)",
                _ => null,
            },
            Managed = a => a[0].Type switch
            {
                KqlType.Real => KqlValue.Real(Math.Abs(a[0].AsReal)),
                KqlType.Decimal => KqlValue.Decimal(a[0].AsDecimal.Abs()),
                KqlType.TimeSpan => KqlValue.TimeSpan(Absolute(a[0].AsLong)),
                _ => KqlValue.Long(Absolute(a[0].AsLong)),
            },
        },
        new("sign", "(number:number) -> real", "1, 0 or -1, as the number is above, at or below zero.")
        {
            DuckDb = c => c.AllOf(TypeSet.Integer) ? $"sign({c[0]})::DOUBLE" : null,
            Managed = a => KqlValue.Real(a[0].Type == KqlType.Decimal ? a[0].AsDecimal.Sign : double.IsNaN(a[0].AsReal) ? double.NaN : Math.Sign(a[0].AsReal)),
        },
    ];

    /// <summary>The value rounded down to an edge, in the type the signature gives; null for a bin size of zero or less.</summary>
    internal static KqlValue Bin(KqlValue value, KqlValue size, KqlValue? at)
    {
        var isTime = value.Type is KqlType.DateTime or KqlType.TimeSpan;
        var type = isTime ? value.Type : Arithmetic.Widest(value.Type, size.Type);
        if (at is { } point && !isTime)
        {
            type = Arithmetic.Widest(type, point.Type);
        }

        if (type == KqlType.Decimal)
        {
            return BinDecimal(value.AsDecimal, size.AsDecimal, at?.AsDecimal ?? KqlDecimal.Zero);
        }

        if (type == KqlType.Real)
        {
            var (width, start) = (size.AsReal, at?.AsReal ?? 0);
            return width > 0 ? KqlValue.Real((Math.Floor((value.AsReal - start) / width) * width) + start) : KqlValue.Null(type);
        }

        var step = size.Type is KqlType.Real or KqlType.Decimal ? (long)Math.Clamp(size.AsReal, 0, 9e18) : size.AsLong;
        if (step <= 0)
        {
            return KqlValue.Null(type);
        }

        var origin = at?.AsLong ?? 0;
        var rest = (Int128)value.AsLong - origin;
        rest = ((rest % step) + step) % step;
        var edge = value.AsLong - rest;
        return edge >= (type == KqlType.Int ? int.MinValue : long.MinValue) ? Arithmetic.Typed((long)edge, type) : KqlValue.Null(type);
    }

    private static KqlValue BinDecimal(KqlDecimal value, KqlDecimal size, KqlDecimal at) =>
        size.Sign > 0 && KqlDecimal.Subtract(value, at) is { } distance && KqlDecimal.Divide(distance, size) is { } bins && KqlDecimal.Multiply(bins.Floor(), size) is { } whole
            ? KqlValue.Decimal(KqlDecimal.Add(whole, at))
            : KqlValue.Null(KqlType.Decimal);

    private static KqlValue Round(KqlValue value, long places)
    {
        switch (value.Type)
        {
            case KqlType.Real:
                return KqlValue.Real(RoundReal(value.AsReal, (int)Math.Clamp(places, -400, 400)));
            case KqlType.Decimal:
                return KqlValue.Decimal(value.AsDecimal.Round((int)Math.Clamp(places, -400, 400)));
            default:
                if (places >= 0)
                {
                    return value;
                }

                var unit = places < -18 ? 0 : (long)Math.Pow(10, -places);
                if (unit == 0)
                {
                    return Arithmetic.Typed(0, value.Type);
                }

                var whole = (Int128)value.AsLong;
                var rounded = (whole + (whole < 0 ? -unit / 2 : unit / 2)) / unit * unit;
                return rounded >= long.MinValue && rounded <= long.MaxValue ? Arithmetic.Typed((long)rounded, value.Type) : KqlValue.Null(value.Type);
        }
    }

    /// <summary>By the decimal digits that the number prints with, so that 2.675 rounds as it reads.</summary>
    private static double RoundReal(double value, int places)
    {
        if (!double.IsFinite(value) || places > 17)
        {
            return value;
        }

        if (places == 0)
        {
            return Math.Round(value, MidpointRounding.AwayFromZero);
        }

        return KqlDecimal.Parse(value.ToString("R", CultureInfo.InvariantCulture))?.Round(places).ToDouble() ?? value;
    }

    private static long Absolute(long value) => value < 0 ? unchecked(-value) : value;

    /// <summary>Moments only: both lie far from the ends of 64 bits, so nothing here can leave them.</summary>
    private static string? BinAtSql(SqlCall c) =>
        c.TypeOf(0) == KqlType.DateTime && c.TypeOf(1) == KqlType.TimeSpan && c.Arguments[1] is { IsConstant: true, Constant: long and > 0 and <= KqlTime.MaxTicks and var step }
        && c.Arguments[2] is { IsConstant: true, Constant: long point }
            ? string.Create(CultureInfo.InvariantCulture, $"({c[0]} - ((({c[0]} - {point}) % {step}) + {step}) % {step})")
            : null;

    private static string? BinSql(SqlCall c)
    {
        if (c.Arguments[1] is not { IsConstant: true } size)
        {
            return null;
        }

        if (size.Constant is long or int && c.AllOf(TypeSet.Integer | TypeSet.DateTime | TypeSet.TimeSpan))
        {
            var step = Convert.ToInt64(size.Constant, CultureInfo.InvariantCulture);
            if (step <= 0)
            {
                return null;
            }

            if (step == 1)
            {
                return c.TypeOf(0) == c.Result ? c[0] : $"({c[0]})::BIGINT";
            }

            // A datetime is never below zero, so that the plain remainder will do; others may leave their range at its lower end.
            if (c.TypeOf(0) == KqlType.DateTime)
            {
                return string.Create(CultureInfo.InvariantCulture, $"({c[0]} - {c[0]} % {step})");
            }

            var x = c.TypeOf(0) == KqlType.Int ? $"({c[0]})::BIGINT" : c[0];
            var sql = string.Create(CultureInfo.InvariantCulture, $"({x} - (({x} % {step}) + {step}) % {step})");
            return step > long.MaxValue / 4 ? null
                : c.Result == KqlType.Int ? $"try_cast({sql} AS INTEGER)"
                : c.TypeOf(0) == KqlType.Int ? sql
                : $"try({sql})";
        }

        return size.Constant is double width && width > 0 && double.IsFinite(width) && c.TypeOf(0) == KqlType.Real
            ? $"(floor({c[0]} / {c[1]}) * {c[1]})"
            : null;
    }
}
