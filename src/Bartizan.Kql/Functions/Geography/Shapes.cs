using System.Globalization;
using System.Text.Json;

namespace Bartizan.Kql.Functions.Geography;

/// <summary>A ring, without its first point repeated at the end.</summary>
internal sealed record Ring(IReadOnlyList<Vector> Points)
{
    /// <summary>Positive for a ring that runs counter-clockwise around less than half the sphere.</summary>
    public double SignedArea()
    {
        var area = 0.0;
        for (var i = 1; i + 1 < Points.Count; i++)
        {
            area += Sphere.Area(Points[0], Points[i], Points[i + 1]);
        }

        return Math.IEEERemainder(area, 4 * Math.PI);
    }

    public Vector Centroid()
    {
        var sum = default(Vector);
        for (var i = 1; i + 1 < Points.Count; i++)
        {
            sum += Sphere.Centroid(Points[0], Points[i], Points[i + 1]);
        }

        return SignedArea() < 0 ? sum * -1 : sum;
    }

    public IEnumerable<(Vector A, Vector B)> Edges() => Points.Select((p, i) => (p, Points[(i + 1) % Points.Count]));

    public double Perimeter() => Edges().Sum(e => e.A.Angle(e.B));

    /// <summary>Whether the ring winds around the point, on the smaller of its two sides.</summary>
    public bool Contains(Vector p)
    {
        if (p.Dot(Center()) <= 0)
        {
            return false;
        }

        // Seen from p, directions to the corners in the tangent plane; the ring turns once around a point inside.
        var east = (Math.Abs(p.Z) > 0.9 ? new Vector(1, 0, 0) : new Vector(0, 0, 1)).Cross(p).Unit();
        var north = p.Cross(east);
        var turned = 0.0;
        var before = Direction(Points[^1]);
        foreach (var point in Points)
        {
            var next = Direction(point);
            turned += Math.IEEERemainder(next - before, 2 * Math.PI);
            before = next;
        }

        return Math.Abs(turned) > Math.PI;

        double Direction(Vector to) => Math.Atan2((to - p).Dot(north), (to - p).Dot(east));
    }

    public Ring Oriented(bool counterClockwise) => SignedArea() > 0 == counterClockwise ? this : new Ring([.. Points.Reverse()]);

    private Vector Center() => Centroid() is { Length: > 1e-12 } centroid ? centroid : Points.Aggregate(default(Vector), (a, b) => a + b);
}

/// <summary>An outer ring and the holes in it.</summary>
internal sealed record Polygon(Ring Outer, IReadOnlyList<Ring> Holes)
{
    public IEnumerable<Ring> Rings => Holes.Prepend(Outer);

    public bool Contains(Vector p) => Outer.Contains(p) && !Holes.Any(h => h.Contains(p));
}

/// <summary>GeoJSON in and out. A value that is no valid shape of the wanted kind reads as null.</summary>
internal static class GeoJson
{
    private const int MostPoints = 200_000;

    public static Vector? Point(double longitude, double latitude) =>
        Math.Abs(longitude) <= 180 && Math.Abs(latitude) <= 90 ? Vector.At(longitude, latitude) : null;

    public static Vector? Point(KqlValue longitude, KqlValue latitude) => longitude.IsNull || latitude.IsNull ? null : Point(longitude.AsReal, latitude.AsReal);

    /// <summary>The lines of a LineString or MultiLineString.</summary>
    public static List<List<Vector>>? Lines(KqlValue value)
    {
        if (Parts(value) is not var (type, coordinates))
        {
            return null;
        }

        IEnumerable<JsonElement> parts = type switch { "LineString" => [coordinates], "MultiLineString" => coordinates.EnumerateArray(), _ => [] };
        var lines = new List<List<Vector>>();
        foreach (var part in parts)
        {
            if (Points(part) is not { } points || points.Distinct().Count() < 2)
            {
                return null;
            }

            lines.Add(points);
        }

        return lines.Count == 0 ? null : lines;
    }

    /// <summary>The polygons of a Polygon or MultiPolygon.</summary>
    public static List<Polygon>? Polygons(KqlValue value)
    {
        if (Parts(value) is not var (type, coordinates))
        {
            return null;
        }

        IEnumerable<JsonElement> parts = type switch { "Polygon" => [coordinates], "MultiPolygon" => coordinates.EnumerateArray(), _ => [] };
        var polygons = new List<Polygon>();
        foreach (var part in parts)
        {
            if (part.ValueKind != JsonValueKind.Array || part.GetArrayLength() == 0)
            {
                return null;
            }

            var rings = part.EnumerateArray().Select(Ring).ToList();
            if (rings.Any(r => r is null))
            {
                return null;
            }

            polygons.Add(new Polygon(rings[0]!.Oriented(counterClockwise: true), [.. rings.Skip(1).Select(r => r!.Oriented(counterClockwise: false))]));
        }

        return polygons.Count == 0 ? null : polygons;
    }

    public static string PointText(Vector p) => $"{{\"type\":\"Point\",\"coordinates\":{Pair(p)}}}";

    public static string LineText(IReadOnlyList<IReadOnlyList<Vector>> lines) => lines.Count == 1
        ? $"{{\"type\":\"LineString\",\"coordinates\":{List(lines[0])}}}"
        : $"{{\"type\":\"MultiLineString\",\"coordinates\":{Json.ArrayText(lines.Select(List))}}}";

    public static string PolygonText(IReadOnlyList<Polygon> polygons)
    {
        var texts = polygons.Select(p => Json.ArrayText(p.Rings.Select(r => List([.. r.Points, r.Points[0]])))).ToList();
        return texts.Count == 1 ? $"{{\"type\":\"Polygon\",\"coordinates\":{texts[0]}}}" : $"{{\"type\":\"MultiPolygon\",\"coordinates\":{Json.ArrayText(texts)}}}";
    }

    public static string RingText(IEnumerable<(double Longitude, double Latitude)> corners) =>
        $"{{\"type\":\"Polygon\",\"coordinates\":[{Json.ArrayText(corners.Select(c => Pair(c.Longitude, c.Latitude)))}]}}";

    public static string Pair(double longitude, double latitude) => $"[{Number(longitude)},{Number(latitude)}]";

    public static string Pair(Vector p) => Pair(p.Longitude, p.Latitude);

    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string List(IReadOnlyList<Vector> points) => Json.ArrayText(points.Select(Pair));

    private static (string Type, JsonElement Coordinates)? Parts(KqlValue value)
    {
        if (value.IsNull || Json.Element(value) is not { ValueKind: JsonValueKind.Object } bag)
        {
            return null;
        }

        if (bag.TryGetProperty("geometry", out var geometry) && geometry.ValueKind == JsonValueKind.Object)
        {
            bag = geometry;
        }

        return bag.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
            && bag.TryGetProperty("coordinates", out var coordinates) && coordinates.ValueKind == JsonValueKind.Array
            ? (type.GetString()!, coordinates)
            : null;
    }

    private static List<Vector>? Points(JsonElement array)
    {
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() > MostPoints)
        {
            return null;
        }

        var points = new List<Vector>();
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Array || item.GetArrayLength() < 2 || item[0].ValueKind != JsonValueKind.Number || item[1].ValueKind != JsonValueKind.Number
                || Point(item[0].GetDouble(), item[1].GetDouble()) is not { } point)
            {
                return null;
            }

            if (points.Count == 0 || points[^1] != point)
            {
                points.Add(point);
            }
        }

        return points;
    }

    private static Ring? Ring(JsonElement array)
    {
        if (Points(array) is not { Count: >= 4 } points || array.GetArrayLength() < 4 || points[0] != points[^1])
        {
            return null;
        }

        points.RemoveAt(points.Count - 1);
        return points.Distinct().Count() >= 3 && points.Count == points.Distinct().Count() ? new Ring(points) : null;
    }
}
