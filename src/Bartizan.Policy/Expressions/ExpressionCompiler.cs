using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>Turns the syntax of an expression into closures, and into constants where parameters and literals decide it alone.</summary>
internal sealed class ExpressionCompiler(CompileScope scope)
{
    private static readonly Frame NoFrame = new(PolicyResource.Of(ObjectValue.Empty), EvaluationContext.Empty, 0);

    /// <param name="span">Where the string that holds the expression stands in the definition.</param>
    public CompiledExpression Compile(ExpressionSyntax syntax, TextSpan span) => syntax switch
    {
        LiteralSyntax literal => CompiledExpression.Of(literal.Value),
        NameSyntax name => CompileName(name, span),
        MemberSyntax member => Apply(Compile(member.Target, span), target => target.Member(member.Member)),
        IndexSyntax index => CompileIndex(Compile(index.Target, span), Compile(index.Index, span)),
        CallSyntax call => CompileCall(call, span),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static CompiledExpression Apply(CompiledExpression target, Func<PolicyValue, PolicyValue> read) =>
        target.Constant is { } constant ? CompiledExpression.Of(read(constant)) : CompiledExpression.Of(f => read(target.Evaluate(f)));

    private static CompiledExpression CompileIndex(CompiledExpression target, CompiledExpression index) =>
        target.Constant is { } t && index.Constant is { } i
            ? CompiledExpression.Of(CollectionFunctions.ElementOf(t, i))
            : CompiledExpression.Of(f => CollectionFunctions.ElementOf(target.Evaluate(f), index.Evaluate(f)));

    private CompiledExpression CompileName(NameSyntax name, TextSpan span)
    {
        switch (name.Name.ToLowerInvariant())
        {
            case "true":
                return CompiledExpression.Of(PolicyValue.True);
            case "false":
                return CompiledExpression.Of(PolicyValue.False);
            case "null":
                return CompiledExpression.Of(PolicyValue.Null);
            default:
                return Refuse(span, $"'{name.Name}' is not a value; a text stands in single quotes and a function is followed by '('.");
        }
    }

    private CompiledExpression CompileCall(CallSyntax call, TextSpan span)
    {
        if (scope.Outside?.TryGetValue(call.Function, out var outside) == true)
        {
            return CompiledExpression.Of(outside([.. call.Arguments.Select(a => Compile(a, span).Evaluate(NoFrame))]));
        }

        switch (call.Function.ToLowerInvariant())
        {
            case "parameters":
                return LiteralArgument(call, span) is { } parameter ? CompiledExpression.Of(scope.Parameter(parameter, span)) : CompiledExpression.Of(PolicyValue.Undefined);
            case "field":
                return CompileField(call, span);
            case "current":
                return CompileCurrent(call, span);
            case "resourcegroup":
                return Ambient(call, span, c => c.ResourceGroup);
            case "subscription":
                return Ambient(call, span, c => c.Subscription);
            case "requestcontext":
                return Ambient(call, span, c => c.RequestContext);
            case "policy":
                return Ambient(call, span, c => c.Policy);
            case "claims":
                return Ambient(call, span, c => c.Claims);
            case "utcnow":
                return Ambient(call, span, c => c.UtcNow);
            case "if":
                return CompileIf(call, span);
            case "and":
                return CompileAll(call, span, stopAt: false);
            case "or":
                return CompileAll(call, span, stopAt: true);
            default:
                return CompileFunction(call, span);
        }
    }

    private CompiledExpression CompileFunction(CallSyntax call, TextSpan span)
    {
        if (FunctionTable.Find(call.Function) is not { } function)
        {
            return FunctionTable.IsLeftOut(call.Function)
                ? Refuse(span, $"The function {call.Function}() is for deployment templates; policies do not have it.")
                : Refuse(span, $"There is no function {call.Function}().", NearestName.Find(call.Function, FunctionTable.Names) is { } near ? $"Is {near}() meant?" : null);
        }

        if (call.Arguments.Count < function.Least && scope.MayLackArguments)
        {
            return CompiledExpression.Of(PolicyValue.Undefined);
        }

        if (call.Arguments.Count < function.Least || call.Arguments.Count > function.Most)
        {
            var wanted = function.Least == function.Most ? $"{function.Least}" : function.Most == FunctionTable.Many ? $"at least {function.Least}" : $"{function.Least} to {function.Most}";
            return Refuse(span, $"{function.Name}() takes {wanted} arguments, not {call.Arguments.Count}.");
        }

        var arguments = call.Arguments.Select(a => Compile(a, span)).ToArray();

        // An argument that is not given at all leaves the whole call without a value, even where the function would look past it.
        if (arguments.Any(a => a.IsAbsent) && (!function.SeesUndefined || function.Name is "coalesce" or "empty"))
        {
            return CompiledExpression.Of(PolicyValue.Undefined);
        }

        if (arguments.All(a => a.Constant is not null))
        {
            var value = function.Body([.. arguments.Select(a => a.Constant!)]);
            return value is FailureValue failure
                ? CompiledExpression.Of(f => f.Fail(failure.Message))
                : CompiledExpression.Of(value);
        }

        return CompiledExpression.Of(f => Call(function, arguments, f));
    }

    private static PolicyValue Call(TemplateFunction function, CompiledExpression[] arguments, Frame frame)
    {
        var values = new PolicyValue[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i].Evaluate(frame);
            if (values[i].IsUndefined && (!function.SeesUndefined || frame.Error is not null))
            {
                return PolicyValue.Undefined;
            }

            if (!frame.CanWalk(values[i].Weight))
            {
                return PolicyValue.Undefined;
            }
        }

        var result = function.Body(values);
        return result is FailureValue failure ? frame.Fail(failure.Message) : result;
    }

    private CompiledExpression CompileIf(CallSyntax call, TextSpan span)
    {
        if (call.Arguments.Count != 3)
        {
            return Refuse(span, $"if() takes 3 arguments, not {call.Arguments.Count}.");
        }

        var test = Compile(call.Arguments[0], span);
        var then = Compile(call.Arguments[1], span);
        var otherwise = Compile(call.Arguments[2], span);
        return test.Constant is { } constant
            ? constant.IsUndefined ? CompiledExpression.Of(PolicyValue.Undefined) : constant.IsTrue ? then : otherwise
            : CompiledExpression.Of(f => test.Evaluate(f) is var t && t.IsUndefined ? t : t.IsTrue ? then.Evaluate(f) : otherwise.Evaluate(f));
    }

    private CompiledExpression CompileAll(CallSyntax call, TextSpan span, bool stopAt)
    {
        var parts = call.Arguments.Select(a => Compile(a, span)).ToArray();
        if (parts.Any(p => p.IsAbsent))
        {
            return CompiledExpression.Of(PolicyValue.Undefined);
        }

        PolicyValue Run(Frame f)
        {
            foreach (var part in parts)
            {
                var value = part.Evaluate(f);
                if (value.IsUndefined)
                {
                    return value;
                }

                if (value.IsTrue == stopAt)
                {
                    return PolicyValue.Of(stopAt);
                }
            }

            return PolicyValue.Of(!stopAt);
        }

        return parts.All(p => p.Constant is not null) ? CompiledExpression.Of(Run(NoFrame)) : CompiledExpression.Of(Run);
    }

    private CompiledExpression CompileField(CallSyntax call, TextSpan span)
    {
        if (call.Arguments.Count != 1)
        {
            return Refuse(span, $"field() takes 1 argument, not {call.Arguments.Count}.");
        }

        var name = Compile(call.Arguments[0], span);
        if (name.Constant is { } constant)
        {
            return constant.AsText is { } text
                ? CompiledExpression.Of(FieldReader.AsFunction(scope, text, span))
                : constant.IsUndefined ? CompiledExpression.Of(PolicyValue.Undefined) : Refuse(span, "field() takes the name of a field as text.");
        }

        var aliases = scope.Aliases;
        return CompiledExpression.Of(f => name.Evaluate(f).AsText is { } text ? FieldReader.ReadAll(FieldReference.Resolve(text, aliases), f.Primary, f) : PolicyValue.Undefined);
    }

    private CompiledExpression CompileCurrent(CallSyntax call, TextSpan span)
    {
        if (call.Arguments.Count == 0)
        {
            return scope.InnermostCount is { } innermost
                ? CompiledExpression.Of(f => f.Slots[innermost.Slot])
                : Refuse(span, "current() has a meaning only inside the where of a count.");
        }

        if (LiteralArgument(call, span) is not { } name)
        {
            return CompiledExpression.Of(PolicyValue.Undefined);
        }

        if (scope.CountNamed(name) is { } named)
        {
            return CompiledExpression.Of(f => f.Slots[named.Slot]);
        }

        if (scope.Bound(name, int.MaxValue) is { } level)
        {
            return CompiledExpression.Of(FieldReader.FromLevel(scope.Field(name, span), level, collect: false, ofPrimary: false));
        }

        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0 && scope.CountNamed(name[..dot]) is { } owner)
        {
            var rest = AliasPath.Parse(name[(dot + 1)..]);
            return CompiledExpression.Of(f => rest.Read(f.Slots[owner.Slot]));
        }

        return Refuse(span, $"current('{name}') names no count around it.");
    }

    private CompiledExpression Ambient(CallSyntax call, TextSpan span, Func<EvaluationContext, PolicyValue> read) =>
        call.Arguments.Count == 0
            ? CompiledExpression.Of(f => read(f.Context))
            : Refuse(span, $"{call.Function}() takes no arguments in a policy.");

    private string? LiteralArgument(CallSyntax call, TextSpan span)
    {
        if (call.Arguments.Count == 1 && Compile(call.Arguments[0], span).Constant?.AsText is { } text)
        {
            return text;
        }

        Refuse(span, $"{call.Function}() takes one text in single quotes.");
        return null;
    }

    private CompiledExpression Refuse(TextSpan span, string message, string? hint = null)
    {
        scope.Refuse(span, message, "InvalidTemplateExpression", hint);
        return CompiledExpression.Of(PolicyValue.Undefined);
    }
}
