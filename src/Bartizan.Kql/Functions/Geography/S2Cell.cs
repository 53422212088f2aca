using System.Globalization;
using System.Numerics;

namespace Bartizan.Kql.Functions.Geography;

/// <summary>A cell of the S2 hierarchy: a face of the cube around the sphere and a square of it, numbered along a Hilbert curve.</summary>
internal readonly record struct S2Cell(ulong Id)
{
    public const int MaxLevel = 30;

    private const int Size = 1 << MaxLevel;

    // For each of the four orientations of the curve: the quadrant (i, j) at each place along it, and how the orientation changes there.
    private static readonly int[,] QuadrantAt = { { 0, 1, 3, 2 }, { 0, 2, 3, 1 }, { 3, 2, 0, 1 }, { 3, 1, 0, 2 } };
    private static readonly int[] Changes = [1, 0, 0, 3];

    public int Level => MaxLevel - (BitOperations.TrailingZeroCount(Id) / 2);

    public int Face => (int)(Id >> 61);

    public string Token => Id == 0 ? "X" : Id.ToString("x16", CultureInfo.InvariantCulture).TrimEnd('0');

    private ulong LowestBit => Id & (~Id + 1);

    public static S2Cell? Read(string token)
    {
        if (token.Length is 0 or > 16 || !ulong.TryParse(token.PadRight(16, '0'), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        return id >> 61 < 6 && (id & (~id + 1) & 0x1555555555555555) != 0 ? new S2Cell(id) : null;
    }

    public static S2Cell At(Vector p, int level)
    {
        var face = FaceOf(p);
        var (u, v) = Project(face, p);
        return FromFace(face, Index(u), Index(v)).Parent(level);
    }

    public static IEnumerable<S2Cell> Faces() => Enumerable.Range(0, 6).Select(f => new S2Cell(((ulong)f << 61) | (1UL << 60)));

    public S2Cell Parent(int level)
    {
        var bit = 1UL << (2 * (MaxLevel - level));
        return new((Id & (~bit + 1)) | bit);
    }

    public IEnumerable<S2Cell> Children()
    {
        var (id, quarter) = (Id, LowestBit >> 2);
        return Enumerable.Range(0, 4).Select(k => new S2Cell(id - (3 * quarter) + (2 * quarter * (ulong)k)));
    }

    public Vector Center()
    {
        var (i, j, size) = Square();
        return Unproject(Face, Stretch((i + (size / 2.0)) / Size), Stretch((j + (size / 2.0)) / Size)).Unit();
    }

    /// <summary>Counter-clockwise from the corner with the smallest coordinates on the face.</summary>
    public Vector[] Corners()
    {
        var (i, j, size) = Square();
        var (face, low, high) = (Face, (U: Stretch((double)i / Size), V: Stretch((double)j / Size)), (U: Stretch((double)(i + size) / Size), V: Stretch((double)(j + size) / Size)));
        return [Unproject(face, low.U, low.V).Unit(), Unproject(face, high.U, low.V).Unit(), Unproject(face, high.U, high.V).Unit(), Unproject(face, low.U, high.V).Unit()];
    }

    /// <summary>The cell at the same level so many squares away; across the edge of a face on the next one.</summary>
    public S2Cell Moved(int di, int dj)
    {
        var (i, j, size) = Square();
        var (ni, nj) = ((long)i + ((long)di * size), (long)j + ((long)dj * size));
        if (ni is >= 0 and < Size && nj is >= 0 and < Size)
        {
            return FromFace(Face, (int)ni, (int)nj).Parent(Level);
        }

        // Just outside the face, on the plane of the cube's side carried on: the next face sees the point inside its edge.
        var (u, v) = (Edge(ni, size), Edge(nj, size));
        return At(Unproject(Face, u, v), Level);
    }

    private static double Edge(long at, int size) =>
        at < 0 ? -1 - 1e-15 : at >= Size ? 1 + 1e-15 : Stretch((at + (size / 2.0)) / Size);

    private (int I, int J, int Size) Square()
    {
        var level = Level;
        int i = 0, j = 0, orientation = Face & 1;
        for (var k = 0; k < level; k++)
        {
            var place = (int)((Id >> (59 - (2 * k))) & 3);
            var quadrant = QuadrantAt[orientation, place];
            (i, j) = ((i << 1) | (quadrant >> 1), (j << 1) | (quadrant & 1));
            orientation ^= Changes[place];
        }

        var size = 1 << (MaxLevel - level);
        return (i * size, j * size, size);
    }

    private static S2Cell FromFace(int face, int i, int j)
    {
        var id = (ulong)face << 61;
        var orientation = face & 1;
        for (var k = 0; k < MaxLevel; k++)
        {
            var quadrant = (((i >> (MaxLevel - 1 - k)) & 1) << 1) | ((j >> (MaxLevel - 1 - k)) & 1);
            var place = 0;
            while (QuadrantAt[orientation, place] != quadrant)
            {
                place++;
            }

            id |= (ulong)place << (59 - (2 * k));
            orientation ^= Changes[place];
        }

        return new S2Cell(id | 1);
    }

    private static int FaceOf(Vector p)
    {
        var (x, y, z) = (Math.Abs(p.X), Math.Abs(p.Y), Math.Abs(p.Z));
        var axis = x > y ? x > z ? 0 : 2 : y > z ? 1 : 2;
        return (axis == 0 ? p.X : axis == 1 ? p.Y : p.Z) < 0 ? axis + 3 : axis;
    }

    private static (double U, double V) Project(int face, Vector p) => face switch
    {
        0 => (p.Y / p.X, p.Z / p.X),
        1 => (-p.X / p.Y, p.Z / p.Y),
        2 => (-p.X / p.Z, -p.Y / p.Z),
        3 => (p.Z / p.X, p.Y / p.X),
        4 => (p.Z / p.Y, -p.X / p.Y),
        _ => (-p.Y / p.Z, -p.X / p.Z),
    };

    private static Vector Unproject(int face, double u, double v) => face switch
    {
        0 => new(1, u, v),
        1 => new(-u, 1, v),
        2 => new(-u, -v, 1),
        3 => new(-1, -v, -u),
        4 => new(v, -1, -u),
        _ => new(v, u, -1),
    };

    /// <summary>From a position on the face between 0 and 1 to the plane between -1 and 1 (the quadratic projection).</summary>
    private static double Stretch(double s) => s >= 0.5 ? (1.0 / 3) * ((4 * s * s) - 1) : (1.0 / 3) * (1 - (4 * (1 - s) * (1 - s)));

    private static int Index(double u)
    {
        var s = u >= 0 ? 0.5 * Math.Sqrt(1 + (3 * u)) : 1 - (0.5 * Math.Sqrt(1 - (3 * u)));
        return Math.Clamp((int)Math.Floor(s * Size), 0, Size - 1);
    }
}
