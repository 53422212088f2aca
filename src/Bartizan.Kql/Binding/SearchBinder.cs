using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>search and find: one predicate over many tables, each with its own columns.</summary>
internal sealed class SearchBinder(Binder binder)
{
    public BoundQuery Search(BoundQuery? source, SearchSyntax search, Scope scope)
    {
        var tables = Tables(source, search.Tables, scope);
        var isCaseSensitive = search.ParameterText("kind") == "case_sensitive";
        var shape = UnionLayout.Of([.. tables.Select(t => t.Query.Shape)], isInner: false);
        var isOpen = tables.Exists(t => t.Query.Shape.IsOpen);
        var whole = new RowScope(new BoundInputRows(new RowShape(shape.Columns, isOpen)));
        Predicate(search.Condition, scope, whole, whole, isCaseSensitive);
        var filtered = new List<TableMeaning>();
        foreach (var table in tables)
        {
            if (!binder.TryWork(4 + table.Query.Shape.Columns.Count, search.Keyword.Span))
            {
                return Binder.BadTable();
            }

            var row = new RowScope(table.Query);
            var predicate = binder.Apart(() => Predicate(search.Condition, scope, row, whole, isCaseSensitive), out _);
            filtered.Add(new TableMeaning(new BoundFilter(row.Source, predicate), table.Name));
        }

        return new BoundSearch((BoundUnion)UnionBinder.Unite(binder, filtered, "$table", search.Keyword.Span));
    }

    private List<TableMeaning> Tables(BoundQuery? source, IReadOnlyList<ExpressionSyntax> texts, Scope scope)
    {
        if (source is not null && texts.Count == 0)
        {
            return [new TableMeaning(source)];
        }

        if (texts.Count == 0)
        {
            var all = scope.Database.TableNames.Order(StringComparer.Ordinal)
                .Select(n => scope.Database.FindTable(n)).OfType<Symbols.TableSymbol>().Select(t => new TableMeaning(new BoundTable(t), t.Name));
            return [.. all, .. binder.Tables.Views(scope)];
        }

        var tables = new List<TableMeaning>();
        foreach (var text in texts)
        {
            switch (binder.Tables.BindMeaning(text, scope.WithoutRow()))
            {
                case TablesMeaning several:
                    tables.AddRange(several.Tables);
                    break;
                case var meaning:
                    tables.Add(meaning as TableMeaning ?? new TableMeaning(binder.Tables.ToTable(meaning, text.Span)));
                    break;
            }
        }

        return tables;
    }

    private BoundExpression Predicate(ExpressionSyntax syntax, Scope scope, RowScope row, RowScope whole, bool isCaseSensitive)
    {
        var inner = scope.WithRow(row) with { IsSearch = true, SearchWhole = whole, IsCaseSensitive = isCaseSensitive };
        var value = AsPredicate(binder.Expressions.Scalar(syntax, inner), syntax, inner);
        if (value.Type is not (KqlType.Bool or KqlType.Unknown))
        {
            binder.Report("KS141", syntax.Span, "The expression must have the type bool.");
        }

        return value;
    }

    /// <summary>A bare text stands for "some column has it".</summary>
    public static BoundExpression AsPredicate(BoundExpression value, ExpressionSyntax syntax, Scope scope)
    {
        while (syntax is ParenthesizedSyntax inner)
        {
            syntax = inner.Inner;
        }

        return value is BoundLiteral { Type: KqlType.String, Value: string text } ? AnyColumn("has", value, text, scope)
            : syntax is StarSyntax && value.Type == KqlType.Unknown ? new BoundLiteral(KqlType.Bool, true)
            : value;
    }

    /// <summary><c>* has "x"</c>: the operator on each column that it takes, joined by or.</summary>
    public static BoundExpression AnyColumn(string word, BoundExpression value, string? text, Scope scope)
    {
        var name = OperatorBinder.CanonicalName(word);
        if (text is not null && word is "has" or ":")
        {
            (name, value) = Term(text, scope.IsCaseSensitive);
        }

        var tests = new List<BoundExpression>();
        foreach (var column in scope.Row?.Shape.Columns ?? [])
        {
            var isText = column.Type is KqlType.String or KqlType.Dynamic;
            if (isText != (value.Type is KqlType.String or KqlType.Unknown) && column.Type != value.Type)
            {
                continue;
            }

            if (OperatorBinder.Compute(name, [RowScope.ColumnOf(column), value], out _) is { } test)
            {
                tests.Add(test);
            }
        }

        while (tests.Count > 1)
        {
            tests = [.. tests.Chunk(2).Select(p => p.Length == 1 ? p[0] : OperatorBinder.Compute("_or", p, out _) ?? p[0])];
        }

        return tests.Count == 0 ? new BoundLiteral(KqlType.Bool, false) : tests[0];
    }

    /// <summary>Stars at the ends of a term make it a prefix, a suffix or a piece; one inside, a pattern.</summary>
    private static (string Name, BoundExpression Value) Term(string text, bool isCaseSensitive)
    {
        var cs = isCaseSensitive ? "_cs" : "";
        var bare = text.Trim('*');
        if (bare.Contains('*', StringComparison.Ordinal))
        {
            var pattern = (isCaseSensitive ? "" : "(?i)") + string.Join(".*?", text.Split('*').Select(System.Text.RegularExpressions.Regex.Escape));
            return ("_matches_regex", new BoundLiteral(KqlType.String, pattern));
        }

        var word = (text.StartsWith('*'), text.EndsWith('*')) switch
        {
            (true, true) => "_contains",
            (true, false) => "_hassuffix",
            (false, true) => "_hasprefix",
            _ => "_has",
        };
        return (word + cs, new BoundLiteral(KqlType.String, bare));
    }

    public BoundQuery Find(FindSyntax find, Scope scope)
    {
        var tables = Tables(null, find.Tables, scope);
        var layout = UnionLayout.Of([.. tables.Select(t => t.Query.Shape)], isInner: false);
        var whole = new RowScope(new BoundInputRows(new RowShape(layout.Columns, tables.Exists(t => t.Query.Shape.IsOpen))));
        Predicate(find.Condition, scope, whole, whole, isCaseSensitive: false);
        var asked = Names(find.Condition).Where(n => layout.Columns.Any(c => c.Name == n)).ToList();
        var relevant = tables.Count == 1 || asked.Count == 0 ? tables : [.. tables.Where(t => t.Query.Shape.IsOpen || asked.Exists(n => t.Query.Shape.Find(n) is not null))];
        return new FindColumns(binder, find, scope, asked).Build(relevant, t =>
        {
            var row = new RowScope(t.Query);
            var predicate = binder.Apart(() => Predicate(find.Condition, scope, row, whole, isCaseSensitive: false), out _);
            return new BoundFilter(row.Source, predicate);
        });
    }

    /// <summary>The names in an expression, in order, each once.</summary>
    public static List<string> Names(Syntax.Tokens.SyntaxElement syntax)
    {
        var names = new List<string>();
        var open = new Stack<Syntax.Tokens.SyntaxElement>();
        open.Push(syntax);
        while (open.TryPop(out var next))
        {
            if (next is NameSyntax { IsMissing: false } name && !names.Contains(name.Text))
            {
                names.Add(name.Text);
            }

            if (next is SyntaxNode node)
            {
                for (var i = node.Children.Count - 1; i >= 0; i--)
                {
                    open.Push(node.Children[i]);
                }
            }
        }

        return names;
    }
}
