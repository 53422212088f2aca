using System.Globalization;
using System.Text.Json;
using Bartizan.Kql.Functions.Operators;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Aggregates;

/// <summary>
/// Weighted values in order, from which percentiles by nearest rank follow. Exact up to <see cref="MostPoints"/> different values; beyond that,
/// neighbours are joined, least of all at the ends. As a dynamic value it is <c>[[kind], [values], [weights]]</c>.
/// </summary>
internal sealed class TDigest
{
    private const int MostPoints = 4096;
    private const int Joined = 1024;

    private readonly List<(double Value, double Weight)> fresh = [];
    private List<(double Value, double Weight)> points = [];
    private KqlType type;

    public TDigest(KqlType type) => this.type = type;

    public bool IsEmpty => points.Count + fresh.Count == 0;

    public double Total => Points().Sum(p => p.Weight);

    public void Add(double value, double weight)
    {
        if (double.IsNaN(value) || !(weight > 0))
        {
            return;
        }

        fresh.Add((value, weight));
        if (fresh.Count > MostPoints)
        {
            _ = Points();
        }
    }

    public void Merge(TDigest other)
    {
        if (IsEmpty)
        {
            type = other.type;
        }

        foreach (var (value, weight) in other.Points())
        {
            Add(value, weight);
        }
    }

    /// <summary>The smallest value at or below which so many percent of the weight lie.</summary>
    public double? Percentile(double percent)
    {
        var wanted = Math.Clamp(percent, 0, 100) / 100 * Total;
        var sum = 0.0;
        double? last = null;
        foreach (var (value, weight) in Points())
        {
            sum += weight;
            last = value;
            if (sum >= wanted - (1e-9 * wanted))
            {
                return value;
            }
        }

        return last;
    }

    /// <summary>How much weight lies at or below the value.</summary>
    public double Rank(double value) => Points().TakeWhile(p => p.Value <= value).Sum(p => p.Weight);

    /// <summary>The value as the type that went in.</summary>
    public KqlValue Typed(double? value) => value is not { } number ? KqlValue.Null(type)
        : type is KqlType.Real or KqlType.Decimal ? KqlValue.Real(number)
        : Math.Abs(number) < 9.2e18 ? Arithmetic.Typed((long)Math.Round(number), type == KqlType.Int ? KqlType.Long : type) : KqlValue.Null(type);

    public string ToJson()
    {
        var kind = ((int)type).ToString(CultureInfo.InvariantCulture);
        return $"[[{kind}],[{string.Join(',', Points().Select(p => type == KqlType.Real ? Json.Number(p.Value) : p.Value.ToString("R", CultureInfo.InvariantCulture)))}],"
            + $"[{string.Join(',', Points().Select(p => p.Weight.ToString("R", CultureInfo.InvariantCulture)))}]]";
    }

    /// <summary>Null when the value is no digest.</summary>
    public static TDigest? Read(KqlValue value)
    {
        if (Json.Array(value) is not [{ ValueKind: JsonValueKind.Array } head, { ValueKind: JsonValueKind.Array } values, { ValueKind: JsonValueKind.Array } weights]
            || head.GetArrayLength() != 1 || head[0].ValueKind != JsonValueKind.Number || !head[0].TryGetInt32(out var kind) || !Enum.IsDefined((KqlType)kind)
            || values.GetArrayLength() != weights.GetArrayLength())
        {
            return null;
        }

        var digest = new TDigest((KqlType)kind);
        foreach (var (point, weight) in values.EnumerateArray().Zip(weights.EnumerateArray()))
        {
            if (point.ValueKind != JsonValueKind.Number || weight.ValueKind != JsonValueKind.Number)
            {
                return null;
            }

            digest.Add(point.GetDouble(), weight.GetDouble());
        }

        return digest;
    }

    /// <summary>All points in order, equal values together.</summary>
    private List<(double Value, double Weight)> Points()
    {
        if (fresh.Count == 0)
        {
            return points;
        }

        fresh.AddRange(points);
        fresh.Sort((a, b) => a.Value.CompareTo(b.Value));
        points = [];
        foreach (var (value, weight) in fresh)
        {
            if (points.Count > 0 && points[^1].Value == value)
            {
                points[^1] = (value, points[^1].Weight + weight);
            }
            else
            {
                points.Add((value, weight));
            }
        }

        fresh.Clear();
        if (points.Count > MostPoints)
        {
            Compress();
        }

        return points;
    }

    /// <summary>Joins neighbours so long as their weight stays below what their place allows: little at the ends, more in the middle.</summary>
    private void Compress()
    {
        var total = points.Sum(p => p.Weight);
        var joined = new List<(double Value, double Weight)>();
        var below = 0.0;
        var (mean, mass) = (0.0, 0.0);
        foreach (var (value, weight) in points)
        {
            var place = (below + mass + (weight / 2)) / total;
            var room = Math.Max(weight, 4 * total * place * (1 - place) / Joined);
            if (mass > 0 && mass + weight > room)
            {
                joined.Add((mean, mass));
                below += mass;
                (mean, mass) = (value, weight);
            }
            else
            {
                mean = mass == 0 ? value : mean + ((value - mean) * weight / (mass + weight));
                mass += weight;
            }
        }

        joined.Add((mean, mass));
        points = joined;
    }
}
