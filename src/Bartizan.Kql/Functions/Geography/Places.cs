using System.Globalization;
using System.Text.RegularExpressions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Geography;

/// <summary>Distances, directions and circles of points, and reading well-known text.</summary>
internal static partial class Places
{
    public static IEnumerable<KqlFunction> All() =>
    [
        new("geo_distance_2points", "(p1_longitude:number, p1_latitude:number, p2_longitude:number, p2_latitude:number, use_spheroid:number|bool?) -> real", "The distance between two points in metres.")
        {
            Managed = a => GeoJson.Point(a[0], a[1]) is { } p && GeoJson.Point(a[2], a[3]) is { } q
                ? KqlValue.Real(IsTrue(a, 4) ? Spheroid.Distance(a[0].AsReal, a[1].AsReal, a[2].AsReal, a[3].AsReal) : Sphere.Distance(p, q))
                : KqlValue.Null(KqlType.Real),
        },
        new("geo_azimuth", "(p1_longitude:number, p1_latitude:number, p2_longitude:number, p2_latitude:number) -> real", "The direction from the first point to the second, clockwise from north, in radians.")
        {
            Managed = a => GeoJson.Point(a[0], a[1]) is { } p && GeoJson.Point(a[2], a[3]) is { } q && IsDirected(p, q)
                ? KqlValue.Real(Turn(Sphere.Azimuth(p, q)))
                : KqlValue.Null(KqlType.Real),
        },
        new(
            "geo_angle", "(p1_longitude:number, p1_latitude:number, p2_longitude:number, p2_latitude:number, p3_longitude:number, p3_latitude:number) -> real",
            "The clockwise angle at the second point from the first to the third, in radians.")
        {
            Managed = a => GeoJson.Point(a[0], a[1]) is { } p && GeoJson.Point(a[2], a[3]) is { } q && GeoJson.Point(a[4], a[5]) is { } r && IsDirected(q, p) && IsDirected(q, r)
                ? KqlValue.Real(Turn(Sphere.Azimuth(q, r) - Sphere.Azimuth(q, p)))
                : KqlValue.Null(KqlType.Real),
        },
        new("geo_point_in_circle", "(longitude:number, latitude:number, center_longitude:number, center_latitude:number, radius:number) -> bool", "Whether a point lies within so many metres of another.")
        {
            Managed = a => GeoJson.Point(a[0], a[1]) is { } p && GeoJson.Point(a[2], a[3]) is { } center && a[4].AsReal >= 0
                ? KqlValue.Bool(Sphere.Distance(p, center) <= a[4].AsReal)
                : KqlValue.Null(KqlType.Bool),
        },
        new("geo_point_buffer", "(longitude:number, latitude:number, radius:number, tolerance:number?) -> dynamic", "A polygon that holds all points within so many metres of the point.")
        {
            Managed = Buffer,
        },
        new("geo_from_wkt", "(text:string|dynamic) -> dynamic", "The GeoJSON shape that well-known text describes.")
        {
            Managed = a => KqlValue.Dynamic(new WellKnownText(Conversion.ToText(a[0])).ToGeoJson()),
        },
    ];

    internal static bool IsTrue(ReadOnlySpan<KqlValue> a, int at) => a.Length > at && !a[at].IsNull && (a[at].Type == KqlType.Bool ? a[at].AsBool : a[at].AsReal != 0);

    private static bool IsDirected(Vector from, Vector to) => from.Angle(to) is > 1e-15 and < Math.PI - 1e-12;

    private static double Turn(double angle)
    {
        var turned = Math.IEEERemainder(angle, 2 * Math.PI);
        return turned < 0 ? turned + (2 * Math.PI) : turned;
    }

    private static KqlValue Buffer(ReadOnlySpan<KqlValue> a)
    {
        var radius = a[2].AsReal;
        var tolerance = a.Length > 3 ? a[3].AsReal : Math.Max(0.1, Math.Min(10, radius / 100));
        if (GeoJson.Point(a[0], a[1]) is not { } center || !(radius > 0) || radius > 10_000_000 || !(tolerance > 0))
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        // So many corners that no edge leaves the circle by more than the tolerance.
        var ratio = Math.Max(0, 1 - (tolerance / radius));
        var corners = (int)Math.Clamp(Math.Ceiling(Math.PI / Math.Acos(ratio)), 4, 1024);
        var east = (Math.Abs(center.Z) > 0.9 ? new Vector(1, 0, 0) : new Vector(0, 0, 1)).Cross(center).Unit();
        var north = center.Cross(east);
        var angle = radius / Sphere.Radius;
        var points = Enumerable.Range(0, corners).Select(i =>
        {
            var turn = 2 * Math.PI * i / corners;
            return ((center * Math.Cos(angle)) + (((east * Math.Cos(turn)) + (north * Math.Sin(turn))) * Math.Sin(angle))).Unit();
        });
        return KqlValue.Dynamic(GeoJson.PolygonText([new Polygon(new Ring([.. points]), [])]));
    }

    /// <summary>Reads <c>POLYGON ((1 2, 3 4, …))</c> and its kin.</summary>
    private sealed partial class WellKnownText(string text)
    {
        private const int MostCharacters = 4_000_000;

        private static readonly Dictionary<string, (string Name, int Depth)> Kinds = new(StringComparer.OrdinalIgnoreCase)
        {
            ["POINT"] = ("Point", 0),
            ["LINESTRING"] = ("LineString", 1),
            ["POLYGON"] = ("Polygon", 2),
            ["MULTIPOINT"] = ("MultiPoint", 1),
            ["MULTILINESTRING"] = ("MultiLineString", 2),
            ["MULTIPOLYGON"] = ("MultiPolygon", 3),
        };

        private readonly MatchCollection? tokens = text.Length > MostCharacters ? null : Token().Matches(text);
        private int at;

        public string? ToGeoJson()
        {
            if (tokens is null || Shape() is not { } shape || at != tokens.Count || !Token().Replace(text, "").All(char.IsWhiteSpace))
            {
                return null;
            }

            return shape;
        }

        private string? Shape(int nesting = 0)
        {
            var word = Next();
            if (string.Equals(word, "GEOMETRYCOLLECTION", StringComparison.OrdinalIgnoreCase) && nesting < 8)
            {
                var shapes = new List<string>();
                return List(() => Shape(nesting + 1), shapes) ? $"{{\"type\":\"GeometryCollection\",\"geometries\":{Json.ArrayText(shapes)}}}" : null;
            }

            return word is not null && Kinds.TryGetValue(word, out var kind) && Coordinates(kind.Depth, kind.Name == "MultiPoint") is { } coordinates
                ? $"{{\"type\":\"{kind.Name}\",\"coordinates\":{coordinates}}}"
                : null;
        }

        private string? Coordinates(int depth, bool loose)
        {
            if (depth == 0)
            {
                return Take("(") && Pair() is { } single && Take(")") ? single : null;
            }

            var items = new List<string>();
            return List(() => depth > 1 ? Coordinates(depth - 1, loose) : loose && Peek() == "(" ? Coordinates(0, false) : Pair(), items) ? Json.ArrayText(items) : null;
        }

        private bool List(Func<string?> item, List<string> items)
        {
            if (!Take("("))
            {
                return false;
            }

            do
            {
                if (item() is not { } one)
                {
                    return false;
                }

                items.Add(one);
            }
            while (Take(","));
            return Take(")");
        }

        private string? Pair() =>
            double.TryParse(Next(), NumberStyles.Float, CultureInfo.InvariantCulture, out var x) && double.TryParse(Next(), NumberStyles.Float, CultureInfo.InvariantCulture, out var y)
            && double.IsFinite(x) && double.IsFinite(y) ? GeoJson.Pair(x, y) : null;

        private string? Peek() => at < tokens!.Count ? tokens[at].Value : null;

        private string? Next() => at < tokens!.Count ? tokens[at++].Value : null;

        private bool Take(string token)
        {
            if (Peek() != token)
            {
                return false;
            }

            at++;
            return true;
        }

        [GeneratedRegex("[A-Za-z]+|[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?|[(),]")]
        private static partial Regex Token();
    }
}
