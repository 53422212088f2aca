using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>partition, fork, facet, invoke: operators with a query inside.</summary>
internal sealed class NestedOperators(Binder binder)
{
    private readonly RowOperators rows = new(binder);

    public BoundQuery Partition(BoundQuery source, PartitionSyntax partition, Scope scope)
    {
        var row = new RowScope(source);
        var key = rows.ColumnOnly(partition.Key, scope.WithRow(row), noDynamic: true);
        var input = new BoundInputRows(row.Shape);
        var inner = scope;
        if (partition.Body.Query is not null && key is BoundColumn column)
        {
            // A query with a source of its own knows the group by its key's value.
            var one = new BoundProject(new BoundTake(input, new BoundLiteral(KqlType.Long, 1L)), new RowShape([new KqlColumn(column.Name, column.Type)]), [new BoundAssignment(new KqlColumn(column.Name, column.Type), column)]);
            inner = scope with { Names = new NameScope(scope.Names) };
            inner.Names.Declare(column.Name, new ScalarMeaning(new BoundScalarSubquery(one, column.Type)));
        }

        var subquery = binder.Pipes.BindSubquery(partition.Body, input, inner);
        return new BoundPartition(row.Source, subquery.Shape, key, input, subquery);
    }

    public BoundFork Fork(BoundQuery source, QueryOperatorSyntax syntax, Scope scope) => syntax switch
    {
        ForkSyntax fork => Fork(source, fork, scope),
        FacetSyntax facet => Facet(source, facet, scope),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private BoundFork Fork(BoundQuery source, ForkSyntax fork, Scope scope)
    {
        var input = new BoundInputRows(source.Shape);
        var branches = fork.Branches.Select(b => new BoundForkBranch(b.Name?.Text, binder.Pipes.BindSubquery(b.Body, input, scope))).ToList();
        return new BoundFork(source, input, branches);
    }

    private BoundFork Facet(BoundQuery source, FacetSyntax facet, Scope scope)
    {
        var row = new RowScope(source);
        var keys = facet.Columns.Select(c => (Text: c, Value: rows.ColumnOnly(c, scope.WithRow(row), noDynamic: true))).ToList();
        var input = new BoundInputRows(row.Shape);
        var branches = new List<BoundForkBranch>();
        if (facet.With is { } with)
        {
            branches.Add(new BoundForkBranch(null, binder.Pipes.BindSubquery(with, input, scope)));
        }

        foreach (var (text, value) in keys)
        {
            var name = ColumnNames.Of(text, scope) ?? "Column1";
            var key = new BoundAssignment(new KqlColumn(name, value.Type), value);
            var count = new BoundAssignment(
                new KqlColumn("count_" + name, KqlType.Long),
                new BoundCall(Functions.FunctionCatalog.FindAggregate("count")?.Key ?? "count", [], KqlType.Long));
            branches.Add(new BoundForkBranch(null, new BoundSummarize(input, new RowShape([key.Column, count.Column]), [key], [count])));
        }

        return new BoundFork(row.Source, input, branches);
    }

    /// <summary><c>T | invoke f(a)</c> is <c>f(T, a)</c>.</summary>
    public BoundQuery Invoke(BoundQuery source, InvokeSyntax invoke, Scope scope, TextSpan piped)
    {
        if (invoke.Function is MemberCallSyntax member)
        {
            var target = binder.Expressions.Bind(member.Target, scope.WithoutRow());
            if (target is DatabaseMeaning { Databases: [var database, ..] } && FunctionBinder.FindSaved(member.Call.Name.Text, database) is { } stored)
            {
                return Call(stored, member.Call, source, scope, piped);
            }

            binder.Report("KS211", member.Call.Name.Span, $"The name '{member.Call.Name.Text}' does not refer to any known function.");
            return Binder.BadTable();
        }

        if (invoke.Function is not CallSyntax call)
        {
            return Binder.BadTable();
        }

        var function = (scope.Names.Find(call.Name.Text) as FunctionMeaning)?.Function ?? FunctionBinder.FindSaved(call.Name.Text, scope.Database);
        if (function is null)
        {
            binder.Tables.ReportUnknownTable(call.Name.Text, call.Name.Span, scope.Database, "KS211", "function", scope);
            return Binder.BadTable();
        }

        return Call(function, call, source, scope, piped);
    }

    private BoundQuery Call(UserFunction function, CallSyntax call, BoundQuery source, Scope scope, TextSpan piped)
    {
        var row = new RowScope(source);
        var inner = function.Symbol?.TakesColumns == true ? scope.WithRow(row) : scope.WithoutRow();
        return binder.Tables.ToTable(binder.Functions.Call(function, call, inner, (new TableMeaning(row.Source), piped)), call.Span);
    }
}
