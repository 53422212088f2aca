using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Geography;

/// <summary>geo functions over S2 cells, which are named by their tokens.</summary>
internal static class S2Functions
{
    /// <summary>A covering of more cells is null, as in Kusto.</summary>
    private const int MostCells = 65536;

    public static IEnumerable<KqlFunction> All() =>
    [
        new("geo_point_to_s2cell", "(longitude:number, latitude:number, level:number?) -> string", "The token of the S2 cell of a point, at a level from 0 to 30.")
        {
            Nulls = NullRule.Handled,
            Managed = a => GeoJson.Point(a[0], a[1]) is { } p && Geohash.Level(a, 2, 11, 0, S2Cell.MaxLevel) is { } level ? KqlValue.Text(S2Cell.At(p, level).Token) : KqlValue.Text(""),
        },
        new("geo_s2cell_to_central_point", "(cell:string) -> dynamic", "The centre of an S2 cell.")
        {
            Managed = a => S2Cell.Read(a[0].AsText) is { } cell ? LineFunctions.Point(cell.Center()) : KqlValue.Null(KqlType.Dynamic),
        },
        new("geo_s2cell_to_polygon", "(cell:string) -> dynamic", "The outline of an S2 cell.")
        {
            Managed = a => S2Cell.Read(a[0].AsText) is { } cell ? KqlValue.Dynamic(GeoJson.PolygonText([new Polygon(new Ring(cell.Corners()), [])])) : KqlValue.Null(KqlType.Dynamic),
        },
        new("geo_s2cell_neighbors", "(cell:string) -> dynamic", "The cells around an S2 cell.")
        {
            Managed = a => S2Cell.Read(a[0].AsText) is { } cell
                ? Json.ArrayOf(((int, int)[])[(1, 1), (-1, -1), (1, -1), (0, -1), (0, 1), (1, 0), (-1, 0), (-1, 1)] is var around
                    ? around.Select(d => cell.Moved(d.Item1, d.Item2)).Where(c => c != cell).Distinct().Select(c => Json.Quote(c.Token)) : [])
                : KqlValue.Null(KqlType.Dynamic),
        },
        new("geo_polygon_to_s2cells", "(polygon:bag, level:number?, radius:number?) -> dynamic", "The S2 cells of a level that cover a polygon, and all within a radius of it.")
        {
            Nulls = NullRule.Handled,
            Managed = a => PolygonFunctions.Cached(a[0]) is { } polygons && Geohash.Level(a, 1, 11, 0, S2Cell.MaxLevel) is { } level && (a.Length < 3 || a[2].AsReal >= 0)
                ? Cover(level, new CoveredPolygons(polygons, a.Length > 2 ? a[2].AsReal / Sphere.Radius : 0))
                : KqlValue.Null(KqlType.Dynamic),
        },
        new("geo_line_to_s2cells", "(line:bag, level:number?, radius:number?) -> dynamic", "The S2 cells of a level that cover a line, and all within a radius of it.")
        {
            Nulls = NullRule.Handled,
            Managed = a => GeoJson.Lines(a[0]) is { } lines && Geohash.Level(a, 1, 11, 0, S2Cell.MaxLevel) is { } level && (a.Length < 3 || a[2].AsReal >= 0)
                ? Cover(level, new CoveredLines(lines, a.Length > 2 ? a[2].AsReal / Sphere.Radius : 0))
                : KqlValue.Null(KqlType.Dynamic),
        },
    ];

    private static KqlValue Cover(int level, Covered shape)
    {
        var cells = S2Cell.Faces().Where(shape.Meets).ToList();
        for (var at = 0; at < level; at++)
        {
            cells = [.. cells.SelectMany(c => c.Children()).Where(shape.Meets)];
            if (cells.Count > MostCells)
            {
                return KqlValue.Null(KqlType.Dynamic);
            }
        }

        return Json.ArrayOf(cells.Select(c => Json.Quote(c.Token)));
    }

    private abstract class Covered(double radius)
    {
        public bool Meets(S2Cell cell)
        {
            var corners = cell.Corners();
            var sides = corners.Select((c, i) => (A: c, B: corners[(i + 1) % 4])).ToList();
            // The sides of a cell are great circles: inside is left of all four.
            if (Points.Any(p => sides.All(s => s.A.Cross(s.B).Dot(p) >= 0)) || corners.Any(Contains) || PolygonFunctions.Cross(sides, Edges))
            {
                return true;
            }

            return radius > 0 && Edges.Any(e => sides.Any(s => Gap(e, s) <= radius));
        }

        protected abstract IEnumerable<Vector> Points { get; }

        protected abstract IEnumerable<(Vector A, Vector B)> Edges { get; }

        protected abstract bool Contains(Vector p);

        private static double Gap((Vector A, Vector B) e, (Vector A, Vector B) s) => Math.Min(
            Math.Min(e.A.Angle(Sphere.Closest(e.A, s.A, s.B)), e.B.Angle(Sphere.Closest(e.B, s.A, s.B))),
            Math.Min(s.A.Angle(Sphere.Closest(s.A, e.A, e.B)), s.B.Angle(Sphere.Closest(s.B, e.A, e.B))));
    }

    private sealed class CoveredPolygons(List<Polygon> polygons, double radius) : Covered(radius)
    {
        protected override IEnumerable<Vector> Points { get; } = [.. polygons.SelectMany(p => p.Rings).SelectMany(r => r.Points)];

        protected override IEnumerable<(Vector A, Vector B)> Edges { get; } = [.. PolygonFunctions.Edges(polygons)];

        protected override bool Contains(Vector p) => PolygonFunctions.Contains(polygons, p);
    }

    private sealed class CoveredLines(List<List<Vector>> lines, double radius) : Covered(radius)
    {
        protected override IEnumerable<Vector> Points { get; } = [.. lines.SelectMany(l => l)];

        protected override IEnumerable<(Vector A, Vector B)> Edges { get; } = [.. lines.SelectMany(LineFunctions.Edges)];

        protected override bool Contains(Vector p) => false;
    }
}
