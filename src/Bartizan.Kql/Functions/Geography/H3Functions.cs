using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Geography;

/// <summary>geo functions over H3 cells, which are named by their indexes in hexadecimal.</summary>
internal static class H3Functions
{
    /// <summary>Kusto gives no rings beyond this distance, nor children more than this many resolutions below.</summary>
    private const int FarthestRing = 142;
    private const int DeepestChild = 5;

    public static IEnumerable<KqlFunction> All() =>
    [
        new("geo_point_to_h3cell", "(longitude:number, latitude:number, resolution:number?) -> string", "The H3 cell of a point, at a resolution from 0 to 15.")
        {
            Nulls = NullRule.Handled,
            Managed = a => GeoJson.Point(a[0], a[1]) is { } p && Geohash.Level(a, 2, 6, 0, H3Grid.MaxResolution) is { } resolution ? KqlValue.Text(H3Cell.At(p, resolution).Text) : KqlValue.Text(""),
        },
        Over("geo_h3cell_to_central_point", "dynamic", "The centre of an H3 cell.", cell => LineFunctions.Point(cell.Center())),
        Over("geo_h3cell_to_polygon", "dynamic", "The outline of an H3 cell.", cell => KqlValue.Dynamic(GeoJson.PolygonText([new Polygon(new Ring(cell.Boundary()), [])]))),
        Over("geo_h3cell_level", "int", "The resolution of an H3 cell.", cell => KqlValue.Int(cell.Resolution), KqlType.Int),
        Over("geo_h3cell_neighbors", "dynamic", "The cells around an H3 cell.", cell => Texts(cell.Neighbors())),
        new("geo_h3cell_parent", "(cell:string, resolution:number?) -> string", "The cell of a coarser resolution that an H3 cell lies in.")
        {
            Nulls = NullRule.Handled,
            Managed = a => H3Cell.Read(a[0].AsText) is { } cell && Geohash.Level(a, 1, cell.Resolution - 1, 0, cell.Resolution - 1) is { } resolution and >= 0
                ? KqlValue.Text(cell.Parent(resolution).Text)
                : KqlValue.Text(""),
        },
        new("geo_h3cell_children", "(cell:string, resolution:number?) -> dynamic", "The cells of a finer resolution that lie in an H3 cell.")
        {
            Nulls = NullRule.Handled,
            Managed = a => H3Cell.Read(a[0].AsText) is { } cell
                && Geohash.Level(a, 1, cell.Resolution + 1, cell.Resolution + 1, Math.Min(H3Grid.MaxResolution, cell.Resolution + DeepestChild)) is { } resolution and <= H3Grid.MaxResolution
                ? Texts(cell.Children(resolution))
                : KqlValue.Null(KqlType.Dynamic),
        },
        new("geo_h3cell_rings", "(cell:string, distance:number) -> dynamic", "The rings of cells around an H3 cell, from the cell itself outwards.")
        {
            Managed = a => H3Cell.Read(a[0].AsText) is { } cell && a[1].AsReal is >= 0 and <= FarthestRing ? Rings(cell, (int)a[1].AsReal) : KqlValue.Null(KqlType.Dynamic),
        },
    ];

    private static KqlFunction Over(string name, string result, string doc, Func<H3Cell, KqlValue> map, KqlType type = KqlType.Dynamic) => new(name, $"(cell:string) -> {result}", doc)
    {
        Managed = a => H3Cell.Read(a[0].AsText) is { } cell ? map(cell) : KqlValue.Null(type),
    };

    private static KqlValue Texts(IEnumerable<H3Cell> cells) => KqlValue.Dynamic(List(cells));

    private static string List(IEnumerable<H3Cell> cells) => Json.ArrayText(cells.Select(c => Json.Quote(c.Text)));

    private static KqlValue Rings(H3Cell cell, int distance)
    {
        var seen = new HashSet<H3Cell> { cell };
        var rings = new List<string> { List([cell]) };
        var ring = new List<H3Cell> { cell };
        var (center, around) = (cell.Center(), cell.Neighbors());
        for (var n = 1; n <= distance; n++)
        {
            ring = [.. ring.SelectMany(c => c.Neighbors()).Where(seen.Add)];
            // Counter-clockwise, the cell in the direction of the first axis last.
            var last = around.Count == 0 ? 0 : Sphere.Azimuth(center, around[^1].Center());
            rings.Add(List(ring.OrderBy(c => Left(last - Sphere.Azimuth(center, c.Center())))));
        }

        return KqlValue.Dynamic(Json.ArrayText(rings));
    }

    private static double Left(double angle)
    {
        var turned = Math.IEEERemainder(angle, 2 * Math.PI);
        return turned < 0.02 ? turned + (2 * Math.PI) : turned;
    }
}
