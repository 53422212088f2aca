using Bartizan.Policy.Definitions;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Conditions;

/// <summary>
/// The 19 operators. A negated one holds wherever its positive twin does not, with one exception that Azure has too: where the
/// right side of <c>notContains</c> and <c>notContainsKey</c> has no value, neither twin holds.
/// </summary>
internal static class OperatorTable
{
    public static Func<PolicyValue, PolicyValue, bool> Of(Operator operation) => operation switch
    {
        Operator.Equals => AreEqual,
        Operator.NotEquals => (l, r) => !AreEqual(l, r),
        Operator.Like => IsLike,
        Operator.NotLike => (l, r) => !IsLike(l, r),
        Operator.Match => (l, r) => Matches(l, r, ignoreCase: false),
        Operator.NotMatch => (l, r) => !Matches(l, r, ignoreCase: false),
        Operator.MatchInsensitively => (l, r) => Matches(l, r, ignoreCase: true),
        Operator.NotMatchInsensitively => (l, r) => !Matches(l, r, ignoreCase: true),
        Operator.Contains => (l, r) => !l.IsUndefined && !r.IsUndefined && CollectionFunctions.Contains(l, r),
        Operator.NotContains => (l, r) => l.IsUndefined || (!r.IsUndefined && !CollectionFunctions.Contains(l, r)),
        Operator.In => IsIn,
        Operator.NotIn => (l, r) => !IsIn(l, r),
        Operator.ContainsKey => (l, r) => !r.IsUndefined && HasKey(l, r),
        Operator.NotContainsKey => (l, r) => l.IsUndefined || (!r.IsUndefined && !HasKey(l, r)),
        Operator.Less => (l, r) => Coercion.Order(l, r) < 0,
        Operator.LessOrEquals => (l, r) => Coercion.Order(l, r) <= 0,
        Operator.Greater => (l, r) => Coercion.Order(l, r) > 0,
        Operator.GreaterOrEquals => (l, r) => Coercion.Order(l, r) >= 0,
        Operator.Exists => Exists,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The operator with a right side that never changes, prepared once.</summary>
    public static Func<PolicyValue, bool> With(Operator operation, PolicyValue right)
    {
        switch (operation, right)
        {
            case (Operator.Equals, StringValue s):
                return l => l is StringValue t ? CaseFolding.Equal(t.Text, s.Text) : AreEqual(l, s);
            case (Operator.NotEquals, StringValue s):
                return l => !(l is StringValue t ? CaseFolding.Equal(t.Text, s.Text) : AreEqual(l, s));
            case (Operator.In, ArrayValue list) when IsPlainText(list):
                var set = TextSet(list);
                return l => l is StringValue t ? ContainsText(set, list, t) : IsIn(l, list);
            case (Operator.NotIn, ArrayValue list) when IsPlainText(list):
                var without = TextSet(list);
                return l => !(l is StringValue t ? ContainsText(without, list, t) : IsIn(l, list));
            case (Operator.Like or Operator.NotLike, _) when right.ToScalarText() is { } pattern:
                var folded = CaseFolding.Fold(pattern);
                var negated = operation == Operator.NotLike;
                return l => negated ^ (l.ToScalarText() is { } text && Patterns.Like(CaseFolding.Fold(text), folded));
            case (Operator.Exists, _):
                var expected = Coercion.ToBoolean(right) ?? false;
                return l => l.HasContent == expected;
            default:
                var test = Of(operation);
                return l => test(l, right);
        }
    }

    private static bool AreEqual(PolicyValue left, PolicyValue right) => left.IsUndefined ? right.IsNull : Coercion.Equal(left, right);

    private static bool IsLike(PolicyValue left, PolicyValue right) =>
        left.ToScalarText() is { } text && right.ToScalarText() is { } pattern && Patterns.Like(CaseFolding.Fold(text), CaseFolding.Fold(pattern));

    private static bool Matches(PolicyValue left, PolicyValue right, bool ignoreCase)
    {
        if (left.ToScalarText() is not { } text || right.ToScalarText() is not { } pattern)
        {
            return false;
        }

        return ignoreCase ? Patterns.Match(CaseFolding.Fold(text), CaseFolding.Fold(pattern)) : Patterns.Match(text, pattern);
    }

    /// <summary>Null is in no list; a place that does not exist is in a list that holds null.</summary>
    private static bool IsIn(PolicyValue left, PolicyValue right)
    {
        if (left.IsUndefined)
        {
            return right is ArrayValue nulls && Array.Exists(nulls.Items, i => i.IsNull);
        }

        if (left.IsNull || right.IsUndefined)
        {
            return false;
        }

        return right is ArrayValue list ? Array.Exists(list.Items, i => !i.IsNull && Coercion.Equal(i, left)) : Coercion.Equal(right, left);
    }

    private static bool HasKey(PolicyValue left, PolicyValue key) => left is ObjectValue o && CollectionFunctions.HasName(o, key);

    private static bool Exists(PolicyValue left, PolicyValue right) => left.HasContent == (Coercion.ToBoolean(right) ?? false);

    private static bool IsPlainText(ArrayValue list) =>
        list.Items.Length > 0 && Array.TrueForAll(list.Items, i => i is StringValue s && System.Text.Ascii.IsValid(s.Text));

    private static HashSet<string> TextSet(ArrayValue list) => list.Items.Select(i => i.AsText!).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static bool ContainsText(HashSet<string> set, ArrayValue list, StringValue text) =>
        set.Contains(text.Text) || (!System.Text.Ascii.IsValid(text.Text) && IsIn(text, list));
}
