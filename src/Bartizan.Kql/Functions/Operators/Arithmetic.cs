using System.Globalization;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Operators;

/// <summary>+ - * / % and the signs, over numbers, datetime, timespan and dynamic values that hold them.</summary>
internal static class Arithmetic
{
    private const TypeSet Ticks = TypeSet.DateTime | TypeSet.TimeSpan;
    private const string WithDynamic =
        "(left:dynamic, right:dynamic) -> dynamic; (left:dynamic, right:int) -> long; (left:int, right:dynamic) -> long; ";

    public static IEnumerable<KqlFunction> All() =>
    [
        new("_add", "(left:number, right:number) -> widest; (left:timespan, right:timespan) -> timespan; (left:datetime, right:timespan) -> datetime; "
            + "(left:timespan, right:datetime) -> datetime; (left:datetime, right:datetime) -> datetime; " + WithDynamic
            + "(left:dynamic, right:summable) -> $1; (left:summable, right:dynamic) -> $0", "x + y: the sum; a datetime moved on by a timespan.")
        {
            Kind = FunctionKind.Operator,
            DuckDb = c => Plain(c, "+"),
            Managed = a => Compute(a[0], a[1], Operation.Add),
        },
        new("_subtract", "(left:number, right:number) -> widest; (left:timespan, right:timespan) -> timespan; (left:datetime, right:datetime) -> timespan; "
            + "(left:datetime, right:dynamic) -> timespan; (left:dynamic, right:datetime) -> timespan; (left:datetime, right:timespan) -> datetime; "
            + "(left:timespan, right:datetime) -> datetime; " + WithDynamic
            + "(left:dynamic, right:summable) -> $1; (left:summable, right:dynamic) -> $0", "x - y: the difference; between two datetimes a timespan.")
        {
            Kind = FunctionKind.Operator,
            DuckDb = c => Plain(c, "-"),
            Managed = a => Compute(a[0], a[1], Operation.Subtract),
        },
        new("_multiply", "(left:number, right:number) -> widest; (left:timespan, right:timespan) -> timespan; (left:timespan, right:number) -> timespan; "
            + "(left:number, right:timespan) -> timespan; (left:datetime, right:number) -> datetime; (left:number, right:datetime) -> datetime; " + WithDynamic
            + "(left:dynamic, right:number) -> $1; (left:number, right:dynamic) -> $0", "x * y: the product; a timespan so many times.")
        {
            Kind = FunctionKind.Operator,
            DuckDb = c => c.AllOf(TypeSet.Integer | TypeSet.Real) || (c.AllOf(TypeSet.Integer | TypeSet.TimeSpan) && c.Result == KqlType.TimeSpan) ? Plain(c, "*") : null,
            Managed = a => Compute(a[0], a[1], Operation.Multiply),
        },
        new("_divide", "(left:number, right:number) -> widest; (left:timespan, right:timespan) -> real; (left:timespan, right:number) -> timespan; "
            + "(left:datetime, right:datetime) -> real; (left:datetime, right:timespan) -> real; (left:datetime, right:number) -> datetime; " + WithDynamic
            + "(left:dynamic, right:number) -> $1; (left:number, right:dynamic) -> $0", "x / y: the quotient, without its fraction for whole numbers; null for a whole number by zero.")
        {
            Kind = FunctionKind.Operator,
            DuckDb = Divide,
            Managed = a => Compute(a[0], a[1], Operation.Divide),
        },
        new("_modulo", "(left:number, right:number) -> widest; (left:timespan, right:timespan) -> timespan; (left:timespan, right:number) -> timespan; "
            + "(left:datetime, right:datetime) -> timespan; (left:datetime, right:timespan) -> timespan; (left:datetime, right:number) -> datetime; " + WithDynamic
            + "(left:dynamic, right:number) -> $1; (left:number, right:dynamic) -> $0", "x % y: what is left over, never negative.")
        {
            Kind = FunctionKind.Operator,
            DuckDb = Modulo,
            Managed = a => Compute(a[0], a[1], Operation.Modulo),
        },
        new("_negate", "(value:int) -> long; (value:long) -> long; (value:real) -> real; (value:decimal) -> decimal; (value:timespan) -> timespan; (value:datetime) -> datetime; (value:dynamic) -> dynamic", "-x: the number with its sign turned.")
        {
            Kind = FunctionKind.Operator,
            DuckDb = c => c.AllOf(TypeSet.Real) ? $"(-{c[0]})" : c.AllOf(TypeSet.Int) ? $"(-({c[0]})::BIGINT)" : null,
            Managed = a => Negate(a[0]),
        },
        new("_plus", "(value:summable) -> $0; (value:dynamic) -> dynamic", "+x: the number itself.")
        {
            Kind = FunctionKind.Operator,
            DuckDb = c => c[0],
            Managed = a => a[0],
        },
    ];

    internal enum Operation
    {
        Add,
        Subtract,
        Multiply,
        Divide,
        Modulo,
    }

    /// <summary>Whole numbers wrap around, as Kusto's do; what has no result is null.</summary>
    internal static KqlValue Compute(KqlValue left, KqlValue right, Operation operation)
    {
        if (left.Type == KqlType.Dynamic || right.Type == KqlType.Dynamic)
        {
            return ComputeDynamic(left, right, operation);
        }

        var result = ResultType(left.Type, right.Type, operation);
        if (left.IsNull || right.IsNull)
        {
            return KqlValue.Null(result);
        }

        if (left.Type == KqlType.Decimal || right.Type == KqlType.Decimal)
        {
            return ComputeDecimal(left, right, result, operation);
        }

        if (left.Type == KqlType.Real || right.Type == KqlType.Real || result == KqlType.Real)
        {
            var real = ComputeReal(left.AsReal, right.AsReal, operation);
            return result == KqlType.Real ? KqlValue.Real(real) : FromTicks(real, result);
        }

        return ComputeWhole(left.AsLong, right.AsLong, operation) is { } whole ? Typed(whole, result) : KqlValue.Null(result);
    }

    private static KqlValue ComputeDecimal(KqlValue left, KqlValue right, KqlType result, Operation operation)
    {
        var (a, b) = (left.AsDecimal, right.AsDecimal);
        var value = operation switch
        {
            Operation.Add => KqlDecimal.Add(a, b),
            Operation.Subtract => KqlDecimal.Subtract(a, b),
            Operation.Multiply => KqlDecimal.Multiply(a, b),
            Operation.Divide => KqlDecimal.Divide(a, b),
            _ => KqlDecimal.Remainder(a, b) is { } rest ? rest.Sign < 0 ? KqlDecimal.Add(rest, b.Abs()) : rest : null,
        };
        return result == KqlType.Decimal ? KqlValue.Decimal(value) : value is null ? KqlValue.Null(result) : FromTicks(value.ToDouble(), result);
    }

    private static double ComputeReal(double a, double b, Operation operation) => operation switch
    {
        Operation.Add => a + b,
        Operation.Subtract => a - b,
        Operation.Multiply => a * b,
        Operation.Divide => a / b,
        _ => PositiveRemainder(a, b),
    };

    private static double PositiveRemainder(double a, double b)
    {
        var rest = a % b;
        return rest < 0 ? rest + Math.Abs(b) : rest;
    }

    private static long? ComputeWhole(long a, long b, Operation operation) => operation switch
    {
        Operation.Add => unchecked(a + b),
        Operation.Subtract => unchecked(a - b),
        Operation.Multiply => unchecked(a * b),
        Operation.Divide => b == 0 ? null : b == -1 ? unchecked(-a) : a / b,
        _ => b is 0 ? null : b is -1 ? 0 : Wrapped(a % b, b),
    };

    private static long Wrapped(long rest, long divisor) => rest < 0 ? unchecked(rest + (divisor < 0 ? -divisor : divisor)) : rest;

    private static KqlValue ComputeDynamic(KqlValue left, KqlValue right, Operation operation)
    {
        var (a, b) = (Json.ToNumber(left), Json.ToNumber(right));
        var result = left.Type != KqlType.Dynamic ? left.Type : right.Type;
        if (result == KqlType.Int)
        {
            result = KqlType.Long;
        }

        var value = a.IsNull || b.IsNull ? KqlValue.Null(result) : Compute(a, b, operation);
        return result == KqlType.Dynamic ? Json.FromValue(value) : Conversion.To(value, result);
    }

    private static KqlType ResultType(KqlType left, KqlType right, Operation operation)
    {
        var l = left is KqlType.DateTime or KqlType.TimeSpan;
        var r = right is KqlType.DateTime or KqlType.TimeSpan;
        if (!l && !r)
        {
            return Widest(left, right);
        }

        return operation switch
        {
            Operation.Subtract when left == KqlType.DateTime && right == KqlType.DateTime => KqlType.TimeSpan,
            Operation.Divide when l && r => KqlType.Real,
            Operation.Modulo when l && r => KqlType.TimeSpan,
            _ => left == KqlType.DateTime || right == KqlType.DateTime ? KqlType.DateTime : KqlType.TimeSpan,
        };
    }

    internal static KqlType Widest(KqlType left, KqlType right) =>
        left == KqlType.Decimal || right == KqlType.Decimal ? KqlType.Decimal
        : left == KqlType.Real || right == KqlType.Real ? KqlType.Real
        : left == KqlType.Int && right == KqlType.Int ? KqlType.Int
        : KqlType.Long;

    internal static KqlValue Typed(long value, KqlType type) => type switch
    {
        KqlType.Int => KqlValue.Int(unchecked((int)value)),
        KqlType.DateTime => value is >= 0 and <= KqlTime.MaxTicks ? KqlValue.DateTime(value) : KqlValue.Null(type),
        KqlType.TimeSpan => KqlValue.TimeSpan(value),
        KqlType.Real => KqlValue.Real((double)value),
        _ => KqlValue.Long(value),
    };

    private static KqlValue FromTicks(double ticks, KqlType type) =>
        double.IsFinite(ticks) && Math.Abs(ticks) < 9.2e18 ? Typed((long)ticks, type) : KqlValue.Null(type);

    private static KqlValue Negate(KqlValue value) => value switch
    {
        { Type: KqlType.Dynamic } => Json.ToNumber(value) is { IsNull: false } number ? Json.FromValue(Negate(number)) : KqlValue.Null(KqlType.Dynamic),
        { Type: KqlType.Real } => KqlValue.Real(-value.AsReal),
        { Type: KqlType.Decimal } => KqlValue.Decimal(value.AsDecimal.Negate()),
        { Type: KqlType.TimeSpan } => KqlValue.TimeSpan(unchecked(-value.AsLong)),
        { Type: KqlType.DateTime } => Typed(unchecked(-value.AsLong), KqlType.DateTime),
        _ => KqlValue.Long(unchecked(-value.AsLong)),
    };

    private static string? Plain(SqlCall c, string symbol)
    {
        if (c.AllOf(TypeSet.Integer | TypeSet.Real) && c.Result == KqlType.Real)
        {
            return $"({AsDouble(c, 0)} {symbol} {AsDouble(c, 1)})";
        }

        if (!c.AllOf(TypeSet.Integer | Ticks))
        {
            return null;
        }

        if (c.AllOf(TypeSet.Int))
        {
            // Two ints cannot leave the range of long; the result type is int or long as the binder says.
            var wide = $"(({c[0]})::BIGINT {symbol} {c[1]})";
            return c.Result == KqlType.Int ? $"coalesce(try_cast({wide} AS INTEGER), {c.Managed()})" : wide;
        }

        var sum = $"({AsBigint(c, 0)} {symbol} {AsBigint(c, 1)})";
        return c.Result == KqlType.DateTime && IsModest(c) ? sum : symbol != "*" && c.AllOf(TypeSet.DateTime) ? sum
            : c.Result == KqlType.DateTime ? $"try({sum})" : $"coalesce(try{sum}, {c.Managed()})";
    }

    /// <summary>A tick count that cannot carry a valid datetime past the range of a long.</summary>
    private static bool IsModest(SqlCall c) =>
        c.Arguments.Any(a => a.IsConstant && a.Constant is > -KqlTime.MaxTicks and < KqlTime.MaxTicks)
        || c.Arguments.All(a => a.Type == KqlType.DateTime);

    private static string? Divide(SqlCall c)
    {
        if (c.AllOf(TypeSet.Integer | TypeSet.Real) && c.Result == KqlType.Real)
        {
            return $"({AsDouble(c, 0)} / {AsDouble(c, 1)})";
        }

        if (c.AllOf(Ticks) && c.Result == KqlType.Real)
        {
            return $"(({c[0]})::DOUBLE / ({c[1]})::DOUBLE)";
        }

        var safe = c.Arguments[1] is { IsConstant: true, Constant: long or int } divisor && Convert.ToInt64(divisor.Constant, CultureInfo.InvariantCulture) is not (0 or -1);
        return c.AllOf(TypeSet.Integer) || (c.Result == KqlType.TimeSpan && c.AllOf(TypeSet.Integer | TypeSet.TimeSpan))
            ? safe ? Narrow(c, $"({AsBigint(c, 0)} // {AsBigint(c, 1)})") : null
            : null;
    }

    private static string? Modulo(SqlCall c)
    {
        if (c.AllOf(TypeSet.Integer) && c.Arguments[1] is { IsConstant: true, Constant: long or int } divisor)
        {
            var d = Convert.ToInt64(divisor.Constant, CultureInfo.InvariantCulture);
            return d is 0 or -1 or long.MinValue
                ? null
                : Narrow(c, string.Create(CultureInfo.InvariantCulture, $"((({AsBigint(c, 0)} % {Math.Abs(d)}) + {Math.Abs(d)}) % {Math.Abs(d)})"));
        }

        return null;
    }

    private static string Narrow(SqlCall c, string sql) => c.Result == KqlType.Int ? $"({sql})::INTEGER" : sql;

    private static string AsDouble(SqlCall c, int index) => c.TypeOf(index) == KqlType.Real ? c[index] : $"({c[index]})::DOUBLE";

    private static string AsBigint(SqlCall c, int index) => c.TypeOf(index) == KqlType.Int ? $"({c[index]})::BIGINT" : c[index];
}
