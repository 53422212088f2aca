using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Sql;

/// <summary>Values of query parameters as callers give them: KQL literals or plain text.</summary>
internal static class ParameterText
{
    public static KqlValue? Read(string text, KqlType type)
    {
        var inner = text.Trim();
        if (type == KqlType.String)
        {
            return KqlValue.Text(Unquoted(inner) ?? text);
        }

        // datetime(…), timespan(…), guid(…), dynamic(…): what stands between the parentheses.
        var open = inner.IndexOf('(', StringComparison.Ordinal);
        if (open > 0 && inner.EndsWith(')') && inner[..open].All(char.IsAsciiLetter))
        {
            inner = inner[(open + 1)..^1];
        }

        inner = type == KqlType.Dynamic ? inner : Unquoted(inner) ?? inner;
        if (inner is "null" or "")
        {
            return KqlValue.Null(type);
        }

        var value = type == KqlType.Dynamic && Json.Parse(inner) is { } json ? Json.ToDynamic(json) : Conversion.To(KqlValue.Text(inner), type);
        return value.IsNull ? null : value;
    }

    private static string? Unquoted(string text) =>
        text.Length >= 2 && text[0] is '"' or '\'' && text[^1] == text[0] ? text[1..^1] : null;
}
