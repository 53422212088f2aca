using System.Text.Json;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Aggregates;

/// <summary>tdigest and what is read from it: percentiles that can be kept and merged.</summary>
internal static class Digests
{
    public static IEnumerable<KqlFunction> All() =>
    [
        new("tdigest", "(value:summable, weight:integer?) -> dynamic", "A digest of the values, for tdigest_merge and percentile_tdigest.")
        {
            Kind = FunctionKind.Aggregate,
            Nulls = NullRule.Handled,
            Naming = NameRule.Prefixed("tdigest"),
            Aggregate = types => new DigestState(types[0]),
        },
        MergeAggregate("tdigest_merge"),
        MergeAggregate("merge_tdigest"),
        MergeScalar("tdigest_merge"),
        MergeScalar("merge_tdigest"),
        new("percentile_tdigest", "(digest:array, percentile:number) -> dynamic; (digest:array, percentile:number, type:typeof) -> typeof", "The percentile that a digest gives.")
        {
            Naming = NameRule.Prefixed("percentile_tdigest"),
            Managed = a =>
            {
                var value = TDigest.Read(a[0]) is { } digest ? digest.Typed(digest.Percentile(a[1].AsReal)) : KqlValue.Null(KqlType.Real);
                return a.Length > 2 ? Conversion.To(value, Conversion.TypeNamed(a[2].AsText) ?? KqlType.Dynamic) : Json.FromValue(value);
            },
        },
        new("percentiles_array_tdigest", "(digest:array, percentile:number*) -> dynamic; (digest:array, percentiles:array) -> dynamic", "Several percentiles that a digest gives, as one array.")
        {
            Naming = NameRule.Prefixed("percentile_tdigest"),
            Managed = PercentilesArray,
        },
        new("percentrank_tdigest", "(digest:array, value:summable) -> real", "The percentage of the values at or below this one.")
        {
            Managed = a => TDigest.Read(a[0]) is { IsEmpty: false } digest ? KqlValue.Real(100 * digest.Rank(a[1].AsReal) / digest.Total) : KqlValue.Null(KqlType.Real),
        },
        new("rank_tdigest", "(digest:array, value:summable) -> real", "How many of the values are at or below this one.")
        {
            Managed = a => TDigest.Read(a[0]) is { } digest ? KqlValue.Real(digest.Rank(a[1].AsReal)) : KqlValue.Null(KqlType.Real),
        },
        new("tdigest_isvalid", "(digest:array) -> bool", "Whether the value is a digest.")
        {
            Nulls = NullRule.Handled,
            Managed = a => KqlValue.Bool(TDigest.Read(a[0]) is not null),
        },
    ];

    private static KqlFunction MergeAggregate(string name) => new(name, "(digest:array) -> dynamic", "The digest of all values of several digests.")
    {
        Kind = FunctionKind.Aggregate,
        Nulls = NullRule.Handled,
        Naming = NameRule.Prefixed("merge_tdigests"),
        Aggregate = _ => new DigestState(KqlType.Dynamic),
    };

    private static KqlFunction MergeScalar(string name) => new(name, "(digest:array*16) -> dynamic", "The digest of all values of several digests.")
    {
        Nulls = NullRule.Handled,
        Naming = new NameRule(NameRuleKind.PrefixOnly, "tdigests_merge_result"),
        Managed = a =>
        {
            TDigest? all = null;
            foreach (var value in a)
            {
                if (TDigest.Read(value) is not { } digest)
                {
                    continue;
                }

                if (all is null)
                {
                    all = digest;
                }
                else
                {
                    all.Merge(digest);
                }
            }

            return KqlValue.Dynamic(all?.ToJson());
        },
    };

    private static KqlValue PercentilesArray(ReadOnlySpan<KqlValue> a)
    {
        if (TDigest.Read(a[0]) is not { } digest)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var percents = new List<double>();
        foreach (var argument in a[1..])
        {
            if (argument.Type != KqlType.Dynamic)
            {
                percents.Add(argument.AsReal);
                continue;
            }

            foreach (var item in Json.Array(argument) ?? [])
            {
                if (item.ValueKind == JsonValueKind.Number)
                {
                    percents.Add(item.GetDouble());
                }
            }
        }

        return Json.ArrayOf(percents.Take(1024).Select(p => Json.Of(digest.Typed(digest.Percentile(p)))));
    }

    /// <summary>Takes values with weights, or digests.</summary>
    private sealed class DigestState(KqlType type) : AggregateState
    {
        private TDigest? digest;

        public override void Add(ReadOnlySpan<KqlValue> row)
        {
            if (row[0].IsNull)
            {
                return;
            }

            if (type == KqlType.Dynamic)
            {
                Take(TDigest.Read(row[0]));
                return;
            }

            digest ??= new TDigest(type);
            digest.Add(row[0].AsReal, row.Length < 2 ? 1 : row[1].IsNull ? 0 : row[1].AsReal);
        }

        public override void Merge(AggregateState later) => Take(((DigestState)later).digest);

        public override KqlValue Finish() => KqlValue.Dynamic(digest?.ToJson() ?? (type == KqlType.Dynamic ? null : new TDigest(type).ToJson()));

        private void Take(TDigest? other)
        {
            if (digest is null)
            {
                digest = other;
            }
            else if (other is not null)
            {
                digest.Merge(other);
            }
        }
    }
}
