using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Operators;

/// <summary>
/// == != &lt; and the rest. Equality with one null is false (inequality true); with two nulls it is null. Order with a null is null. NaN equals nothing.
/// </summary>
internal static class Comparison
{
    private const string Equality = "(left:any, right:any) -> bool";
    private const string Order =
        "(left:number|bool, right:number|bool) -> bool; (left:timespan, right:timespan) -> bool; (left:datetime, right:datetime) -> bool; "
        + "(left:guid, right:guid) -> bool; (left:dynamic, right:dynamic) -> bool; "
        + "(left:dynamic, right:summable) -> bool; (left:summable, right:dynamic) -> bool";

    private const string Between =
        "(value:number, start:number, end:number) -> bool; (value:timespan, start:timespan, end:timespan) -> bool; (value:datetime, start:datetime, end:datetime) -> bool; "
        + "(value:datetime, start:datetime, end:timespan) -> bool; (value:number, start:dynamic, end:dynamic) -> bool; (value:dynamic, start:number, end:number) -> bool; "
        + "(value:dynamic, start:dynamic, end:dynamic) -> bool; (value:datetime, start:dynamic, end:dynamic) -> bool; (value:dynamic, start:datetime, end:datetime) -> bool";

    public static IEnumerable<KqlFunction> All() =>
    [
        new("_equal", Equality, "x == y: the two are the same value.")
        {
            Kind = FunctionKind.Operator,
            Nulls = NullRule.Handled,
            DuckDb = c => EqualSql(c, negated: false),
            Managed = a => Equal(a[0], a[1], negated: false),
        },
        new("_not_equal", Equality, "x != y: the two are not the same value.")
        {
            Kind = FunctionKind.Operator,
            Nulls = NullRule.Handled,
            DuckDb = c => EqualSql(c, negated: true),
            Managed = a => Equal(a[0], a[1], negated: true),
        },
        Ordered("_less", "<", "x < y: x comes before y.", sign => sign < 0),
        Ordered("_less_or_equal", "<=", "x <= y: x does not come after y.", sign => sign <= 0),
        Ordered("_greater", ">", "x > y: x comes after y.", sign => sign > 0),
        Ordered("_greater_or_equal", ">=", "x >= y: x does not come before y.", sign => sign >= 0),
        new("_between", Between, "x between (a .. b): within the bounds, both included; b may be a timespan after a.")
        {
            Kind = FunctionKind.Operator,
            DuckDb = BetweenSql,
            Managed = a => Within(a[0], a[1], a[2]),
        },
        new("_not_between", Between, "x !between (a .. b): outside the bounds.")
        {
            Kind = FunctionKind.Operator,
            DuckDb = c => BetweenSql(c) is { } sql ? $"(NOT {sql})" : null,
            Managed = a => Within(a[0], a[1], a[2]) is { IsNull: false } within ? KqlValue.Bool(!within.AsBool) : KqlValue.Null(KqlType.Bool),
        },
    ];

    /// <summary>The order of two values of comparable types; null where there is none (a null, NaN, unlike types).</summary>
    internal static int? Compare(KqlValue left, KqlValue right)
    {
        if (left.IsNull || right.IsNull)
        {
            return null;
        }

        if (left.Type == KqlType.Dynamic || right.Type == KqlType.Dynamic)
        {
            var (a, b) = Json.Alike(left, right);
            return a.Type == KqlType.Dynamic || b.Type == KqlType.Dynamic
                ? left.Type == KqlType.Dynamic && right.Type == KqlType.Dynamic && Json.AreEqual(left.AsText, right.AsText) ? 0 : null
                : Compare(a, b);
        }

        if (left.Type == KqlType.String || right.Type == KqlType.String)
        {
            return left.Type == right.Type ? string.CompareOrdinal(left.AsText, right.AsText) : null;
        }

        if (left.Type == KqlType.Guid || right.Type == KqlType.Guid)
        {
            return left.Type == right.Type ? string.CompareOrdinal(left.AsGuid.ToString("D"), right.AsGuid.ToString("D")) : null;
        }

        if (left.Type == KqlType.Decimal || right.Type == KqlType.Decimal)
        {
            return left.AsDecimal.CompareTo(right.AsDecimal);
        }

        if (left.Type == KqlType.Real || right.Type == KqlType.Real)
        {
            var (a, b) = (left.AsReal, right.AsReal);
            return double.IsNaN(a) || double.IsNaN(b) ? null : a.CompareTo(b);
        }

        return left.AsLong.CompareTo(right.AsLong);
    }

    internal static KqlValue Equal(KqlValue left, KqlValue right, bool negated)
    {
        if (left.IsNull || right.IsNull)
        {
            return left.IsNull && right.IsNull ? KqlValue.Null(KqlType.Bool) : KqlValue.Bool(negated);
        }

        var equal = (left.Type, right.Type) switch
        {
            (KqlType.Dynamic, KqlType.String) => Conversion.ToText(left) == right.AsText,
            (KqlType.String, KqlType.Dynamic) => left.AsText == Conversion.ToText(right),
            _ => Compare(left, right) == 0,
        };
        return KqlValue.Bool(equal != negated);
    }

    private static KqlValue Within(KqlValue value, KqlValue start, KqlValue end)
    {
        if (end.Type == KqlType.TimeSpan && start.Type == KqlType.DateTime)
        {
            end = Arithmetic.Compute(start, end, Arithmetic.Operation.Add);
        }

        return value.IsNull || start.IsNull || end.IsNull ? KqlValue.Null(KqlType.Bool) : KqlValue.Bool(Compare(value, start) >= 0 && Compare(value, end) <= 0);
    }

    private static KqlFunction Ordered(string name, string symbol, string doc, Func<int, bool> holds) => new(name, Order, doc)
    {
        Kind = FunctionKind.Operator,
        DuckDb = c => OrderSql(c, symbol),
        Managed = a => a[0].IsNull || a[1].IsNull ? KqlValue.Null(KqlType.Bool) : KqlValue.Bool(Compare(a[0], a[1]) is { } sign && holds(sign)),
    };

    private static bool IsNative(SqlCall c) =>
        c.AllOf(TypeSet.Integer | TypeSet.Real) || (c.TypeOf(0) == c.TypeOf(1) && c.AllOf(TypeSet.String | TypeSet.Guid | TypeSet.DateTime | TypeSet.TimeSpan | TypeSet.Bool));

    private static bool MayBeNaN(SqlArgument argument) =>
        argument.Type == KqlType.Real && !(argument.IsConstant && argument.Constant is double value && !double.IsNaN(value));

    private static string? EqualSql(SqlCall c, bool negated)
    {
        if (!IsNative(c))
        {
            return null;
        }

        var (left, right) = (c.Arguments[0], c.Arguments[1]);
        var symbol = negated ? "<>" : "=";
        if (MayBeNaN(left) && MayBeNaN(right))
        {
            // Both NaN is the one case in which the engine finds equal what is not.
            return null;
        }

        if (!left.MayBeNull && !right.MayBeNull)
        {
            return $"({c[0]} {symbol} {c[1]})";
        }

        if (c.NullIsFalse && !negated)
        {
            return $"({c[0]} {symbol} {c[1]})";
        }

        var distinct = $"({c[0]} IS {(negated ? "" : "NOT ")}DISTINCT FROM {c[1]})";
        return !left.MayBeNull || !right.MayBeNull || c.NullIsFalse
            ? distinct
            : $"(CASE WHEN {c[0]} IS NULL AND {c[1]} IS NULL THEN NULL ELSE {distinct} END)";
    }

    private static string? OrderSql(SqlCall c, string symbol)
    {
        if (!IsNative(c))
        {
            return null;
        }

        // The engine sorts NaN above all numbers; in Kusto no order holds for it.
        var above = symbol[0] == '>' ? 0 : 1;
        return MayBeNaN(c.Arguments[above]) ? $"({c[0]} {symbol} {c[1]} AND NOT isnan({c[above]}))" : $"({c[0]} {symbol} {c[1]})";
    }

    private static string? BetweenSql(SqlCall c)
    {
        if (c.TypeOf(2) == KqlType.TimeSpan && c.TypeOf(0) == KqlType.DateTime && c.TypeOf(1) == KqlType.DateTime)
        {
            return $"({c[0]} BETWEEN {c[1]} AND ({c[1]} + {c[2]}))";
        }

        var native = c.AllOf(TypeSet.Integer | TypeSet.Real) || c.AllOf(TypeSet.DateTime) || c.AllOf(TypeSet.TimeSpan);
        return native && !MayBeNaN(c.Arguments[2]) ? $"({c[0]} BETWEEN {c[1]} AND {c[2]})" : null;
    }
}
