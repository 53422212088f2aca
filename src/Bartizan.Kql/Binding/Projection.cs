using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

internal enum ProjectionStyle
{
    Project,
    Extend,
    Replace,
    Print,
    Summarize,
    Graph,
}

/// <summary>The output columns of an operator as they are added, with Kusto's rules for names that meet.</summary>
internal sealed class Projection(Binder binder, Scope scope)
{
    private readonly List<BoundAssignment> columns = [];
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly HashSet<string> declared = new(StringComparer.Ordinal);
    private readonly HashSet<string> dropped = new(StringComparer.Ordinal);
    private readonly UniqueNames names = new();

    public IReadOnlyList<BoundAssignment> Columns => columns;

    public int Count => columns.Count;

    /// <summary>The name of the column that was added or replaced last.</summary>
    public string LastName { get; private set; } = "";

    public RowShape ShapeWith(bool isOpen) => new([.. columns.Select(c => c.Column)], isOpen);

    public static BoundAssignment Keep(KqlColumn column) => new(column, RowScope.ColumnOf(column));

    /// <summary>The columns of the input, as <c>extend</c> begins with.</summary>
    public void AddAll(RowShape shape)
    {
        foreach (var column in shape.Columns)
        {
            Add(column.Name, RowScope.ColumnOf(column));
            dropped.Add(column.Name);
        }
    }

    /// <summary>From here on these input columns are not added again by themselves (the keys of a summarize).</summary>
    public void Drop(IEnumerable<string> inputColumns) => dropped.UnionWith(inputColumns);

    public void Add(string name, BoundExpression value, bool replace = false)
    {
        if (name.Length == 0)
        {
            return;
        }

        if (replace && places.TryGetValue(name, out var place))
        {
            columns[place] = new BoundAssignment(new KqlColumn(name, value.Type), value);
            LastName = name;
            return;
        }

        var unique = names.Add(name);
        LastName = unique;
        places[unique] = columns.Count;
        columns.Add(new BoundAssignment(new KqlColumn(unique, value.Type), value));
    }

    public void Declare(string name, BoundExpression value, TextSpan span, bool replace)
    {
        if (name.Length == 0)
        {
            return;
        }

        if (declared.Contains(name))
        {
            binder.Report("KS171", span, $"A column with the name '{name}' is already declared.");
            return;
        }

        Add(name, value, replace);
        declared.Add(LastName);
    }

    /// <summary>One item of the operator's list.</summary>
    public void AddItem(ExpressionSyntax syntax, Scope inner, ProjectionStyle style, string? defaultName = null, KqlType? type = null)
    {
        if (syntax is OrderedSyntax ordered)
        {
            syntax = ordered.Key;
        }

        var text = syntax is NamedSyntax named ? named.Value : syntax;
        var meaning = binder.Expressions.Bind(text, inner);
        if (meaning is SeveralMeaning several)
        {
            AddSeveral(several, syntax as NamedSyntax, style, defaultName);
            return;
        }

        if (meaning is StarMeaning && style != ProjectionStyle.Graph)
        {
            AddStar(inner);
            return;
        }

        var value = binder.Expressions.ToScalar(meaning, text.Span);
        if (type is { } wanted && value.Type != wanted)
        {
            value = new BoundConvert(value, wanted);
        }

        if (syntax is NamedSyntax { Names: [var name, ..] } assignment)
        {
            if (assignment.Names.Count > 1)
            {
                binder.Report("KS149", assignment.Names[0].Span, "The expression does not have multiple named values.");
            }

            Declare(name.Text, value, name.Span, style is ProjectionStyle.Replace or ProjectionStyle.Extend || meaning is ScalarMeaning { IsColumn: true });
            return;
        }

        AddUnnamed(syntax, meaning, value, inner, style, defaultName);
    }

    private void AddUnnamed(ExpressionSyntax syntax, Meaning meaning, BoundExpression value, Scope inner, ProjectionStyle style, string? defaultName)
    {
        if (style == ProjectionStyle.Graph)
        {
            Add(ColumnNames.OfGraphProperty(syntax, inner) ?? DefaultName(false), value);
        }
        else if (meaning is ScalarMeaning { IsColumn: true } && ColumnNames.Of(syntax, inner) is { } column)
        {
            if (!(style == ProjectionStyle.Summarize && dropped.Contains(column)))
            {
                // In extend a column by itself stays where it is.
                Declare(column, value, syntax.Span, style is ProjectionStyle.Replace or ProjectionStyle.Extend);
            }
        }
        else if (style == ProjectionStyle.Print)
        {
            Add(defaultName!, value);
        }
        else
        {
            var name = ColumnNames.Of(syntax, inner);
            Add(string.IsNullOrEmpty(name) ? defaultName ?? DefaultName(style == ProjectionStyle.Extend) : name, value, style is ProjectionStyle.Replace or ProjectionStyle.Extend);
        }
    }

    public void AddStar(Scope inner)
    {
        foreach (var column in inner.Row?.Shape.Columns ?? [])
        {
            if (!dropped.Contains(column.Name))
            {
                Add(column.Name, RowScope.ColumnOf(column), replace: true);
            }
        }
    }

    private void AddSeveral(SeveralMeaning several, NamedSyntax? named, ProjectionStyle style, string? defaultName)
    {
        for (var i = 0; i < several.Elements.Count; i++)
        {
            var element = several.Elements[i];
            BoundExpression value = ExpressionBinder.Element(several.Call, element);
            if (named is not null && i < named.Names.Count)
            {
                Declare(named.Names[i].Text, value, named.Names[i].Span, style is ProjectionStyle.Replace or ProjectionStyle.Extend || !named.IsTuple);
                continue;
            }

            if (style == ProjectionStyle.Print && (named is not null || several.Elements.Count == 1))
            {
                if (named is null)
                {
                    Add(defaultName!, value);
                }

                continue;
            }

            if (!(element.IsColumn && dropped.Contains(element.Name)))
            {
                Add(element.Name, value);
            }
        }

        for (var i = several.Elements.Count; i < (named?.Names.Count ?? 0); i++)
        {
            binder.Report("KS150", named!.Names[i].Span, "The name does not have a corresponding expression.");
        }
    }

    /// <summary><c>Column1</c>, or the next number of the query that names nothing else.</summary>
    private string DefaultName(bool seesRow)
    {
        while (true)
        {
            var name = "Column" + (binder.NextDefaultColumn++).ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (!(seesRow && scope.Row?.Find(name) is not null) && scope.Names.Find(name) is null && scope.Database.FindTable(name) is null)
            {
                return name;
            }
        }
    }
}
