using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>mv-expand and mv-apply: a row for each element of its arrays.</summary>
internal sealed class ExpansionBinder(Binder binder)
{
    public BoundMvExpand Expand(BoundQuery source, MvExpandSyntax expand, Scope scope)
    {
        var row = new RowScope(source);
        var (columns, expansions, index) = Columns(row, expand.Columns, expand, scope);
        var limit = expand.Limit is { } text ? binder.Expressions.Integer(text, scope.WithoutRow()) : null;
        return new BoundMvExpand(row.Source, new RowShape(columns, row.IsOpen), expansions, BagsAsArrays(expand), index, limit);
    }

    public BoundMvApply Apply(BoundQuery source, MvApplySyntax apply, Scope scope)
    {
        var row = new RowScope(source);
        var (columns, expansions, index) = Columns(row, apply.Columns, apply, scope);
        var limit = apply.Limit is { } text ? binder.Expressions.Integer(text, scope.WithoutRow()) : null;
        var input = new BoundInputRows(new RowShape(columns, row.IsOpen));
        var subquery = binder.Pipes.BindSubquery(apply.Body, input, scope);

        // An array that is expanded under its own name is gone from the row; one that got a name of its own stays.
        var expanded = apply.Columns.Zip(expansions).Where(p => p.First.Value is not NamedSyntax).Select(p => p.Second.Column.Name).ToHashSet(StringComparer.Ordinal);
        if (index is not null)
        {
            expanded.Add(index);
        }

        var output = new List<BoundJoinColumn>();
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in row.Shape.Columns.Where(c => !expanded.Contains(c.Name)))
        {
            var inner = subquery.Shape.Find(column.Name);
            output.Add(inner is null ? new BoundJoinColumn(column, BoundJoinSide.Left, column.Name) : new BoundJoinColumn(inner, BoundJoinSide.Right, column.Name));
            given.Add(column.Name);
        }

        foreach (var column in subquery.Shape.Columns.Where(c => given.Add(c.Name)))
        {
            output.Add(new BoundJoinColumn(column, BoundJoinSide.Right, column.Name));
        }

        var shape = new RowShape([.. output.Select(o => o.Column)], row.IsOpen || subquery.Shape.IsOpen);
        return new BoundMvApply(row.Source, shape, expansions, BagsAsArrays(apply), index, limit, input, subquery, output);
    }

    private static bool BagsAsArrays(QueryOperatorSyntax syntax) => (syntax.ParameterText("bagexpansion") ?? syntax.ParameterText("kind")) == "array";

    private (List<KqlColumn> Columns, List<BoundExpansion> Expansions, string? Index) Columns(
        RowScope row, IReadOnlyList<ExpansionSyntax> items, QueryOperatorSyntax syntax, Scope scope)
    {
        var inner = scope.WithRow(row);
        var before = row.Shape;
        var projection = new Projection(binder, inner);
        projection.AddAll(before);
        var expansions = new List<BoundExpansion>();
        foreach (var item in items)
        {
            var errors = binder.Sink.ErrorCount;
            projection.AddItem(item.Value, inner, ProjectionStyle.Replace);
            if (item.Value is StarSyntax || projection.Columns.FirstOrDefault(c => c.Column.Name == projection.LastName) is not { } added)
            {
                binder.Report("KS108", item.Value.Span, "Scalar value expected.");
                continue;
            }

            if (added.Value.Type is not (KqlType.Dynamic or KqlType.Unknown) && binder.Sink.ErrorCount == errors)
            {
                var text = item.Value is NamedSyntax named ? named.Value : item.Value;
                binder.Report("KS141", text.Span, "The expression must have the type dynamic.", added.Value.Type == KqlType.String ? "Use parse_json() or split() first." : null);
            }

            var type = item.To?.Type ?? (added.Value.Type == KqlType.Unknown ? KqlType.Unknown : KqlType.Dynamic);
            projection.Add(added.Column.Name, new BoundColumn(added.Column.Name, type), replace: true);
            expansions.Add(new BoundExpansion(new KqlColumn(added.Column.Name, type), added.Value));
        }

        var index = syntax.ParameterText("with_itemindex");
        if (index is not null)
        {
            projection.Add(index, new BoundLiteral(KqlType.Long, null));
            index = projection.LastName;
        }

        var columns = projection.Columns.Select(c => c.Column).ToList();
        columns.InsertRange(Math.Min(before.Columns.Count, columns.Count), row.Shape.Columns.Skip(before.Columns.Count).Where(c => !columns.Exists(x => x.Name == c.Name)));
        return (columns, expansions, index);
    }
}
