using System.Collections;
using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>union: the columns of all inputs by name and type; two types of one name become two columns.</summary>
internal sealed class UnionBinder(Binder binder)
{
    public BoundQuery Bind(BoundQuery? source, UnionSyntax union, Scope scope)
    {
        var tables = new List<TableMeaning>();
        if (source is not null)
        {
            tables.Add(new TableMeaning(source));
        }

        var inner = scope.WithoutRow();
        if (union.ParameterText("isfuzzy") == "true")
        {
            inner = inner with { IsFuzzy = true };
        }

        foreach (var text in union.Tables)
        {
            switch (binder.Tables.BindMeaning(text, inner))
            {
                case TablesMeaning several:
                    tables.AddRange(several.Tables);
                    break;
                case TableMeaning { IsGraph: false } table:
                    tables.Add(table);
                    break;
                case var other:
                    tables.Add(new TableMeaning(binder.Tables.ToTable(other, text.Span)));
                    break;
            }
        }

        return Unite(binder, tables, union.ParameterText("withsource") ?? union.ParameterText("with_source"), union.Keyword.Span, union.ParameterText("kind") == "inner");
    }

    public static BoundQuery Unite(Binder binder, IReadOnlyList<TableMeaning> tables, string? sourceColumn, TextSpan span, bool isInner = false)
    {
        var width = tables.Sum(t => t.Query.Shape.Columns.Count);
        if (!binder.TryWork(width, span))
        {
            return Binder.BadTable();
        }

        var layout = UnionLayout.Of([.. tables.Select(t => t.Query.Shape)], isInner);
        var isOpen = tables.Any(t => t.Query.Shape.IsOpen);
        List<KqlColumn> columns = [.. layout.Columns];
        if (sourceColumn is not null)
        {
            columns.Insert(0, new KqlColumn(sourceColumn, KqlType.String));
        }

        var inputs = tables.Select((t, i) => new BoundUnionInput(t.Query, t.Name ?? $"union_arg{i}", layout.ValuesFor(t.Query.Shape))).ToList();
        return new BoundUnion(inputs, sourceColumn, new RowShape(columns, isOpen));
    }

    /// <summary><c>macro-expand group as X (…)</c>: the body once for each member, united.</summary>
    public BoundQuery MacroExpand(MacroExpandSyntax expand, Scope scope)
    {
        if (binder.Expressions.Bind(expand.Group, scope.WithoutRow()) is not EntityGroupMeaning group)
        {
            binder.Report("KS247", expand.Group.Span, "The expression does not refer to any known entity group.", "Write entity_group [database('a'), …].");
            return Binder.BadTable();
        }

        var tables = new List<TableMeaning>();
        foreach (var member in group.Members)
        {
            var names = new NameScope(scope.Names);
            names.Declare(expand.ScopeName.Text, member);
            if (binder.Functions.BindBody(expand.Body, scope.WithoutRow() with { Names = names }) is { } meaning)
            {
                tables.Add(new TableMeaning(binder.Tables.ToTable(meaning, expand.Body.Span)));
            }
        }

        return tables.Count == 1 ? tables[0].Query : Unite(binder, tables, null, expand.Keyword.Span);
    }
}

/// <summary>Which output columns several shapes have together, and where each input's columns go.</summary>
internal sealed class UnionLayout
{
    private readonly Dictionary<(string Name, KqlType Type), int> places = [];
    private readonly Dictionary<string, int> single = new(StringComparer.Ordinal);

    private UnionLayout(List<KqlColumn> columns) => Columns = columns;

    public IReadOnlyList<KqlColumn> Columns { get; }

    public static UnionLayout Of(IReadOnlyList<RowShape> shapes, bool isInner)
    {
        var types = new Dictionary<string, List<KqlType>>(StringComparer.Ordinal);
        var order = new List<string>();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var column in shapes.SelectMany(s => s.Columns))
        {
            if (!types.TryGetValue(column.Name, out var list))
            {
                types[column.Name] = list = [];
                order.Add(column.Name);
            }

            var count = counts[column.Name] = counts.GetValueOrDefault(column.Name) + 1;

            // Where the first two inputs agree on a type, a later one that does not is converted to it; else each type has its column.
            if (!list.Contains(column.Type) && (count <= 2 || list.Count > 1))
            {
                list.Add(column.Type);
            }
        }

        var names = new UniqueNames();
        var columns = new List<KqlColumn>();
        var layout = new UnionLayout(columns);
        foreach (var name in order)
        {
            if (isInner && counts[name] < shapes.Count)
            {
                continue;
            }

            var list = types[name];
            foreach (var type in list)
            {
                layout.places[(name, type)] = columns.Count;
                if (list.Count == 1)
                {
                    layout.single[name] = columns.Count;
                }

                columns.Add(new KqlColumn(names.Add(list.Count > 1 ? $"{name}_{TypeRules.NameOf(type)}" : name), type));
            }
        }

        return layout;
    }

    public IReadOnlyList<BoundExpression> ValuesFor(RowShape shape)
    {
        var values = new Dictionary<int, BoundExpression>(shape.Columns.Count);
        foreach (var column in shape.Columns)
        {
            if (places.TryGetValue((column.Name, column.Type), out var place))
            {
                values[place] = RowScope.ColumnOf(column);
            }
            else if (single.TryGetValue(column.Name, out place))
            {
                values[place] = Coercion.To(RowScope.ColumnOf(column), Columns[place].Type);
            }
        }

        return new SparseValues(Columns, values);
    }

    /// <summary>A wide union has few columns of each input: those it lacks share one null of their type.</summary>
    private sealed class SparseValues(IReadOnlyList<KqlColumn> columns, Dictionary<int, BoundExpression> values) : IReadOnlyList<BoundExpression>
    {
        private static readonly BoundExpression[] Nulls = [.. Enum.GetValues<KqlType>().Order().Select(t => new BoundLiteral(t, null))];

        public int Count => columns.Count;

        public BoundExpression this[int index] => values.TryGetValue(index, out var value) ? value : Nulls[(int)columns[index].Type];

        public IEnumerator<BoundExpression> GetEnumerator()
        {
            for (var i = 0; i < Count; i++)
            {
                yield return this[i];
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
