namespace Bartizan.Kql.Functions.Geography;

/// <summary>A point of the triangular lattice by three axes 120 degrees apart; the least coordinate is 0.</summary>
internal readonly record struct Lattice(int I, int J, int K)
{
    private static readonly double Sin60 = Math.Sqrt(3) / 2;

    /// <summary>The steps of the digits 0 to 6: none, k, j, j+k, i, i+k, i+j.</summary>
    public static readonly Lattice[] Steps = [new(0, 0, 0), new(0, 0, 1), new(0, 1, 0), new(0, 1, 1), new(1, 0, 0), new(1, 0, 1), new(1, 1, 0)];

    public Lattice Normal()
    {
        var least = Math.Min(I, Math.Min(J, K));
        return new(I - least, J - least, K - least);
    }

    public static Lattice operator +(Lattice a, Lattice b) => new Lattice(a.I + b.I, a.J + b.J, a.K + b.K).Normal();

    public static Lattice operator -(Lattice a, Lattice b) => new Lattice(a.I - b.I, a.J - b.J, a.K - b.K).Normal();

    /// <summary>For a corner of a face, seen from its middle, the digit that leads back.</summary>
    public int Inward()
    {
        var n = Normal();
        return Array.IndexOf(Steps, new Lattice(Math.Sign(n.I), Math.Sign(n.J), Math.Sign(n.K)));
    }

    public int Digit() => Array.IndexOf(Steps, Normal());

    public (double X, double Y) Plane() => (I - K - (0.5 * (J - K)), (J - K) * Sin60);

    /// <summary>The lattice point whose hexagon holds the point of the plane.</summary>
    public static Lattice Nearest(double x, double y)
    {
        var b = y / Sin60;
        var a = x + (0.5 * b);
        var (best, least) = (default(Lattice), double.PositiveInfinity);
        for (var da = 0; da <= 1; da++)
        {
            for (var db = 0; db <= 1; db++)
            {
                var candidate = new Lattice((int)Math.Floor(a) + da, (int)Math.Floor(b) + db, 0).Normal();
                var (px, py) = candidate.Plane();
                var distance = ((px - x) * (px - x)) + ((py - y) * (py - y));
                if (distance < least)
                {
                    (best, least) = (candidate, distance);
                }
            }
        }

        return best;
    }

    /// <summary>The lattice point of the next coarser resolution whose seven cells hold this one.</summary>
    public Lattice Up(bool turnedLeft)
    {
        var (i, j) = (I - K, J - K);
        return turnedLeft
            ? new Lattice((int)Math.Round(((3 * i) - j) / 7.0), (int)Math.Round((i + (2 * j)) / 7.0), 0).Normal()
            : new Lattice((int)Math.Round(((2 * i) + j) / 7.0), (int)Math.Round(((3 * j) - i) / 7.0), 0).Normal();
    }

    /// <summary>The centre of this cell on the next finer lattice.</summary>
    public Lattice Down(bool turnedLeft) => turnedLeft
        ? Sum(new(3, 0, 1), new(1, 3, 0), new(0, 1, 3))
        : Sum(new(3, 1, 0), new(0, 3, 1), new(1, 0, 3));

    private Lattice Sum(Lattice i, Lattice j, Lattice k) =>
        new Lattice((i.I * I) + (j.I * J) + (k.I * K), (i.J * I) + (j.J * J) + (k.J * K), (i.K * I) + (j.K * J) + (k.K * K)).Normal();

    /// <summary>A sixth of a turn counter-clockwise.</summary>
    public Lattice Left() => Sum(new(1, 1, 0), new(0, 1, 1), new(1, 0, 1));

    public Lattice Left(int times)
    {
        var at = this;
        for (var n = 0; n < times; n++)
        {
            at = at.Left();
        }

        return at;
    }
}
