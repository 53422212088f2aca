using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>The output of <c>find</c>: the source's name, the columns asked for, and the rest as one bag.</summary>
internal sealed class FindColumns(Binder binder, FindSyntax find, IReadOnlyList<string> asked)
{
    private const string PackName = "pack_";

    public BoundFind Build(IReadOnlyList<TableMeaning> tables, Func<TableMeaning, BoundQuery> filter)
    {
        var sourceName = find.ParameterText("withsource") ?? find.ParameterText("with_source") ?? "source_";
        var (columns, packs) = find.Columns.Count > 0 ? Explicit() : Smart(tables);
        if (find.Away.Count > 0)
        {
            (columns, packs) = Without(columns, packs);
        }

        var output = columns.ToList();
        if (packs)
        {
            output.Add(new KqlColumn(PackName, KqlType.Dynamic));
        }

        var inputs = new List<BoundUnionInput>();
        for (var i = 0; i < tables.Count; i++)
        {
            var query = filter(tables[i]);
            var values = columns.Select(c => Value(c, query.Shape)).ToList();
            if (packs)
            {
                values.Add(Pack(query.Shape.Columns.Where(c => !columns.Exists(o => o.Name == c.Name))));
            }

            inputs.Add(new BoundUnionInput(query, tables[i].Name ?? $"find_arg{i}", values));
        }

        output.Insert(0, new KqlColumn(sourceName, KqlType.String));
        var isOpen = find.Columns.Count == 0 && tables.Any(t => t.Query.Shape.IsOpen);
        return new BoundFind(new BoundUnion(inputs, sourceName, new RowShape(output, isOpen)));

        (List<KqlColumn> Columns, bool Packs) Explicit()
        {
            var list = new List<KqlColumn>();
            var pack = false;
            foreach (var item in find.Columns)
            {
                if (item.IsPackAll)
                {
                    pack = true;
                }
                else if (item.Name is { } name)
                {
                    var found = tables.Select(t => t.Query.Shape.Find(name.Text)).OfType<KqlColumn>().FirstOrDefault();
                    if (found is null && item.Type is null && !tables.Any(t => t.Query.Shape.IsOpen))
                    {
                        binder.Report("KS142", name.Span, $"The name '{name.Text}' does not refer to any known column, table, variable or function.");
                        continue;
                    }

                    list.Add(new KqlColumn(name.Text, item.Type ?? found?.Type ?? KqlType.Unknown));
                }
            }

            return (list, pack);
        }
    }

    private (List<KqlColumn> Columns, bool Packs) Smart(IReadOnlyList<TableMeaning> tables)
    {
        var list = new List<KqlColumn>();
        if (tables.Count > 0)
        {
            list.AddRange(tables[0].Query.Shape.Columns.Where(c => tables.All(t => t.Query.Shape.Columns.Contains(c))));
        }

        foreach (var name in asked)
        {
            foreach (var column in tables.SelectMany(t => t.Query.Shape.Columns).Where(c => c.Name == name))
            {
                if (!list.Contains(column))
                {
                    list.Add(column);
                }
            }
        }

        var unified = UnionLayout.Of([new RowShape(list)], isInner: false).Columns.ToList();
        var packs = tables.Any(t => t.Query.Shape.Columns.Any(c => !list.Contains(c)));
        return (unified, packs);
    }

    private (List<KqlColumn> Columns, bool Packs) Without(List<KqlColumn> columns, bool packs)
    {
        if (find.Away[0] is StarSyntax)
        {
            return ([], packs && find.Columns.Any(c => c.IsPackAll));
        }

        var away = find.Away.OfType<NameSyntax>().Select(n => n.Text).ToList();
        return ([.. columns.Where(c => !away.Contains(c.Name))], packs && !away.Contains(PackName));
    }

    private static BoundExpression Value(KqlColumn column, RowShape shape)
    {
        var found = shape.Find(column.Name);
        if (found is null)
        {
            // "X_string" is the X of those tables where it is a string.
            found = shape.Columns.FirstOrDefault(c => column.Name == $"{c.Name}_{TypeRules.NameOf(c.Type)}");
            return found is null ? new BoundLiteral(column.Type, null) : RowScope.ColumnOf(found);
        }

        if (found.Type == column.Type || column.Type == KqlType.Unknown)
        {
            return RowScope.ColumnOf(found);
        }

        return Coercion.To(RowScope.ColumnOf(found), column.Type);
    }

    private static BoundExpression Pack(IEnumerable<KqlColumn> columns) => FunctionCatalog.FindScalar("bag_pack") is { } pack
        ? new BoundCall(pack.Key, [.. columns.SelectMany(c => new BoundExpression[] { new BoundLiteral(KqlType.String, c.Name), RowScope.ColumnOf(c) })], KqlType.Dynamic)
        : new BoundLiteral(KqlType.Dynamic, null);
}
