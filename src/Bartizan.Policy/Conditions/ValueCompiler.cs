using Bartizan.Policy.Definitions;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Conditions;

/// <summary>JSON values in definitions, with expressions in them wherever text can stand.</summary>
internal sealed class ValueCompiler(CompileScope scope)
{
    private readonly ExpressionCompiler expressions = new(scope);

    public CompiledExpression Compile(ValueSyntax value) =>
        value.Expression is { } expression ? expressions.Compile(expression, value.Json.Span) : Compile(value.Json);

    public CompiledExpression Compile(JsonSyntax json) => json switch
    {
        JsonScalar { Value: StringValue text } => CompileText(text.Text, json),
        JsonScalar scalar => CompiledExpression.Of(scalar.Value),
        JsonList list => CompileList([.. list.Items.Select(Compile)]),
        JsonObject o => CompileObject([.. o.Members.Select(m => m.Name)], [.. o.Members.Select(m => Compile(m.Value))]),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private CompiledExpression CompileText(string text, JsonSyntax json)
    {
        if (!ExpressionText.IsExpression(text))
        {
            return CompiledExpression.Of(PolicyValue.Of(ExpressionText.Unescape(text)));
        }

        var syntax = ExpressionParser.Parse(text, out var fault);
        if (syntax is null)
        {
            scope.Refuse(json.Span, fault!.Message, "InvalidTemplateExpression");
            return CompiledExpression.Of(PolicyValue.Undefined);
        }

        return expressions.Compile(syntax, json.Span);
    }

    private static CompiledExpression CompileList(CompiledExpression[] items)
    {
        PolicyValue Run(Func<CompiledExpression, PolicyValue> evaluate)
        {
            var values = Array.ConvertAll(items, i => evaluate(i));
            return Array.Exists(values, v => v.IsUndefined) ? PolicyValue.Undefined : new ArrayValue(values);
        }

        return Array.TrueForAll(items, i => i.Constant is not null)
            ? CompiledExpression.Of(Run(i => i.Constant!))
            : CompiledExpression.Of(f => Run(i => i.Evaluate(f)));
    }

    private static CompiledExpression CompileObject(string[] names, CompiledExpression[] members)
    {
        PolicyValue Run(Func<CompiledExpression, PolicyValue> evaluate)
        {
            var values = Array.ConvertAll(members, m => evaluate(m));
            return Array.Exists(values, v => v.IsUndefined) ? PolicyValue.Undefined : new ObjectValue(names, values);
        }

        return Array.TrueForAll(members, m => m.Constant is not null)
            ? CompiledExpression.Of(Run(m => m.Constant!))
            : CompiledExpression.Of(f => Run(m => m.Evaluate(f)));
    }
}
