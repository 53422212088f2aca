namespace Bartizan.Kql.Functions.Geography;

/// <summary>Distances, arcs and areas on a sphere of the Earth's mean radius; edges are shortest arcs.</summary>
internal static class Sphere
{
    public const double Radius = 6371010.0;

    public static double Distance(Vector a, Vector b) => a.Angle(b) * Radius;

    /// <summary>Clockwise from north, in radians below and above zero.</summary>
    public static double Azimuth(Vector from, Vector to)
    {
        var (lat1, lat2) = (Vector.Radians(from.Latitude), Vector.Radians(to.Latitude));
        var turn = Vector.Radians(to.Longitude - from.Longitude);
        return Math.Atan2(Math.Sin(turn) * Math.Cos(lat2), (Math.Cos(lat1) * Math.Sin(lat2)) - (Math.Sin(lat1) * Math.Cos(lat2) * Math.Cos(turn)));
    }

    /// <summary>The point of the arc from a to b that lies so far along, as a part of its length.</summary>
    public static Vector Interpolate(Vector a, Vector b, double fraction)
    {
        if (fraction <= 0)
        {
            return a;
        }

        if (fraction >= 1)
        {
            return b;
        }

        var angle = a.Angle(b);
        return angle < 1e-15 ? a : ((a * Math.Sin((1 - fraction) * angle)) + (b * Math.Sin(fraction * angle))).Unit();
    }

    /// <summary>The point of the arc that is closest to p.</summary>
    public static Vector Closest(Vector p, Vector a, Vector b)
    {
        // The difference form keeps the normal exact for arcs of a few metres.
        var normal = (a - b).Cross(a + b);
        if (normal.Length > 0)
        {
            var unit = normal.Unit();
            var foot = (p - (unit * p.Dot(unit))).Unit();
            if (foot.Length > 0 && unit.Cross(a).Dot(foot) * unit.Cross(b).Dot(foot) <= 0 && foot.Dot(a + b) > 0)
            {
                return foot;
            }
        }

        return p.Angle(a) <= p.Angle(b) ? a : b;
    }

    /// <summary>Where the two arcs cross or touch; null where they do not.</summary>
    public static Vector? Crossing(Vector a, Vector b, Vector c, Vector d)
    {
        var (n, m) = ((a - b).Cross(a + b), (c - d).Cross(c + d));
        var (sc, sd, sa, sb) = (n.Dot(c), n.Dot(d), m.Dot(a), m.Dot(b));
        if (sc * sd > 0 || sa * sb > 0)
        {
            return null;
        }

        var at = n.Cross(m).Unit();
        if (at.Length == 0)
        {
            return null;
        }

        if (at.Dot(a + b) < 0)
        {
            at *= -1;
        }

        return at.Dot(c + d) > 0 && at.Dot(a + b) > 0 ? at : null;
    }

    /// <summary>The signed area of the triangle on the unit sphere: positive when its corners run counter-clockwise.</summary>
    public static double Area(Vector a, Vector b, Vector c)
    {
        var volume = a.Dot((b - a).Cross(c - a));
        return 2 * Math.Atan2(volume, 1 + a.Dot(b) + b.Dot(c) + c.Dot(a));
    }

    /// <summary>The centroid of the triangle's surface, times its signed area.</summary>
    public static Vector Centroid(Vector a, Vector b, Vector c)
    {
        var (ra, rb, rc) = (Ratio(b.Angle(c)), Ratio(c.Angle(a)), Ratio(a.Angle(b)));
        var x = new Vector(a.X, b.X - a.X, c.X - a.X);
        var y = new Vector(a.Y, b.Y - a.Y, c.Y - a.Y);
        var z = new Vector(a.Z, b.Z - a.Z, c.Z - a.Z);
        var r = new Vector(ra, rb - ra, rc - ra);
        return new Vector(y.Cross(z).Dot(r), z.Cross(x).Dot(r), x.Cross(y).Dot(r)) * 0.5;
    }

    private static double Ratio(double angle) => angle == 0 ? 1 : angle / Math.Sin(angle);
}
