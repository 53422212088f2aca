using System.Runtime.CompilerServices;
using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Syntax;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>Functions of the query and saved ones: their parameters, and their bodies put in at each call.</summary>
internal sealed class FunctionBinder(Binder binder)
{
    private const int MaxNesting = 40;

    /// <summary>Saved functions parse once, however many queries call them.</summary>
    private static readonly ConditionalWeakTable<FunctionSymbol, ParsedFunction> Parsed = [];

    private readonly List<string> open = [];

    public static readonly IReadOnlyDictionary<string, Meaning> NoValues = new Dictionary<string, Meaning>();

    public static UserFunction? FindSaved(string name, ISchemaCatalog database)
    {
        if (database.FindFunction(name) is not { } symbol)
        {
            return null;
        }

        var parsed = Parsed.GetValue(symbol, ParsedFunction.Read);
        return new UserFunction(name, parsed.Parameters, parsed.Body, NameScope.Empty, database) { Symbol = symbol };
    }

    public static IReadOnlyList<FunctionParameter> ParametersOf(ParameterListSyntax list) =>
    [
        .. list.Parameters.Select(p => new FunctionParameter(
            p.Name.Text,
            p.Type ?? KqlType.Unknown,
            p.Schema is { } s ? new RowShape([.. s.Columns.Select(c => new KqlColumn(c.Name.Text, c.Type))], s.HasStar || s.Columns.Count == 0) : null,
            p.Default)),
    ];

    /// <summary>A declared name as a value: a function without arguments is called.</summary>
    public Meaning Invoked(Meaning declared, NameSyntax name, Scope scope)
    {
        if (declared is not FunctionMeaning { Function: var function })
        {
            return declared;
        }

        if (function.RequiredCount == 0)
        {
            return Invoke(function, NoValues, name.Span, scope);
        }

        binder.Report("KS117", name.Span, $"The function '{name.Text}' requires an argument list.");
        return ErrorMeaning.Instance;
    }

    public Meaning Call(UserFunction function, CallSyntax call, Scope scope, (Meaning Value, TextSpan Span)? piped = null)
    {
        var given = new List<(string? Name, Meaning Value, TextSpan Span)>();
        if (piped is { } first)
        {
            given.Add((null, first.Value, first.Span));
        }

        foreach (var argument in call.Arguments)
        {
            var text = argument is NamedSyntax named ? named.Value : argument;
            var at = argument is NamedSyntax { Names: [var name] } ? name.Text : null;
            var parameter = at is null ? (given.Count < function.Parameters.Count ? function.Parameters[given.Count] : null) : function.Parameters.FirstOrDefault(p => p.Name == at);
            if (at is not null && parameter is null)
            {
                binder.Report("KS196", argument.Span, $"The argument name '{at}' does not refer to a declared parameter.");
                return ErrorMeaning.Instance;
            }

            var meaning = parameter?.Shape is not null ? binder.Tables.BindMeaning(text, scope.WithoutRow(), mayBeScalar: true) : binder.Expressions.Bind(text, scope);
            given.Add((at, meaning, text.Span));
        }

        var required = function.RequiredCount;
        if (given.Count < required || given.Count > function.Parameters.Count)
        {
            var count = function.Parameters.Count;
            binder.Report(
                required == count ? "KS119" : "KS120",
                call.Name.Span,
                required == count
                    ? $"The function '{function.Name}' expects {(count == 0 ? "no arguments" : count == 1 ? "1 argument" : $"{count} arguments")}."
                    : $"The function '{function.Name}' expects between {required} and {count} arguments.");
            return ErrorMeaning.Instance;
        }

        var values = new Dictionary<string, Meaning>(StringComparer.Ordinal);
        for (var i = 0; i < given.Count; i++)
        {
            var parameter = given[i].Name is { } at ? function.Parameters.First(p => p.Name == at) : function.Parameters[i];
            if (Fit(parameter, given[i].Value, given[i].Span) is not { } value)
            {
                return ErrorMeaning.Instance;
            }

            var isOfRow = value is ScalarMeaning scalar && piped is null && !TypeRules.IsConstant(scalar.Value);
            values[parameter.Name] = isOfRow ? (ScalarMeaning)value with { Of = scope.Row ?? scope.OuterRow } : value;
        }

        foreach (var parameter in function.Parameters)
        {
            if (parameter.Default is null && !values.ContainsKey(parameter.Name))
            {
                binder.Report("KS197", call.Name.Span, $"The argument for parameter '{parameter.Name}' is missing.");
                return ErrorMeaning.Instance;
            }
        }

        return Invoke(function, values, call.Name.Span, scope);
    }

    private Meaning? Fit(FunctionParameter parameter, Meaning given, TextSpan span)
    {
        if (parameter.Shape is { } shape)
        {
            if (given is ErrorMeaning)
            {
                return new TableMeaning(Binder.BadTable());
            }

            if (given is TableMeaning { IsGraph: true })
            {
                return given;
            }

            var table = binder.Tables.ToTable(given, span);
            foreach (var column in shape.Columns)
            {
                var found = table.Shape.Find(column.Name);
                if (found is null ? !table.Shape.IsOpen : found.Type != column.Type && found.Type != KqlType.Unknown)
                {
                    binder.Report("KS249", span, "The tabular value does not have the required columns.", $"It must have '{column.Name}' of type {TypeRules.NameOf(column.Type)}.");
                    return null;
                }
            }

            return new TableMeaning(table, (given as TableMeaning)?.Name);
        }

        return given is TableMeaning { IsGraph: false } array && parameter.Type == KqlType.Dynamic
            ? new ScalarMeaning(Coercion.ToArray(array.Query))
            : new ScalarMeaning(Coercion.To(binder.Expressions.ToScalar(given, span), parameter.Type));
    }

    /// <summary>Binds the body with these values for its parameters.</summary>
    public Meaning Invoke(UserFunction function, IReadOnlyDictionary<string, Meaning> values, TextSpan span, Scope scope)
    {
        if (open.Count >= MaxNesting || (function.Symbol is not null && open.Count(n => n == function.Name) > 1))
        {
            binder.Report("BZ2002", span, $"The function '{function.Name}' calls itself, or too many others one inside the other.");
            return ErrorMeaning.Instance;
        }

        if (!binder.TryEnter(span))
        {
            return ErrorMeaning.Instance;
        }

        open.Add(function.Symbol is null ? "" : function.Name);
        try
        {
            return function.Symbol is { } symbol ? InvokeSaved(function, symbol, values, span, scope) : Bind(function, values, scope);
        }
        finally
        {
            open.RemoveAt(open.Count - 1);
            binder.Leave();
        }
    }

    private Meaning InvokeSaved(UserFunction function, FunctionSymbol symbol, IReadOnlyDictionary<string, Meaning> values, TextSpan span, Scope scope)
    {
        if (symbol.Returns is { } shape)
        {
            var arguments = function.Parameters.Select(p => ScalarArgument(p, values, function)).ToList();
            var key = $"{function.Name}({string.Join(",", arguments.Select(a => a is BoundLiteral { Value: { } v } ? v.ToString() : "?"))})";
            return new TableMeaning(new BoundFunctionTable(symbol, arguments, binder.Options.KnownShapes.GetValueOrDefault(key) ?? shape) { OpenKey = key }, function.Name);
        }

        var meaning = binder.Apart(() => Bind(function, values, scope), out var sink);
        if (sink.All.Find(d => d.Severity == DiagnosticSeverity.Error) is { } first)
        {
            binder.Report("KS200", span, $"Failure in expansion of '{function.Name}': {first.Message}", first.Hint);
        }

        return meaning;
    }

    private BoundExpression ScalarArgument(FunctionParameter parameter, IReadOnlyDictionary<string, Meaning> values, UserFunction function) =>
        values.GetValueOrDefault(parameter.Name) is ScalarMeaning scalar ? scalar.Value
        : DefaultOf(parameter, function) is ScalarMeaning fallback ? fallback.Value
        : new BoundLiteral(parameter.Type, null);

    private Meaning DefaultOf(FunctionParameter parameter, UserFunction function) => parameter.Default is { } text
        ? new ScalarMeaning(Coercion.To(binder.Expressions.Scalar(text, new Scope(function.Home, function.Database)), parameter.Type))
        : ErrorMeaning.Instance;

    private Meaning Bind(UserFunction function, IReadOnlyDictionary<string, Meaning> values, Scope scope)
    {
        if (function.Body is null)
        {
            return ErrorMeaning.Instance;
        }

        var names = new NameScope(function.Home);
        foreach (var parameter in function.Parameters)
        {
            names.Declare(parameter.Name, values.GetValueOrDefault(parameter.Name) ?? DefaultOf(parameter, function));
        }

        var number = binder.NextDefaultColumn;
        binder.NextDefaultColumn = 1;
        var inner = new Scope(names, function.Database) { InsideOf = function.Symbol is null ? scope.InsideOf : function.Name, IsFuzzy = scope.IsFuzzy, OuterRow = scope.Row ?? scope.OuterRow };
        var meaning = BindBody(function.Body, inner);
        binder.NextDefaultColumn = number;
        return meaning is TableMeaning { Name: not null } table ? table with { Name = null } : meaning;
    }

    public Meaning BindBody(FunctionBodySyntax body, Scope scope)
    {
        foreach (var statement in body.Statements)
        {
            binder.Statements.BindDeclaration(statement, scope);
        }

        return body.Result is null ? ErrorMeaning.Instance : binder.Statements.BindResult(body.Result, scope);
    }

    /// <summary>Looks a declared body through once with unknown arguments, so that its errors are told even when nobody calls it.</summary>
    public void CheckDeclaration(UserFunction function, Scope scope)
    {
        var values = new Dictionary<string, Meaning>(StringComparer.Ordinal);
        foreach (var parameter in function.Parameters)
        {
            values[parameter.Name] = parameter.Shape is { } shape
                ? new TableMeaning(new BoundInputRows(shape))
                : new ScalarMeaning(new BoundParameter(parameter.Name, parameter.Type, null));
        }

        if (binder.TryEnter(function.Body?.Span ?? default))
        {
            Bind(function, values, scope);
            binder.Leave();
        }
    }

    public Meaning CallPattern(PatternMeaning pattern, CallSyntax call, string? path, Scope scope)
    {
        var texts = call.Arguments.Select(a => binder.Expressions.Scalar(a, scope) is BoundLiteral { Value: string text } ? text : null).ToList();
        if (path is null && pattern.Pattern.Path is not null)
        {
            return pattern with { };
        }

        foreach (var option in pattern.Pattern.Cases)
        {
            var wanted = option.Arguments.Select(a => (a as LiteralSyntax)?.Value as string);
            if (wanted.SequenceEqual(texts) && (path is null || (option.Path as LiteralSyntax)?.Value as string == path))
            {
                return BindBody(option.Body, new Scope(new NameScope(pattern.Home), scope.Database));
            }
        }

        binder.Report("KS188", call.Span, "No pattern matches the specified arguments.");
        return ErrorMeaning.Instance;
    }

    public Meaning BindPatternElement(PatternMeaning pattern, ElementSyntax element, Scope scope) =>
        element.Target is CallSyntax call && element.Index is LiteralSyntax { Value: string path } ? CallPattern(pattern, call, path, scope) : ErrorMeaning.Instance;

    private sealed record ParsedFunction(IReadOnlyList<FunctionParameter> Parameters, FunctionBodySyntax? Body)
    {
        public static ParsedFunction Read(FunctionSymbol symbol)
        {
            var parameters = ParametersOf(SyntaxTree.ParseParameters(string.IsNullOrWhiteSpace(symbol.Parameters) ? "()" : symbol.Parameters));
            return new ParsedFunction(parameters, symbol.Body is { } text ? SyntaxTree.ParseBody(text).Body : null);
        }
    }
}
