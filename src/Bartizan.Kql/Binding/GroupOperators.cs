using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>summarize, count, top-hitters, top-nested, reduce: rows in groups.</summary>
internal sealed class GroupOperators(Binder binder)
{
    private readonly RowOperators rows = new(binder);

    public static BoundCount Count(BoundQuery source, CountSyntax count) =>
        new(source, new RowShape([new KqlColumn(count.AsName?.Text ?? "Count", KqlType.Long)]));

    public BoundSummarize Summarize(BoundQuery source, SummarizeSyntax summarize, Scope scope)
    {
        var row = new RowScope(source);
        var inner = scope.WithRow(row);
        var projection = new Projection(binder, inner);
        var keyNames = AddKeys(projection, summarize.Keys, inner);
        var keyCount = projection.Count;
        projection.Drop(keyNames);
        var aggregates = inner with { IsAggregate = true, KeyNames = keyNames };
        foreach (var item in summarize.Aggregates)
        {
            projection.AddItem(item, aggregates, ProjectionStyle.Summarize);
        }

        // With a star the columns that an open shape may yet show are in the result.
        var isOpen = row.IsOpen && summarize.Aggregates.Any(a => (a is NamedSyntax named ? named.Value : a) is CallSyntax call && call.Arguments.Any(x => x is StarSyntax));
        return new BoundSummarize(row.Source, projection.ShapeWith(isOpen), [.. projection.Columns.Take(keyCount)], [.. projection.Columns.Skip(keyCount)]);
    }

    /// <summary>The keys, and the names of those that are columns of the input.</summary>
    public HashSet<string> AddKeys(Projection projection, IReadOnlyList<ExpressionSyntax> keys, Scope inner, bool mayBeDynamic = false)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            var before = projection.Count;
            projection.AddItem(key, inner, ProjectionStyle.Project);
            foreach (var added in projection.Columns.Skip(before))
            {
                if (!mayBeDynamic)
                {
                    rows.NotDynamic(added.Value, key);
                }

                if (added.Value is BoundColumn column && column.Name == added.Column.Name)
                {
                    names.Add(column.Name);
                }
            }
        }

        return names;
    }

    public BoundTopHitters TopHitters(BoundQuery source, TopHittersSyntax hitters, Scope scope)
    {
        var row = new RowScope(source);
        var inner = scope.WithRow(row);
        var count = rows.Count(hitters.Count, scope);
        var of = rows.ColumnOnly(hitters.Of, inner, noDynamic: false);
        var name = ColumnNames.Of(hitters.Of, inner) ?? "Column1";
        var by = hitters.By is { } text ? binder.Expressions.Scalar(text, inner) : null;
        if (by is not null && !TypeRules.IsNumeric(by.Type) && by.Type != KqlType.Unknown)
        {
            binder.Report("KS137", hitters.By!.Span, "The expression value must be a number.");
        }

        var weight = by is null
            ? new KqlColumn("approximate_count_" + name, KqlType.Long)
            : new KqlColumn("approximate_sum_" + ColumnNames.Of(hitters.By!, inner), by.Type);
        return new BoundTopHitters(row.Source, new RowShape([new KqlColumn(name, of.Type), weight]), count, of, by);
    }

    public BoundTopNested TopNested(BoundQuery source, TopNestedSyntax top, Scope scope)
    {
        var row = new RowScope(source);
        var inner = scope.WithRow(row);
        var names = new UniqueNames();
        var levels = new List<BoundTopNestedLevel>();
        foreach (var clause in top.Clauses)
        {
            var count = clause.Count is { } number ? rows.Count(number, scope) : null;
            var text = clause.Of is NamedSyntax named ? named.Value : clause.Of;
            var of = binder.Expressions.Scalar(text, inner);
            var name = names.Add(ColumnNames.Of(clause.Of, inner) ?? "Column1");
            var others = clause.Others is { } rest ? binder.Expressions.Scalar(rest, scope.WithoutRow()) : null;
            var ordered = clause.By as OrderedSyntax;
            var by = ordered?.Key ?? clause.By;
            var aggregate = binder.Expressions.Scalar(by is NamedSyntax assigned ? assigned.Value : by, inner with { IsAggregate = true });
            var column = names.Add(by is NamedSyntax { Names: [var declared] } ? declared.Text : "aggregated_" + name);
            levels.Add(new BoundTopNestedLevel(
                count,
                new BoundAssignment(new KqlColumn(name, of.Type), of),
                others,
                new BoundAssignment(new KqlColumn(column, aggregate.Type), aggregate),
                ordered?.IsDescending ?? true));
        }

        var shape = new RowShape([.. levels.SelectMany(l => new[] { l.Of.Column, l.Aggregate.Column })]);
        return new BoundTopNested(row.Source, shape, levels);
    }

    public BoundReduce Reduce(BoundQuery source, ReduceSyntax reduce, Scope scope)
    {
        var row = new RowScope(source);
        var by = binder.Expressions.Typed(reduce.By, scope.WithRow(row), KqlType.String);
        BoundExpression? Property(string name) => reduce.Properties.FirstOrDefault(p => p.Name == name) is { } property ? binder.Expressions.Scalar(property.Value, scope.WithoutRow()) : null;
        List<KqlColumn> columns = [new("Pattern", KqlType.String), new("Count", KqlType.Long), new("Representative", KqlType.String)];
        if (reduce.ParameterText("kind") == "source")
        {
            columns.InsertRange(0, row.Shape.Columns);
        }

        return new BoundReduce(row.Source, new RowShape(columns), by, Property("threshold"), Property("characters"));
    }
}

/// <summary>make-series: arrays over an axis of equal steps.</summary>
internal sealed class SeriesOperators(Binder binder)
{
    private readonly GroupOperators groups = new(binder);

    public BoundMakeSeries MakeSeries(BoundQuery source, MakeSeriesSyntax make, Scope scope)
    {
        var row = new RowScope(source);
        var inner = scope.WithRow(row);
        var projection = new Projection(binder, inner);
        var keyNames = groups.AddKeys(projection, make.Keys, inner, mayBeDynamic: true);
        var keyCount = projection.Count;
        var series = new List<BoundSeries>();
        foreach (var item in make.Series)
        {
            var before = projection.Count;
            projection.AddItem(item.Aggregate, inner with { IsAggregate = true, KeyNames = keyNames }, ProjectionStyle.Summarize, type: KqlType.Dynamic);
            if (projection.Count == before || item.Aggregate is StarSyntax)
            {
                binder.Report("KS108", item.Aggregate.Span, "Scalar value expected.");
                continue;
            }

            var added = projection.Columns[^1];
            var aggregate = added.Value is BoundConvert { Type: KqlType.Dynamic, Value: var value } ? value : added.Value;
            var fallback = item.Default is { } text ? binder.Expressions.Scalar(text, scope.WithoutRow()) : null;
            if (fallback is not null && aggregate.Type != fallback.Type && fallback.Type != KqlType.Unknown && aggregate.Type != KqlType.Unknown && fallback is not BoundLiteral { Value: null })
            {
                if (TypeRules.Widens(fallback.Type, aggregate.Type))
                {
                    fallback = TypeRules.Convert(fallback, aggregate.Type);
                }
                else if (!TypeRules.IsNumeric(fallback.Type) || !TypeRules.IsNumeric(aggregate.Type))
                {
                    binder.Report("KS141", item.Default!.Span, $"The expression must have the type {TypeRules.NameOf(aggregate.Type)}.");
                }
            }

            series.Add(new BoundSeries(new KqlColumn(added.Column.Name, KqlType.Dynamic), aggregate, fallback));
        }

        var without = projection.Count;
        projection.AddItem(make.Axis, inner, ProjectionStyle.Project, type: KqlType.Dynamic);
        if (projection.Count == without)
        {
            binder.Report("KS108", make.Axis.Span, "Scalar value expected.");
            projection.Add("Column1", Binder.Bad());
        }

        var axisColumn = projection.Columns[^1];
        var axis = axisColumn.Value is BoundConvert { Type: KqlType.Dynamic, Value: var over } ? over : axisColumn.Value;
        var from = Bound(make.From, axis.Type, scope);
        var to = Bound(make.To, axis.Type, scope);
        var step = make.Step is { } size ? binder.Expressions.Scalar(size, scope.WithoutRow()) : Binder.Bad();
        var sum = OperatorBinder.Compute("_add", [new BoundLiteral(axis.Type, null), new BoundLiteral(step.Type, null)], out _);
        if (axis.Type != KqlType.Unknown && step.Type != KqlType.Unknown && sum?.Type != axis.Type && !(TypeRules.IsInteger(axis.Type) && TypeRules.IsInteger(step.Type)))
        {
            binder.Report("KS178", make.Step!.Span, $"The type '{TypeRules.NameOf(step.Type)}' is not an appropriate interval type for '{TypeRules.NameOf(axis.Type)}'");
        }

        var shape = new RowShape([.. projection.Columns.Select(c => c.Column)]);
        return new BoundMakeSeries(
            row.Source, shape, series, new KqlColumn(axisColumn.Column.Name, KqlType.Dynamic), axis, from, to, step, [.. projection.Columns.Take(keyCount)], make.ParameterText("kind") == "nonempty")
        {
            IsRange = make.IsRange,
        };
    }

    private BoundExpression? Bound(ExpressionSyntax? text, KqlType axis, Scope scope)
    {
        if (text is null)
        {
            return null;
        }

        var value = binder.Expressions.Scalar(text, scope.WithoutRow());
        if (value.Type == axis || value.Type == KqlType.Unknown || axis == KqlType.Unknown)
        {
            return value;
        }

        if (TypeRules.Widens(value.Type, axis) || (TypeRules.IsInteger(value.Type) && TypeRules.IsInteger(axis)))
        {
            return TypeRules.Convert(value, axis);
        }

        binder.Report("KS141", text.Span, $"The expression must have the type {TypeRules.NameOf(axis)}.");
        return value;
    }
}
