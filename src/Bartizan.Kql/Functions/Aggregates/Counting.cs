using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Aggregates;

/// <summary>How many rows, and how many different values: exactly, or by a sketch that can be kept and merged.</summary>
internal static class Counting
{
    public static IEnumerable<KqlFunction> All() =>
    [
        new("count", "() -> long; (predicate:bool) -> long", "The number of rows.")
        {
            Kind = FunctionKind.Aggregate,
            Nulls = NullRule.Handled,
            Naming = NameRule.Prefixed("count"),
            DuckDb = c => c.Count == 0 ? "count(*)" : $"(count(*) FILTER (WHERE {c[0]}))",
            Aggregate = types => types.Count == 0 ? new RowCount() : new TrueCount(),
        },
        new("cnt", "() -> long", "The number of rows (old spelling of count).")
        {
            Kind = FunctionKind.Aggregate,
            Nulls = NullRule.Handled,
            Naming = NameRule.Prefixed("cnt"),
            DuckDb = _ => "count(*)",
            Aggregate = _ => new RowCount(),
        },
        new("countif", "(predicate:bool) -> long", "The number of rows where the predicate holds.")
        {
            Kind = FunctionKind.Aggregate,
            Nulls = NullRule.Handled,
            Naming = NameRule.Prefixed("countif"),
            DuckDb = c => $"(count(*) FILTER (WHERE {c[0]}))",
            Aggregate = _ => new TrueCount(),
        },
        .. Conditional.Pair("count_distinct", "count_distinctif", "(value:scalar[if]) -> long", "The exact number of different values; null is none of them.", _ => new DistinctState(), DistinctSql),
        .. Conditional.Pair(
            "dcount", "dcountif", "(value:any[if], accuracy:scalar?) -> long",
            "The number of different values, exact whatever the accuracy asked for (of dynamic and decimal values estimated beyond 2,048); null is none of them.", _ => new SketchState(asNumber: true), DistinctSql),
        .. Conditional.Pair("hll", "hll_if", "(value:any[if], accuracy:integer?) -> dynamic", "A sketch of the different values, for hll_merge and dcount_hll.", _ => new SketchState(asNumber: false), null),
        new("hll_merge", "(sketch:array) -> dynamic", "The sketch of all values of several sketches.")
        {
            Kind = FunctionKind.Aggregate,
            Nulls = NullRule.Handled,
            Naming = NameRule.Prefixed("hll_merge"),
            Aggregate = _ => new MergeState(),
        },
        new("hll_merge", "(sketch:array*16) -> dynamic", "The sketch of all values of several sketches.")
        {
            Nulls = NullRule.Handled,
            Naming = new NameRule(NameRuleKind.PrefixOnly, "hll_merged_result"),
            Managed = Merge,
        },
        new("dcount_hll", "(sketch:array) -> long", "The number of different values that a sketch has seen.")
        {
            Naming = NameRule.Prefixed("dcount_hll"),
            Managed = a => HyperLogLog.Read(a[0]) is { } sketch ? KqlValue.Long(sketch.Count()) : KqlValue.Null(KqlType.Long),
        },
        new("hll_isvalid", "(sketch:array) -> bool", "Whether the value is a sketch that dcount_hll can read.")
        {
            Nulls = NullRule.Handled,
            Managed = a => KqlValue.Bool(HyperLogLog.Read(a[0]) is not null),
        },
    ];

    private static string? DistinctSql(SqlCall c, string filter) =>
        c.TypeOf(0) is KqlType.Decimal or KqlType.Dynamic ? null : $"count(DISTINCT {c[0]}){filter}";

    private static KqlValue Merge(ReadOnlySpan<KqlValue> sketches)
    {
        HyperLogLog? all = null;
        foreach (var value in sketches)
        {
            if (HyperLogLog.Read(value) is { } sketch)
            {
                if (all is null)
                {
                    all = sketch;
                }
                else
                {
                    all.Merge(sketch);
                }
            }
        }

        return KqlValue.Dynamic(all?.ToJson());
    }

    private sealed class RowCount : AggregateState
    {
        private long count;

        public override void Add(ReadOnlySpan<KqlValue> row) => count++;

        public override void Merge(AggregateState later) => count += ((RowCount)later).count;

        public override KqlValue Finish() => KqlValue.Long(count);
    }

    private sealed class TrueCount : AggregateState
    {
        private long count;

        public override void Add(ReadOnlySpan<KqlValue> row) => count += !row[0].IsNull && row[0].AsBool ? 1 : 0;

        public override void Merge(AggregateState later) => count += ((TrueCount)later).count;

        public override KqlValue Finish() => KqlValue.Long(count);
    }

    /// <summary>128 bits of hash per value: exact but for a chance below one in 10^18 at a billion values.</summary>
    private sealed class DistinctState : AggregateState
    {
        private readonly HashSet<(ulong, ulong)> seen = [];

        public override void Add(ReadOnlySpan<KqlValue> row)
        {
            if (!row[0].IsNull)
            {
                var hash = ValueHash.Of(row[0]);
                _ = seen.Add((hash, row[0].Type is KqlType.String or KqlType.Dynamic ? (ulong)row[0].AsText.Length << 32 | (uint)string.GetHashCode(row[0].AsText, StringComparison.Ordinal) : 0));
            }
        }

        public override void Merge(AggregateState later) => seen.UnionWith(((DistinctState)later).seen);

        public override KqlValue Finish() => KqlValue.Long(seen.Count);
    }

    private sealed class SketchState(bool asNumber) : AggregateState
    {
        private HyperLogLog? sketch;

        public override void Add(ReadOnlySpan<KqlValue> row)
        {
            sketch ??= new HyperLogLog(HyperLogLog.PrecisionOf(row.Length > 1 && !row[1].IsNull ? row[1].AsLong : 1));
            if (!row[0].IsNull)
            {
                sketch.Add(ValueHash.Of(row[0]));
            }
        }

        public override bool TryAddText(ReadOnlySpan<byte> utf8)
        {
            // The hash is over UTF-16, as everywhere; most texts fit on the stack.
            if (utf8.Length > 512)
            {
                return false;
            }

            Span<char> text = stackalloc char[512];
            var length = System.Text.Encoding.UTF8.GetChars(utf8, text);
            sketch ??= new HyperLogLog(HyperLogLog.PrecisionOf(1));
            sketch.Add(ValueHash.Of(System.Runtime.InteropServices.MemoryMarshal.AsBytes(text[..length])));
            return true;
        }

        public override void Merge(AggregateState later)
        {
            var other = (SketchState)later;
            if (sketch is null)
            {
                sketch = other.sketch;
            }
            else if (other.sketch is not null)
            {
                sketch.Merge(other.sketch);
            }
        }

        public override KqlValue Finish() => asNumber
            ? KqlValue.Long(sketch?.Count() ?? 0)
            : KqlValue.Dynamic((sketch ?? new HyperLogLog(HyperLogLog.PrecisionOf(1))).ToJson());
    }

    private sealed class MergeState : AggregateState
    {
        private HyperLogLog? sketch;

        public override void Add(ReadOnlySpan<KqlValue> row) => Take(HyperLogLog.Read(row[0]));

        public override void Merge(AggregateState later) => Take(((MergeState)later).sketch);

        public override KqlValue Finish() => KqlValue.Dynamic(sketch?.ToJson());

        private void Take(HyperLogLog? other)
        {
            if (sketch is null)
            {
                sketch = other;
            }
            else if (other is not null)
            {
                sketch.Merge(other);
            }
        }
    }
}
