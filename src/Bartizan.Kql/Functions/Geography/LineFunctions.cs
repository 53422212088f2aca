using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Geography;

/// <summary>geo functions over LineString and MultiLineString.</summary>
internal static class LineFunctions
{
    public static IEnumerable<KqlFunction> All() =>
    [
        new("geo_line_length", "(line:bag) -> real", "The length of a line in metres.")
        {
            Managed = a => KqlValue.Real(GeoJson.Lines(a[0])?.Sum(Length)),
        },
        new("geo_line_centroid", "(line:bag) -> dynamic", "The centroid of a line.")
        {
            Managed = a => GeoJson.Lines(a[0]) is { } lines ? Point(Centroid(lines)) : KqlValue.Null(KqlType.Dynamic),
        },
        new("geo_line_interpolate_point", "(line:bag, fraction:number) -> dynamic", "The point that lies so far along a line, as a part of its length.")
        {
            Managed = a => GeoJson.Lines(a[0]) is [var line] && a[1].AsReal is >= 0 and <= 1 ? Point(Interpolate(line, a[1].AsReal)) : KqlValue.Null(KqlType.Dynamic),
        },
        new("geo_line_locate_point", "(line:bag, longitude:number, latitude:number, use_spheroid:number|bool?) -> real", "How far along a line its closest point to this one lies, as a part of its length.")
        {
            Managed = a => GeoJson.Lines(a[0]) is [var line] && GeoJson.Point(a[1], a[2]) is { } p ? KqlValue.Real(Locate(line, p)) : KqlValue.Null(KqlType.Real),
        },
        new("geo_distance_point_to_line", "(longitude:number, latitude:number, line:bag) -> real", "The distance from a point to a line in metres.")
        {
            Managed = a => GeoJson.Point(a[0], a[1]) is { } p && GeoJson.Lines(a[2]) is { } lines ? KqlValue.Real(Sphere.Distance(p, Closest(lines, p))) : KqlValue.Null(KqlType.Real),
        },
        new("geo_closest_point_on_line", "(longitude:number, latitude:number, line:bag) -> dynamic", "The point of a line that is closest to this one.")
        {
            Managed = a => GeoJson.Point(a[0], a[1]) is { } p && GeoJson.Lines(a[2]) is { } lines ? Point(Closest(lines, p)) : KqlValue.Null(KqlType.Dynamic),
        },
        new("geo_intersects_2lines", "(line1:bag, line2:bag) -> bool", "Whether two lines cross or touch.")
        {
            Managed = a => GeoJson.Lines(a[0]) is { } left && GeoJson.Lines(a[1]) is { } right ? KqlValue.Bool(Crossings(left, right).Any()) : KqlValue.Null(KqlType.Bool),
        },
        new("geo_intersection_2lines", "(line1:bag, line2:bag) -> dynamic", "The points that two lines have in common.")
        {
            Managed = a => GeoJson.Lines(a[0]) is { } left && GeoJson.Lines(a[1]) is { } right ? Intersection(left, right) : KqlValue.Null(KqlType.Dynamic),
        },
        new("geo_line_simplify", "(line:bag, tolerance:number?) -> dynamic", "A line with fewer points that stays within so many metres of the original.")
        {
            Managed = a =>
            {
                var tolerance = a.Length > 1 ? a[1].AsReal : 10;
                if (GeoJson.Lines(a[0]) is not { } lines || !(tolerance > 0))
                {
                    return KqlValue.Null(KqlType.Dynamic);
                }

                var kept = lines.Select(l => Simplified(l, tolerance / Sphere.Radius)).Where(l => l.Count > 1).ToList();
                return kept.Count == 0 ? KqlValue.Null(KqlType.Dynamic) : KqlValue.Dynamic(GeoJson.LineText(kept));
            },
        },
        new("geo_union_lines_array", "(lines:array) -> dynamic", "All lines of an array as one shape, what they share only once.")
        {
            Managed = Union,
        },
    ];

    internal static KqlValue Point(Vector p) => p.Length == 0 ? KqlValue.Null(KqlType.Dynamic) : KqlValue.Dynamic(GeoJson.PointText(p));

    internal static IEnumerable<(Vector A, Vector B)> Edges(IReadOnlyList<Vector> line) => line.Zip(line.Skip(1));

    /// <summary>The points by the farthest-point rule of Douglas and Peucker; one point when all lie within the tolerance of the first.</summary>
    internal static List<Vector> Simplified(IReadOnlyList<Vector> line, double tolerance)
    {
        if (line.All(p => p.Angle(line[0]) <= tolerance))
        {
            return [line[0]];
        }

        var keep = new bool[line.Count];
        keep[0] = keep[^1] = true;
        var open = new Stack<(int From, int To)>([(0, line.Count - 1)]);
        while (open.TryPop(out var part))
        {
            var (farthest, at) = (tolerance, -1);
            for (var i = part.From + 1; i < part.To; i++)
            {
                var distance = line[i].Angle(Sphere.Closest(line[i], line[part.From], line[part.To]));
                if (distance > farthest)
                {
                    (farthest, at) = (distance, i);
                }
            }

            if (at >= 0)
            {
                keep[at] = true;
                open.Push((part.From, at));
                open.Push((at, part.To));
            }
        }

        return [.. line.Where((_, i) => keep[i])];
    }

    private static double Length(List<Vector> line) => Edges(line).Sum(e => Sphere.Distance(e.A, e.B));

    private static Vector Centroid(List<List<Vector>> lines)
    {
        var sum = default(Vector);
        foreach (var (a, b) in lines.SelectMany(Edges))
        {
            // The true centroid of an arc times its length: the chord's middle, stretched (S2's formula).
            var (difference, total) = (a - b, a + b);
            sum += total * Math.Sqrt(difference.Dot(difference) / total.Dot(total));
        }

        return sum.Unit();
    }

    private static Vector Interpolate(List<Vector> line, double fraction)
    {
        var target = fraction * Edges(line).Sum(e => e.A.Angle(e.B));
        foreach (var (a, b) in Edges(line))
        {
            var length = a.Angle(b);
            if (target < length)
            {
                return Sphere.Interpolate(a, b, target / length);
            }

            target -= length;
        }

        return line[^1];
    }

    private static double Locate(List<Vector> line, Vector p)
    {
        double before = 0, best = double.PositiveInfinity, at = 0;
        foreach (var (a, b) in Edges(line))
        {
            var closest = Sphere.Closest(p, a, b);
            if (p.Angle(closest) < best)
            {
                (best, at) = (p.Angle(closest), before + a.Angle(closest));
            }

            before += a.Angle(b);
        }

        return Math.Min(1, at / before);
    }

    internal static Vector Closest(List<List<Vector>> lines, Vector p) => lines.SelectMany(Edges).Select(e => Sphere.Closest(p, e.A, e.B)).MinBy(c => p.Angle(c));

    private static IEnumerable<Vector> Crossings(List<List<Vector>> left, List<List<Vector>> right)
    {
        foreach (var (a, b) in left.SelectMany(Edges))
        {
            foreach (var (c, d) in right.SelectMany(Edges))
            {
                if (a == c || a == d)
                {
                    yield return a;
                }
                else if (b == c || b == d)
                {
                    yield return b;
                }
                else if (Sphere.Crossing(a, b, c, d) is { } at)
                {
                    yield return at;
                }
            }
        }
    }

    private static KqlValue Intersection(List<List<Vector>> left, List<List<Vector>> right)
    {
        var points = Crossings(left, right).Distinct().ToList();
        return points.Count switch
        {
            0 => KqlValue.Dynamic("{\"type\":\"GeometryCollection\",\"geometries\":[]}"),
            1 => Point(points[0]),
            _ => KqlValue.Dynamic($"{{\"type\":\"MultiPoint\",\"coordinates\":{Json.ArrayText(points.Select(GeoJson.Pair))}}}"),
        };
    }

    private static KqlValue Union(ReadOnlySpan<KqlValue> a)
    {
        if (Json.Array(a[0]) is not { Count: > 0 } items)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var all = new List<List<Vector>>();
        foreach (var item in items)
        {
            if (GeoJson.Lines(Json.ToDynamic(item)) is not { } lines)
            {
                return KqlValue.Null(KqlType.Dynamic);
            }

            all.AddRange(lines);
        }

        return Arrangement.Split([.. all.SelectMany(Edges)]) is { } edges ? KqlValue.Dynamic(GeoJson.LineText(Chains.Of(edges))) : KqlValue.Null(KqlType.Dynamic);
    }
}
