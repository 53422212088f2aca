namespace Bartizan.Kql.Functions.Geography;

/// <summary>Union and intersection of polygons: edges are cut where they meet, and those kept that have the result on one side only.</summary>
internal static class Regions
{
    public static List<Polygon>? Union(IReadOnlyList<Polygon> polygons) => Combine(polygons, p => polygons.Any(polygon => polygon.Contains(p)));

    public static List<Polygon>? Intersection(IReadOnlyList<Polygon> left, IReadOnlyList<Polygon> right) =>
        Combine([.. left, .. right], p => left.Any(polygon => polygon.Contains(p)) && right.Any(polygon => polygon.Contains(p)));

    private static List<Polygon>? Combine(IReadOnlyList<Polygon> polygons, Func<Vector, bool> isInside)
    {
        if (Arrangement.Split([.. polygons.SelectMany(p => p.Rings).SelectMany(r => r.Edges())]) is not { } edges)
        {
            return null;
        }

        var kept = new List<(Vector From, Vector To)>();
        var seen = new HashSet<(Vector, Vector)>();
        foreach (var (a, b) in edges)
        {
            if (!seen.Add((a, b)) || seen.Contains((b, a)))
            {
                continue;
            }

            var middle = (a + b).Unit();
            var left = (a - b).Cross(a + b).Unit() * Math.Clamp(a.Angle(b) * 1e-5, 1e-12, 1e-8);
            var (onLeft, onRight) = (isInside((middle + left).Unit()), isInside((middle - left).Unit()));
            if (onLeft != onRight)
            {
                kept.Add(onLeft ? (a, b) : (b, a));
            }
        }

        return Assemble(Loops(kept));
    }

    /// <summary>At a point where several loops meet, the sharpest turn to the left, so that each loop stays simple.</summary>
    private static List<Ring> Loops(List<(Vector From, Vector To)> edges)
    {
        var outgoing = edges.GroupBy(e => e.From).ToDictionary(g => g.Key, g => g.Select(e => e.To).ToList());
        var loops = new List<Ring>();
        foreach (var start in edges.Select(e => e.From).ToList())
        {
            while (outgoing.TryGetValue(start, out var first) && first.Count > 0)
            {
                var points = new List<Vector>();
                var (before, at) = (default(Vector), start);
                do
                {
                    if (!outgoing.TryGetValue(at, out var choices) || choices.Count == 0)
                    {
                        break;
                    }

                    var next = choices.Count == 1 ? choices[0] : choices.MaxBy(c => Turn(before, at, c));
                    _ = choices.Remove(next);
                    points.Add(at);
                    (before, at) = (at, next);
                }
                while (at != start);
                if (points.Count >= 3)
                {
                    loops.Add(new Ring(FromLargestX(points)));
                }
            }
        }

        return loops;
    }

    private static double Turn(Vector before, Vector at, Vector next) =>
        before == default ? 0 : Math.IEEERemainder(Sphere.Azimuth(at, before) - Sphere.Azimuth(at, next) + Math.PI, 2 * Math.PI);

    /// <summary>A loop has no first point by itself; this one is always the same.</summary>
    private static List<Vector> FromLargestX(List<Vector> points)
    {
        var first = points.IndexOf(points.MaxBy(p => p.X));
        return [.. points[first..], .. points[..first]];
    }

    private static List<Polygon> Assemble(List<Ring> loops)
    {
        var outer = loops.Where(l => l.SignedArea() > 0).ToList();
        var holes = loops.Where(l => l.SignedArea() <= 0).ToList();
        return
        [
            .. outer.Select(ring => new Polygon(ring, [.. holes.Where(h => outer.Where(o => h.Points.Any(p => !o.Points.Contains(p) && o.Contains(p)) || h.Points.All(o.Points.Contains)).MinBy(o => o.SignedArea()) == ring)])),
        ];
    }
}
