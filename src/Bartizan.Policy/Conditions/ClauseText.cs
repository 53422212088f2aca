using Bartizan.Policy.Definitions;

namespace Bartizan.Policy.Conditions;

/// <summary>A clause in a few words, for evidence.</summary>
internal static class ClauseText
{
    private const int LongestValue = 200;

    /// <summary>The words, made when evidence is first asked for, and once.</summary>
    public static Lazy<string> Later(ConstraintSyntax constraint) => new(() => Of(constraint));

    public static string Of(ConstraintSyntax constraint) => constraint switch
    {
        AllOfSyntax => "allOf",
        AnyOfSyntax => "anyOf",
        NotSyntax => "not",
        ConditionSyntax c => $"{Of(c.Left)} {Name(c.Operator)}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string Name(Operator operation)
    {
        var name = operation.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static string Short(string text) => text.Length <= LongestValue ? text : text[..LongestValue] + "…";

    private static string Of(OperandSyntax operand) => operand switch
    {
        FieldOperandSyntax field => $"field {field.Name}",
        ValueOperandSyntax value => $"value {Short(value.Value.Json.Text ?? value.Value.Json.ToValue().ToString())}",
        CountOperandSyntax { Field: { } field } => $"count of {field.Name}",
        CountOperandSyntax { Name: { } name } => $"count of {name}",
        CountOperandSyntax => "count of values",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
