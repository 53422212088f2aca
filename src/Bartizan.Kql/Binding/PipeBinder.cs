using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>A source and the operators after it, and the operators that are sources themselves.</summary>
internal sealed class PipeBinder
{
    private const int MaxOperators = 2_000;

    private readonly Binder binder;
    private readonly ColumnOperators columns;
    private readonly RowOperators rows;
    private readonly GroupOperators groups;
    private readonly SeriesOperators series;
    private readonly JoinBinder joins;
    private readonly UnionBinder unions;
    private readonly ExpansionBinder expansions;
    private readonly ParseBinder parses;
    private readonly NestedOperators nested;
    private readonly ScanBinder scans;

    public PipeBinder(Binder binder)
    {
        this.binder = binder;
        columns = new ColumnOperators(binder);
        rows = new RowOperators(binder);
        groups = new GroupOperators(binder);
        series = new SeriesOperators(binder);
        joins = new JoinBinder(binder);
        unions = new UnionBinder(binder);
        expansions = new ExpansionBinder(binder);
        parses = new ParseBinder(binder);
        nested = new NestedOperators(binder);
        scans = new ScanBinder(binder);
        Search = new SearchBinder(binder);
    }

    public SearchBinder Search { get; }

    public Meaning Bind(ExpressionSyntax syntax, Scope scope)
    {
        // What "as" names is known in the rest of this pipe.
        scope = scope.WithoutRow();
        switch (syntax)
        {
            case PipeSyntax pipe:
                var source = binder.Tables.BindMeaning(pipe.Source, scope);
                if (source is ScalarMeaning or SeveralMeaning or TypeMeaning)
                {
                    binder.Report("KS111", pipe.Source.Span, "Tabular value expected.");
                    source = ErrorMeaning.Instance;
                }

                if (source is not TableMeaning table)
                {
                    table = new TableMeaning(source is TablesMeaning tables ? binder.Tables.ToTable(tables, pipe.Source.Span) : Binder.BadTable());
                }

                return BindOperators(table, pipe.Operators, scope, pipe.Source.Span.Start);
            case OperatorSourceSyntax { Operator: var first }:
                return BindSource(first, scope);
            case DataTableSyntax data:
                return new TableMeaning(BindDataTable(data, scope));
            case ExternalDataSyntax external:
                return new TableMeaning(BindExternalData(external, scope));
            case InlineExternalTableSyntax inline:
                binder.Report("BZ2003", inline.Span, "The expression 'inline_external_table' is not supported.", "Use externaldata.");
                return new TableMeaning(new BoundEmpty(binder.Tables.ShapeOf(inline.Schema, null)));
            default:
                return ErrorMeaning.Instance;
        }
    }

    public Meaning BindOperators(TableMeaning source, IReadOnlyList<QueryOperatorSyntax> operators, Scope scope, int start)
    {
        if (operators.Count > MaxOperators)
        {
            binder.Report("BZ1001", operators[MaxOperators].Span, $"The pipe has more than {MaxOperators} operators.");
            return ErrorMeaning.Instance;
        }

        Meaning current = source;
        var end = start;
        foreach (var next in operators)
        {
            if (next is AsSyntax name)
            {
                scope.Names.Replace(name.Name.Text, current is TableMeaning named ? named with { Name = name.Name.Text } : current);
                continue;
            }

            var table = current as TableMeaning ?? new TableMeaning(Binder.BadTable());
            current = next is InvokeSyntax { Keyword.Text: "invoke" } invoke && !table.IsGraph
                ? new TableMeaning(nested.Invoke(table.Query, invoke, scope, TextSpan.FromBounds(start, Math.Max(start, end))))
                : Apply(table, next, scope);
            end = next.Span.End;
        }

        return current;
    }

    /// <summary>Binds a subquery over the rows that an operator hands to it.</summary>
    public BoundQuery BindSubquery(SubquerySyntax subquery, BoundQuery input, Scope scope)
    {
        var inner = scope.WithoutRow() with { Names = new NameScope(scope.Names) };
        var meaning = subquery.Query is { } query
            ? binder.Expressions.Bind(query, inner)
            : BindOperators(new TableMeaning(input), subquery.Operators, inner, subquery.Span.Start);
        return binder.Tables.ToTable(meaning, subquery.Span);
    }

    private Meaning Apply(TableMeaning source, QueryOperatorSyntax syntax, Scope scope)
    {
        if (syntax is MakeGraphSyntax or GraphMatchSyntax or GraphToTableSyntax or GraphWhereSyntax || syntax.Keyword.Text == "graph-mark-components")
        {
            return binder.Graphs.Apply(source, syntax, scope);
        }

        if (source.IsGraph)
        {
            binder.Report("KS111", syntax.Keyword.Span, "Tabular value expected.", "Put graph-match or graph-to-table before it.");
            return new TableMeaning(Binder.BadTable());
        }

        if (source.Query is BoundFork)
        {
            binder.Report("BZ2003", syntax.Keyword.Span, $"The operator '{syntax.Keyword.Text}' is not supported after fork and facet.", "Put it into their subqueries.");
        }

        if (syntax is ForkSyntax or FacetSyntax)
        {
            return new TableMeaning(nested.Fork(source.Query, syntax, scope));
        }

        return new TableMeaning(Apply(source.Query, syntax, scope));
    }

    private BoundQuery Apply(BoundQuery source, QueryOperatorSyntax syntax, Scope scope) => syntax switch
    {
        WhereSyntax where => rows.Where(source, where, scope),
        ColumnsSyntax { Keyword.Text: "print" } => NotFirst(source, syntax),
        ColumnsSyntax list => columns.Bind(source, list, scope),
        TakeSyntax take => rows.Take(source, take, scope),
        SampleDistinctSyntax sample => rows.SampleDistinct(source, sample, scope),
        SortSyntax sort => rows.Sort(source, sort, scope),
        TopSyntax top => rows.Top(source, top, scope),
        CountSyntax count => GroupOperators.Count(source, count),
        SummarizeSyntax summarize => groups.Summarize(source, summarize, scope),
        TopHittersSyntax hitters => groups.TopHitters(source, hitters, scope),
        TopNestedSyntax top => groups.TopNested(source, top, scope),
        ReduceSyntax reduce => groups.Reduce(source, reduce, scope),
        MakeSeriesSyntax make => series.MakeSeries(source, make, scope),
        JoinSyntax { Keyword.Text: "lookup" } lookup => joins.Lookup(source, lookup, scope),
        JoinSyntax join => joins.Join(source, join, scope),
        UnionSyntax union => unions.Bind(source, union, scope),
        MvExpandSyntax expand => expansions.Expand(source, expand, scope),
        MvApplySyntax apply => expansions.Apply(source, apply, scope),
        ParseSyntax parse => parses.Parse(source, parse, scope),
        ParseKvSyntax parse => parses.ParseKv(source, parse, scope),
        PartitionSyntax partition => nested.Partition(source, partition, scope),
        ScanSyntax scan => scans.Bind(source, scan, scope),
        SearchSyntax search => Search.Search(source, search, scope),
        FindSyntax => NotFirst(source, syntax),
        RangeSyntax => NotFirst(source, syntax),
        InvokeSyntax { Keyword.Text: "evaluate" } evaluate => binder.Plugins.Bind(source, evaluate, scope),
        RenderSyntax render => rows.Render(source, render),
        AssertSchemaSyntax => source,
        MacroExpandSyntax => NotFirst(source, syntax),
        BareOperatorSyntax bare => rows.Bare(source, bare),
        _ => Binder.BadTable(),
    };

    private BoundQuery NotFirst(BoundQuery source, QueryOperatorSyntax syntax)
    {
        binder.Report("KS175", syntax.Keyword.Span, "The operator must be the first operator in the query.");
        return source;
    }

    private Meaning BindSource(QueryOperatorSyntax syntax, Scope scope)
    {
        switch (syntax)
        {
            case ColumnsSyntax { Keyword.Text: "print" } print:
                return new TableMeaning(columns.Print(print, scope));
            case RangeSyntax range:
                return new TableMeaning(rows.Range(range, scope));
            case UnionSyntax union:
                return new TableMeaning(unions.Bind(null, union, scope));
            case SearchSyntax search:
                return new TableMeaning(Search.Search(null, search, scope));
            case FindSyntax find:
                return new TableMeaning(Search.Find(find, scope));
            case InvokeSyntax { Keyword.Text: "evaluate" } evaluate:
                return new TableMeaning(binder.Plugins.Bind(null, evaluate, scope));
            case MacroExpandSyntax expand:
                return new TableMeaning(unions.MacroExpand(expand, scope));
            case UnknownOperatorSyntax:
                return ErrorMeaning.Instance;
            default:
                binder.Report("KS174", syntax.Keyword.Span, "The operator cannot be the first operator in a query.");
                return ErrorMeaning.Instance;
        }
    }

    private BoundDataTable BindDataTable(DataTableSyntax data, Scope scope)
    {
        var shape = binder.Tables.ShapeOf(data.Schema, null);
        var width = shape.Columns.Count;
        if (width > 0 && data.Values.Count % width != 0)
        {
            var span = TextSpan.FromBounds(data.Values[0].Span.Start, data.Values[^1].Span.End);
            binder.Report("KS173", span, $"Incorrect number of data values. The values should appear in multiples of {width}.");
            return new BoundDataTable(shape, []);
        }

        var rows = new List<IReadOnlyList<BoundExpression>>();
        var row = new List<BoundExpression>(width);
        foreach (var text in data.Values)
        {
            var value = binder.Expressions.Scalar(text, scope);
            // A cell is read as its column's type, whatever type it is written in.
            row.Add(width == 0 ? value : Coercion.To(value, shape.Columns[row.Count].Type));
            if (row.Count >= width)
            {
                rows.Add(row);
                row = new List<BoundExpression>(width);
            }
        }

        return new BoundDataTable(shape, rows);
    }

    private BoundExternalRows BindExternalData(ExternalDataSyntax external, Scope scope)
    {
        var sources = external.Sources.Select(s => binder.Expressions.Typed(s, scope, KqlType.String)).ToList();
        return new BoundExternalRows(binder.Tables.ShapeOf(external.Schema, null), sources, Properties(external.Properties, scope));
    }

    public Dictionary<string, BoundLiteral> Properties(IReadOnlyList<OperatorParameterSyntax> properties, Scope scope)
    {
        var result = new Dictionary<string, BoundLiteral>(StringComparer.Ordinal);
        foreach (var property in properties)
        {
            result[property.Name] = property.Value switch
            {
                NameSyntax name when scope.Names.Find(name.Text) is null => new BoundLiteral(KqlType.String, name.Text),
                var value => binder.Expressions.Scalar(value, scope) as BoundLiteral ?? new BoundLiteral(KqlType.Unknown, null),
            };
        }

        return result;
    }
}
