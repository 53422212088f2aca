using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>scan: steps that match rows in order and carry values from one to the next.</summary>
internal sealed class ScanBinder(Binder binder)
{
    private readonly RowOperators rows = new(binder);

    public BoundScan Bind(BoundQuery source, ScanSyntax scan, Scope scope)
    {
        var row = new RowScope(source);
        var outer = scope.WithRow(row);
        var order = scan.OrderBy.Select(k => rows.Key(k, outer, noDynamic: true)).ToList();
        var partition = scan.PartitionBy.Select(k => binder.Expressions.Scalar(k, outer)).ToList();
        var declared = Declared(scan, scope);
        var all = new RowShape([.. row.Shape.Columns, .. declared.Select(d => d.Column)], row.IsOpen);
        var stepRow = new RowScope(new BoundInputRows(all));
        var names = scan.Steps.Select(s => s.Name.Text).ToHashSet(StringComparer.Ordinal);
        var inner = scope.WithRow(stepRow) with { Steps = names };
        var steps = scan.Steps.Select(s => Step(s, stepRow, inner)).ToList();
        var matchId = scan.ParameterText("with_match_id");
        List<KqlColumn> columns = [.. stepRow.Shape.Columns];
        if (matchId is not null)
        {
            columns.Add(new KqlColumn(matchId, KqlType.Long));
        }

        return new BoundScan(row.Source, new RowShape(columns, row.IsOpen), matchId, order, partition, declared, steps);
    }

    private List<BoundAssignment> Declared(ScanSyntax scan, Scope scope)
    {
        var declared = new List<BoundAssignment>();
        foreach (var parameter in scan.Declared)
        {
            var type = parameter.Type ?? KqlType.Unknown;
            var value = parameter.Default is { } text ? TypeRules.Convert(binder.Expressions.Scalar(text, scope.WithoutRow()), type) : new BoundLiteral(type, null);
            declared.Add(new BoundAssignment(new KqlColumn(parameter.Name.Text, type), value));
        }

        return declared;
    }

    private BoundScanStep Step(ScanStepSyntax step, RowScope row, Scope inner)
    {
        var condition = binder.Expressions.Typed(step.Condition, inner, KqlType.Bool);
        var assignments = new List<BoundAssignment>();
        foreach (var assignment in step.Assignments)
        {
            var value = binder.Expressions.Scalar(assignment.Value, inner);
            var name = assignment.Names[0];
            if (row.Find(name.Text) is not { } column)
            {
                binder.Report("KS142", name.Span, $"The name '{name.Text}' does not refer to any known column.", "Declare it with 'declare (name:type)' before 'with'.");
                continue;
            }

            assignments.Add(new BoundAssignment(column, TypeRules.Widens(value.Type, column.Type) ? TypeRules.Convert(value, column.Type) : value));
        }

        return new BoundScanStep(step.Name.Text, step.IsOptional, step.Output is null or "all", step.Output == "none", condition, assignments);
    }
}
