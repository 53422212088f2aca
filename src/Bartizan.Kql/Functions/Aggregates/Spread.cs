namespace Bartizan.Kql.Functions.Aggregates;

/// <summary>Standard deviation, variance and covariance of samples and of whole populations. Nulls are passed over; over too few values the result is 0.</summary>
internal static class Spread
{
    public static IEnumerable<KqlFunction> All() =>
    [
        .. Of("stdev", "stdevif", "stddev_samp", "The standard deviation of a sample.", sample: true, root: true),
        .. Of("stdevp", "stdevpif", "stddev_pop", "The standard deviation of a whole population.", sample: false, root: true).Take(1),
        .. Of("variance", "varianceif", "var_samp", "The variance of a sample.", sample: true, root: false),
        .. Of("variancep", "variancepif", "var_pop", "The variance of a whole population.", sample: false, root: false),
        .. Together("covariance", "covarianceif", "The covariance of a sample.", sample: true),
        .. Together("covariancep", "covariancepif", "The covariance of a whole population.", sample: false),
    ];

    private static IEnumerable<KqlFunction> Of(string name, string conditional, string sqlName, string doc, bool sample, bool root) =>
        Conditional.Pair(
            name, conditional, "(value:summable[if]) -> real", doc, _ => new MomentState(sample, root),
            // The engine fails on infinities and very large reals, which whole numbers never reach.
            (c, filter) => c.AllOf(TypeSet.Integer) ? $"coalesce({sqlName}({c[0]}){filter}, 0.0::DOUBLE)" : null);

    private static IEnumerable<KqlFunction> Together(string name, string conditional, string doc, bool sample) =>
        Conditional.Pair(name, conditional, "(x:summable, y:summable[if]) -> real", doc, _ => new CovarianceState(sample), null, before: 2);

    private sealed class MomentState(bool sample, bool root) : AggregateState
    {
        private long count;
        private double mean;
        private double squares;

        public override void Add(ReadOnlySpan<KqlValue> row)
        {
            if (row[0].IsNull)
            {
                return;
            }

            count++;
            var x = row[0].AsReal;
            var off = x - mean;
            mean += off / count;
            squares += off * (x - mean);
        }

        public override void Merge(AggregateState later)
        {
            var other = (MomentState)later;
            if (other.count == 0)
            {
                return;
            }

            var total = count + other.count;
            var off = other.mean - mean;
            squares += other.squares + (off * off * count * other.count / total);
            mean += off * other.count / total;
            count = total;
        }

        public override KqlValue Finish()
        {
            var divisor = sample ? count - 1 : count;
            var variance = divisor > 0 ? squares / divisor : 0.0;
            return KqlValue.Real(root ? Math.Sqrt(variance) : variance);
        }
    }

    private sealed class CovarianceState(bool sample) : AggregateState
    {
        private long count;
        private double meanX;
        private double meanY;
        private double products;

        public override void Add(ReadOnlySpan<KqlValue> row)
        {
            if (row[0].IsNull || row[1].IsNull)
            {
                return;
            }

            count++;
            var (x, y) = (row[0].AsReal, row[1].AsReal);
            var off = x - meanX;
            meanX += off / count;
            meanY += (y - meanY) / count;
            products += off * (y - meanY);
        }

        public override void Merge(AggregateState later)
        {
            var other = (CovarianceState)later;
            if (other.count == 0)
            {
                return;
            }

            var total = count + other.count;
            var (offX, offY) = (other.meanX - meanX, other.meanY - meanY);
            products += other.products + (offX * offY * count * other.count / total);
            meanX += offX * other.count / total;
            meanY += offY * other.count / total;
            count = total;
        }

        public override KqlValue Finish()
        {
            var divisor = sample ? count - 1 : count;
            return KqlValue.Real(divisor > 0 ? products / divisor : 0.0);
        }
    }
}
