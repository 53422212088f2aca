using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Operators;

/// <summary>in, !in and their case-blind forms, over a list or the elements of an array.</summary>
internal static class Membership
{
    private const string Signature = "(value:any, items:any*) -> bool; (value:any, items:table) -> bool";
    private const string TextSignature = "(value:text, items:any*) -> bool; (value:text, items:table) -> bool";

    public static IEnumerable<KqlFunction> All() =>
    [
        new("_in", Signature, "in: the value is one of the list.")
        {
            Kind = FunctionKind.Operator,
            Nulls = NullRule.Handled,
            DuckDb = c => InSql(c, negated: false),
            Managed = a => KqlValue.Bool(IsIn(a, ignoreCase: false)),
        },
        new("_not_in", Signature, "!in: the value is none of the list.")
        {
            Kind = FunctionKind.Operator,
            Nulls = NullRule.Handled,
            DuckDb = c => InSql(c, negated: true),
            Managed = a => KqlValue.Bool(!IsIn(a, ignoreCase: false)),
        },
        new("_in_ci", TextSignature, "in~: the text is one of the list, whatever the case.")
        {
            Kind = FunctionKind.Operator,
            Nulls = NullRule.Handled,
            Matcher = rest => new SetMatcher(Operators.TextSearch.Terms(rest), negated: false),
            Managed = a => KqlValue.Bool(IsIn(a, ignoreCase: true)),
        },
        new("_not_in_ci", TextSignature, "!in~: the text is none of the list, whatever the case.")
        {
            Kind = FunctionKind.Operator,
            Nulls = NullRule.Handled,
            Matcher = rest => new SetMatcher(Operators.TextSearch.Terms(rest), negated: true),
            Managed = a => KqlValue.Bool(!IsIn(a, ignoreCase: true)),
        },
    ];

    private static bool IsIn(ReadOnlySpan<KqlValue> arguments, bool ignoreCase)
    {
        var value = arguments[0];
        foreach (var item in arguments[1..])
        {
            if (item.Type == KqlType.Dynamic && Json.Array(item) is { } elements)
            {
                foreach (var element in elements)
                {
                    if (Same(value, Json.ToDynamic(element), ignoreCase))
                    {
                        return true;
                    }
                }
            }
            else if (Same(value, item, ignoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Same(KqlValue value, KqlValue item, bool ignoreCase)
    {
        if (ignoreCase)
        {
            return string.Equals(Conversion.ToText(value), Conversion.ToText(item), StringComparison.OrdinalIgnoreCase);
        }

        var equal = Comparison.Equal(value, item, negated: false);
        return !equal.IsNull && equal.AsBool;
    }

    private static string? InSql(SqlCall c, bool negated)
    {
        // Lists of one type, none of them null, are the engine's own IN; a null value is in no list.
        var simple = c.Arguments.Skip(1).All(a => a.Type == c.TypeOf(0) && !a.MayBeNull)
            && c.TypeOf(0) is KqlType.String or KqlType.Int or KqlType.Long or KqlType.DateTime or KqlType.TimeSpan or KqlType.Guid or KqlType.Bool;
        var mixedWhole = c.AllOf(TypeSet.Integer) && c.Arguments.Skip(1).All(a => !a.MayBeNull);
        if (!(simple || mixedWhole) || c.Count < 2)
        {
            return null;
        }

        var list = string.Join(", ", c.Arguments.Skip(1).Select(a => a.Sql));
        return c.Arguments[0].MayBeNull && !(c.NullIsFalse && !negated)
            ? $"coalesce({c[0]} {(negated ? "NOT " : "")}IN ({list}), {(negated ? "true" : "false")})"
            : $"({c[0]} {(negated ? "NOT " : "")}IN ({list}))";
    }

    private sealed class SetMatcher(List<string> items, bool negated) : TextMatcher
    {
        private readonly List<Text.Utf8Needle> needles = [.. items.Take(8).Select(i => new Text.Utf8Needle(i, ignoreCase: true))];
        private readonly HashSet<string>? set = items.Count > 8 ? new HashSet<string>(items, StringComparer.OrdinalIgnoreCase) : null;

        public override bool IsMatch(ReadOnlySpan<byte> text)
        {
            if (set is not null)
            {
                return set.Contains(System.Text.Encoding.UTF8.GetString(text)) != negated;
            }

            foreach (var needle in needles)
            {
                if (needle.IsAllOf(text))
                {
                    return !negated;
                }
            }

            return negated;
        }
    }
}
