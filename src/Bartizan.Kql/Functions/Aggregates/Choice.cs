using Bartizan.Kql.Functions.Operators;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Aggregates;

/// <summary>Values of one chosen row of each group: the one where an expression is largest or smallest, or any.</summary>
internal static class Choice
{
    public static IEnumerable<KqlFunction> All() =>
    [
        Extreme("arg_max", "The row where the first argument is largest: that value, and the others in that row.", 1, new NameRule(NameRuleKind.ArgExtreme, "max")),
        Extreme("arg_min", "The row where the first argument is smallest: that value, and the others in that row.", -1, new NameRule(NameRuleKind.ArgExtreme, "min")),
        Extreme("argmax", "Old spelling of arg_max, with longer column names.", 1, new NameRule(NameRuleKind.ArgExtremePrefixed, "max")),
        Extreme("argmin", "Old spelling of arg_min, with longer column names.", -1, new NameRule(NameRuleKind.ArgExtremePrefixed, "min")),
        Any("take_any", "The values of one row; of one column, a value that is neither null nor empty where there is one.", new NameRule(NameRuleKind.EachArgument, "any")),
        Any("any", "Old spelling of take_any, with longer column names.", new NameRule(NameRuleKind.EachArgumentPrefixed, "any")),
        AnyIf("take_anyif", NameRule.FirstArgument),
        AnyIf("anyif", NameRule.Prefixed("anyif")),
    ];

    private static KqlFunction Extreme(string name, string doc, int sign, NameRule naming) =>
        new(name, $"({(sign > 0 ? "maximized" : "minimized")}:orderable, returned:any*~?) -> several", doc)
        {
            Kind = FunctionKind.Aggregate,
            Nulls = NullRule.Handled,
            Naming = naming,
            Aggregate = types => new ExtremeRow(types, sign),
            DuckDb = c => ExtremeSql(c, sign),
        };

    private static KqlFunction Any(string name, string doc, NameRule naming) => new(name, "(value:any*~) -> several", doc)
    {
        Kind = FunctionKind.Aggregate,
        Nulls = NullRule.Handled,
        Naming = naming,
        Aggregate = types => new AnyRow(types),
        DuckDb = c => c.Count == 1 ? AnySql(c, "") : c.TypeOf(c.Element) == KqlType.String ? $"coalesce(first({c[c.Element]}), '')" : $"first({c[c.Element]})",
    };

    private static KqlFunction AnyIf(string name, NameRule naming) =>
        Conditional.Pair("", name, "(value:any[if]) -> $0", "A value that is neither null nor empty where there is one.", types => new AnyRow(types), AnySql).Last() with { Naming = naming };

    private static string AnySql(SqlCall c, string filter) =>
        c.TypeOf(0) == KqlType.String ? $"coalesce(any_value(nullif({c[0]}, '')){filter}, '')" : $"any_value({c[0]}){filter}";

    private static string? ExtremeSql(SqlCall c, int sign)
    {
        if (Ranked(c, sign) is not { } rank)
        {
            return null;
        }

        if (c.Element == 0)
        {
            var extreme = $"{(sign > 0 ? "max" : "min")}({(c.TypeOf(0) == KqlType.Real ? $"CASE WHEN isnan({c[0]}) THEN NULL ELSE {c[0]} END" : c[0])})";
            return c.TypeOf(0) == KqlType.String ? $"coalesce({extreme}, '')" : extreme;
        }

        var chosen = $"{(sign > 0 ? "arg_max_null" : "arg_min_null")}({c[c.Element]}, {rank})";
        return c.TypeOf(c.Element) == KqlType.String ? $"coalesce({chosen}, '')" : chosen;
    }

    /// <summary>What the rows are ranked by. A null ranks behind all, so that a group of nulls still gives a row.</summary>
    private static string? Ranked(SqlCall c, int sign) => c.TypeOf(0) switch
    {
        KqlType.String => c[0],
        KqlType.Real => $"(CASE WHEN {c[0]} IS NULL OR isnan({c[0]}) THEN '{(sign > 0 ? "-" : "")}inf'::DOUBLE ELSE {c[0]} END)",
        KqlType.Bool => $"coalesce({c[0]}::TINYINT, {(sign > 0 ? "-1" : "2")})",
        KqlType.Int or KqlType.Long or KqlType.DateTime or KqlType.TimeSpan =>
            c.Arguments[0].MayBeNull ? $"coalesce({c[0]}::BIGINT, {(sign > 0 ? "-9223372036854775807" : "9223372036854775807")}::BIGINT)" : c[0],
        _ => null,
    };

    private sealed class ExtremeRow(IReadOnlyList<KqlType> types, int sign) : AggregateState
    {
        private KqlValue[]? best;

        public override void Add(ReadOnlySpan<KqlValue> row)
        {
            if (best is null || IsBetter(row[0]))
            {
                best = row.ToArray();
            }
        }

        public override void Merge(AggregateState later)
        {
            if (((ExtremeRow)later).best is { } other && (best is null || IsBetter(other[0])))
            {
                best = other;
            }
        }

        public override KqlValue Finish() => Finish(0);

        public override KqlValue Finish(int element) =>
            best is not null && element < best.Length ? best[element] : KqlValue.Null(element < types.Count ? types[element] : KqlType.Dynamic);

        private bool IsBetter(KqlValue value) =>
            !IsNothing(value) && (IsNothing(best![0]) || Comparison.Compare(value, best[0]) * sign > 0);

        private static bool IsNothing(KqlValue value) => value.IsNull || (value.Type == KqlType.Real && double.IsNaN(value.AsReal));
    }

    private sealed class AnyRow(IReadOnlyList<KqlType> types) : AggregateState
    {
        private KqlValue[]? chosen;

        public override void Add(ReadOnlySpan<KqlValue> row)
        {
            if (chosen is null || (chosen.Length == 1 && IsNothing(chosen[0]) && !IsNothing(row[0])))
            {
                chosen = row.ToArray();
            }
        }

        public override void Merge(AggregateState later)
        {
            if (((AnyRow)later).chosen is { } other)
            {
                Add(other);
            }
        }

        public override KqlValue Finish() => Finish(0);

        public override KqlValue Finish(int element) =>
            chosen is not null && element < chosen.Length ? chosen[element] : KqlValue.Null(element < types.Count ? types[element] : KqlType.Dynamic);

        private static bool IsNothing(KqlValue value) => value.IsNull || (value.Type == KqlType.String && value.AsText.Length == 0);
    }
}
