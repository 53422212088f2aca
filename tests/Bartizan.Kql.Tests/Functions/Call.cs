using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Tests.Functions;

/// <summary>Calls managed bodies as an engine would: nulls first go by the entry's rule.</summary>
internal static class Call
{
    public static KqlValue Value(string name, params object?[] arguments)
    {
        var function = FunctionCatalog.FindScalar(name) ?? throw new ArgumentException($"no function {name}");
        return Value(function, [.. arguments.Select(Of)]);
    }

    public static KqlValue Value(KqlFunction function, KqlValue[] values) =>
        function.Nulls == NullRule.Propagate && values.Any(v => v.IsNull) ? KqlValue.Null(KqlType.Unknown) : function.Managed!(values);

    /// <summary>The result as tostring prints it; null as "null".</summary>
    public static string Text(string name, params object?[] arguments) => Value(name, arguments) is { IsNull: false } value ? Conversion.ToText(value) : "null";

    /// <summary>JSON text as a dynamic argument.</summary>
    public static KqlValue Json(string json) => KqlValue.Dynamic(json);

    public static KqlValue Time(string text) => KqlValue.DateTime(KqlTime.ParseDateTime(text));

    public static KqlValue Span(string text) => KqlValue.TimeSpan(KqlTime.ParseTimeSpan(text));

    private static KqlValue Of(object? argument) => argument switch
    {
        null => KqlValue.Null(KqlType.Dynamic),
        KqlValue value => value,
        bool value => KqlValue.Bool(value),
        int value => KqlValue.Long(value),
        long value => KqlValue.Long(value),
        double value => KqlValue.Real(value),
        string value => KqlValue.Text(value),
        Guid value => KqlValue.Guid(value),
        _ => throw new ArgumentException($"no value for {argument}"),
    };
}
