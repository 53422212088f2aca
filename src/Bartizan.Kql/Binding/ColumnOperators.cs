using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>extend, project and its variants, distinct, serialize, print.</summary>
internal sealed class ColumnOperators(Binder binder)
{
    private bool isKnown = true;

    public BoundQuery Bind(BoundQuery source, ColumnsSyntax syntax, Scope scope) => syntax.Keyword.Text switch
    {
        "extend" => Extend(source, syntax, scope, isSerialize: false),
        "serialize" => Extend(source, syntax, scope, isSerialize: true),
        "project" => Project(source, syntax, scope),
        "distinct" => Distinct(source, syntax, scope),
        "project-away" => Select(source, syntax, scope, keep: false),
        "project-keep" => Select(source, syntax, scope, keep: true),
        "project-rename" => Rename(source, syntax, scope),
        "project-reorder" => Reorder(source, syntax, scope),
        "project-by-names" => ByNames(source, syntax, scope),
        _ => source,
    };

    private BoundQuery Extend(BoundQuery source, ColumnsSyntax syntax, Scope scope, bool isSerialize)
    {
        var row = isSerialize ? new RowScope(source) { IsOrdered = true } : new RowScope(source);
        var inner = scope.WithRow(row);
        var before = row.Shape;
        var projection = new Projection(binder, inner);
        projection.AddAll(before);
        foreach (var item in syntax.Columns)
        {
            projection.AddItem(item, inner, isSerialize ? ProjectionStyle.Project : ProjectionStyle.Extend);
        }

        // What an open shape was found to have comes before the new columns.
        var columns = projection.Columns.ToList();
        columns.InsertRange(Math.Min(before.Columns.Count, columns.Count), row.Shape.Columns.Skip(before.Columns.Count).Where(c => !columns.Exists(x => x.Column.Name == c.Name)).Select(Projection.Keep));
        var shape = new RowShape([.. columns.Select(c => c.Column)], row.IsOpen);
        return isSerialize ? new BoundSerialize(row.Source, shape, columns) : new BoundProject(row.Source, shape, columns);
    }

    private BoundProject Project(BoundQuery source, ColumnsSyntax syntax, Scope scope)
    {
        var row = new RowScope(source);
        var inner = scope.WithRow(row);
        var projection = new Projection(binder, inner);
        foreach (var item in syntax.Columns)
        {
            projection.AddItem(item, inner, ProjectionStyle.Project);
        }

        return new BoundProject(row.Source, projection.ShapeWith(false), projection.Columns);
    }

    private BoundDistinct Distinct(BoundQuery source, ColumnsSyntax syntax, Scope scope)
    {
        var row = new RowScope(source);
        var inner = scope.WithRow(row);
        var projection = new Projection(binder, inner);
        var hasStar = false;
        foreach (var item in syntax.Columns)
        {
            hasStar |= item is StarSyntax;
            var before = projection.Count;
            projection.AddItem(item, inner, ProjectionStyle.Project);
            if (projection.Columns.Skip(before).Any(c => c.Column.Type == KqlType.Dynamic))
            {
                binder.Report("KS116", item.Span, "The value of type 'dynamic' is not allowed in this context.", "Convert it, for example with tostring().");
            }
        }

        return new BoundDistinct(row.Source, projection.ShapeWith(hasStar && row.IsOpen), projection.Columns);
    }

    public BoundPrint Print(ColumnsSyntax syntax, Scope scope)
    {
        var projection = new Projection(binder, scope);
        for (var i = 0; i < syntax.Columns.Count; i++)
        {
            projection.AddItem(syntax.Columns[i], scope, ProjectionStyle.Print, "print_" + i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return new BoundPrint(projection.ShapeWith(false), projection.Columns);
    }

    private BoundProject Select(BoundQuery source, ColumnsSyntax syntax, Scope scope, bool keep)
    {
        var row = new RowScope(source);
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in syntax.Columns)
        {
            foreach (var column in Columns(item, row, scope))
            {
                named.Add(column.Name);
            }
        }

        var kept = row.Shape.Columns.Where(c => named.Contains(c.Name) == keep).ToList();
        return new BoundProject(row.Source, new RowShape(kept, row.IsOpen && !keep), [.. kept.Select(Projection.Keep)]);
    }

    /// <summary>The columns that an item of a list of columns names, in the order of the input.</summary>
    private IEnumerable<KqlColumn> Columns(ExpressionSyntax item, RowScope row, Scope scope)
    {
        switch (item is OrderedSyntax ordered ? ordered.Key : item)
        {
            case StarSyntax:
                return row.Shape.Columns;
            case NameSyntax { HasWildcard: true } pattern:
                var matching = row.Shape.Columns.Where(c => Wildcard.Matches(pattern.Text, c.Name)).ToList();
                if (matching.Count == 0 && !row.IsOpen)
                {
                    binder.Report("KS142", pattern.Span, $"The name '{pattern.Text}' does not refer to any known column.");
                }

                return matching;
            case var text:
                var meaning = binder.Expressions.Bind(text, scope.WithRow(row));
                if (meaning is ScalarMeaning { IsColumn: true, Value: BoundColumn column })
                {
                    return [new KqlColumn(column.Name, column.Type)];
                }

                if (meaning is not ErrorMeaning)
                {
                    binder.Report("KS109", text.Span, "Column name expected.");
                }

                return [];
        }
    }

    private BoundProject Rename(BoundQuery source, ColumnsSyntax syntax, Scope scope)
    {
        var row = new RowScope(source);
        var inner = scope.WithRow(row);
        var renames = new List<(string Old, NameSyntax New)>();
        foreach (var item in syntax.Columns)
        {
            if (item is not NamedSyntax { Names: [var name] } named)
            {
                binder.Expressions.Bind(item, inner);
                binder.Report("KS110", item.Span, "Column rename assignment expected.", "Write New = Old.");
                continue;
            }

            switch (binder.Expressions.Bind(named.Value, inner))
            {
                case ScalarMeaning { IsColumn: true, Value: BoundColumn column }:
                    renames.Add((column.Name, name));
                    break;
                case ErrorMeaning:
                    break;
                default:
                    binder.Report("KS109", named.Value.Span, "Column name expected.");
                    break;
            }
        }

        var columns = row.Shape.Columns.Select(Projection.Keep).ToList();
        var current = row.Shape.Columns.Select(c => c.Name).ToList();
        foreach (var (old, name) in renames)
        {
            var at = current.IndexOf(old);
            if (at < 0)
            {
                continue;
            }

            if (current.Contains(name.Text))
            {
                binder.Report("KS171", name.Span, $"A column with the name '{name.Text}' is already declared.");
                continue;
            }

            current[at] = name.Text;
            columns[at] = new BoundAssignment(new KqlColumn(name.Text, columns[at].Column.Type), columns[at].Value);
        }

        return new BoundProject(row.Source, new RowShape([.. columns.Select(c => c.Column)], row.IsOpen), columns);
    }

    private BoundProject Reorder(BoundQuery source, ColumnsSyntax syntax, Scope scope)
    {
        var row = new RowScope(source);
        var order = new List<KqlColumn>();
        var placed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in syntax.Columns)
        {
            IEnumerable<KqlColumn> columns = Columns(item, row, scope).Where(c => placed.Add(c.Name)).ToList();
            if (item is OrderedSyntax { IsDescending: { } descending })
            {
                columns = descending ? columns.OrderByDescending(c => c.Name, StringComparer.OrdinalIgnoreCase) : columns.OrderBy(c => c.Name, StringComparer.OrdinalIgnoreCase);
            }

            order.AddRange(columns);
        }

        order.AddRange(row.Shape.Columns.Where(c => placed.Add(c.Name)));
        return new BoundProject(row.Source, new RowShape(order, row.IsOpen), [.. order.Select(Projection.Keep)]);
    }

    private BoundProject ByNames(BoundQuery source, ColumnsSyntax syntax, Scope scope)
    {
        var row = new RowScope(source);
        var columns = new List<KqlColumn>();
        isKnown = true;
        foreach (var item in syntax.Columns)
        {
            var value = item is NameSyntax { HasWildcard: false } name && scope.Names.Find(name.Text) is null
                ? new BoundLiteral(KqlType.String, name.Text)
                : binder.Expressions.Scalar(item, scope.WithoutRow());
            foreach (var pattern in NamesIn(value, item.Span))
            {
                columns.AddRange(row.Shape.Columns.Where(c => Wildcard.Matches(pattern, c.Name) && !columns.Exists(x => x.Name == c.Name)));
            }
        }

        return new BoundProject(row.Source, new RowShape(columns, IsOpen: !isKnown), [.. columns.Select(Projection.Keep)]);
    }

    private List<string> NamesIn(BoundExpression value, TextSpan span)
    {
        switch (value)
        {
            case BoundLiteral { Type: KqlType.String, Value: string text }:
                return [text];
            case BoundLiteral { Type: KqlType.Dynamic, Value: string json }:
                using (var document = System.Text.Json.JsonDocument.Parse(json))
                {
                    return document.RootElement.ValueKind == System.Text.Json.JsonValueKind.Array
                        ? [.. document.RootElement.EnumerateArray().Where(e => e.ValueKind == System.Text.Json.JsonValueKind.String).Select(e => e.GetString()!)]
                        : [];
                }

            case BoundCall { Function: "array_concat" or "pack_array" } several:
                return [.. several.Arguments.SelectMany(a => NamesIn(a, span))];

            case BoundConvert convert:
                return NamesIn(convert.Value, span);

            // A parameter of a function that is only looked through has no value yet.
            case BoundParameter { Type: KqlType.String or KqlType.Dynamic or KqlType.Unknown }:
                isKnown = false;
                return [];

            default:
                if (value.Type != KqlType.Unknown)
                {
                    binder.Report("KS233", span, "The expression value must be a string or a dynamic array of strings.");
                }

                return [];
        }
    }
}
