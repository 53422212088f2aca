using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Plans.Managed;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Operators;

/// <summary>parse, parse-where and parse-kv: one managed call gives all pieces as an array, each column takes its own.</summary>
internal static class Parsing
{
    public static PlanRows Plan(PlanBuilder builder, BoundQuery query) => query switch
    {
        BoundParse parse => Parse(builder, parse),
        BoundParseKv parse => Pairs(builder, parse),
        _ => throw new PlanRefusal($"{query.GetType().Name[5..]} cannot be run yet."),
    };

    private static PlanRows Parse(PlanBuilder builder, BoundParse parse)
    {
        var rows = builder.Plan(parse.Source);
        var pattern = new ParsePattern(parse.Kind, parse.Flags, parse.Pattern);
        var pieces = new PlanManagedCall("parse", a => pattern.Match(a[0]), [builder.Resolve(rows, parse.Text)], KqlType.Dynamic);
        var names = parse.Pattern.OfType<BoundParseColumn>().Select(c => c.Column).ToList();
        var result = Columns(builder, rows, parse.Shape, pieces, names);
        return parse.DropsUnmatched ? result.Rows with { Node = new PlanFilter(result.Rows.Node, IsThere(result.Pieces)) } : result.Rows;
    }

    private static PlanRows Pairs(PlanBuilder builder, BoundParseKv parse)
    {
        var rows = builder.Plan(parse.Source);
        var pairs = new KeyValueText(parse.Keys, parse.Properties);
        var pieces = new PlanManagedCall("parse-kv", a => pairs.Match(a[0]), [builder.Resolve(rows, parse.Text)], KqlType.Dynamic);
        return Columns(builder, rows, parse.Shape, pieces, parse.Keys).Rows;
    }

    private static (PlanRows Rows, PlanColumn Pieces) Columns(
        PlanBuilder builder, PlanRows rows, RowShape shape, BoundExpression pieces, IReadOnlyList<KqlColumn> names)
    {
        var array = builder.NewColumn(KqlType.Dynamic, "");
        var additions = new List<PlanAssignment>();
        var byName = new Dictionary<string, PlanColumn>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            var element = new BoundIndex(new PlanRef(array), Literals.Long(i));
            var column = builder.NewColumn(names[i].Type, names[i].Name);
            additions.Add(new PlanAssignment(column, names[i].Type == KqlType.Dynamic ? element : new BoundConvert(element, names[i].Type)));
            byName[names[i].Name] = column;
        }

        var node = new PlanCompute(new PlanCompute(rows.Node, [new PlanAssignment(array, pieces)]), additions);
        var columns = shape.Columns.Select(c => byName.TryGetValue(c.Name, out var made) ? made : rows.Column(c.Name)).ToList();
        return (rows with { Node = node, Shape = shape, Columns = columns }, array);
    }

    private static BoundCall IsThere(PlanColumn column) => new("isnotnull", [new PlanRef(column)], KqlType.Bool);
}
