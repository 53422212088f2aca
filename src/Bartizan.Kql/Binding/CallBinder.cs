using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>Calls of the catalogue's functions and aggregates: arguments, the signature that fits, and what comes out.</summary>
internal sealed class CallBinder(Binder binder)
{
    private static readonly HashSet<string> Conversions =
    [
        "tobool", "todatetime", "todecimal", "todouble", "todynamic", "toguid", "toint", "tolong", "toreal", "tostring", "totime", "totimespan", "parse_json",
    ];

    public Meaning Bind(CallSyntax call, Scope scope)
    {
        var name = call.Name.Text;
        switch (scope.Names.Find(name))
        {
            case FunctionMeaning function:
                return binder.Functions.Call(function.Function, call, scope);
            case PatternMeaning pattern:
                return binder.Functions.CallPattern(pattern, call, null, scope);
            default:
                break;
        }

        if (scope.IsAggregate && FunctionCatalog.FindAggregate(name) is { } aggregate)
        {
            return BindFunction(aggregate, call, scope with { IsAggregate = false }, scope.KeyNames);
        }

        if (binder.Language.TryBind(call, scope, out var meaning))
        {
            return meaning;
        }

        if (binder.Graphs.TryBindCall(call, scope, out meaning))
        {
            return meaning;
        }

        if (FunctionCatalog.FindScalar(name) is { } scalar)
        {
            if (scalar.Kind == FunctionKind.Window && scope.Row is { IsOrdered: false })
            {
                binder.Report("BZ2004", call.Name.Span, $"The function '{name}' needs rows in an order, which these do not have.", "Put sort by or serialize before it.");
            }

            return BindFunction(scalar, call, scope, null);
        }

        if (scope.InsideOf != name && FunctionBinder.FindSaved(name, scope.Database) is { } saved)
        {
            return binder.Functions.Call(saved, call, scope);
        }

        return ReportUnknown(call, scope);
    }

    private ErrorMeaning ReportUnknown(CallSyntax call, Scope scope)
    {
        var name = call.Name.Text;
        foreach (var argument in call.Arguments)
        {
            binder.Expressions.Bind(argument, scope);
        }

        if (FunctionCatalog.FindAggregate(name) is not null)
        {
            binder.Report("KS144", call.Name.Span, $"The aggregate function '{name}' is not allowed in this context.", "Aggregates stand in summarize and make-series.");
        }
        else if (FunctionCatalog.FindPlugin(name) is not null || PluginBinder.IsKnown(name))
        {
            binder.Report("KS126", call.Name.Span, $"The plug-in function '{name}' is not allowed in this context.", $"Write evaluate {name}(…).");
        }
        else if (scope.IsFuzzy)
        {
            binder.Warn("KS205", call.Name.Span, $"The fuzzy name '{name}' does not refer to any known or currently accessible function.");
        }
        else
        {
            var candidates = FunctionCatalog.All.Where(f => f.Kind is FunctionKind.Scalar or FunctionKind.Window or FunctionKind.Language || (scope.IsAggregate && f.Kind == FunctionKind.Aggregate))
                .Select(f => f.Name).Concat(scope.Database.FunctionNames).Concat(scope.Names.All().Where(p => p.Value is FunctionMeaning).Select(p => p.Key));
            var near = NearestName.Find(name, candidates);
            binder.Report("KS211", call.Name.Span, $"The name '{name}' does not refer to any known function.", near is null ? null : $"Did you mean '{near}'?");
        }

        return ErrorMeaning.Instance;
    }

    private Meaning BindFunction(KqlFunction function, CallSyntax call, Scope scope, IReadOnlySet<string>? keyNames)
    {
        var arguments = BindArguments(function, call.Arguments, scope, out var columns);
        if (!function.IsImplemented)
        {
            binder.Report("BZ2003", call.Name.Span, $"The function '{function.Name}' is not supported.");
            return ErrorMeaning.Instance;
        }

        if (arguments is null)
        {
            return ErrorMeaning.Instance;
        }

        var errors = binder.Sink.ErrorCount;
        var choice = Overloads.Choose(function, arguments, mustMatchAll: false);
        if (choice is null)
        {
            ReportCount(function, call);
            return ErrorMeaning.Instance;
        }

        Check(function, choice, arguments, call, scope, columns);
        if (binder.Sink.ErrorCount > errors && choice.Signature.Result.Kind == ResultKind.Several)
        {
            return ErrorMeaning.Instance;
        }

        var naming = function.Naming.Kind;
        if (choice.Signature.Result.Kind == ResultKind.Several
            || naming is NameRuleKind.ArgExtreme or NameRuleKind.ArgExtremePrefixed or NameRuleKind.EachArgument or NameRuleKind.EachArgumentPrefixed or NameRuleKind.Percentiles or NameRuleKind.Elements)
        {
            var names = new SeveralNames(function, call, scope, keyNames);
            return names.Bind(choice, arguments, columns);
        }

        var type = choice.ResultType(arguments);
        if (arguments.Count == 1 && function.Kind == FunctionKind.Scalar && arguments[0].Type == type && columns[0] && Conversions.Contains(function.Name))
        {
            return new ScalarMeaning(arguments[0].Value!, IsColumn: true);
        }

        return new ScalarMeaning(new BoundCall(function.Key, choice.Convert(arguments), type));
    }

    /// <summary>The bound arguments; null when one of them is no value, which has been reported then.</summary>
    public List<Argument>? BindArguments(KqlFunction function, IReadOnlyList<ExpressionSyntax> texts, Scope scope, out List<bool> columns)
    {
        var arguments = new List<Argument>(texts.Count);
        columns = new List<bool>(texts.Count);
        BoundQuery? table = null;
        var isBad = false;
        for (var i = 0; i < texts.Count; i++)
        {
            var text = texts[i] is NamedSyntax named ? named.Value : texts[i];
            var inner = table is not null && Styles(function, i).Contains(ParameterStyle.TableColumn) ? scope.WithRow(new RowScope(table)) : scope;
            var meaning = binder.Expressions.Bind(text, inner);
            columns.Add(meaning is ScalarMeaning { IsColumn: true });
            switch (meaning)
            {
                case StarMeaning:
                    arguments.Add(new Argument(null, IsStar: true));
                    break;
                case TypeMeaning { Shape: null } type:
                    arguments.Add(new Argument(new BoundLiteral(KqlType.String, TypeRules.NameOf(type.Type)), TypeLiteral: type.Type));
                    break;
                case TableMeaning found when Styles(function, i).Contains(ParameterStyle.Table):
                    table ??= found.Query;
                    arguments.Add(new Argument(null, found.Query));
                    break;
                default:
                    isBad |= meaning is not (ScalarMeaning or SeveralMeaning { Elements.Count: 1 });
                    arguments.Add(new Argument(binder.Expressions.ToScalar(meaning, text.Span)));
                    break;
            }
        }

        _ = isBad;
        return arguments;
    }

    private static IEnumerable<ParameterStyle> Styles(KqlFunction function, int index) =>
        function.Signatures.Select(s => Overloads.Assign(s, Math.Max(index + 1, s.MinArguments))[index]?.Style ?? ParameterStyle.Expression);

    private void ReportCount(KqlFunction function, CallSyntax call)
    {
        var counts = function.Signatures.Select(s => (Min: s.MinArguments, Max: s.MaxArguments)).ToList();
        var min = counts.Min(c => c.Min);
        var max = counts.Max(c => c.Max);
        var name = function.Name;
        if (min == max)
        {
            binder.Report("KS119", call.Name.Span, $"The function '{name}' expects {(min == 0 ? "no arguments" : min == 1 ? "1 argument" : $"{min} arguments")}.");
        }
        else
        {
            var most = max == int.MaxValue ? "many" : max.ToString(System.Globalization.CultureInfo.InvariantCulture);
            binder.Report("KS120", call.Name.Span, $"The function '{name}' expects between {min} and {most} arguments.");
        }
    }

    /// <summary>Each argument against its parameter.</summary>
    private void Check(KqlFunction function, Choice choice, IReadOnlyList<Argument> arguments, CallSyntax call, Scope scope, List<bool> columns)
    {
        _ = scope;
        if (IsTorn(choice.Signature, arguments.Count))
        {
            binder.Report("KS121", call.Name.Span, "The function call has an incorrect number of arguments.");
            return;
        }

        var common = Choice.CommonType(choice.Parameters, arguments);
        if (common is null)
        {
            binder.Report("KS232", call.Name.Span, "No common type can be determined from the arguments.", "Convert them to one type, for example with tostring().");
            return;
        }

        for (var i = 0; i < arguments.Count; i++)
        {
            var text = call.Arguments[i] is NamedSyntax named ? named.Value : call.Arguments[i];
            if (choice.Parameters[i] is not { } parameter)
            {
                ReportCount(function, call);
                return;
            }

            if (Overloads.Fit(parameter, arguments[i], common) == 0)
            {
                ReportArgument(function, parameter, arguments[i], i, call, text);
                continue;
            }

            if (parameter.Values.Count > 0 && arguments[i].Value is BoundLiteral { Value: string word } && !parameter.Values.Contains(word, StringComparer.OrdinalIgnoreCase))
            {
                binder.Report("KS140", text.Span, $"The expression must be one of the values: {string.Join(", ", parameter.Values)}", NearestName.Find(word, parameter.Values) is { } near ? $"Did you mean '{near}'?" : null);
            }

            switch (parameter.Style)
            {
                case ParameterStyle.Constant when arguments[i].Value is { } value && !TypeRules.IsConstant(value):
                    binder.Report("KS129", text.Span, "The expression must be a constant.");
                    break;
                case ParameterStyle.Literal when arguments[i].Value is { } value && value is not (BoundLiteral or BoundParameter) && !TypeRules.IsConstant(value):
                    binder.Report("KS131", text.Span, "The expression must be a literal.");
                    break;
                case ParameterStyle.Column or ParameterStyle.TableColumn when arguments[i].Value is not null && !columns[i] && arguments[i].Type != KqlType.Unknown:
                    binder.Report("KS109", text.Span, "Column name expected.");
                    break;
                default:
                    break;
            }
        }
    }

    private void ReportArgument(KqlFunction function, Parameter parameter, Argument argument, int index, CallSyntax call, ExpressionSyntax text)
    {
        if (argument.IsStar)
        {
            binder.Report("KS191", text.Span, "The * syntax is not allowed here.");
        }
        else if (parameter.Style == ParameterStyle.Table)
        {
            binder.Report("KS111", text.Span, "Tabular value expected.");
        }
        else if (parameter.Style == ParameterStyle.TypeLiteral)
        {
            binder.Report("KS131", text.Span, "The expression must be a literal.", "Write typeof() with a type, such as typeof(long).");
        }
        else if (Differ(function, call.Arguments.Count, index))
        {
            binder.Report("KS127", call.Name.Span, $"The function '{function.Name}' is not compatible with its arguments.");
        }
        else if (parameter.SharesType)
        {
            binder.Report("KS141", text.Span, "The expression must have the same type as the other arguments.", "Convert it, for example with todynamic() or tostring().");
        }
        else
        {
            var (code, message) = Expectation(parameter.Types);
            binder.Report(code, text.Span, message, Conversion(parameter.Types, argument.Type));
        }
    }

    /// <summary>Whether parameters that repeat together (a name and its value) do not come out even.</summary>
    private static bool IsTorn(Signature signature, int count)
    {
        var group = signature.Parameters.Count(p => p.IsRepeatable);
        return group > 1 && signature.Parameters.Where(p => p.IsRepeatable).All(p => p.Max == int.MaxValue) && (count - (signature.Parameters.Count - group)) % group != 0;
    }

    /// <summary>Whether the forms of the function want different things at this place, so that none of them can be said to be meant.</summary>
    private static bool Differ(KqlFunction function, int count, int index) =>
        function.Signatures.Where(s => count >= s.MinArguments && count <= s.MaxArguments).Select(s => Overloads.Assign(s, count)[index]?.Types).Distinct().Count() > 1;

    private static (string Code, string Message) Expectation(TypeSet types) => types switch
    {
        TypeSet.Integer => ("KS134", "The expression value must be an integer."),
        TypeSet.Number => ("KS137", "The expression value must be a number."),
        TypeSet.Real | TypeSet.Decimal => ("KS135", "The expression value must be an real or decimal number."),
        TypeSet.Summable => ("KS138", "The argument value must be summable: a number, timespan or datetime."),
        TypeSet.Orderable => ("KS206", "The argument value must be orderable: a number, timespan, datetime, string or boolean."),
        TypeSet.Dynamic => ("KS234", "The expression value must be a dynamic array or bag."),
        _ => ("KS107", $"A value of type {string.Join(" or ", Enum.GetValues<KqlType>().Where(t => t != KqlType.Unknown && types.HasFlag(TypeRules.SetOf(t))).Select(TypeRules.NameOf))} expected."),
    };

    private static string? Conversion(TypeSet wanted, KqlType given) => wanted switch
    {
        TypeSet.String => $"Use tostring() to turn the {TypeRules.NameOf(given)} into a text.",
        TypeSet.Dynamic when given == KqlType.String => "Use parse_json() to read the text as JSON, or split() to cut it into an array.",
        TypeSet.DateTime => "Use todatetime().",
        TypeSet.Number or TypeSet.Integer when given is KqlType.String or KqlType.Dynamic => "Use tolong() or toreal().",
        TypeSet.Bool => "Use tobool() or a comparison.",
        _ => null,
    };
}
