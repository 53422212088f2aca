using System.Text.Json;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Geography;

/// <summary>
/// geo_line_densify and geo_polygon_densify: edges that are straight on a map of longitude and latitude get points between, until the
/// shortest arcs that join them stay within the tolerance of the straight ones.
/// </summary>
internal static class Densifying
{
    private const int MostPoints = 100_000;

    public static IEnumerable<KqlFunction> All() =>
    [
        new("geo_line_densify", "(line:bag, tolerance:number?, preserve_crossing:number|bool?) -> dynamic", "A line with points added so that its arcs follow the straight edges of the map.")
        {
            Managed = a => GeoJson.Lines(a[0]) is not null ? Densify(a) : KqlValue.Null(KqlType.Dynamic),
        },
        new("geo_polygon_densify", "(polygon:bag, tolerance:number?, preserve_crossing:number|bool?) -> dynamic", "A polygon with points added so that its arcs follow the straight edges of the map.")
        {
            Managed = a => GeoJson.Polygons(a[0]) is not null ? Densify(a) : KqlValue.Null(KqlType.Dynamic),
        },
    ];

    private static KqlValue Densify(ReadOnlySpan<KqlValue> a)
    {
        var tolerance = a.Length > 1 ? a[1].AsReal : 10;
        if (!(tolerance is >= 0.1 and <= 10000) || Json.Element(a[0]) is not { } bag)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var type = bag.GetProperty("type").GetString()!;
        var count = 0;
        var text = Part(bag.GetProperty("coordinates"));
        return count > MostPoints ? KqlValue.Null(KqlType.Dynamic) : KqlValue.Dynamic($"{{\"type\":{Json.Quote(type)},\"coordinates\":{text}}}");

        string Part(JsonElement element)
        {
            if (element[0][0].ValueKind != JsonValueKind.Number)
            {
                return Json.ArrayText(element.EnumerateArray().Select(Part));
            }

            var points = element.EnumerateArray().Select(p => (Lng: p[0].GetDouble(), Lat: p[1].GetDouble())).ToList();
            var dense = new List<(double Lng, double Lat)> { points[0] };
            foreach (var (from, to) in points.Zip(points.Skip(1)))
            {
                Add(dense, from, to, tolerance);
            }

            count += dense.Count;
            return Json.ArrayText(dense.Select(p => GeoJson.Pair(p.Lng, p.Lat)));
        }
    }

    private static void Add(List<(double Lng, double Lat)> dense, (double Lng, double Lat) from, (double Lng, double Lat) to, double tolerance, int depth = 0)
    {
        var middle = (Lng: (from.Lng + to.Lng) / 2, Lat: (from.Lat + to.Lat) / 2);
        var (a, b) = (Vector.At(from.Lng, from.Lat), Vector.At(to.Lng, to.Lat));
        var on = Vector.At(middle.Lng, middle.Lat);
        if (depth < 20 && dense.Count <= MostPoints && Sphere.Distance(on, Sphere.Closest(on, a, b)) > tolerance)
        {
            Add(dense, from, middle, tolerance, depth + 1);
            Add(dense, middle, to, tolerance, depth + 1);
            return;
        }

        dense.Add(to);
    }
}
