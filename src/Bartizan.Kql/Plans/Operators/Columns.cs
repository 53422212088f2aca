using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;

namespace Bartizan.Kql.Plans.Operators;

/// <summary>where, extend, project and its variants, serialize, getschema.</summary>
internal static class Columns
{
    public static PlanRows Plan(PlanBuilder builder, BoundQuery query)
    {
        switch (query)
        {
            case BoundFilter filter:
                return Filter(builder, builder.Plan(filter.Source), filter.Predicate);
            case BoundProject project:
                return Project(builder, builder.Plan(project.Source), project.Shape, project.Columns);
            case BoundSerialize serialize:
                return Serialize(builder, serialize);
            case BoundGetSchema schema:
                var described = schema.Source.Shape.Columns.Select((c, i) => (IReadOnlyList<BoundExpression>)
                [
                    .. schema.Shape.Columns.Select(o => o.Name switch
                    {
                        "ColumnName" => Text(c.Name),
                        "ColumnOrdinal" => new BoundLiteral(o.Type, o.Type == Types.KqlType.Int ? i : (long)i),
                        "DataType" => Text(ClrName(c.Type)),
                        _ => Text(Conversion.NameOf(c.Type)),
                    }),
                ]);
                return Sources.DataTable(builder, schema.Shape, [.. described]);
            default:
                throw new PlanRefusal($"{query.GetType().Name[5..]} cannot be run yet.");
        }
    }

    public static PlanRows Filter(PlanBuilder builder, PlanRows rows, BoundExpression predicate)
    {
        var resolved = builder.Resolve(rows, [predicate]);
        var (source, values) = Windows.Extract(builder, rows, resolved);
        return source with { Node = new PlanFilter(source.Node, values[0]) };
    }

    public static PlanRows Project(PlanBuilder builder, PlanRows rows, Types.RowShape shape, IReadOnlyList<BoundAssignment> columns)
    {
        var (computed, outputs) = builder.Compute(rows, [.. columns.Select(c => (c.Column.Name, c.Value))]);
        return computed with { Shape = shape, Columns = outputs };
    }

    private static PlanRows Serialize(PlanBuilder builder, BoundSerialize serialize)
    {
        var rows = builder.Plan(serialize.Source);
        if (rows.Order.Count == 0)
        {
            rows = Windows.Numbered(builder, rows);
        }

        return serialize.Columns.Count == 0 ? rows.As(serialize.Shape) : Project(builder, rows, serialize.Shape, serialize.Columns);
    }

    /// <summary>The .NET type that Kusto's own schema names for a type.</summary>
    private static string ClrName(Types.KqlType type) => type switch
    {
        Types.KqlType.Bool => "System.SByte",
        Types.KqlType.Int => "System.Int32",
        Types.KqlType.Long => "System.Int64",
        Types.KqlType.Real => "System.Double",
        Types.KqlType.Decimal => "System.Data.SqlTypes.SqlDecimal",
        Types.KqlType.DateTime => "System.DateTime",
        Types.KqlType.TimeSpan => "System.TimeSpan",
        Types.KqlType.Guid => "System.Guid",
        Types.KqlType.Dynamic => "System.Object",
        _ => "System.String",
    };

    private static BoundLiteral Text(string text) => new(Types.KqlType.String, text);
}
