namespace Bartizan.Kql.Functions.Operators;

/// <summary>and, or: three-valued, as SQL's.</summary>
internal static class Logic
{
    private const string Signatures = "(left:bool, right:bool) -> bool; (left:dynamic, right:bool) -> bool; (left:bool, right:dynamic) -> bool; (left:dynamic, right:dynamic) -> bool";

    public static IEnumerable<KqlFunction> All() =>
    [
        new("_and", Signatures, "x and y: true when both are; false when one is false; otherwise null.")
        {
            Kind = FunctionKind.Operator,
            Nulls = NullRule.Handled,
            DuckDb = c => c.AllOf(TypeSet.Bool) ? $"({c[0]} AND {c[1]})" : null,
            Managed = a => Join(Conversion.ToBool(a[0]), Conversion.ToBool(a[1]), decisive: false),
        },
        new("_or", Signatures, "x or y: true when one is; false when both are false; otherwise null.")
        {
            Kind = FunctionKind.Operator,
            Nulls = NullRule.Handled,
            DuckDb = c => c.AllOf(TypeSet.Bool) ? $"({c[0]} OR {c[1]})" : null,
            Managed = a => Join(Conversion.ToBool(a[0]), Conversion.ToBool(a[1]), decisive: true),
        },
    ];

    private static KqlValue Join(KqlValue left, KqlValue right, bool decisive) =>
        (!left.IsNull && left.AsBool == decisive) || (!right.IsNull && right.AsBool == decisive) ? KqlValue.Bool(decisive)
        : left.IsNull || right.IsNull ? KqlValue.Null(Types.KqlType.Bool)
        : KqlValue.Bool(!decisive);
}
