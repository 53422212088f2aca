using Bartizan.Kql.Functions.Operators;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Values;

/// <summary>Choosing among values and asking whether there is one: iff, case, coalesce, isnull, isempty, not.</summary>
internal static class Conditions
{
    public static IEnumerable<KqlFunction> All() =>
    [
        new("iff", "(if:bool, then:branch, else:branch) -> common", "The second argument where the first is true, otherwise the third.")
        {
            Aliases = ["iif"],
            Nulls = NullRule.Handled,
            DuckDb = c => Case(c),
            Managed = a => Chosen(a),
        },
        new("case", "(predicate:bool*, then:branch*, else:branch) -> common", "The value after the first predicate that is true; the last value when none is.")
        {
            Nulls = NullRule.Handled,
            DuckDb = c => Case(c),
            Managed = a => Chosen(a),
        },
        new("coalesce", "(arg:common*64) -> common", "The first of the arguments that is not null; for text, that is not empty.")
        {
            Nulls = NullRule.Handled,
            DuckDb = c => c.Arguments.Any(a => a.Type != c.Result) ? null
                : c.Result == KqlType.String ? $"coalesce({string.Join(", ", c.Arguments.Select(a => $"nullif({a.Sql}, '')"))}, '')"
                : $"coalesce({string.Join(", ", c.Arguments.Select(a => a.Sql))})",
            Managed = a => First(a),
        },
        Extreme("max_of", "The greatest of the arguments; nulls are left out.", greatest: true),
        Extreme("min_of", "The least of the arguments; nulls are left out.", greatest: false),
        new("not", "(expression:bool) -> bool", "True for false and false for true; null for null.")
        {
            DuckDb = c => c.TypeOf(0) == KqlType.Bool ? $"(NOT {c[0]})" : null,
            Managed = a => Conversion.ToBool(a[0]) is { IsNull: false } value ? KqlValue.Bool(!value.AsBool) : KqlValue.Null(KqlType.Bool),
        },
        new("isnull", "(value:any) -> bool", "Whether the value is null; text never is.")
        {
            Nulls = NullRule.Handled,
            DuckDb = c => c.TypeOf(0) == KqlType.String ? "false" : $"({c[0]} IS NULL)",
            Managed = a => KqlValue.Bool(a[0].IsNull),
        },
        new("isnotnull", "(value:any) -> bool", "Whether the value is not null; text never is.")
        {
            Aliases = ["notnull"],
            Nulls = NullRule.Handled,
            DuckDb = c => c.TypeOf(0) == KqlType.String ? "true" : $"({c[0]} IS NOT NULL)",
            Managed = a => KqlValue.Bool(!a[0].IsNull),
        },
        new("isempty", "(value:any) -> bool", "Whether the value is null or the empty text.")
        {
            Nulls = NullRule.Handled,
            DuckDb = c => Empty(c, "=", "IS NULL", "OR"),
            Managed = a => KqlValue.Bool(IsEmpty(a[0])),
        },
        new("isnotempty", "(value:any) -> bool", "Whether the value is neither null nor the empty text.")
        {
            Aliases = ["notempty"],
            Nulls = NullRule.Handled,
            DuckDb = c => Empty(c, "<>", "IS NOT NULL", "AND"),
            Managed = a => KqlValue.Bool(!IsEmpty(a[0])),
        },
        new("around", "(value:summable, center:summable, delta:summable) -> bool", "Whether the value lies no further than delta from the center.")
        {
            Managed = a => Around(a[0], a[1], a[2]),
        },
    ];

    internal static bool IsEmpty(KqlValue value) => value.IsNull || (value.Type is KqlType.String or KqlType.Dynamic && Conversion.ToText(value).Length == 0);

    private static KqlValue Chosen(ReadOnlySpan<KqlValue> arguments)
    {
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            if (Conversion.ToBool(arguments[i]) is { IsNull: false, AsBool: true })
            {
                return Common(arguments[i + 1], arguments);
            }
        }

        return Common(arguments[^1], arguments);
    }

    /// <summary>The branch in the type that all branches have in common; the binder brings about the same type for the result.</summary>
    private static KqlValue Common(KqlValue chosen, ReadOnlySpan<KqlValue> arguments)
    {
        var type = arguments[^1].Type;
        for (var i = 1; i < arguments.Length; i += 2)
        {
            type = CommonType(type, arguments[i].Type);
        }

        return Conversion.To(chosen, type);
    }

    internal static KqlType CommonType(KqlType left, KqlType right) =>
        left == right ? left
        : IsNumber(left) && IsNumber(right) ? Arithmetic.Widest(left, right)
        : left == KqlType.Dynamic ? right
        : right == KqlType.Dynamic ? left
        : KqlType.Dynamic;

    private static bool IsNumber(KqlType type) => type is KqlType.Int or KqlType.Long or KqlType.Real or KqlType.Decimal;

    private static KqlValue First(ReadOnlySpan<KqlValue> arguments)
    {
        var type = arguments[0].Type;
        foreach (var argument in arguments[1..])
        {
            type = CommonType(type, argument.Type);
        }

        foreach (var argument in arguments)
        {
            if (!argument.IsNull && !(argument.Type == KqlType.String && argument.AsText.Length == 0))
            {
                return Conversion.To(argument, type);
            }
        }

        return KqlValue.Null(type);
    }

    private static KqlFunction Extreme(string name, string doc, bool greatest) => new(name, "(arg:commonorderable*64) -> common", doc)
    {
        Nulls = NullRule.Handled,
        DuckDb = c => c.Arguments.All(a => a.Type == c.Result) && c.Result is KqlType.Int or KqlType.Long or KqlType.DateTime or KqlType.TimeSpan
            ? $"{(greatest ? "greatest" : "least")}({string.Join(", ", c.Arguments.Select(a => a.Sql))})" : null,
        Managed = a =>
        {
            var type = a[0].Type;
            var best = KqlValue.Null(type);
            foreach (var value in a)
            {
                type = CommonType(type, value.Type);
                if (!value.IsNull && (best.IsNull || (best.Type == KqlType.String && best.AsText.Length == 0) || Comparison.Compare(value, best) is { } order && (greatest ? order > 0 : order < 0)))
                {
                    best = value;
                }
            }

            return best.IsNull ? KqlValue.Null(type) : Conversion.To(best, type);
        },
    };

    private static KqlValue Around(KqlValue value, KqlValue center, KqlValue delta)
    {
        var from = Arithmetic.Compute(center, delta, Arithmetic.Operation.Subtract);
        var to = Arithmetic.Compute(center, delta, Arithmetic.Operation.Add);
        return Comparison.Compare(value, from) is { } low && Comparison.Compare(value, to) is { } high ? KqlValue.Bool(low >= 0 && high <= 0) : KqlValue.Null(KqlType.Bool);
    }

    /// <summary>Only branches of one type: the engine would find its own common type for others.</summary>
    private static string? Case(SqlCall c)
    {
        for (var i = 0; i < c.Count; i++)
        {
            var isPredicate = i % 2 == 0 && i < c.Count - 1;
            if (c.TypeOf(i) != (isPredicate ? KqlType.Bool : c.Result))
            {
                return null;
            }
        }

        var branches = Enumerable.Range(0, c.Count / 2).Select(i => $"WHEN {c[2 * i]} THEN {c[(2 * i) + 1]}");
        return $"(CASE {string.Join(' ', branches)} ELSE {c[c.Count - 1]} END)";
    }

    private static string? Empty(SqlCall c, string equal, string isNull, string join) => c.TypeOf(0) switch
    {
        KqlType.String => $"({c[0]} {equal} '')",
        // A dynamic empty string is text that is empty.
        KqlType.Dynamic => $"({c[0]} {isNull} {join} {c[0]} {equal} '\"\"')",
        KqlType.Unknown => null,
        _ => $"({c[0]} {isNull})",
    };
}
