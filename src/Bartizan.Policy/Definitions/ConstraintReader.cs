using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Expressions;

namespace Bartizan.Policy.Definitions;

/// <summary>Reads conditions and what joins them; keys in any case, none twice, none unknown.</summary>
internal sealed class ConstraintReader(List<Diagnostic> diagnostics)
{
    private static readonly Dictionary<string, Operator> Operators =
        Enum.GetValues<Operator>().ToDictionary(o => o.ToString(), StringComparer.OrdinalIgnoreCase);

    public ConstraintSyntax? Read(JsonSyntax json, string path)
    {
        if (json is not JsonObject o)
        {
            Refuse(json.Span, "A condition is an object.");
            return null;
        }

        if (o.FindDoubled() is { } doubled)
        {
            Refuse(doubled.NameSpan, $"'{doubled.Name}' is given twice.");
            return null;
        }

        var logical = o.Members.FirstOrDefault(m => m.Name.ToLowerInvariant() is "allof" or "anyof" or "not");
        if (logical is null)
        {
            return ReadCondition(o, path);
        }

        if (o.Members.Count > 1)
        {
            var other = o.Members.First(m => m != logical);
            Refuse(other.NameSpan, $"'{other.Name}' cannot stand beside '{logical.Name}'; wrap both in an allOf.");
            return null;
        }

        var inner = $"{path}/{logical.Name}";
        if (logical.Name.Equals("not", StringComparison.OrdinalIgnoreCase))
        {
            return Read(logical.Value, inner) is { } negated ? new NotSyntax(path, o.Span, negated) : null;
        }

        if (logical.Value is not JsonList list)
        {
            Refuse(logical.Value.Span, $"'{logical.Name}' takes an array of conditions.");
            return null;
        }

        var constraints = list.Items.Select((item, i) => Read(item, $"{inner}/{i}")).ToList();
        if (constraints.Any(c => c is null))
        {
            return null;
        }

        return logical.Name.Equals("allOf", StringComparison.OrdinalIgnoreCase)
            ? new AllOfSyntax(path, o.Span, constraints!)
            : new AnyOfSyntax(path, o.Span, constraints!);
    }

    /// <summary>A value with its expression, when the whole of it is one.</summary>
    public ValueSyntax? ReadValue(JsonSyntax json)
    {
        if (json.Text is not { } text || !ExpressionText.IsExpression(text))
        {
            return new ValueSyntax(json, null);
        }

        return ReadExpression(text, json.Span) is { } expression ? new ValueSyntax(json, expression) : null;
    }

    private ConditionSyntax? ReadCondition(JsonObject o, string path)
    {
        JsonMember? left = null;
        JsonMember? right = null;
        var operation = default(Operator);
        foreach (var member in o.Members)
        {
            if (member.Name.ToLowerInvariant() is "field" or "value" or "count")
            {
                if (left is not null)
                {
                    Refuse(member.NameSpan, $"'{member.Name}' cannot stand beside '{left.Name}': a condition asks about one thing.");
                    return null;
                }

                left = member;
            }
            else if (Operators.TryGetValue(member.Name, out var found))
            {
                if (right is not null)
                {
                    Refuse(member.NameSpan, $"'{member.Name}' cannot stand beside '{right.Name}': a condition has one operator.");
                    return null;
                }

                operation = found;
                right = member;
            }
            else
            {
                Refuse(member.NameSpan, $"'{member.Name}' is neither field, value, count nor an operator.", Suggest(member.Name));
                return null;
            }
        }

        if (left is null || right is null)
        {
            Refuse(o.Span, left is null ? "The condition lacks field, value or count." : "The condition lacks an operator.");
            return null;
        }

        var operand = ReadOperand(left, path);
        var value = ReadValue(right.Value);
        return operand is null || value is null ? null : new ConditionSyntax(path, o.Span, operand, operation, value);
    }

    private OperandSyntax? ReadOperand(JsonMember member, string path) => member.Name.ToLowerInvariant() switch
    {
        "field" => ReadField(member.Value),
        "value" => ReadValue(member.Value) is { } value ? new ValueOperandSyntax(member.Value.Span, value) : null,
        _ => ReadCount(member.Value, path + "/count"),
    };

    private FieldOperandSyntax? ReadField(JsonSyntax json)
    {
        if (json.Text is not { Length: > 0 } name)
        {
            Refuse(json.Span, "'field' takes the name of a field as text.");
            return null;
        }

        if (!ExpressionText.IsExpression(name))
        {
            return new FieldOperandSyntax(json.Span, name, null);
        }

        return ReadExpression(name, json.Span) is { } expression ? new FieldOperandSyntax(json.Span, name, expression) : null;
    }

    private CountOperandSyntax? ReadCount(JsonSyntax json, string path)
    {
        if (json is not JsonObject o)
        {
            Refuse(json.Span, "'count' takes an object.");
            return null;
        }

        if (o.FindDoubled() is { } doubled)
        {
            Refuse(doubled.NameSpan, $"'{doubled.Name}' is given twice.");
            return null;
        }

        if (o.Members.FirstOrDefault(m => m.Name.ToLowerInvariant() is not ("field" or "value" or "name" or "where")) is { } unknown)
        {
            Refuse(unknown.NameSpan, $"A count has field or value, name and where; '{unknown.Name}' is none of them.");
            return null;
        }

        var (field, value, name, where) = (o.Find("field"), o.Find("value"), o.Find("name"), o.Find("where"));
        if (field is null == value is null)
        {
            Refuse(o.Span, "A count is over a field or over a value, one of the two.");
            return null;
        }

        if (name is not null && (value is null || string.IsNullOrEmpty(name.Value.Text)))
        {
            Refuse(name.NameSpan, value is null ? "Only a count over a value has a name." : "The name of a count is a text.");
            return null;
        }

        var fieldSyntax = field is null ? null : ReadField(field.Value);
        var valueSyntax = value is null ? null : ReadValue(value.Value);
        var whereSyntax = where is null ? null : Read(where.Value, path + "/where");
        return (fieldSyntax is null && valueSyntax is null) || (where is not null && whereSyntax is null)
            ? null
            : new CountOperandSyntax(o.Span, fieldSyntax, valueSyntax, name?.Value.Text, whereSyntax);
    }

    private ExpressionSyntax? ReadExpression(string text, TextSpan span)
    {
        var expression = ExpressionParser.Parse(text, out var fault);
        if (fault is not null)
        {
            // The opening quote stands before the text; escapes in it can shift the place by a little.
            var at = Math.Min(span.Start + 1 + fault.Position, span.End - 1);
            diagnostics.Add(Diagnostic.Error("InvalidTemplateExpression", new TextSpan(at, 1), fault.Message));
        }

        return expression;
    }

    private static string? Suggest(string name)
    {
        var near = NearestName.Find(name, [.. Operators.Keys, "field", "value", "count", "allOf", "anyOf", "not"]);
        return near is null ? null : $"Is '{char.ToLowerInvariant(near[0])}{near[1..]}' meant?";
    }

    private void Refuse(TextSpan span, string message, string? hint = null) => diagnostics.Add(Diagnostic.Error("InvalidPolicyRule", span, message, hint));
}
