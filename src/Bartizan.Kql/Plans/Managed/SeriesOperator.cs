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
        KqlValue? low = null, high = null;
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
            low = low is { } l && Ticks(l, row[keyCount]) <= 0 ? l : row[keyCount];
            high = high is { } h && Ticks(h, row[keyCount]) >= 0 ? h : row[keyCount];
        }

        if (groups.Count == 0 && !(isSingle && isNonEmpty))
        {
            yield break;
        }

        var isReal = axisType is KqlType.Real or KqlType.Decimal;
        var start = from ?? low ?? KqlValue.Null(axisType);
        if (start.IsNull || step.IsNull || step.AsReal <= 0)
        {
            yield break;
        }

        // The upper bound is exclusive when given; the last bin of the rows is inside otherwise.
        var count = to is { IsNull: false } end
            ? (long)Math.Ceiling(Distance(start, end) / step.AsReal)
            : high is { } last ? (long)Math.Floor((Distance(start, last) / step.AsReal) + 1e-9) + 1 : 0;
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

    private static int Ticks(KqlValue left, KqlValue right) =>
        left.Type is KqlType.Real or KqlType.Decimal ? left.AsReal.CompareTo(right.AsReal) : left.AsLong.CompareTo(right.AsLong);

    private static double Distance(KqlValue from, KqlValue to) =>
        from.Type is KqlType.Real or KqlType.Decimal ? to.AsReal - from.AsReal : to.AsLong - from.AsLong;

    private KqlValue Typed(long value) => axisType switch
    {
        KqlType.DateTime => KqlValue.DateTime(value),
        KqlType.TimeSpan => KqlValue.TimeSpan(value),
        _ => KqlValue.Long(value),
    };
}
