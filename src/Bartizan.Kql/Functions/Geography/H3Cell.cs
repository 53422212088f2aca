using System.Globalization;

namespace Bartizan.Kql.Functions.Geography;

/// <summary>A cell of the H3 index: its resolution, the cell of resolution 0 it lies in, and a digit from 0 to 6 for each resolution.</summary>
internal readonly record struct H3Cell(ulong Index)
{
    private const int Longest = H3Grid.MaxResolution;

    // Counter-clockwise around a cell, from the neighbour between the first two axes.
    private static readonly int[] Around = [6, 2, 3, 1, 5, 4];

    public int Resolution => (int)(Index >> 52) & 15;

    public string Text => Index.ToString("x", CultureInfo.InvariantCulture);

    private int Base => (int)(Index >> 45) & 127;

    private bool IsPentagon => H3Grid.Instance.IsPentagon(Base) && Leading(Digits()) == 0;

    public static H3Cell? Read(string text)
    {
        if (text.Length is < 15 or > 16 || !ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var index) || index >> 56 != 8)
        {
            return null;
        }

        var cell = new H3Cell(index);
        if (cell.Base > 121)
        {
            return null;
        }

        for (var r = 1; r <= Longest; r++)
        {
            var digit = Digit(index, r);
            if (r <= cell.Resolution ? digit > 6 : digit != 7)
            {
                return null;
            }
        }

        return H3Grid.Instance.IsPentagon(cell.Base) && Leading(cell.Digits()) == 1 ? null : cell;
    }

    public static H3Cell At(Vector p, int resolution)
    {
        var grid = H3Grid.Instance;
        var (face, at) = grid.Locate(p, resolution);
        var digits = new int[resolution + 1];
        for (var r = resolution; r >= 1; r--)
        {
            var up = at.Up(r % 2 == 1);
            digits[r] = (at - up.Down(r % 2 == 1)).Digit();
            at = up;
        }

        var place = grid.At(face, at) ?? throw new System.Diagnostics.UnreachableException();
        if (!grid.IsPentagon(place.Base))
        {
            return Of(resolution, place.Base, Turned(digits, (6 - place.Rotation) % 6));
        }

        var (times, spare) = grid.PentagonTurn(place.Base, face);
        digits = Turned(digits, times);
        return Of(resolution, place.Base, Leading(digits) == 1 ? Turned(digits, spare) : digits);
    }

    public H3Cell Parent(int resolution)
    {
        var index = (Index & ~(15UL << 52)) | ((ulong)resolution << 52);
        for (var r = resolution + 1; r <= Longest; r++)
        {
            index |= 7UL << (3 * (Longest - r));
        }

        return new H3Cell(index);
    }

    public IEnumerable<H3Cell> Children(int resolution)
    {
        if (resolution == Resolution)
        {
            return [this];
        }

        var (next, isPentagon) = (Resolution + 1, IsPentagon);
        var shift = 3 * (Longest - next);
        var index = (Index & ~(15UL << 52) & ~(7UL << shift)) | ((ulong)next << 52);
        return Enumerable.Range(0, 7).Where(d => !(isPentagon && d == 1)).SelectMany(d => new H3Cell(index | ((ulong)d << shift)).Children(resolution));
    }

    public Vector Center() => Seat().Center;

    /// <summary>Counter-clockwise; where an edge of an odd resolution bends at an edge of the icosahedron, the bend is a corner too.</summary>
    public List<Vector> Boundary()
    {
        var grid = H3Grid.Instance;
        var resolution = Resolution;
        if (IsPentagon)
        {
            return PentagonBoundary();
        }

        var corners = new List<Vector>();
        var home = Seat();
        for (var n = 0; n < 6; n++)
        {
            var angle = Math.PI * ((2 * n) + 1) / 6;
            corners.Add(Corner(home.Face, home.At, home.Rotation, angle));
        }

        if (resolution % 2 == 0)
        {
            return corners;
        }

        var bent = new List<Vector>();
        for (var n = 0; n < 6; n++)
        {
            bent.Add(corners[n]);
            var (a, b) = (grid.FaceOf(corners[n]), grid.FaceOf(corners[(n + 1) % 6]));
            if (a != b && grid.Bend(a, corners[n], corners[(n + 1) % 6]) is { } bend && bend.Angle(corners[n]) > 1e-12 && bend.Angle(corners[(n + 1) % 6]) > 1e-12)
            {
                bent.Add(bend);
            }
        }

        return bent;
    }

    /// <summary>The cells that touch this one, counter-clockwise.</summary>
    public List<H3Cell> Neighbors()
    {
        var self = this;
        return [.. Around.Select(d => self.Neighbor(d)).Where(c => c != self).Distinct()];
    }

    /// <summary>By the middle of the neighbour, as the face sees it that it lies on.</summary>
    private H3Cell Neighbor(int digit)
    {
        var grid = H3Grid.Instance;
        var (face, at, rotation, _) = Seat();
        var best = grid.Position(face, at + Lattice.Steps[digit].Left(rotation), Resolution);
        var most = grid.Margin(face, best);
        var own = Digits();
        foreach (var (other, seat, turn) in most >= 0 || grid.IsPentagon(Base) ? [] : grid.Seats(Base))
        {
            var p = grid.Position(other, Place(seat, Turned(own, turn)) + Lattice.Steps[digit].Left(turn), Resolution);
            if (grid.Margin(other, p) is var margin && margin > most)
            {
                (best, most) = (p, margin);
            }
        }

        return At(best, Resolution);
    }

    internal static int Leading(int[] digits) => digits.Skip(1).FirstOrDefault(d => d != 0);

    internal static int[] Turned(int[] digits, int times) => [.. digits.Select((d, r) => r == 0 ? 0 : Lattice.Steps[d].Left(times).Digit())];

    private static int Digit(ulong index, int resolution) => (int)(index >> (3 * (Longest - resolution))) & 7;

    private static H3Cell Of(int resolution, int number, int[] digits)
    {
        var index = (1UL << 59) | ((ulong)resolution << 52) | ((ulong)number << 45);
        for (var r = 1; r <= Longest; r++)
        {
            index |= (ulong)(r <= resolution ? digits[r] : 7) << (3 * (Longest - r));
        }

        return new H3Cell(index);
    }

    private int[] Digits()
    {
        var digits = new int[Resolution + 1];
        for (var r = 1; r < digits.Length; r++)
        {
            digits[r] = Digit(Index, r);
        }

        return digits;
    }

    /// <summary>The cell on the face that its middle lies on; of two faces that share it, the one with the cell's own axes.</summary>
    private (int Face, Lattice At, int Rotation, Vector Center) Seat()
    {
        var grid = H3Grid.Instance;
        var own = Digits();
        (int Face, Lattice At, int Rotation, Vector Center) best = default;
        var most = double.NegativeInfinity;
        foreach (var (face, seat, rotation) in grid.Seats(Base))
        {
            foreach (var digits in grid.IsPentagon(Base) ? grid.PentagonDigits(Base, face, own) : [Turned(own, rotation)])
            {
                var at = Place(seat, digits);
                var p = grid.Position(face, at, Resolution);
                var margin = grid.Margin(face, p);
                if (margin > most + 1e-12 || (margin > most - 1e-12 && rotation == 0))
                {
                    (best, most) = ((face, at, rotation, p), Math.Max(most, margin));
                }
            }
        }

        return best;
    }

    private static Lattice Place(Lattice at, int[] digits)
    {
        for (var r = 1; r < digits.Length; r++)
        {
            at = at.Down(r % 2 == 1) + Lattice.Steps[digits[r]];
        }

        return at;
    }

    /// <summary>A corner of the cell, at an angle of the face's plane, as the face sees it that the corner lies on.</summary>
    private Vector Corner(int face, Lattice at, int rotation, double angle)
    {
        var grid = H3Grid.Instance;
        var (best, most) = (Corner(face, at, angle), grid.Margin(face, Corner(face, at, angle)));
        if (most >= 0 || grid.IsPentagon(Base))
        {
            return best;
        }

        var own = Digits();
        foreach (var (other, seat, turn) in grid.Seats(Base))
        {
            var p = Corner(other, Place(seat, Turned(own, turn)), angle + ((turn - rotation) * Math.PI / 3));
            var margin = grid.Margin(other, p);
            if (margin > most)
            {
                (best, most) = (p, margin);
            }
        }

        return best;
    }

    private Vector Corner(int face, Lattice at, double angle)
    {
        var (x, y) = at.Plane();
        return H3Grid.Instance.OnSphere(face, x + (Math.Cos(angle) / Math.Sqrt(3)), y + (Math.Sin(angle) / Math.Sqrt(3)), Resolution);
    }

    private List<Vector> PentagonBoundary()
    {
        var grid = H3Grid.Instance;
        var (middle, self) = (Center(), this);
        var corners = new List<Vector>();
        foreach (var (face, seat, _) in grid.Seats(Base))
        {
            var at = Place(seat, new int[Resolution + 1]);
            corners.AddRange(Enumerable.Range(0, 6).Select(n => self.Corner(face, at, Math.PI * ((2 * n) + 1) / 6)).Where(p => grid.Margin(face, p) > -1e-12));
        }

        var distinct = corners.Where((p, i) => corners.FindIndex(q => q.Angle(p) < 1e-10) == i).OrderByDescending(p => Sphere.Azimuth(middle, p)).ToList();
        return distinct;
    }
}
