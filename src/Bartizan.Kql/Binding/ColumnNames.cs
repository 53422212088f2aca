using System.Globalization;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Binding;

/// <summary>The name that an expression gives to its column when the query does not say one.</summary>
internal static class ColumnNames
{
    /// <summary>The name, or null where the operator's own default applies (<c>Column1</c>).</summary>
    public static string? Of(ExpressionSyntax syntax, Scope scope)
    {
        for (var depth = 0; depth < 300; depth++)
        {
            switch (syntax)
            {
                case ParenthesizedSyntax inner:
                    syntax = inner.Inner;
                    continue;
                case OrderedSyntax ordered:
                    syntax = ordered.Key;
                    continue;
                case NamedSyntax { Names: [var name] }:
                    return name.Text;
                case NameSyntax name:
                    return name.Text;
                case MemberSyntax member:
                    return Joined(Prefix(member.Target, scope), member.Name.Text);
                case ElementSyntax element:
                    var index = element.Index switch
                    {
                        LiteralSyntax { Type: KqlType.String or KqlType.Long or KqlType.Int, Value: { } value } => Convert.ToString(value, CultureInfo.InvariantCulture),
                        _ => null,
                    };
                    return Joined(Prefix(element.Target, scope), index);
                case CallSyntax call:
                    return OfCall(call, scope);
                default:
                    return null;
            }
        }

        return null;
    }

    /// <summary>In a graph's projection <c>n.name</c> is <c>n_name</c>.</summary>
    public static string? OfGraphProperty(ExpressionSyntax syntax, Scope scope) => syntax switch
    {
        MemberSyntax member => Joined(OfGraphProperty(member.Target, scope), member.Name.Text),
        _ => Of(syntax, scope),
    };

    private static string? Joined(string? left, string? right) => string.IsNullOrWhiteSpace(left) ? right : left + "_" + right;

    private static string? Prefix(ExpressionSyntax target, Scope scope) =>
        target is NameSyntax { Text: var name } && (name is "$left" or "$right" || scope.Steps?.Contains(name) == true || scope.Pattern?.Variables.ContainsKey(name) == true)
            ? null
            : Of(target, scope);

    private static string? OfCall(CallSyntax call, Scope scope)
    {
        if (scope.Names.Find(call.Name.Text) is FunctionMeaning)
        {
            return null;
        }

        if ((scope.IsAggregate ? FunctionCatalog.FindAggregate(call.Name.Text) : null) is { } aggregate)
        {
            return OfFunction(aggregate, call, scope with { IsAggregate = false });
        }

        return FunctionCatalog.FindScalar(call.Name.Text) is { } function ? OfFunction(function, call, scope) : null;
    }

    private static string? OfFunction(KqlFunction function, CallSyntax call, Scope scope)
    {
        var first = call.Arguments.Count > 0 ? call.Arguments[0] : null;
        var rule = function.Naming;
        switch (rule.Kind)
        {
            case NameRuleKind.FirstArgument:
                return first is null ? null : Of(first, scope);
            case NameRuleKind.PrefixAndFirstArgument:
                return rule.Prefix + "_" + (first is null ? "" : Of(first, scope));
            case NameRuleKind.PrefixOnly:
                return rule.Prefix;
            case NameRuleKind.EachArgumentSuffixed:
                return $"{(first is null ? null : Of(first, scope)) ?? "array0"}_{rule.Prefix}";
            case NameRuleKind.OnlyArgument:
                return call.Arguments.Count == 1 ? Of(first!, scope) : null;
            case NameRuleKind.FirstArgumentValue:
                return first is LiteralSyntax { Value: string text } && scope.Row?.Find(text) is not null ? text : null;
            default:
                return null;
        }
    }
}
