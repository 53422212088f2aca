using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Conditions;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Effects;

/// <summary>The details of modify and append: fields and what to write into them.</summary>
internal sealed class ChangeCompiler(CompileScope scope, ValueCompiler values)
{
    private static readonly string[] Operations = ["add", "addOrReplace", "remove"];

    private static readonly string[] ConflictEffects = ["audit", "deny", "disabled"];

    public CompiledEffect CompileModify(CompiledExpression name, JsonSyntax? details, TextSpan effectSpan)
    {
        if (details is not JsonObject o)
        {
            return new CompiledEffect { Name = name };
        }

        var roles = o.Find("roleDefinitionIds")?.Value;
        if (roles is not JsonList && (roles?.Text is not { } text || !ExpressionText.IsExpression(text)))
        {
            scope.Refuse(roles?.Span ?? effectSpan, "modify needs roleDefinitionIds, an array, in its details.");
            return new CompiledEffect { Name = name };
        }

        if (o.Find("operations")?.Value is not JsonList { Items.Count: > 0 } list)
        {
            scope.Refuse(o.Find("operations")?.Value.Span ?? effectSpan, "modify needs operations, an array with at least one, in its details.");
            return new CompiledEffect { Name = name };
        }

        var conflict = o.Find("conflictEffect")?.Value is { } given ? values.Compile(given) : null;
        if (conflict?.Constant is { } constant && !ConflictEffects.Contains(constant.AsText ?? "", StringComparer.OrdinalIgnoreCase))
        {
            scope.Refuse(o.Find("conflictEffect")!.Value.Span, "conflictEffect is audit, deny or disabled.");
        }

        var roleIds = values.Compile(roles);
        var operations = list.Items.Select(CompileOperation).OfType<CompiledOperation>().ToArray();
        return new CompiledEffect
        {
            Name = name,
            Changes = f => [.. operations.Select(op => op.ToChange(f))],
            Details = f => new ObjectValue(["roleDefinitionIds", "operations"], [roleIds.Evaluate(f), new ArrayValue([.. operations.Select(op => op.ToDetails(f))])]),
        };
    }

    public CompiledEffect CompileAppend(CompiledExpression name, JsonSyntax? details, TextSpan effectSpan)
    {
        IReadOnlyList<JsonSyntax>? items = details switch
        {
            null => null,
            JsonList list => list.Items,
            JsonObject => [details],
            _ => [],
        };
        if (items is null)
        {
            return new CompiledEffect { Name = name };
        }

        if (items.Count == 0)
        {
            scope.Refuse(details?.Span ?? effectSpan, "append needs details: an array of fields with values, at least one.");
            return new CompiledEffect { Name = name };
        }

        var appends = items.Select(CompileAppend).OfType<CompiledOperation>().ToArray();
        return new CompiledEffect
        {
            Name = name,
            Changes = f => [.. appends.Select(op => op.ToChange(f))],
            Details = f => new ArrayValue([.. appends.Select(op => op.ToDetails(f))]),
        };
    }

    private CompiledOperation? CompileAppend(JsonSyntax json)
    {
        if (json is not JsonObject o || o.Find("field")?.Value.Text is not { Length: > 0 } field || o.Find("value")?.Value is not { } value)
        {
            scope.Refuse(json.Span, "An entry of append's details has field, a text, and value.");
            return null;
        }

        return new CompiledOperation(null, field, FieldName(o), values.Compile(value), null, null);
    }

    private CompiledOperation? CompileOperation(JsonSyntax json)
    {
        if (json is not JsonObject o || o.Find("field")?.Value.Text is not { Length: > 0 } field)
        {
            scope.Refuse(json.Span, "An operation of modify has operation and field, both text.");
            return null;
        }

        var operation = Operations.FirstOrDefault(known => known.Equals(o.Find("operation")?.Value.Text, StringComparison.OrdinalIgnoreCase));
        if (operation is null)
        {
            scope.Refuse(o.Find("operation")?.Value.Span ?? o.Span, "The operation of a modify is add, addOrReplace or remove.");
            return null;
        }

        var value = o.Find("value")?.Value;
        if (value is null && operation != "remove")
        {
            scope.Refuse(o.Span, $"The operation {operation} needs a value.");
            return null;
        }

        var fieldName = FieldName(o);
        if (fieldName.Constant?.AsText is { } name && scope.Field(name, o.Find("field")!.Value.Span).Entries is { Count: > 0 } entries && entries.All(e => e.IsModifiable == false))
        {
            scope.Refuse(o.Find("field")!.Value.Span, $"The alias '{name}' is not modifiable.", "InvalidPolicyAlias");
        }

        var conditionText = o.Find("condition")?.Value.Text;
        return new CompiledOperation(
            operation,
            field,
            fieldName,
            value is null ? null : values.Compile(value),
            conditionText,
            conditionText is null ? null : values.Compile(o.Find("condition")!.Value));
    }

    private CompiledExpression FieldName(JsonObject o) => values.Compile(o.Find("field")!.Value);

    /// <param name="Operation">Null for append, which has no word for it.</param>
    /// <param name="Field">As written.</param>
    private sealed record CompiledOperation(
        string? Operation, string Field, CompiledExpression FieldName, CompiledExpression? Value, string? ConditionText, CompiledExpression? Condition)
    {
        public FieldChange ToChange(Frame f) => new(
            Operation ?? "add",
            FieldName.Evaluate(f).AsText ?? Field,
            Value?.Evaluate(f) ?? PolicyValue.Undefined,
            Condition is null || Coercion.ToBoolean(Condition.Evaluate(f)) == true);

        public PolicyValue ToDetails(Frame f)
        {
            List<(string Name, PolicyValue Value)> members = [];
            if (Operation is not null)
            {
                members.Add(("operation", PolicyValue.Of(Operation)));
            }

            members.Add(("field", PolicyValue.Of(Field)));
            if (Value is not null)
            {
                members.Add(("value", Value.Evaluate(f)));
            }

            if (ConditionText is not null)
            {
                members.Add(("condition", PolicyValue.Of(ConditionText)));
            }

            return new ObjectValue([.. members.Select(m => m.Name)], [.. members.Select(m => m.Value)]);
        }
    }
}
