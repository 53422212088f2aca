using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>evaluate: the arguments of a plugin and the columns that come out of it.</summary>
internal sealed class PluginBinder(Binder binder)
{
    public static bool IsKnown(string name) => FunctionCatalog.FindPlugin(name) is not null || PluginShapes.IsKnown(name);

    public BoundQuery Bind(BoundQuery? source, InvokeSyntax evaluate, Scope scope)
    {
        if (evaluate.Function is not CallSyntax call)
        {
            return Binder.BadTable();
        }

        var name = call.Name.Text;
        var row = source is null ? null : new RowScope(source);
        if (PluginShapes.IsForeign(name))
        {
            binder.Report("BZ2003", call.Name.Span, $"The plug-in '{name}' is not supported.");
            return Binder.BadTable();
        }

        if (!IsKnown(name))
        {
            var isFunction = FunctionCatalog.FindScalar(name) is not null || scope.Names.Find(name) is FunctionMeaning;
            binder.Report(isFunction ? "KS237" : "KS124", call.Name.Span, isFunction ? $"The name '{name}' is not a plug-in function." : $"The plug-in function '{name}' is not defined.");
            return Binder.BadTable();
        }

        var arguments = new List<PluginArgument>();
        foreach (var text in call.Arguments)
        {
            // The keys of a lookup are columns of its table.
            var at = name is "geo_polygon_lookup" or "geo_line_lookup" ? 1 : 2;
            var table = arguments.Count > 0 ? arguments[0].Bound.Table : null;
            var isKey = table is not null && text is NameSyntax column && (arguments.Count == at || (arguments.Count > at && row?.Find(column.Text) is null));
            arguments.Add(Argument(text, isKey ? new RowScope(table!) : row, scope));
        }

        var shapes = new PluginShapes(binder, call, row, arguments);
        var shape = shapes.Shape();
        if (evaluate.Schema is { } schema)
        {
            var written = binder.Tables.ShapeOf(schema with { HasStar = false }, null);
            shape = schema.HasStar ? new RowShape([.. shape.Columns.Where(c => written.Find(c.Name) is null), .. written.Columns]) : written;
        }

        var key = binder.NewName(name + "#");
        if (shape.IsOpen && binder.Options.KnownShapes.GetValueOrDefault(key) is { } known)
        {
            shape = known;
        }

        return new BoundEvaluate(row?.Source, shape, FunctionCatalog.FindPlugin(name)?.Name ?? name, [.. arguments.Select(a => a.Bound)], key);
    }

    private PluginArgument Argument(ExpressionSyntax syntax, RowScope? row, Scope scope)
    {
        var name = syntax is NamedSyntax { Names: [var given] } ? given.Text : null;
        var text = syntax is NamedSyntax named ? named.Value : syntax;
        var inner = scope.WithRow(row) with { IsAggregate = IsAggregateCall(text), KeyNames = null };
        var meaning = IsTable(text, row, scope) ? binder.Tables.BindMeaning(text, scope.WithoutRow()) : binder.Expressions.Bind(text, inner);
        switch (meaning)
        {
            case TableMeaning table:
                return new PluginArgument(text, meaning, new BoundPluginArgument(name, null, table.Query));
            case ScalarMeaning scalar:
                return new PluginArgument(text, meaning, new BoundPluginArgument(name, scalar.Value, null));
            case SeveralMeaning { Elements: [var only] } several:
                return new PluginArgument(text, meaning, new BoundPluginArgument(name, ExpressionBinder.Element(several.Call, only), null));
            case TypeMeaning type:
                return new PluginArgument(text, meaning, new BoundPluginArgument(name, new BoundLiteral(KqlType.String, TypeRules.NameOf(type.Type)), null));
            default:
                return new PluginArgument(text, meaning, new BoundPluginArgument(name, Binder.Bad(), null));
        }
    }

    private static bool IsAggregateCall(ExpressionSyntax text) =>
        text is CallSyntax { Name.Text: var function } && FunctionCatalog.FindAggregate(function) is not null && FunctionCatalog.FindScalar(function) is null;

    /// <summary>A name that is no column but a table: <c>ipv4_lookup(Networks, Ip, Range)</c>.</summary>
    private static bool IsTable(ExpressionSyntax text, RowScope? row, Scope scope) =>
        text is NameSyntax name && row?.Find(name.Text) is null && (scope.Names.Find(name.Text) is TableMeaning || (scope.Names.Find(name.Text) is null && scope.Database.FindTable(name.Text) is not null));
}

internal sealed record PluginArgument(ExpressionSyntax Text, Meaning Meaning, BoundPluginArgument Bound)
{
    public BoundColumn? Column => Meaning is ScalarMeaning { IsColumn: true, Value: BoundColumn column } ? column : null;

    public object? Constant => (Bound.Value as BoundLiteral)?.Value;
}
