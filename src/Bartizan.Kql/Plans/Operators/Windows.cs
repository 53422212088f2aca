using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Plans.Managed;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Operators;

/// <summary>Window functions inside expressions become columns of their own, computed before over the rows in order.</summary>
internal static class Windows
{
    /// <summary>Resolved expressions with a column in place of each call of a window function.</summary>
    public static (PlanRows Rows, IReadOnlyList<BoundExpression> Values) Extract(PlanBuilder builder, PlanRows rows, IReadOnlyList<BoundExpression> values)
    {
        while (values.Any(v => ExpressionTree.Any(v, IsWindow)))
        {
            // Innermost first: a call whose arguments hold another waits for the next round.
            var calls = new Dictionary<BoundExpression, PlanColumn>();
            foreach (var call in values.SelectMany(Innermost))
            {
                calls.TryAdd(call, builder.NewColumn(call.Type, ""));
            }

            rows = Apply(builder, Numbered(builder, rows), [.. calls.Select(c => new PlanAssignment(c.Value, c.Key))]);
            values = [.. values.Select(v => ExpressionTree.Rewrite(v, e => calls.TryGetValue(e, out var column) ? new PlanRef(column) : null))];
        }

        return (rows, values);
    }

    /// <summary>Rows whose order is one column that has no ties.</summary>
    public static PlanRows Numbered(PlanBuilder builder, PlanRows rows)
    {
        if (rows.Order is [var only] && IsUnique(rows.Node, only.Column))
        {
            return rows;
        }

        var number = builder.NewColumn(KqlType.Long, "");
        return rows with { Node = new PlanOrdinal(rows.Node, number, rows.Order, rows.Partition), Order = [new PlanOrder(number, false, false)] };
    }

    private static bool IsUnique(PlanNode node, PlanColumn column) => node switch
    {
        PlanOrdinal ordinal => ordinal.Number == column || IsUnique(ordinal.Source, column),
        PlanCompute compute => IsUnique(compute.Source, column),
        PlanWindow window => IsUnique(window.Source, column),
        PlanFilter filter => IsUnique(filter.Source, column),
        PlanValues values => values.Fields.Count > 0 && values.Fields[^1] == column && column.Name.Length == 0,
        PlanRange => true,
        _ => false,
    };

    private static PlanRows Apply(PlanBuilder builder, PlanRows rows, List<PlanAssignment> calls)
    {
        var inEngine = calls.Where(c => IsInEngine(builder, (BoundCall)c.Value)).ToList();
        var here = calls.Except(inEngine).ToList();
        if (inEngine.Count > 0)
        {
            rows = rows with { Node = new PlanWindow(rows.Node, inEngine, rows.Order, rows.Partition) };
        }

        return here.Count > 0 ? ApplyHere(builder, rows, here) : rows;
    }

    /// <summary>A function that can be computed here is written as SQL only where its form takes these arguments (no restart of row_number).</summary>
    private static bool IsInEngine(PlanBuilder builder, BoundCall call)
    {
        var function = FunctionCatalog.ByKey(call.Function)!;
        if (function.DuckDb is not { } form || function.Window is null)
        {
            return function.DuckDb is not null;
        }

        var arguments = call.Arguments.Select(a => a is BoundLiteral literal ? new SqlArgument("1", a.Type, true, literal.Value) : new SqlArgument("1", a.Type)).ToList();
        return form(new SqlCall(arguments, call.Type, builder.Context) { Managed = () => "" }) is not null;
    }

    private static PlanRows ApplyHere(PlanBuilder builder, PlanRows rows, List<PlanAssignment> calls)
    {
        // The operator sees all columns that are still of use, then the arguments; it gives them back with the results behind.
        var arguments = calls.SelectMany(c => ((BoundCall)c.Value).Arguments).ToList();
        var added = arguments.Select(a => new PlanAssignment(builder.NewColumn(a.Type, ""), a)).ToList();
        var passed = rows.Node.Columns;
        IReadOnlyList<PlanColumn> seen = [.. passed, .. added.Select(a => a.Column)];
        IReadOnlyList<PlanColumn> given = [.. passed, .. calls.Select(c => c.Column)];
        var number = builder.NewColumn(KqlType.Long, "");
        var managed = new WindowOperator(passed.Count, [.. calls.Select(c => (BoundCall)c.Value)]);
        var input = new PlanInput(new PlanCompute(rows.Node, added), [.. seen, .. rows.Partition], rows.Order, rows.Partition);

        // The partition's columns are among those passed on; the executor repeats them at the end under names that nobody reads.
        IReadOnlyList<PlanColumn> all = [.. given, .. rows.Partition.Select(p => builder.NewColumn(p.Type, p.Name)), number];
        var node = new PlanStored(new OperatorRows(managed, [input], [.. all.Select(c => c.Type)]), all);
        return rows with { Node = node, Order = rows.Order };
    }

    private static bool IsWindow(BoundExpression e) => e is BoundCall call && FunctionCatalog.ByKey(call.Function)?.Kind == FunctionKind.Window;

    private static IEnumerable<BoundExpression> Innermost(BoundExpression expression)
    {
        if (IsWindow(expression) && !ExpressionTree.Children(expression).Any(c => ExpressionTree.Any(c, IsWindow)))
        {
            return [expression];
        }

        return ExpressionTree.Children(expression).SelectMany(Innermost);
    }
}
