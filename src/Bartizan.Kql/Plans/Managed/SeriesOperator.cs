using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed;

/// <summary>
/// Lays rows of (keys, bin, values) out as arrays over one axis that all groups share. Bounds that are not given are those of the rows.
/// </summary>
internal sealed class SeriesOperator(
    int keyCount, KqlType axisType, KqlValue? from, KqlValue? to, KqlValue step, IReadOnlyList<KqlValue?> defaults, bool isNonEmpty, bool isSingle) : ManagedOperator
{
    private const int MaxBins = 1 << 20;

    public override string Name => "make-series";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var groups = new Dictionary<string, (KqlValue[] Keys, List<KqlValue[]> Rows)>(StringComparer.Ordinal);
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var row in inputs[0])
        {
            if (row[keyCount].IsNull)
            {
                continue;
            }

            var key = string.Join('\u0001', row.Take(keyCount).Select(Json.Of));
            if (!groups.TryGetValue(key, out var group))
            {
                group = (row[..keyCount], []);
                groups.Add(key, group);
            }

            group.Rows.Add(row);
            low = Math.Min(low, row[keyCount].AsReal);
            high = Math.Max(high, row[keyCount].AsReal);
        }

        if (groups.Count == 0 && !(isSingle && isNonEmpty))
        {
            yield break;
        }

        var isReal = axisType is KqlType.Real or KqlType.Decimal;
        var start = from ?? (groups.Count == 0 ? KqlValue.Null(axisType) : Axis(low));
        if (start.IsNull || step.IsNull || step.AsReal <= 0)
        {
            yield break;
        }

        // The upper bound is exclusive when given; the last bin of the rows is inside otherwise.
        var span = (to is { IsNull: false } end ? end.AsReal : high + (step.AsReal / 2)) - start.AsReal;
        var count = (long)Math.Ceiling(span / step.AsReal);
        if (count <= 0)
        {
            yield break;
        }

        if (count > MaxBins)
        {
            throw new QueryLimitException($"make-series would make {count} bins; at most {MaxBins} are allowed.");
        }

        var axis = Json.ArrayOf(Enumerable.Range(0, (int)count).Select(i => Json.Of(isReal
            ? KqlValue.Real(start.AsReal + (i * step.AsReal))
            : Typed(start.AsLong + (i * step.AsLong)))));
        if (groups.Count == 0)
        {
            groups.Add("", ([], []));
        }

        foreach (var (keys, rows) in groups.Values)
        {
            yield return [.. keys, .. Series(rows, start, (int)count, isReal), axis];
        }
    }

    private IEnumerable<KqlValue> Series(List<KqlValue[]> rows, KqlValue start, int count, bool isReal)
    {
        for (var s = 0; s < defaults.Count; s++)
        {
            var type = rows.Count > 0 ? rows[0][keyCount + 1 + s].Type : KqlType.Long;
            var empty = defaults[s] is { } given ? Json.Of(type == KqlType.Real ? Conversion.To(given, type) : given) : Json.Of(type == KqlType.Real ? KqlValue.Real(0) : KqlValue.Long(0));
            var values = new string[count];
            Array.Fill(values, empty);
            foreach (var row in rows)
            {
                var at = isReal
                    ? (long)Math.Round((row[keyCount].AsReal - start.AsReal) / step.AsReal)
                    : (row[keyCount].AsLong - start.AsLong) / step.AsLong;
                if (at >= 0 && at < count)
                {
                    values[at] = row[keyCount + 1 + s].IsNull ? empty : Json.Of(row[keyCount + 1 + s]);
                }
            }

            yield return Json.ArrayOf(values);
        }
    }

    private KqlValue Axis(double value) => axisType is KqlType.Real or KqlType.Decimal ? KqlValue.Real(value) : Typed((long)value);

    private KqlValue Typed(long value) => axisType switch
    {
        KqlType.DateTime => KqlValue.DateTime(value),
        KqlType.TimeSpan => KqlValue.TimeSpan(value),
        _ => KqlValue.Long(value),
    };
}
