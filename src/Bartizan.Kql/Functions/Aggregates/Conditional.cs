namespace Bartizan.Kql.Functions.Aggregates;

/// <summary>Writes an aggregate; <paramref name="filter"/> is empty or a <c>FILTER</c> clause that belongs behind each aggregate call.</summary>
internal delegate string? AggregateSql(SqlCall call, string filter);

/// <summary>Aggregates and their <c>…if</c> forms, which see only the rows where a predicate holds.</summary>
internal static class Conditional
{
    /// <summary>The function and its conditional form. The predicate stands behind the first <paramref name="before"/> arguments.</summary>
    /// <param name="signatures">With <c>[if]</c> where the predicate goes.</param>
    public static IEnumerable<KqlFunction> Pair(
        string name, string conditionalName, string signatures, string doc, AggregateFactory state, AggregateSql? sql, int before = 1, string? prefix = null, IReadOnlyList<string>? conditionalAliases = null)
    {
        yield return new KqlFunction(name, signatures.Replace("[if]", "", StringComparison.Ordinal), doc)
        {
            Kind = FunctionKind.Aggregate,
            Nulls = NullRule.Handled,
            Naming = NameRule.Prefixed(prefix ?? name),
            Aggregate = state,
            DuckDb = sql is null ? null : c => sql(c, ""),
        };
        yield return new KqlFunction(conditionalName, signatures.Replace("[if]", ", predicate:bool", StringComparison.Ordinal), $"{doc.TrimEnd('.')}, over the rows where the predicate holds.")
        {
            Kind = FunctionKind.Aggregate,
            Nulls = NullRule.Handled,
            Naming = NameRule.Prefixed(prefix ?? conditionalName),
            Aliases = conditionalAliases ?? [],
            Aggregate = types => new ConditionalState(state([.. types.Where((_, i) => i != before)]), before),
            DuckDb = sql is null ? null : c => sql(c with { Arguments = [.. c.Arguments.Where((_, i) => i != before)] }, $" FILTER (WHERE {c[before]})"),
        };
    }

    private sealed class ConditionalState(AggregateState inner, int predicate) : AggregateState
    {
        private KqlValue[] rest = [];

        public override void Add(ReadOnlySpan<KqlValue> row)
        {
            if (row[predicate].IsNull || !row[predicate].AsBool)
            {
                return;
            }

            if (rest.Length != row.Length - 1)
            {
                rest = new KqlValue[row.Length - 1];
            }

            row[..predicate].CopyTo(rest);
            row[(predicate + 1)..].CopyTo(rest.AsSpan(predicate));
            inner.Add(rest);
        }

        public override void Merge(AggregateState later) => inner.Merge(((ConditionalState)later).Inner);

        public override KqlValue Finish() => inner.Finish();

        public override KqlValue Finish(int element) => inner.Finish(element);

        private AggregateState Inner => inner;
    }
}
