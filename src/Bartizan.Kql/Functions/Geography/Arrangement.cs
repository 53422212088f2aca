namespace Bartizan.Kql.Functions.Geography;

/// <summary>Edges cut where they meet, points that are one within a micrometre made the same.</summary>
internal static class Arrangement
{
    /// <summary>Radians; about half a micrometre on the ground.</summary>
    public const double Tolerance = 1e-13;

    /// <summary>Pairs of edges beyond this many are not compared (null), which bounds time.</summary>
    private const long MostPairs = 40_000_000;

    public static List<(Vector A, Vector B)>? Split(IReadOnlyList<(Vector A, Vector B)> edges)
    {
        if ((long)edges.Count * edges.Count > MostPairs)
        {
            return null;
        }

        var points = new PointIndex();
        var snapped = edges.Select(e => (A: points.Snap(e.A), B: points.Snap(e.B))).Where(e => e.A != e.B).ToList();
        var cuts = snapped.Select(_ => new List<Vector>()).ToList();
        for (var i = 0; i < snapped.Count; i++)
        {
            for (var j = i + 1; j < snapped.Count; j++)
            {
                Cut(snapped[i], snapped[j], cuts[i], cuts[j], points);
            }
        }

        var result = new List<(Vector A, Vector B)>();
        for (var i = 0; i < snapped.Count; i++)
        {
            var (a, b) = snapped[i];
            var chain = cuts[i].Append(b).Distinct().Where(p => p != a).OrderBy(p => p.Angle(a));
            foreach (var p in chain)
            {
                result.Add((a, p));
                a = p;
            }
        }

        return result;
    }

    private static void Cut((Vector A, Vector B) one, (Vector A, Vector B) two, List<Vector> cutsOne, List<Vector> cutsTwo, PointIndex points)
    {
        foreach (var p in (Vector[])[two.A, two.B])
        {
            if (p != one.A && p != one.B && IsOn(p, one))
            {
                cutsOne.Add(p);
            }
        }

        foreach (var p in (Vector[])[one.A, one.B])
        {
            if (p != two.A && p != two.B && IsOn(p, two))
            {
                cutsTwo.Add(p);
            }
        }

        if (one.A != two.A && one.A != two.B && one.B != two.A && one.B != two.B && Sphere.Crossing(one.A, one.B, two.A, two.B) is { } at)
        {
            var crossing = points.Snap(at);
            cutsOne.Add(crossing);
            cutsTwo.Add(crossing);
        }
    }

    private static bool IsOn(Vector p, (Vector A, Vector B) edge) => p.Angle(Sphere.Closest(p, edge.A, edge.B)) < Tolerance;

    /// <summary>Finds the point that another is the same as.</summary>
    private sealed class PointIndex
    {
        private const double Cell = 4 * Tolerance;

        private readonly Dictionary<(long, long, long), Vector> cells = [];

        public Vector Snap(Vector p)
        {
            var (x, y, z) = ((long)Math.Floor(p.X / Cell), (long)Math.Floor(p.Y / Cell), (long)Math.Floor(p.Z / Cell));
            for (var dx = -1; dx <= 1; dx++)
            {
                for (var dy = -1; dy <= 1; dy++)
                {
                    for (var dz = -1; dz <= 1; dz++)
                    {
                        if (cells.TryGetValue((x + dx, y + dy, z + dz), out var known) && (known - p).Length < Tolerance)
                        {
                            return known;
                        }
                    }
                }
            }

            cells[(x, y, z)] = p;
            return p;
        }
    }
}
