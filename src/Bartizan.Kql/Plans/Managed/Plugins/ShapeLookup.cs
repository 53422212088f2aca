using Bartizan.Kql.Functions;
using Bartizan.Kql.Functions.Geography;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed.Plugins;

/// <summary>geo_polygon_lookup and geo_line_lookup: each row with the rows of a table whose shape its point lies in, or within a distance of.</summary>
internal sealed class ShapeLookup : ManagedOperator
{
    private readonly bool ofLines;
    private readonly int width;
    private readonly int key;
    private readonly int longitude;
    private readonly int latitude;
    private readonly double radius;
    private readonly bool keepsUnmatched;
    private readonly int[] kept;
    private readonly RowShape lookup;

    public ShapeLookup(PluginCall call, PlanRows table, bool ofLines)
    {
        this.ofLines = ofLines;
        lookup = table.Shape;
        width = call.Source.Shape.Columns.Count;
        var name = (call.Expression(1) as Binding.Tree.BoundColumn)?.Name;
        key = lookup.Columns.ToList().FindIndex(c => c.Name == name);
        if (key < 0)
        {
            throw new PlanRefusal($"{Name} expects a column of its table as argument 2.");
        }

        longitude = call.Column(2);
        latitude = call.Column(3);
        radius = call.Constant(4, "radius") is { IsNull: false } given ? given.AsReal : 0;
        keepsUnmatched = call.Constant(5, "return_unmatched") is { IsNull: false, AsBool: true };
        kept = [.. Enumerable.Range(0, lookup.Columns.Count).Where(i => i != key || call.Constant(7, "return_lookup_key") is { IsNull: false, AsBool: true })];
    }

    public override string Name => ofLines ? "geo_line_lookup" : "geo_polygon_lookup";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var shapes = inputs[1].Select(r => (Row: r, Distance: DistanceTo(r[key]))).Where(s => s.Distance is not null).ToList();
        var unmatched = new List<KqlValue[]>();
        foreach (var row in inputs[0])
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var found = false;
            if (GeoJson.Point(row[longitude], row[latitude]) is { } point)
            {
                foreach (var (shape, distance) in shapes)
                {
                    if (distance!(point) <= radius)
                    {
                        found = true;
                        yield return [.. row[..width], .. kept.Select(k => shape[k])];
                    }
                }
            }

            if (!found && keepsUnmatched)
            {
                unmatched.Add(row);
            }
        }

        foreach (var row in unmatched)
        {
            yield return [.. row[..width], .. kept.Select(k => KqlValue.Null(lookup.Columns[k].Type))];
        }
    }

    private Func<Vector, double>? DistanceTo(KqlValue shape)
    {
        if (ofLines)
        {
            return GeoJson.Lines(shape) is { } lines ? p => Sphere.Distance(p, LineFunctions.Closest(lines, p)) : null;
        }

        return GeoJson.Polygons(shape) is { } polygons
            ? p => PolygonFunctions.Contains(polygons, p) ? 0 : radius > 0 ? Sphere.Distance(p, PolygonFunctions.Closest(polygons, p)) : double.PositiveInfinity
            : null;
    }
}
