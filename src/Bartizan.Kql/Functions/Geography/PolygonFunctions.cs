using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Geography;

/// <summary>geo functions over Polygon and MultiPolygon.</summary>
internal static class PolygonFunctions
{
    private const string Empty = "{\"type\":\"GeometryCollection\",\"geometries\":[]}";

    public static IEnumerable<KqlFunction> All() =>
    [
        new("geo_point_in_polygon", "(longitude:number, latitude:number, polygon:bag) -> bool", "Whether a point lies inside a polygon.")
        {
            Managed = a => GeoJson.Point(a[0], a[1]) is { } p && Cached(a[2]) is { } polygons ? KqlValue.Bool(Contains(polygons, p)) : KqlValue.Null(KqlType.Bool),
        },
        new("geo_polygon_area", "(polygon:bag) -> real", "The area of a polygon in square metres.")
        {
            Managed = a => GeoJson.Polygons(a[0]) is { } polygons && Merged(polygons) is { } merged
                ? KqlValue.Real(merged.Sum(p => Math.Abs(p.Outer.SignedArea()) - p.Holes.Sum(h => Math.Abs(h.SignedArea()))) * Sphere.Radius * Sphere.Radius)
                : KqlValue.Null(KqlType.Real),
        },
        new("geo_polygon_perimeter", "(polygon:bag) -> real", "The length of a polygon's boundary in metres.")
        {
            Managed = a => GeoJson.Polygons(a[0]) is { } polygons && Merged(polygons) is { } merged
                ? KqlValue.Real(merged.SelectMany(p => p.Rings).Sum(r => r.Perimeter()) * Sphere.Radius)
                : KqlValue.Null(KqlType.Real),
        },
        new("geo_polygon_centroid", "(polygon:bag) -> dynamic", "The centroid of a polygon.")
        {
            Managed = a => GeoJson.Polygons(a[0]) is { } polygons && Merged(polygons) is { } merged
                ? LineFunctions.Point(merged.Aggregate(default(Vector), (sum, p) => sum + p.Outer.Centroid() - p.Holes.Aggregate(default(Vector), (s, h) => s + h.Centroid())).Unit())
                : KqlValue.Null(KqlType.Dynamic),
        },
        new("geo_distance_point_to_polygon", "(longitude:number, latitude:number, polygon:bag) -> real", "The distance from a point to a polygon in metres; 0 inside.")
        {
            Managed = a => GeoJson.Point(a[0], a[1]) is { } p && Cached(a[2]) is { } polygons
                ? KqlValue.Real(Contains(polygons, p) ? 0.0 : Sphere.Distance(p, Closest(polygons, p)))
                : KqlValue.Null(KqlType.Real),
        },
        new("geo_closest_point_on_polygon", "(longitude:number, latitude:number, polygon:bag) -> dynamic", "The point of a polygon that is closest to this one.")
        {
            Managed = a => GeoJson.Point(a[0], a[1]) is { } p && GeoJson.Polygons(a[2]) is { } polygons
                ? LineFunctions.Point(Contains(polygons, p) ? p : Closest(polygons, p))
                : KqlValue.Null(KqlType.Dynamic),
        },
        new("geo_intersects_2polygons", "(polygon1:bag, polygon2:bag) -> bool", "Whether two polygons have a point in common.")
        {
            Managed = a => GeoJson.Polygons(a[0]) is { } left && GeoJson.Polygons(a[1]) is { } right ? KqlValue.Bool(Intersects(left, right)) : KqlValue.Null(KqlType.Bool),
        },
        new("geo_intersects_line_with_polygon", "(line:bag, polygon:bag) -> bool", "Whether a line and a polygon have a point in common.")
        {
            Managed = a => GeoJson.Lines(a[0]) is { } lines && GeoJson.Polygons(a[1]) is { } polygons
                ? KqlValue.Bool(lines.Any(l => l.Any(p => Contains(polygons, p))) || Cross(lines.SelectMany(LineFunctions.Edges), Edges(polygons)))
                : KqlValue.Null(KqlType.Bool),
        },
        new("geo_intersection_2polygons", "(polygon1:bag, polygon2:bag) -> dynamic", "What two polygons have in common.")
        {
            Managed = a => GeoJson.Polygons(a[0]) is { } left && GeoJson.Polygons(a[1]) is { } right && Regions.Intersection(left, right) is { } common
                ? KqlValue.Dynamic(common.Count == 0 ? Empty : GeoJson.PolygonText(common))
                : KqlValue.Null(KqlType.Dynamic),
        },
        new("geo_intersection_line_with_polygon", "(line:bag, polygon:bag) -> dynamic", "The parts of a line that lie inside a polygon.")
        {
            Managed = a => GeoJson.Lines(a[0]) is { } lines && GeoJson.Polygons(a[1]) is { } polygons ? Inside(lines, polygons) : KqlValue.Null(KqlType.Dynamic),
        },
        new("geo_union_polygons_array", "(polygons:array) -> dynamic", "One shape that covers all polygons of an array.")
        {
            Managed = a => Polygons(a[0]) is { } all && Regions.Union(all) is { Count: > 0 } union ? KqlValue.Dynamic(GeoJson.PolygonText(union)) : KqlValue.Null(KqlType.Dynamic),
        },
        new("geo_polygon_simplify", "(polygon:bag, tolerance:number?) -> dynamic", "A polygon with fewer points that stays within so many metres of the original.")
        {
            Managed = a => GeoJson.Polygons(a[0]) is { } polygons ? Simplified(polygons, a.Length > 1 ? a[1].AsReal : 10) : KqlValue.Null(KqlType.Dynamic),
        },
        new("geo_simplify_polygons_array", "(polygons:array, tolerance:number?) -> dynamic", "The polygons of an array as one shape with fewer points.")
        {
            Managed = a => Polygons(a[0]) is { } all ? Simplified(all, a.Length > 1 ? a[1].AsReal : 10) : KqlValue.Null(KqlType.Dynamic),
        },
    ];

    [ThreadStatic]
    private static string? lastText;

    [ThreadStatic]
    private static List<Polygon>? lastPolygons;

    internal static bool Contains(List<Polygon> polygons, Vector p) => polygons.Any(polygon => polygon.Contains(p));

    internal static IEnumerable<(Vector A, Vector B)> Edges(IEnumerable<Polygon> polygons) => polygons.SelectMany(p => p.Rings).SelectMany(r => r.Edges());

    internal static bool Cross(IEnumerable<(Vector A, Vector B)> left, IEnumerable<(Vector A, Vector B)> right)
    {
        var others = right.ToList();
        return left.Any(e => others.Any(f => e.A == f.A || e.A == f.B || e.B == f.A || e.B == f.B || Sphere.Crossing(e.A, e.B, f.A, f.B) is not null));
    }

    internal static Vector Closest(List<Polygon> polygons, Vector p) => Edges(polygons).Select(e => Sphere.Closest(p, e.A, e.B)).MinBy(c => p.Angle(c));

    /// <summary>Most queries ask of many points whether they lie in the same polygon.</summary>
    internal static List<Polygon>? Cached(KqlValue value)
    {
        if (!ReferenceEquals(lastText, value.AsText) && lastText != value.AsText)
        {
            lastPolygons = GeoJson.Polygons(value);
            lastText = value.AsText;
        }

        return lastPolygons;
    }

    private static bool Intersects(List<Polygon> left, List<Polygon> right) =>
        Edges(left).Any(e => Contains(right, e.A)) || Edges(right).Any(e => Contains(left, e.A)) || Cross(Edges(left), Edges(right));

    private static List<Polygon>? Merged(List<Polygon> polygons) => polygons.Count == 1 ? polygons : Regions.Union(polygons);

    private static List<Polygon>? Polygons(KqlValue array)
    {
        if (Json.Array(array) is not { Count: > 0 } items)
        {
            return null;
        }

        var all = new List<Polygon>();
        foreach (var item in items)
        {
            if (GeoJson.Polygons(Json.ToDynamic(item)) is not { } polygons)
            {
                return null;
            }

            all.AddRange(polygons);
        }

        return all;
    }

    private static KqlValue Inside(List<List<Vector>> lines, List<Polygon> polygons)
    {
        var edges = lines.SelectMany(LineFunctions.Edges).ToList();
        if (Arrangement.Split([.. edges, .. Edges(polygons)]) is not { } split)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        // The line's own edges come first in the arrangement: those of the polygons lie on its boundary, their middles not inside.
        var own = Arrangement.Split(edges)!;
        var isOwn = split.Where(e => own.Any(o => IsOn(e.A, o) && IsOn(e.B, o)));
        var kept = isOwn.Where(e => Contains(polygons, (e.A + e.B).Unit())).Distinct().ToList();
        return KqlValue.Dynamic(kept.Count == 0 ? Empty : GeoJson.LineText(Chains.Of(kept)));

        static bool IsOn(Vector p, (Vector A, Vector B) edge) => p.Angle(Sphere.Closest(p, edge.A, edge.B)) < 10 * Arrangement.Tolerance;
    }

    private static KqlValue Simplified(List<Polygon> polygons, double tolerance)
    {
        if (!(tolerance > 0) || Merged(polygons) is not { } merged)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var kept = new List<Polygon>();
        foreach (var polygon in merged)
        {
            var rings = polygon.Rings.Select(r => LineFunctions.Simplified([.. r.Points, r.Points[0]], tolerance / Sphere.Radius)).ToList();
            if (rings[0].Count < 4)
            {
                continue;
            }

            var outer = new Ring(rings[0][..^1]);
            kept.Add(new Polygon(outer, [.. rings.Skip(1).Where(r => r.Count >= 4).Select(r => new Ring(r[..^1]))]));
        }

        return kept.Count == 0 ? KqlValue.Null(KqlType.Dynamic) : KqlValue.Dynamic(GeoJson.PolygonText(kept));
    }
}
