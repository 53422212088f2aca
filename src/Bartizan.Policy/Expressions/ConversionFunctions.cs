using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>From one type to another: int, float, bool, string, array, json.</summary>
internal static class ConversionFunctions
{
    public static IReadOnlyList<TemplateFunction> All { get; } =
    [
        new("int", 1, 1, a => ToNumber(a[0])?.Truncated is { } n ? PolicyValue.Of(n) : PolicyValue.Undefined),
        new("float", 1, 1, a => ToNumber(a[0]) is { } n ? PolicyValue.Of(n.Real) : PolicyValue.Undefined),
        new("bool", 1, 1, a => ToBoolean(a[0])),
        new("string", 1, 1, a => PolicyValue.Of(ToText(a[0]))),
        new("array", 1, 1, a => a[0] is ArrayValue ? a[0] : new ArrayValue([a[0]])),
        new("json", 1, 1, a => a[0].AsText is not { } text
            ? PolicyValue.Undefined
            : PolicyJson.TryParse(text) ?? new FailureValue("json() was given text that is not JSON.")),
    ];

    /// <summary>The text of a value as <c>string()</c> gives it: JSON for all but strings.</summary>
    public static string ToText(PolicyValue value) => value switch
    {
        StringValue s => s.Text,
        NumberValue n => n.ToText(),
        _ => PolicyJson.Write(value),
    };

    private static NumberValue? ToNumber(PolicyValue value) => value switch
    {
        NumberValue n => n,
        StringValue s => Coercion.ToNumber(s.Text),
        _ => null,
    };

    private static PolicyValue ToBoolean(PolicyValue value) => value switch
    {
        BooleanValue b => b,
        NumberValue n => PolicyValue.Of(n.Real != 0),
        StringValue { Text: "1" } => PolicyValue.True,
        StringValue { Text: "0" } => PolicyValue.False,
        _ => Coercion.ToBoolean(value) is { } b ? PolicyValue.Of(b) : PolicyValue.Undefined,
    };
}
