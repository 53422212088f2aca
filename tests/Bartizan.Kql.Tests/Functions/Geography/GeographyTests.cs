using System.Globalization;
using Bartizan.Kql.Functions;

namespace Bartizan.Kql.Tests.Functions.Geography;

public sealed class GeographyTests
{
    private const string Square = """{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}""";
    private const string Shifted = """{"type":"Polygon","coordinates":[[[0.5,0.5],[1.5,0.5],[1.5,1.5],[0.5,1.5],[0.5,0.5]]]}""";
    private const string Holed = """{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,2],[2,2],[2,1],[1,1]]]}""";
    private const string Line = """{"type":"LineString","coordinates":[[0,0],[0,1],[0,2]]}""";

    [Fact]
    public void One_degree_is_a_three_hundred_and_sixtieth_of_the_way_around()
    {
        Near(6371010.0 * Math.PI / 180, Call("geo_distance_2points", N(0), N(0), N(1), N(0)));
        Near(111319.490793, Call("geo_distance_2points", N(0), N(0), N(1), N(0), KqlValue.Bool(true)));
        Near(2 * 6371010.0 * Math.PI / 180, Call("geo_line_length", D(Line)));
    }

    [Fact]
    public void Directions_turn_clockwise_from_north()
    {
        Near(Math.PI / 2, Call("geo_azimuth", N(0), N(0), N(1), N(0)));
        Near(Math.PI / 2, Call("geo_angle", N(0), N(1), N(0), N(0), N(1), N(0)));
        Assert.Equal("null", Text(Call("geo_azimuth", N(5), N(5), N(5), N(5))));
    }

    [Fact]
    public void A_point_is_in_a_polygon_but_not_in_its_hole()
    {
        Assert.Equal("true", Text(Call("geo_point_in_polygon", N(3), N(3), D(Holed))));
        Assert.Equal("false", Text(Call("geo_point_in_polygon", N(1.5), N(1.5), D(Holed))));
        Assert.Equal("false", Text(Call("geo_point_in_polygon", N(-177), N(-1), D(Holed))));
        Assert.Equal("null", Text(Call("geo_point_in_polygon", N(1), N(1), D("""{"type":"Polygon","coordinates":[[[0,0],[10,10],[10,10],[0,0]]]}"""))));
    }

    [Fact]
    public void Two_squares_share_a_quarter()
    {
        var one = Call("geo_polygon_area", D(Square)).AsReal;
        var common = Call("geo_polygon_area", Call("geo_intersection_2polygons", D(Square), D(Shifted))).AsReal;
        var both = Call("geo_polygon_area", Call("geo_union_polygons_array", D($"[{Square},{Shifted}]"))).AsReal;
        Assert.InRange(common / one, 0.249, 0.251);
        Assert.Equal(one + Call("geo_polygon_area", D(Shifted)).AsReal, common + both, 1.0);
        Assert.Equal("true", Text(Call("geo_intersects_2polygons", D(Square), D(Shifted))));
    }

    [Fact]
    public void Neighbouring_squares_join_without_a_seam()
    {
        var union = Json.Parse(Text(Call("geo_union_polygons_array", D($$"""[{{Square}},{"type":"Polygon","coordinates":[[[1,0],[2,0],[2,1],[1,1],[1,0]]]}]"""))))!.Value;
        Assert.Equal("Polygon", union.GetProperty("type").GetString());
        Assert.Equal(7, union.GetProperty("coordinates")[0].GetArrayLength());
    }

    [Fact]
    public void Places_along_a_line()
    {
        Near(0.25, Call("geo_line_locate_point", D(Line), N(0), N(0.5)));
        Assert.Equal("[0,0.5]", Rounded(Call("geo_line_interpolate_point", D(Line), N(0.25))));
        Assert.Equal("[0,1.5]", Rounded(Call("geo_closest_point_on_line", N(0), N(1.5), D(Line))));
        Assert.Equal("[0,1]", Rounded(Call("geo_line_centroid", D(Line))));
    }

    [Fact]
    public void Well_known_text_becomes_geojson()
    {
        Assert.Equal("""{"type":"Point","coordinates":[1,2.5]}""", Text(Call("geo_from_wkt", KqlValue.Text("point(1 2.5)"))));
        Assert.Equal("""{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"LineString","coordinates":[[1,2],[3,4]]}]}""",
            Text(Call("geo_from_wkt", KqlValue.Text("GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (1 2, 3 4))"))));
        Assert.Equal("null", Text(Call("geo_from_wkt", KqlValue.Text("POINT (1"))));
    }

    [Fact]
    public void A_geohash_holds_its_point_and_has_eight_neighbours()
    {
        Assert.Equal("dhwfz15h", Text(Call("geo_point_to_geohash", N(-80.195829), N(25.802215), N(8))));
        Assert.Equal(8, Json.Parse(Text(Call("geo_geohash_neighbors", KqlValue.Text("sunny"))))!.Value.GetArrayLength());
        Assert.Equal("null", Text(Call("geo_geohash_to_polygon", KqlValue.Text("a"))));
    }

    [Fact]
    public void An_S2_cell_holds_its_point_at_every_level()
    {
        Assert.Equal("88d9b", Text(Call("geo_point_to_s2cell", N(-80.195829), N(25.802215), N(8))));
        for (var level = 0; level <= 30; level++)
        {
            var cell = Call("geo_point_to_s2cell", N(12.5), N(-41.25), N(level));
            var center = Json.Parse(Text(Call("geo_s2cell_to_central_point", cell)))!.Value.GetProperty("coordinates");
            Assert.Equal(Text(cell), Text(Call("geo_point_to_s2cell", N(center[0].GetDouble()), N(center[1].GetDouble()), N(level))));
            Assert.InRange(Json.Parse(Text(Call("geo_s2cell_neighbors", cell)))!.Value.GetArrayLength(), 4, 8);
        }
    }

    [Fact]
    public void A_covering_holds_all_corners_of_the_polygon()
    {
        Assert.Equal(286, Json.Parse(Text(Call("geo_polygon_to_s2cells", D("""{"type":"Polygon","coordinates":[[[0,0],[0,50],[100,50],[0,0]]]}"""), N(5))))!.Value.GetArrayLength());
        Assert.Equal("null", Text(Call("geo_polygon_to_s2cells", D(Square), N(30))));
    }

    [Fact]
    public void A_buffer_holds_points_within_its_radius()
    {
        var buffer = Call("geo_point_buffer", N(0), N(51.5), N(300), N(0.1));
        Assert.Equal("true", Text(Call("geo_point_in_polygon", N(0), N(51.5025), buffer)));
        Assert.Equal("false", Text(Call("geo_point_in_polygon", N(0), N(51.503), buffer)));
    }

    [Fact]
    public void No_geo_function_fails_on_odd_values()
    {
        KqlValue[] odd =
        [
            D("{}"), D("[]"), D("""{"type":"Polygon","coordinates":[]}"""), D("""{"type":"Polygon","coordinates":[[[0,0],[1,"x"],[0,0]]]}"""), D("""{"type":"LineString","coordinates":[[0,0],[180,0],[0,90],[0,-90]]}"""),
            D("""{"type":"MultiPolygon","coordinates":[[[[0,0],[0,90],[180,0],[0,0]]]]}"""), D("""{"type":"LineString","coordinates":5}"""), D("""{"geometry":{"type":"Polygon","coordinates":[7]}}"""), D(Holed),
            N(double.NaN), N(1e308), N(-90), KqlValue.Text("\ud800"), KqlValue.Text("ffffffffffffffff"), KqlValue.Text(""),
        ];
        foreach (var function in FunctionCatalog.All.Where(f => f.Name.StartsWith("geo_", StringComparison.Ordinal) && f.Managed is not null && f.Name != "geo_info_from_ip_address"))
        {
            foreach (var first in odd)
            {
                foreach (var second in function.Signatures.Max(s => s.MaxArguments) > 1 && !function.Name.EndsWith("s2cells", StringComparison.Ordinal) ? odd : odd[^1..])
                {
                    for (var count = function.Signatures.Min(s => s.MinArguments); count <= function.Signatures.Max(s => s.MaxArguments); count++)
                    {
                        _ = function.Managed!([first, .. Enumerable.Repeat(second, count - 1)]);
                        _ = function.Managed!([.. Enumerable.Repeat(second, count - 1), first]);
                    }
                }
            }
        }
    }

    private static KqlValue N(double number) => KqlValue.Real(number);

    private static KqlValue D(string json) => KqlValue.Dynamic(json);

    private static KqlValue Call(string name, params KqlValue[] arguments) => FunctionCatalog.FindScalar(name)!.Managed!(arguments);

    private static string Text(KqlValue value) => value.IsNull ? "null" : Conversion.ToText(value);

    private static string Rounded(KqlValue point) => Json.ArrayText(
        Json.Parse(point.AsText)!.Value.GetProperty("coordinates").EnumerateArray().Select(c => Math.Round(c.GetDouble(), 6)).Select(c => (c == 0 ? 0 : c).ToString(CultureInfo.InvariantCulture)));

    private static void Near(double expected, KqlValue actual) => Assert.Equal(expected, actual.AsReal, Math.Abs(expected) * 1e-9);
}
