namespace Bartizan.Kql.Functions.Geography;

/// <summary>
/// The hexagon grid on the icosahedron that H3 indexes: on each face a triangular lattice under the gnomonic projection, seven times finer at each
/// resolution and turned by 19.1 degrees at every other one. Cells of resolution 0 are numbered from north to south.
/// </summary>
internal sealed class H3Grid
{
    public const int MaxResolution = 15;

    /// <summary>The plane distance of neighbouring cells of resolution 0 on the unit sphere's tangent plane.</summary>
    private const double Unit = 0.38196601125010500003;

    private static readonly double Sqrt7 = Math.Sqrt(7);
    private static readonly double Turn = Math.Asin(Math.Sqrt(3.0 / 28));

    // The twelve corners of the icosahedron in the orientation of the Dymaxion map, which puts them all into the sea.
    private static readonly (double Longitude, double Latitude)[] Corners =
    [
        (10.536199075467682, 64.70000012793487), (-143.47849001502516, 50.103201482241346), (122.30000040778702, 39.10000003397593), (-67.13232636643566, 23.71792527122296),
        (58.157705839572586, 10.44734518751103), (-5.245390296777324, 2.300882111626747), (174.75460970322266, -2.300882111626747), (-121.8422941604274, -10.447345187511027),
        (112.86767363356437, -23.717925271222967), (-57.69999959221297, -39.10000003397592), (36.52150998497484, -50.10320148224133), (-169.46380092453242, -64.70000012793489),
    ];

    // For each cell of resolution 0 how its first axis lies: degrees clockwise from north, to the nearest whole one.
    private static readonly short[] Axes =
    [
        -137, 18, -30, 86, -59, -81, 25, 45, -61, 7, -47, -14, 33, 14, 44, -13, -38, 186, -14, 27,
        195, 52, -55, 157, 5, 171, 25, 8, -19, 11, -30, -9, 158, -44, -148, 4, -158, -23, 59, 162,
        193, 2, 32, 20, -16, 171, 8, -159, 152, 11, 154, 24, -21, -9, 28, -161, 4, -20, 39, -17,
        12, 169, 199, -156, -160, 177, -22, 153, 187, -158, 153, 26, -128, 29, -20, 172, 6, 197, 158, 149,
        180, -12, 19, 184, -159, -22, 177, -30, -135, 23, 189, -152, 170, -160, 169, 155, 9, -122, 24, -124,
        129, -14, 150, 196, -4, -142, 191, -161, 167, 144, 192, -131, 174, -122, 135, 156, -98, 86, 92, -150,
        163, -45,
    ];

    // The digits of a pentagon's five sectors, counter-clockwise from the first axis; the sixth is left out.
    private static readonly int[] Sectors = [4, 6, 2, 3, 5];

    private static readonly Lazy<H3Grid> Built = new(() => new H3Grid());

    private readonly List<Face> faces = [];
    private readonly List<Vector> bases = [];
    private readonly bool[] isPentagon;
    private readonly Place?[,,,] places = new Place?[20, 3, 3, 3];
    private readonly List<(int Face, Lattice At, int Rotation)>[] seats;

    private H3Grid()
    {
        var corners = Corners.Select(c => Vector.At(c.Longitude, c.Latitude)).ToArray();
        var triples = new List<Vector[]>();
        for (var a = 0; a < 12; a++)
        {
            for (var b = a + 1; b < 12; b++)
            {
                for (var c = b + 1; c < 12; c++)
                {
                    if (corners[a].Dot(corners[b]) > 0.4 && corners[b].Dot(corners[c]) > 0.4 && corners[a].Dot(corners[c]) > 0.4)
                    {
                        triples.Add([corners[a], corners[b], corners[c]]);
                        faces.Add(Face.Toward(corners[a], triples[^1]));
                    }
                }
            }
        }

        // All lattice points of resolution 0 within a face; those on edges and corners belong to several faces.
        foreach (var center in faces.SelectMany((_, f) => Points(f)).Where(p => Margin(p.Face, p.Center) > -1e-9).Select(p => p.Center))
        {
            if (bases.All(known => known.Dot(center) < 1 - 1e-9))
            {
                bases.Add(center);
            }
        }

        bases.Sort((p, q) => q.Z.CompareTo(p.Z));
        isPentagon = [.. bases.Select(b => corners.Any(c => c.Dot(b) > 1 - 1e-9))];
        for (var f = 0; f < faces.Count; f++)
        {
            // A face's first axis is that of the cell in its middle.
            var middle = faces[f].Center;
            var axis = Axes[Nearest(middle)];
            faces[f] = Face.Toward(triples[f].MinBy(c => Math.Abs(Math.IEEERemainder(Azimuth(middle, c) - axis, 360))), triples[f]);
        }

        seats = [.. bases.Select(_ => new List<(int, Lattice, int)>())];
        foreach (var (f, at, center) in faces.SelectMany((_, f) => Points(f)))
        {
            // From the direction in which the cell's own first axis lies, clockwise to where this face's lies.
            var number = Nearest(center);
            var rotation = (int)Math.Round((Azimuth(center, Near(f, at)) - Axes[number]) / (isPentagon[number] ? 72.0 : 60.0));
            var place = new Place(number, ((rotation % 6) + 6) % 6);
            places[f, at.I, at.J, at.K] = place;
            if (!isPentagon[number] || bases[number].Dot(center) > 1 - 1e-9)
            {
                seats[number].Add((f, at, place.Rotation));
            }
        }
    }

    public static H3Grid Instance => Built.Value;

    public bool IsPentagon(int number) => isPentagon[number];

    /// <summary>The faces that see the cell of resolution 0, where, and by how many sixths of a turn their axes lie to the right of its own.</summary>
    public IReadOnlyList<(int Face, Lattice At, int Rotation)> Seats(int number) => seats[number];

    private int Nearest(Vector p) => bases.IndexOf(bases.MaxBy(b => b.Dot(p)));

    private IEnumerable<(int Face, Lattice At, Vector Center)> Points(int face) =>
        from i in Enumerable.Range(0, 3)
        from j in Enumerable.Range(0, 3)
        from k in Enumerable.Range(0, 3)
        let at = new Lattice(i, j, k)
        where at == at.Normal()
        select (face, at, Position(face, at, 0));

    /// <summary>A point a little along the face's first axis from the lattice point.</summary>
    private Vector Near(int f, Lattice at)
    {
        var (x, y) = at.Plane();
        return OnSphere(f, x + 1e-4, y, 0);
    }

    private static double Azimuth(Vector from, Vector to)
    {
        var north = (new Vector(0, 0, 1) - (from * from.Z)).Unit();
        var east = north.Cross(from);
        var d = to - from;
        return Vector.Degrees(Math.Atan2(d.Dot(east), d.Dot(north)));
    }

    /// <summary>The face closest to the point, and the lattice point of the resolution whose cell holds it.</summary>
    public (int Face, Lattice At) Locate(Vector p, int resolution)
    {
        var face = 0;
        for (var f = 1; f < 20; f++)
        {
            if (faces[f].Center.Dot(p) > faces[face].Center.Dot(p))
            {
                face = f;
            }
        }

        var (x, y) = InPlane(face, p, resolution);
        return (face, Lattice.Nearest(x, y));
    }

    public (double X, double Y) InPlane(int face, Vector p, int resolution)
    {
        var g = faces[face];
        var depth = g.Center.Dot(p);
        var (x, y) = (p.Dot(g.First) / depth, p.Dot(g.Second) / depth);
        var scale = Math.Pow(Sqrt7, resolution) / Unit;
        if (resolution % 2 == 1)
        {
            var (sin, cos) = Math.SinCos(-Turn);
            (x, y) = ((x * cos) - (y * sin), (x * sin) + (y * cos));
        }

        return (x * scale, y * scale);
    }

    public Vector Position(int face, Lattice at, int resolution)
    {
        var (x, y) = at.Plane();
        return OnSphere(face, x, y, resolution);
    }

    public Vector OnSphere(int face, double x, double y, int resolution)
    {
        var scale = Unit / Math.Pow(Sqrt7, resolution);
        if (resolution % 2 == 1)
        {
            var (sin, cos) = Math.SinCos(Turn);
            (x, y) = ((x * cos) - (y * sin), (x * sin) + (y * cos));
        }

        var g = faces[face];
        return (g.Center + (g.First * (x * scale)) + (g.Second * (y * scale))).Unit();
    }

    public int FaceOf(Vector p) => Enumerable.Range(0, faces.Count).MaxBy(f => faces[f].Center.Dot(p));

    /// <summary>Where the straight line on the face's plane from one point to another leaves the face; null where it does not.</summary>
    public Vector? Bend(int face, Vector from, Vector to)
    {
        var (a, b) = (from * (1 / faces[face].Center.Dot(from)), to * (1 / faces[face].Center.Dot(to)));
        if (Margin(face, b.Unit()) >= 0)
        {
            return null;
        }

        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Margin(face, ((a * (1 - middle)) + (b * middle)).Unit()) >= 0 ? (middle, high) : (low, middle);
        }

        return ((a * (1 - low)) + (b * low)).Unit();
    }

    /// <summary>How much closer the point is to the middle of this face than to any other; negative when another is closer.</summary>
    public double Margin(int face, Vector p) => faces[face].Center.Dot(p) - faces.Where((_, f) => f != face).Max(g => g.Center.Dot(p));

    /// <summary>How often to turn left from the face's digits to the pentagon's own, and how often more where that would be the sector that is left out.</summary>
    public (int Times, int Spare) PentagonTurn(int b, int face)
    {
        var seat = seats[b].First(s => s.Face == face).At;
        var inward = (new Lattice(2, 2, 2) - seat).Inward();
        var turn = (Axes[b] - Azimuth(bases[b], faces[face].Center)) / 72;
        var sector = (((int)Math.Round(turn) % 5) + 5) % 5;
        var own = Sectors[sector];
        var times = 0;
        while (Lattice.Steps[inward].Left(times).Digit() != own)
        {
            times++;
        }

        return (times, own == 3 ? 1 : 5);
    }

    /// <summary>The face's digits for a pentagon's own: the same turn back, in the two ways that lead across the gap where there is one.</summary>
    public IEnumerable<int[]> PentagonDigits(int b, int face, int[] own)
    {
        var (times, spare) = PentagonTurn(b, face);
        var back = (6 - times) % 6;
        yield return H3Cell.Turned(own, back);
        var crossed = H3Cell.Turned(own, (6 - spare) % 6);
        if (H3Cell.Leading(crossed) == 1)
        {
            yield return H3Cell.Turned(crossed, back);
        }
    }

    public Place? At(int face, Lattice at) => at.I < 3 && at.J < 3 && at.K < 3 ? places[face, at.I, at.J, at.K] : null;

    /// <summary>A cell of resolution 0 as one face sees it: by how many sixths of a turn the cell's own axes differ from the face's.</summary>
    internal sealed record Place(int Base, int Rotation);

    private sealed record Face(Vector Center, Vector First)
    {
        /// <summary>A quarter turn counter-clockwise from the first axis, as seen from outside.</summary>
        public Vector Second { get; } = Center.Cross(First);

        public static Face Toward(Vector corner, Vector[] corners)
        {
            var center = (corners[0] + corners[1] + corners[2]).Unit();
            return new Face(center, (corner - (center * center.Dot(corner))).Unit());
        }
    }
}
