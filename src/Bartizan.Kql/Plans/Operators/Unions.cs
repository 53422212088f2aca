using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Operators;

/// <summary>union, and search and find, which are unions too.</summary>
internal static class Unions
{
    public static PlanRows Plan(PlanBuilder builder, BoundUnion union)
    {
        var sources = new List<(PlanNode Node, List<PlanColumn> Columns, IReadOnlyList<PlanColumn> Partition)>();
        foreach (var input in union.Inputs)
        {
            var rows = builder.Plan(input.Source);
            IEnumerable<(string, BoundExpression)> values = input.Columns.Select(c => ("", c));
            if (union.SourceColumn is { } name && input.Columns.Count < union.Shape.Columns.Count)
            {
                values = values.Prepend((name, new BoundLiteral(KqlType.String, input.SourceName)));
            }

            var (computed, columns) = builder.Compute(rows, [.. values]);
            sources.Add((computed.Node, [.. columns], computed.Partition));
        }

        var partition = sources.FirstOrDefault(s => s.Partition.Count > 0).Partition ?? [];
        if (partition.Count > 0 && sources.Any(s => s.Partition.Count == 0))
        {
            throw new PlanRefusal("Inside partition and mv-apply all inputs of a union must be rows of the group.");
        }

        var fields = builder.NewColumns(union.Shape);
        var keys = partition.Select(p => builder.NewColumn(p.Type, p.Name)).ToList();
        var node = new PlanUnion([.. sources.Select(s => (s.Node, (IReadOnlyList<PlanColumn>)[.. s.Columns, .. s.Partition]))], [.. fields, .. keys]);
        return new PlanRows(node, union.Shape, fields, [], keys);
    }
}
