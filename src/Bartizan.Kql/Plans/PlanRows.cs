using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans;

/// <summary>A tabular value as far as it is planned: which column of the plan each column of its shape is, and the order its rows have.</summary>
/// <param name="Order">Empty where the order is not defined.</param>
/// <param name="Partition">
/// Inside a subquery that runs once per group (<c>partition</c>, <c>mv-apply</c>): the columns that tell the groups apart. Every operator
/// works within them.
/// </param>
internal sealed record PlanRows(
    PlanNode Node, RowShape Shape, IReadOnlyList<PlanColumn> Columns, IReadOnlyList<PlanOrder> Order, IReadOnlyList<PlanColumn> Partition)
{
    public PlanColumn Column(string name)
    {
        for (var i = 0; i < Shape.Columns.Count; i++)
        {
            if (string.Equals(Shape.Columns[i].Name, name, StringComparison.Ordinal))
            {
                return Columns[i];
            }
        }

        throw new KeyNotFoundException($"The plan has no column '{name}'.");
    }

    /// <summary>A column by name; where the shape is open and nothing has it, its null.</summary>
    public BoundExpression Reference(string name) =>
        Shape.IsOpen && Shape.Find(name) is null ? new BoundLiteral(KqlType.Dynamic, null) : new PlanRef(Column(name));

    public PlanRows As(RowShape shape) => this with { Shape = shape };

    /// <summary>An expression over these rows, with columns for names.</summary>
    public BoundExpression Resolve(BoundExpression expression) =>
        ExpressionTree.Rewrite(expression, e => e is BoundColumn column ? Reference(column.Name) : null);
}
