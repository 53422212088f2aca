using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>Tables, views, databases and the paths to them.</summary>
internal sealed class TableBinder(Binder binder)
{
    /// <summary>An expression that must be one table; never null, an error gives an empty one of any columns.</summary>
    public BoundQuery Bind(ExpressionSyntax syntax, Scope scope) => ToTable(BindMeaning(syntax, scope), syntax.Span);

    public BoundQuery ToTable(Meaning meaning, TextSpan span)
    {
        switch (meaning)
        {
            case TableMeaning { IsGraph: false } table:
                return table.Query;
            case TablesMeaning { Tables: [var only] }:
                return only.Query;
            case TablesMeaning tables:
                return UnionBinder.Unite(binder, tables.Tables, null, span);
            case ErrorMeaning:
                return Binder.BadTable();
            default:
                binder.Report("KS111", span, "Tabular value expected.");
                return Binder.BadTable();
        }
    }

    /// <summary>What stands where a table should: here a name is that of a table, whatever columns there are.</summary>
    public Meaning BindMeaning(ExpressionSyntax syntax, Scope scope, bool mayBeScalar = false)
    {
        while (syntax is ParenthesizedSyntax inner)
        {
            syntax = inner.Inner;
        }

        if (!binder.TryEnter(syntax.Span))
        {
            return ErrorMeaning.Instance;
        }

        try
        {
            return syntax switch
            {
                NameSyntax { IsMissing: true } => ErrorMeaning.Instance,
                NameSyntax { HasWildcard: true } pattern => BindPattern(pattern.Text, pattern.Span, scope, [scope.Database], withLocals: true),
                StarSyntax => BindPattern("*", syntax.Span, scope, [scope.Database], withLocals: true),
                NameSyntax name => BindName(name, scope, mayBeScalar),
                NamedSyntax named => BindMeaning(named.Value, scope),
                _ => binder.Expressions.Bind(syntax, scope.WithoutRow()),
            };
        }
        finally
        {
            binder.Leave();
        }
    }

    private Meaning BindName(NameSyntax name, Scope scope, bool mayBeScalar)
    {
        if (scope.Names.Find(name.Text) is { } declared)
        {
            var meaning = binder.Functions.Invoked(declared, name, scope);
            if (meaning is not ScalarMeaning || mayBeScalar)
            {
                return meaning is TableMeaning { Name: null } table ? table with { Name = name.Text } : meaning;
            }

            if (scope.Database.FindTable(name.Text) is null)
            {
                return meaning;
            }
        }

        if (FindInDatabase(name, scope.Database, scope) is { } stored)
        {
            return stored;
        }

        if (scope.IsFuzzy)
        {
            binder.Warn("KS205", name.Span, $"The fuzzy name '{name.Text}' does not refer to any known or currently accessible table.");
        }
        else
        {
            ReportUnknownTable(name.Text, name.Span, scope.Database, "KS204", "table, tabular variable or function", scope);
        }

        return new TableMeaning(Binder.BadTable(), name.Text);
    }

    public void ReportUnknownTable(string name, TextSpan span, ISchemaCatalog database, string code, string what, Scope scope)
    {
        var near = NearestName.Find(name, scope.Names.All().Select(p => p.Key).Concat(database.TableNames).Concat(database.FunctionNames));
        binder.Report(code, span, $"The name '{name}' does not refer to any known {what}.", near is null ? null : $"Did you mean '{near}'?");
    }

    /// <summary>A table, or a saved function that needs no arguments; null when there is neither.</summary>
    public Meaning? FindInDatabase(NameSyntax name, ISchemaCatalog database, Scope scope)
    {
        if (scope.InsideOf != name.Text && FunctionBinder.FindSaved(name.Text, database) is { } function)
        {
            if (function.RequiredCount == 0)
            {
                var meaning = binder.Functions.Invoke(function, FunctionBinder.NoValues, name.Span, scope);
                return meaning is TableMeaning table ? table with { Name = name.Text } : meaning;
            }

            if (database.FindTable(name.Text) is null)
            {
                binder.Report("KS117", name.Span, $"The function '{name.Text}' requires an argument list.");
                return ErrorMeaning.Instance;
            }
        }

        return database.FindTable(name.Text) is { } found ? new TableMeaning(new BoundTable(found), name.Text) : null;
    }

    private Meaning BindPattern(string pattern, TextSpan span, Scope scope, IReadOnlyList<ISchemaCatalog> databases, bool withLocals)
    {
        var tables = new List<TableMeaning>();
        foreach (var database in databases)
        {
            foreach (var name in database.TableNames)
            {
                if (Wildcard.Matches(pattern, name) && database.FindTable(name) is { } table)
                {
                    tables.Add(new TableMeaning(new BoundTable(table), name));
                }
            }
        }

        if (withLocals)
        {
            tables.AddRange(Views(scope).Where(v => Wildcard.Matches(pattern, v.Name!)));
        }

        if (tables.Count > 0)
        {
            return new TablesMeaning(tables);
        }

        if (scope.IsFuzzy)
        {
            return new TableMeaning(Binder.BadTable());
        }

        binder.Report("KS142", span, $"The name '{pattern}' does not refer to any known table.");
        return ErrorMeaning.Instance;
    }

    /// <summary>The functions that let statements declare as views.</summary>
    public IEnumerable<TableMeaning> Views(Scope scope)
    {
        foreach (var (name, meaning) in scope.Names.All())
        {
            if (meaning is FunctionMeaning { Function: { IsView: true, RequiredCount: 0 } view }
                && binder.Functions.Invoke(view, FunctionBinder.NoValues, default, scope) is TableMeaning table)
            {
                yield return table with { Name = name };
            }
        }
    }

    /// <summary><c>database("x").T</c>, <c>cluster("c").database("d")</c> without a call.</summary>
    public Meaning BindMemberName(Meaning target, MemberSyntax member, Scope scope)
    {
        switch (target)
        {
            case DatabaseMeaning { Databases.Count: 0 }:
                return new TableMeaning(Binder.BadTable(), member.Name.Text);
            case DatabaseMeaning databases when member.Name.HasWildcard:
                return BindPattern(member.Name.Text, member.Name.Span, scope, databases.Databases, withLocals: false);
            case DatabaseMeaning databases:
                var found = databases.Databases.Select(d => FindInDatabase(member.Name, d, scope)).OfType<Meaning>().ToList();
                if (found.Count > 0)
                {
                    return found.Count == 1 ? found[0] : new TablesMeaning([.. found.OfType<TableMeaning>()]);
                }

                if (!scope.IsFuzzy)
                {
                    ReportUnknownTable(member.Name.Text, member.Name.Span, databases.Databases[0], "KS204", "table, tabular variable or function", scope);
                }

                return new TableMeaning(Binder.BadTable(), member.Name.Text);
            case EntityGroupMeaning group:
                return new TablesMeaning([.. group.Members.OfType<DatabaseMeaning>().SelectMany(d => d.Databases).Select(d => FindInDatabase(member.Name, d, scope)).OfType<TableMeaning>()]);
            default:
                binder.Report("KS142", member.Name.Span, $"The name '{member.Name.Text}' does not refer to any known database.");
                return ErrorMeaning.Instance;
        }
    }

    /// <summary><c>database("x").["T"]</c>.</summary>
    public Meaning BindElement(Meaning target, ElementSyntax element, Scope scope)
    {
        if (target is DatabaseMeaning databases && element.Index is LiteralSyntax { Value: string name })
        {
            if (databases.Databases.Count > 0 && databases.Databases[0].FindTable(name) is { } table)
            {
                return new TableMeaning(new BoundTable(table), name);
            }

            ReportUnknownTable(name, element.Index.Span, scope.Database, "KS204", "table, tabular variable or function", scope);
            return new TableMeaning(Binder.BadTable());
        }

        binder.Report("KS147", element.Index.Span, "The element access operator [] is not allowed in this context.");
        return ErrorMeaning.Instance;
    }

    /// <summary><c>database("x").f(1)</c>, <c>cluster("c").database("d")</c>.</summary>
    public Meaning BindMemberCall(MemberCallSyntax syntax, Scope scope)
    {
        var target = binder.Expressions.Bind(syntax.Target, scope);
        var call = syntax.Call;
        switch (target)
        {
            case ClusterMeaning when call.Name.Text == "database":
                return binder.Language.TryBind(call, scope, out var database) ? database : ErrorMeaning.Instance;
            case DatabaseMeaning { Databases.Count: 0 }:
                return new TableMeaning(Binder.BadTable());
            case DatabaseMeaning databases when call.Name.Text is "table" or "materialized_view" or "external_table":
                return binder.Language.TableIn(call, scope, databases.Databases[0]);
            case DatabaseMeaning databases:
                if (FunctionBinder.FindSaved(call.Name.Text, databases.Databases[0]) is { } function)
                {
                    return binder.Functions.Call(function, call, scope);
                }

                binder.Report("KS211", call.Name.Span, $"The name '{call.Name.Text}' does not refer to any known function.");
                return new TableMeaning(Binder.BadTable());
            case PatternMeaning:
            case ErrorMeaning:
                return ErrorMeaning.Instance;
            default:
                binder.Report("KS211", call.Name.Span, $"The name '{call.Name.Text}' does not refer to any known function.");
                return ErrorMeaning.Instance;
        }
    }

    public EntityGroupMeaning BindEntityGroup(EntityGroupSyntax group, Scope scope) =>
        new([.. group.Members.Select(m => binder.Expressions.Bind(m, scope.WithoutRow())).Where(m => m is DatabaseMeaning or TableMeaning or ClusterMeaning)]);

    public RowShape ShapeOf(SchemaSyntax schema, RowScope? row)
    {
        var columns = new List<KqlColumn>();
        if (schema.HasStar && row is not null)
        {
            columns.AddRange(row.Shape.Columns);
        }

        foreach (var column in schema.Columns)
        {
            if (columns.Exists(c => c.Name == column.Name.Text))
            {
                binder.Report("KS171", column.Name.Span, $"A column with the name '{column.Name.Text}' is already declared.");
                continue;
            }

            columns.Add(new KqlColumn(column.Name.Text, column.Type));
        }

        return new RowShape(columns);
    }
}
