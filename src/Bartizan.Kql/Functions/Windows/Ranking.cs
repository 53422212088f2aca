using System.Globalization;
using Bartizan.Kql.Functions.Operators;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Windows;

/// <summary>Functions over the rows so far: row_number, row_cumsum, the ranks and row_window_session. A true restart begins afresh at its row.</summary>
internal static class Ranking
{
    public static IEnumerable<KqlFunction> All() =>
    [
        new("row_number", "(start:integer?, restart:bool?) -> long", "The number of the row, from 1 or another start.")
        {
            Kind = FunctionKind.Window,
            Nulls = NullRule.Handled,
            Window = _ => new RowNumber(),
            DuckDb = c => c.Count > 1 ? null
                : c.Count == 0 ? $"row_number() OVER ({c.Over})"
                : c.Arguments[0] is { IsConstant: true, Constant: long or int } start
                    ? string.Create(CultureInfo.InvariantCulture, $"(row_number() OVER ({c.Over}) + ({unchecked(Convert.ToInt64(start.Constant, CultureInfo.InvariantCulture) - 1)})::BIGINT)")
                    : null,
        },
        new("row_cumsum", "(term:number|timespan, restart:bool?) -> $0", "The sum of the term over the rows so far.")
        {
            Kind = FunctionKind.Window,
            Nulls = NullRule.Handled,
            Window = types => new RowSum(types[0]),
        },
        new("row_rank_dense", "(term:scalar, restart:bool?) -> long", "One more than the row before where the term differs from it, else the same.")
        {
            Kind = FunctionKind.Window,
            Nulls = NullRule.Handled,
            Window = _ => new RowRank(isDense: true),
        },
        new("row_rank_min", "(term:scalar, restart:bool?) -> long", "The number of the first row of the run with the same term.")
        {
            Kind = FunctionKind.Window,
            Nulls = NullRule.Handled,
            Window = _ => new RowRank(isDense: false),
        },
        new("row_rank", "(term:scalar, dense:bool?!) -> long", "Old spelling of row_rank_dense and row_rank_min.")
        {
            Kind = FunctionKind.Window,
            Nulls = NullRule.Handled,
            Window = _ => new LegacyRank(),
        },
        new("row_window_session", "(time:datetime, from_first:timespan, between:timespan, restart:bool?) -> datetime", "The start of the session that the row belongs to.")
        {
            Kind = FunctionKind.Window,
            Nulls = NullRule.Handled,
            Window = _ => new RowSession(),
        },
    ];

    private static bool Restarts(ReadOnlySpan<KqlValue> row, int at) => row.Length > at && !row[at].IsNull && row[at].AsBool;

    private sealed class RowNumber : WindowState
    {
        private long? last;

        public override KqlValue Next(ReadOnlySpan<KqlValue> row)
        {
            var start = row.Length > 0 && !row[0].IsNull ? row[0].AsLong : 1;
            last = last is { } number && !Restarts(row, 1) ? unchecked(number + 1) : start;
            return KqlValue.Long(last.Value);
        }
    }

    private sealed class RowSum(KqlType type) : WindowState
    {
        private KqlValue? sum;

        public override KqlValue Next(ReadOnlySpan<KqlValue> row)
        {
            var term = row[0].IsNull ? Zero() : row[0];
            sum = sum is { } soFar && !Restarts(row, 1) ? Arithmetic.Compute(soFar, term, Arithmetic.Operation.Add) : term;
            return sum.Value;
        }

        private KqlValue Zero() => type switch
        {
            KqlType.Real => KqlValue.Real(0.0),
            KqlType.Decimal => KqlValue.Decimal(KqlDecimal.Zero),
            _ => Arithmetic.Typed(0, type),
        };
    }

    private sealed class RowRank(bool isDense) : WindowState
    {
        private KqlValue? last;
        private long rank;
        private long number;

        public override KqlValue Next(ReadOnlySpan<KqlValue> row)
        {
            if (last is null || Restarts(row, 1))
            {
                (rank, number) = (1, 1);
            }
            else
            {
                number++;
                if (!Same(last.Value, row[0]))
                {
                    rank = isDense ? rank + 1 : number;
                }
            }

            last = row[0];
            return KqlValue.Long(rank);
        }

        private static bool Same(KqlValue left, KqlValue right) =>
            left.IsNull || right.IsNull ? left.IsNull && right.IsNull : Comparison.Compare(left, right) == 0;
    }

    private sealed class LegacyRank : WindowState
    {
        private RowRank? rank;

        public override KqlValue Next(ReadOnlySpan<KqlValue> row)
        {
            rank ??= new RowRank(isDense: row.Length < 2 || row[1].IsNull || row[1].AsBool);
            return rank.Next(row[..1]);
        }
    }

    private sealed class RowSession : WindowState
    {
        private long? first;
        private long previous;

        public override KqlValue Next(ReadOnlySpan<KqlValue> row)
        {
            if (row[0].IsNull)
            {
                return KqlValue.Null(KqlType.DateTime);
            }

            var time = row[0].AsLong;
            var continues = first is { } start && !Restarts(row, 3) && !row[1].IsNull && !row[2].IsNull
                && time - start <= row[1].AsLong && time - previous <= row[2].AsLong && time >= previous;
            first = continues ? first : time;
            previous = time;
            return KqlValue.DateTime(first!.Value);
        }
    }
}
