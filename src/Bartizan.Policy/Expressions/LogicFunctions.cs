using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>true, false, null, not, equals, less, greater and kin. <c>if</c>, <c>and</c> and <c>or</c> are the compiler's, as they are lazy.</summary>
internal static class LogicFunctions
{
    public static IReadOnlyList<TemplateFunction> All { get; } =
    [
        new("true", 0, 0, _ => PolicyValue.True),
        new("false", 0, 0, _ => PolicyValue.False),
        new("null", 0, 0, _ => PolicyValue.Null),
        new("not", 1, 1, a => PolicyValue.Of(!a[0].IsTrue), SeesUndefined: true),
        new("equals", 2, 2, a => PolicyValue.Of(a[0].IsUndefined ? a[1].IsNull : Coercion.Equal(a[0], a[1])), SeesUndefined: true),
        new("less", 2, 2, a => Ordered(a, c => c < 0), SeesUndefined: true),
        new("lessOrEquals", 2, 2, a => Ordered(a, c => c <= 0), SeesUndefined: true),
        new("greater", 2, 2, a => Ordered(a, c => c > 0), SeesUndefined: true),
        new("greaterOrEquals", 2, 2, a => Ordered(a, c => c >= 0), SeesUndefined: true),
        new("coalesce", 1, FunctionTable.Many, a => a.FirstOrDefault(v => v.HasContent) ?? PolicyValue.Null, SeesUndefined: true),
    ];

    private static PolicyValue Ordered(PolicyValue[] a, Func<int, bool> test) =>
        PolicyValue.Of(Coercion.Order(a[0], a[1]) is { } order && test(order));
}
