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
        var predicate = Predicate(search.Condition, scope, WholeOf(tables), isCaseSensitive);
        var filtered = new List<TableMeaning>();
        foreach (var table in tables)
        {
            if (!binder.TryWork(4 + table.Query.Shape.Columns.Count, search.Keyword.Span))
            {
                return Binder.BadTable();
            }

            filtered.Add(new TableMeaning(new BoundFilter(table.Query, SearchPredicate.For(predicate, table.Query.Shape, isCaseSensitive)), table.Name));
        }

        return UnionBinder.Unite(binder, filtered, "$table", search.Keyword.Span) is BoundUnion union ? new BoundSearch(union) : Binder.BadTable();
    }

    /// <summary>All columns of all tables, as the predicate may name them.</summary>
    private static RowScope WholeOf(List<TableMeaning> tables)
    {
        var layout = UnionLayout.Of([.. tables.Select(t => t.Query.Shape)], isInner: false);
        return new RowScope(new BoundInputRows(new RowShape(layout.Columns, tables.Exists(t => t.Query.Shape.IsOpen))));
    }

    private List<TableMeaning> Tables(BoundQuery? source, IReadOnlyList<ExpressionSyntax> texts, Scope scope)
    {
        if (source is not null && texts.Count == 0)
        {
            return [new TableMeaning(source)];
        }

        if (texts.Count == 0)
        {
            var all = scope.Database.TableNames
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

    private BoundExpression Predicate(ExpressionSyntax syntax, Scope scope, RowScope whole, bool isCaseSensitive)
    {
        var inner = scope.WithRow(whole) with { IsSearch = true, IsCaseSensitive = isCaseSensitive };
        var value = syntax is StarSyntax ? new BoundLiteral(KqlType.Bool, true) : AsPredicate(binder.Expressions.Scalar(syntax, inner), syntax);
        if (value.Type is not (KqlType.Bool or KqlType.Unknown))
        {
            binder.Report("KS141", syntax.Span, "The expression must have the type bool.");
        }

        return value;
    }

    /// <summary>A bare text stands for "some column has it".</summary>
    public static BoundExpression AsPredicate(BoundExpression value, ExpressionSyntax syntax)
    {
        while (syntax is ParenthesizedSyntax inner)
        {
            syntax = inner.Inner;
        }

        return value is BoundLiteral { Type: KqlType.String } ? SearchPredicate.AnyColumn("has", value)
            : syntax is StarSyntax ? new BoundLiteral(KqlType.Bool, true)
            : value;
    }

    public BoundQuery Find(FindSyntax find, Scope scope)
    {
        var tables = Tables(null, find.Tables, scope);
        var whole = WholeOf(tables);
        var predicate = Predicate(find.Condition, scope, whole, isCaseSensitive: false);
        var asked = Names(find.Condition).Where(n => whole.Find(n) is not null).ToList();
        var relevant = tables.Count == 1 || asked.Count == 0 ? tables : [.. tables.Where(t => t.Query.Shape.IsOpen || asked.Exists(n => t.Query.Shape.Find(n) is not null))];
        return new FindColumns(binder, find, asked).Build(
            relevant, t => new BoundFilter(t.Query, SearchPredicate.For(predicate, t.Query.Shape, isCaseSensitive: false)));
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
