using Bartizan.Kql.Functions;

namespace Bartizan.Kql.Tests.Functions.Geography;

public sealed class H3Tests
{
    // Known cells of the published index: places on faces, on edges of the icosahedron and beside its corners.
    [Theory]
    [InlineData(-73.956683, 40.807907, 5, "852a100bfffffff")]
    [InlineData(-73.989148, 40.743273, 5, "852a1073fffffff")]
    [InlineData(-74.016008479792447, 40.704156722497377, 6, "862a1072fffffff")]
    public void A_point_has_its_cell(double longitude, double latitude, int resolution, string cell) =>
        Assert.Equal(cell, Text(Call("geo_point_to_h3cell", KqlValue.Real(longitude), KqlValue.Real(latitude), KqlValue.Long(resolution))));

    [Fact]
    public void Neighbours_run_counter_clockwise()
    {
        Assert.Equal("""["862a10727ffffff","862a10707ffffff","862a1070fffffff","862a10777ffffff","862a100dfffffff","862a100d7ffffff"]""", Text(Call("geo_h3cell_neighbors", KqlValue.Text("862a1072fffffff"))));
        Assert.Equal("""[["861f8894fffffff"],["861f88947ffffff","861f8895fffffff","861f88867ffffff","861f8d497ffffff","861f8d4b7ffffff","861f8896fffffff"]]""",
            Text(Call("geo_h3cell_rings", KqlValue.Text("861f8894fffffff"), KqlValue.Long(1))));
    }

    [Fact]
    public void The_middle_of_every_cell_lies_in_it()
    {
        for (var i = 0; i < 400; i++)
        {
            var (longitude, latitude) = ((i * 77.7 % 360) - 180, Math.Asin((2 * (i + 0.5) / 400) - 1) * 180 / Math.PI);
            var cell = Call("geo_point_to_h3cell", KqlValue.Real(longitude), KqlValue.Real(latitude), KqlValue.Long(i % 16));
            var middle = Json.Parse(Text(Call("geo_h3cell_to_central_point", cell)))!.Value.GetProperty("coordinates");
            Assert.Equal(Text(cell), Text(Call("geo_point_to_h3cell", KqlValue.Real(middle[0].GetDouble()), KqlValue.Real(middle[1].GetDouble()), KqlValue.Long(i % 16))));
        }
    }

    [Fact]
    public void Parents_hold_their_children()
    {
        Assert.Equal("852a1073fffffff", Text(Call("geo_h3cell_parent", KqlValue.Text("862a1072fffffff"))));
        var children = Json.Parse(Text(Call("geo_h3cell_children", KqlValue.Text("862a1072fffffff"))))!.Value;
        Assert.Equal(7, children.GetArrayLength());
        Assert.All(children.EnumerateArray(), c => Assert.Equal("862a1072fffffff", Text(Call("geo_h3cell_parent", KqlValue.Text(c.GetString()!)))));
        Assert.Equal("", Text(Call("geo_h3cell_children", KqlValue.Text("892a1072803ffff"), KqlValue.Long(15))));
    }

    [Fact]
    public void The_outline_starts_where_the_index_says()
    {
        var ring = Json.Parse(Text(Call("geo_h3cell_to_polygon", KqlValue.Text("862a1072fffffff"))))!.Value.GetProperty("coordinates")[0];
        Assert.Equal(7, ring.GetArrayLength());
        Assert.Equal(-74.0022744646159, ring[0][0].GetDouble(), 9);
        Assert.Equal(40.7279862224891, ring[1][1].GetDouble(), 9);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("862a1072ffffff0")]
    [InlineData("8ff600000000000")]
    public void What_is_no_cell_gives_nothing(string text)
    {
        Assert.Equal("", Text(Call("geo_h3cell_to_polygon", KqlValue.Text(text))));
        Assert.True(Call("geo_h3cell_level", KqlValue.Text(text)).IsNull);
    }

    private static KqlValue Call(string name, params KqlValue[] arguments) => FunctionCatalog.FindScalar(name)!.Managed!(arguments);

    private static string Text(KqlValue value) => Conversion.ToText(value);
}
