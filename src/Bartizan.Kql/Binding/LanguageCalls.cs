using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>Functions that say something about the query itself, and so are gone when it is bound.</summary>
internal sealed class LanguageCalls(Binder binder)
{
    public bool TryBind(CallSyntax call, Scope scope, out Meaning meaning)
    {
        var found = call.Name.Text switch
        {
            "toscalar" => ToScalar(call, scope),
            "totable" => Only(call) is { } table ? binder.Tables.BindMeaning(table, scope.WithoutRow()) : null,
            "materialize" => Materialize(call, scope),
            "column_ifexists" or "columnifexists" => ColumnIfExists(call, scope),
            "iscolumnexists" => IsColumn(call, scope),
            "pack_all" or "packall" => PackAll(call, scope),
            "bag_pack_columns" or "pack_columns" => PackColumns(call, scope),
            "table" => Table(call, scope, scope.Database),
            "materialized_view" => Table(call, scope, scope.Database),
            "external_table" => ExternalTable(call, scope),
            "stored_query_result" => Refuse(call, scope, "KS248", "stored query result"),
            "graph" => Refuse(call, scope, "KS260", "graph model"),
            "entity_group" => Refuse(call, scope, "KS247", "entity group"),
            "database" => Database(call, scope),
            "cluster" => Cluster(call, scope),
            "column_names_of" => ColumnNamesOf(call, scope),
            "bin_auto" => BinAuto(call, scope),
            "current_cursor" or "cursor_current" => Cursor(call, scope),
            "cursor_after" or "cursor_before_or_at" => CursorCompared(call, scope),
            _ => Service(call, scope),
        };
        meaning = found ?? ErrorMeaning.Instance;
        return found is not null;
    }

    private ExpressionSyntax? Only(CallSyntax call)
    {
        if (call.Arguments.Count == 1)
        {
            return call.Arguments[0];
        }

        binder.Report("KS119", call.Name.Span, $"The function '{call.Name.Text}' expects 1 argument.");
        return null;
    }

    /// <summary><c>bin_auto(x)</c>: a bin of the size, and from the edge, that the options of the query give.</summary>
    private Meaning BinAuto(CallSyntax call, Scope scope)
    {
        if (Only(call) is not { } argument)
        {
            return ErrorMeaning.Instance;
        }

        var value = binder.Expressions.Bind(argument, scope);
        if (binder.Statements.Settings.GetValueOrDefault("query_bin_auto_size") is not { } size)
        {
            binder.Report("BZ2003", call.Name.Span, "The function 'bin_auto' is not supported without a size of its bins.", "Put set query_bin_auto_size = 1h; before the query, or use bin().");
            return ErrorMeaning.Instance;
        }

        var number = binder.Expressions.ToScalar(value, argument.Span);
        var edge = binder.Statements.Settings.GetValueOrDefault("query_bin_auto_at");
        var bound = edge is null ? OperatorBinder.Compute("bin", [number, size], out _) : OperatorBinder.Compute("bin_at", [number, size, edge], out _);
        if (bound is null)
        {
            binder.Report("KS178", argument.Span, $"The type '{TypeRules.NameOf(size.Type)}' is not an appropriate interval type for '{TypeRules.NameOf(number.Type)}'");
            return ErrorMeaning.Instance;
        }

        return new ScalarMeaning(bound);
    }

    /// <summary>A cursor is a moment of ingestion, as its ticks.</summary>
    private ScalarMeaning Cursor(CallSyntax call, Scope scope)
    {
        _ = call.Arguments.Select(a => binder.Expressions.Scalar(a, scope)).ToList();
        return new ScalarMeaning(new BoundCall("tostring", [new BoundCall("tolong", [new BoundCall("now", [], KqlType.DateTime)], KqlType.Long)], KqlType.String));
    }

    private Meaning CursorCompared(CallSyntax call, Scope scope)
    {
        if (Only(call) is not { } argument)
        {
            return ErrorMeaning.Instance;
        }

        var cursor = binder.Expressions.Typed(argument, scope, KqlType.String);
        var received = new BoundCall("tolong", [new BoundCall("ingestion_time", [], KqlType.DateTime)], KqlType.Long);
        var at = new BoundCall("tolong", [cursor], KqlType.Long);
        var isAfter = call.Name.Text == "cursor_after";
        var compared = new BoundCall(isAfter ? "_greater" : "_less_or_equal", [received, at], KqlType.Bool);

        // The empty cursor stands before all rows for one of the two, and behind them for the other.
        return new ScalarMeaning(new BoundCall("iff", [new BoundCall("isempty", [cursor], KqlType.Bool), new BoundLiteral(KqlType.Bool, true), compared], KqlType.Bool));
    }

    private Meaning ToScalar(CallSyntax call, Scope scope)
    {
        if (Only(call) is not { } argument)
        {
            return ErrorMeaning.Instance;
        }

        var inner = scope.WithoutRow();
        var meaning = argument is NameSyntax ? binder.Tables.BindMeaning(argument, inner, mayBeScalar: true) : binder.Expressions.Bind(argument, inner);
        switch (meaning)
        {
            case ScalarMeaning:
                return meaning;
            case TableMeaning { IsGraph: false } table:
                if (table.Query.Shape.Columns.Count > 0)
                {
                    return new ScalarMeaning(new BoundScalarSubquery(table.Query, table.Query.Shape.Columns[0].Type));
                }

                if (!table.Query.Shape.IsOpen)
                {
                    binder.Report("KS190", argument.Span, "The table has no columns");
                    return ErrorMeaning.Instance;
                }

                return new ScalarMeaning(new BoundScalarSubquery(table.Query, KqlType.Unknown));
            case ErrorMeaning:
                return meaning;
            default:
                binder.Report("KS112", argument.Span, "A tabular or scalar value expected.");
                return ErrorMeaning.Instance;
        }
    }

    private Meaning Materialize(CallSyntax call, Scope scope)
    {
        if (Only(call) is not { } argument)
        {
            return ErrorMeaning.Instance;
        }

        var meaning = binder.Tables.BindMeaning(argument, scope.WithoutRow());
        return meaning switch
        {
            TableMeaning { IsGraph: true } => meaning,
            TableMeaning table => new TableMeaning(new BoundMaterialize(table.Query), table.Name),
            ErrorMeaning => meaning,
            _ => new TableMeaning(binder.Tables.ToTable(meaning, argument.Span)),
        };
    }

    private Meaning ColumnIfExists(CallSyntax call, Scope scope)
    {
        if (call.Arguments.Count != 2)
        {
            binder.Report("KS119", call.Name.Span, $"The function '{call.Name.Text}' expects 2 arguments.");
            return ErrorMeaning.Instance;
        }

        var name = binder.Expressions.Typed(call.Arguments[0], scope, KqlType.String);
        var fallback = binder.Expressions.Scalar(call.Arguments[1], scope);
        if (name is not BoundLiteral { Value: string text })
        {
            if (name.Type == KqlType.Unknown || name is BoundParameter)
            {
                return new ScalarMeaning(Binder.Bad());
            }

            binder.Report("KS131", call.Arguments[0].Span, "The expression must be a literal.");
            return ErrorMeaning.Instance;
        }

        // In an open shape the column may be there when the rows are known.
        return scope.Row?.Find(text) is { } column ? new ScalarMeaning(Coercion.To(RowScope.ColumnOf(column), fallback.Type))
            : scope.Row?.IsOpen == true ? new ScalarMeaning(new BoundColumn(text, fallback.Type))
            : new ScalarMeaning(fallback);
    }

    private Meaning IsColumn(CallSyntax call, Scope scope)
    {
        if (Only(call) is not { } text)
        {
            return ErrorMeaning.Instance;
        }

        var name = binder.Expressions.Typed(text, scope, KqlType.String);
        if (name is BoundLiteral { Value: string column })
        {
            return new ScalarMeaning(new BoundLiteral(KqlType.Bool, scope.Row?.Find(column) is not null));
        }

        if (name.Type != KqlType.Unknown)
        {
            binder.Report("KS129", text.Span, "The expression must be a constant.");
        }

        return new ScalarMeaning(Binder.Bad());
    }

    private Meaning PackAll(CallSyntax call, Scope scope)
    {
        if (scope.Row is null)
        {
            binder.Report("KS199", call.Name.Span, "No columns are currently in scope.");
            return ErrorMeaning.Instance;
        }

        if (call.Arguments.Count > 1)
        {
            binder.Report("KS120", call.Name.Span, $"The function '{call.Name.Text}' expects between 0 and 1 arguments.");
            return ErrorMeaning.Instance;
        }

        var ignoreEmpty = call.Arguments.Count == 1 ? binder.Expressions.Typed(call.Arguments[0], scope, KqlType.Bool) : null;
        if (ignoreEmpty is not (null or BoundLiteral or BoundParameter))
        {
            binder.Report("KS131", call.Arguments[0].Span, "The expression must be a literal.");
        }

        return Pack(call, scope.Row.Shape.Columns, ignoreEmpty is BoundLiteral { Value: true });
    }

    private Meaning PackColumns(CallSyntax call, Scope scope)
    {
        var columns = new List<KqlColumn>();
        foreach (var argument in call.Arguments)
        {
            if (argument is NameSyntax { HasWildcard: true } pattern)
            {
                columns.AddRange((scope.Row?.Shape.Columns ?? []).Where(c => Wildcard.Matches(pattern.Text, c.Name)));
            }
            else if (argument is StarSyntax)
            {
                columns.AddRange(scope.Row?.Shape.Columns ?? []);
            }
            else if (binder.Expressions.Bind(argument, scope) is ScalarMeaning { IsColumn: true, Value: BoundColumn column })
            {
                columns.Add(new KqlColumn(column.Name, column.Type));
            }
            else
            {
                binder.Report("KS109", argument.Span, "Column name expected.");
            }
        }

        return Pack(call, [.. columns.DistinctBy(c => c.Name)], ignoreEmpty: false);
    }

    private Meaning Pack(CallSyntax call, IReadOnlyList<KqlColumn> columns, bool ignoreEmpty)
    {
        var entry = FunctionCatalog.ByKey(ignoreEmpty ? "_bag_pack_non_empty" : "bag_pack") ?? FunctionCatalog.FindScalar("bag_pack");
        if (entry is null)
        {
            binder.Report("BZ2003", call.Name.Span, $"The function '{call.Name.Text}' is not supported.");
            return ErrorMeaning.Instance;
        }

        var pairs = columns.SelectMany(c => new BoundExpression[] { new BoundLiteral(KqlType.String, c.Name), RowScope.ColumnOf(c) });
        return new ScalarMeaning(new BoundCall(entry.Key, [.. pairs], KqlType.Dynamic));
    }

    /// <summary>The text of a constant argument; null when it is only known later.</summary>
    private string? TextOf(ExpressionSyntax argument, Scope scope, out bool isBad)
    {
        var errors = binder.Sink.ErrorCount;
        var value = binder.Expressions.Typed(argument, scope, KqlType.String);
        isBad = binder.Sink.ErrorCount > errors;
        return value is BoundLiteral { Value: string text } ? text : null;
    }

    private Meaning Table(CallSyntax call, Scope scope, ISchemaCatalog database)
    {
        if (call.Arguments.Count is 0 or > 2)
        {
            binder.Report("KS119", call.Name.Span, $"The function '{call.Name.Text}' expects 1 argument.");
            return ErrorMeaning.Instance;
        }

        if (TextOf(call.Arguments[0], scope, out _) is not { } name)
        {
            return new TableMeaning(Binder.BadTable());
        }

        if (scope.Names.Find(name) is TableMeaning declared)
        {
            return declared;
        }

        if (database.FindTable(name) is { } table)
        {
            return new TableMeaning(new BoundTable(table), name);
        }

        if (FunctionBinder.FindSaved(name, database) is { RequiredCount: 0 } function)
        {
            return binder.Functions.Invoke(function, FunctionBinder.NoValues, call.Span, scope);
        }

        if (scope.IsFuzzy)
        {
            return new TableMeaning(Binder.BadTable());
        }

        var what = call.Name.Text == "materialized_view" ? ("KS210", "materialized view") : ("KS204", "table, tabular variable or function");
        binder.Tables.ReportUnknownTable(name, call.Arguments[0].Span, database, what.Item1, what.Item2, scope);
        return new TableMeaning(Binder.BadTable());
    }

    public Meaning TableIn(CallSyntax call, Scope scope, ISchemaCatalog database) => Table(call, scope, database);

    private Meaning ExternalTable(CallSyntax call, Scope scope)
    {
        var name = call.Arguments.Count > 0 ? TextOf(call.Arguments[0], scope, out _) : null;
        if (name is not null && scope.Database.FindTable(name) is { } table)
        {
            return new TableMeaning(new BoundTable(table), name);
        }

        return Refuse(call, scope, "KS209", "external table");
    }

    private TableMeaning Refuse(CallSyntax call, Scope scope, string code, string what)
    {
        var name = call.Arguments.Count > 0 ? TextOf(call.Arguments[0], scope, out _) ?? "" : "";
        var span = call.Arguments.Count > 0 && code is not "KS260" ? call.Arguments[0].Span : call.Name.Span;
        binder.Report(code, span, $"The name '{name}' does not refer to any known {what}.");
        return new TableMeaning(Binder.BadTable());
    }

    private Meaning Database(CallSyntax call, Scope scope)
    {
        if (call.Arguments.Count > 1)
        {
            binder.Report("KS119", call.Name.Span, "The function 'database' expects 1 argument.");
            return ErrorMeaning.Instance;
        }

        if (call.Arguments.Count == 0)
        {
            return new DatabaseMeaning([scope.Database]);
        }

        var name = TextOf(call.Arguments[0], scope, out var isBad);
        if (name is null)
        {
            return isBad ? ErrorMeaning.Instance : new DatabaseMeaning([]);
        }

        if (name == scope.Database.Name || name.Length == 0)
        {
            return new DatabaseMeaning([scope.Database]);
        }

        if (scope.Database.FindDatabase(name) is { } database)
        {
            return new DatabaseMeaning([database]);
        }

        if (!scope.IsFuzzy)
        {
            binder.Report("KS208", call.Arguments[0].Span, $"The name '{name}' does not refer to any known database.");
        }

        return ErrorMeaning.Instance;
    }

    private ClusterMeaning Cluster(CallSyntax call, Scope scope)
    {
        var name = call.Arguments.Count > 0 ? TextOf(call.Arguments[0], scope, out _) : null;
        if (name is not null)
        {
            binder.Warn("KS207", call.Arguments[0].Span, $"The name '{name}' either does not refer to a reachable cluster or no schema from it is currently available.", "There is one cluster here: its databases are looked for.");
        }

        return ClusterMeaning.Instance;
    }

    private Meaning ColumnNamesOf(CallSyntax call, Scope scope)
    {
        if (Only(call) is not { } argument)
        {
            return ErrorMeaning.Instance;
        }

        var table = binder.Tables.Bind(argument, scope.WithoutRow());
        var json = "[" + string.Join(",", table.Shape.Columns.Select(c => System.Text.Json.JsonSerializer.Serialize(c.Name, JsonText.Default.String))) + "]";
        return new ScalarMeaning(new BoundLiteral(KqlType.Dynamic, json));
    }

    /// <summary><c>workspace("…")</c>, <c>app("…")</c>, <c>arg("…")</c>: a database of the service.</summary>
    private static DatabaseMeaning? Service(CallSyntax call, Scope scope)
    {
        if (call.Arguments.Count > 1 || FunctionCatalog.FindScalar(call.Name.Text) is not null)
        {
            return null;
        }

        var argument = call.Arguments.Count == 1 && call.Arguments[0] is LiteralSyntax { Value: string text } ? text : null;
        return scope.Database.FindServiceDatabase(call.Name.Text, argument) is { } database ? new DatabaseMeaning([database]) : null;
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class JsonText : System.Text.Json.Serialization.JsonSerializerContext;
