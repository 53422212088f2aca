using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>Operators that choose or order rows, and those that only say something about them.</summary>
internal sealed class RowOperators(Binder binder)
{
    private static readonly RowShape Schema = new(
    [
        new("ColumnName", KqlType.String), new("ColumnOrdinal", KqlType.Long), new("DataType", KqlType.String), new("ColumnType", KqlType.String),
    ]);

    public BoundFilter Where(BoundQuery source, WhereSyntax where, Scope scope)
    {
        var row = new RowScope(source);
        var predicate = binder.Expressions.Typed(where.Condition, scope.WithRow(row), KqlType.Bool);
        return new BoundFilter(row.Source, predicate);
    }

    public BoundQuery Take(BoundQuery source, TakeSyntax take, Scope scope)
    {
        var count = Count(take.Count, scope);
        return take.Keyword.Text == "sample" ? new BoundSample(source, count) : new BoundTake(source, count);
    }

    /// <summary>How many rows: no value of a row.</summary>
    public BoundExpression Count(ExpressionSyntax syntax, Scope scope) => binder.Expressions.Integer(syntax, scope.WithoutRow());

    public BoundSampleDistinct SampleDistinct(BoundQuery source, SampleDistinctSyntax sample, Scope scope)
    {
        var row = new RowScope(source);
        var inner = scope.WithRow(row);
        var count = Count(sample.Count, scope);
        var of = ColumnOnly(sample.Of, inner, noDynamic: true);
        var name = ColumnNames.Of(sample.Of, inner) ?? "Column1";
        return new BoundSampleDistinct(row.Source, new RowShape([new KqlColumn(name, of.Type)]), count, of);
    }

    public BoundExpression ColumnOnly(ExpressionSyntax syntax, Scope inner, bool noDynamic)
    {
        var meaning = binder.Expressions.Bind(syntax, inner);
        var value = binder.Expressions.ToScalar(meaning, syntax.Span);
        if (meaning is not (ScalarMeaning { IsColumn: true } or ErrorMeaning) && value.Type != KqlType.Unknown)
        {
            binder.Report("KS109", syntax.Span, "Column name expected.");
        }
        else if (noDynamic)
        {
            NotDynamic(value, syntax);
        }

        return value;
    }

    public void NotDynamic(BoundExpression value, ExpressionSyntax syntax)
    {
        if (value.Type == KqlType.Dynamic)
        {
            binder.Report("KS116", syntax.Span, "The value of type 'dynamic' is not allowed in this context.", "Convert it, for example with tostring().");
        }
    }

    public BoundSort Sort(BoundQuery source, SortSyntax sort, Scope scope)
    {
        var row = new RowScope(source);
        var inner = scope.WithRow(row);
        var keys = sort.Keys.Select(k => Key(k, inner, noDynamic: true)).ToList();
        return new BoundSort(row.Source, keys);
    }

    public BoundTop Top(BoundQuery source, TopSyntax top, Scope scope)
    {
        var row = new RowScope(source);
        var inner = scope.WithRow(row);
        var count = Count(top.Count, scope);
        var keys = top.Keys.Select(k => Key(k, inner, noDynamic: false)).ToList();
        return new BoundTop(row.Source, count, keys);
    }

    /// <summary>Without a word keys go down; nulls come last in that case and first when keys go up.</summary>
    public BoundSortKey Key(ExpressionSyntax syntax, Scope inner, bool noDynamic)
    {
        var ordered = syntax as OrderedSyntax;
        var key = ordered?.Key ?? syntax;
        var value = binder.Expressions.Scalar(key, inner);
        if (noDynamic)
        {
            NotDynamic(value, syntax);
        }

        var descending = ordered?.IsDescending ?? true;
        return new BoundSortKey(value, descending, ordered?.NullsFirst ?? !descending);
    }

    public BoundRange Range(RangeSyntax range, Scope scope)
    {
        var from = Summable(range.From, scope);
        var to = Summable(range.To, scope);
        var step = Summable(range.Step, scope);
        var common = TypeRules.Common(from.Type, to.Type) ?? KqlType.Unknown;
        KqlType type;
        if (common == KqlType.Int && step.Type == KqlType.Int)
        {
            type = KqlType.Int;
        }
        else
        {
            type = OperatorBinder.Compute("_add", [new BoundLiteral(common, null), new BoundLiteral(step.Type, null)], out _)?.Type ?? KqlType.Unknown;
            if (type == KqlType.Unknown && common != KqlType.Unknown && step.Type != KqlType.Unknown)
            {
                binder.Report("KS106", range.Step.Span, $"The operator '+' is not defined for the operand types {TypeRules.NameOf(common)} and {TypeRules.NameOf(step.Type)}.");
            }
        }

        if (step is BoundLiteral { Value: 0L })
        {
            binder.Report("KS140", range.Step.Span, "The expression must not be the value: 0");
        }

        if (TypeRules.IsNumeric(type))
        {
            from = TypeRules.Convert(from, type);
            to = TypeRules.Convert(to, type);
            step = TypeRules.Convert(step, type);
        }

        return new BoundRange(new KqlColumn(range.Name.Text, type), from, to, step);
    }

    private BoundExpression Summable(ExpressionSyntax syntax, Scope scope)
    {
        var value = binder.Expressions.Scalar(syntax, scope.WithoutRow());
        if (!TypeRules.IsSummable(value.Type) && value.Type is not KqlType.Unknown)
        {
            binder.Report("KS138", syntax.Span, "The argument value must be summable: a number, timespan or datetime.");
        }

        return value;
    }

    public BoundRender Render(BoundQuery source, RenderSyntax render)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in render.Properties)
        {
            var text = property.ToFullText();
            var sign = text.IndexOf('=', StringComparison.Ordinal);
            properties[property.Name] = property.Value is LiteralSyntax { Value: string literal } ? literal : sign < 0 ? "" : text[(sign + 1)..].Trim();
        }

        if (!Charts.Contains(render.Kind.Text) && !render.Kind.IsMissing)
        {
            binder.Report("KS140", render.Kind.Span, $"The expression must be one of the values: {string.Join(", ", Charts)}");
        }

        return new BoundRender(source, render.Kind.Text, properties);
    }

    private static readonly SortedSet<string> Charts = new(StringComparer.Ordinal)
    {
        "areachart", "barchart", "card", "columnchart", "graph", "ladderchart", "linechart", "list", "piechart", "pivotchart", "plotly", "scatterchart",
        "stackedareachart", "table", "timechart", "timeline", "timepivot", "treemap", "anomalychart", "sankey", "heatmap", "3Dchart", "map",
    };

    public BoundQuery Bare(BoundQuery source, BareOperatorSyntax bare)
    {
        switch (bare.Keyword.Text)
        {
            case "getschema":
                return new BoundGetSchema(source, bare.ParameterText("kind") == "csl" ? new RowShape([new("CslSchema", KqlType.String)]) : Schema);
            case "consume":
                return new BoundConsume(source, RowShape.Empty);
            case "execute-and-cache":
                return source;
            default:
                binder.Report("BZ2003", bare.Keyword.Span, $"The operator '{bare.Keyword.Text}' is not supported.");
                return source;
        }
    }
}
