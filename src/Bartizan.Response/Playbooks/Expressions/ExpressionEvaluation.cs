using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bartizan.Response.Playbooks.Expressions;

/// <summary>What the functions that look at a run find: <c>body('A')</c>, <c>variables('x')</c>, <c>triggerBody()</c>.</summary>
public interface IExpressionScope
{
    DateTimeOffset Now { get; }

    JsonNode? Look(string function, IReadOnlyList<JsonNode?> arguments);
}

/// <summary>Works out expressions and whole pieces of JSON that hold them.</summary>
internal static class ExpressionEvaluation
{
    private const int MaxText = 4_000_000;

    private static readonly JsonSerializerOptions plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A piece of a definition with every expression in it worked out.</summary>
    public static JsonNode? Resolve(JsonNode? template, IExpressionScope scope) => template switch
    {
        null => null,
        JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(Text(Resolve(JsonValue.Create(p.Key), scope)), Resolve(p.Value, scope)))),
        JsonArray a => new JsonArray([.. a.Select(i => Resolve(i, scope))]),
        JsonValue v when v.TryGetValue<string>(out var text) => ExpressionReader.Read(text) is { } expression ? Evaluate(expression, scope)?.DeepClone() : JsonValue.Create(text),
        _ => template.DeepClone(),
    };

    public static JsonNode? Evaluate(Expression expression, IExpressionScope scope) => expression switch
    {
        Expression.Literal e => e.Value,
        Expression.Call e => Call(e, scope),
        Expression.Member e => Member(Evaluate(e.Target, scope), Evaluate(e.Key, scope), e.IsSafe),
        Expression.Interpolation e => Limited(string.Concat(e.Parts.Select(p => Text(Evaluate(p, scope))))),
        _ => throw new UnreachableException(),
    };

    /// <summary>A value as text: text as it is, nothing as nothing, the rest as JSON.</summary>
    public static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonValue v when v.TryGetValue<string>(out var text) => text,
        JsonValue v when v.TryGetValue<bool>(out var flag) => flag ? "True" : "False",
        _ => value.ToJsonString(plain),
    };

    public static decimal Number(JsonNode? value) => value is JsonValue v && (v.GetValueKind() == JsonValueKind.Number || v.GetValueKind() == JsonValueKind.String)
        && decimal.TryParse(v.GetValueKind() == JsonValueKind.String ? v.GetValue<string>() : v.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ExpressionException($"'{Short(value)}' is not a number.");

    public static bool Truth(JsonNode? value) => value is JsonValue v && v.TryGetValue<bool>(out var flag) ? flag
        : value is JsonValue t && t.TryGetValue<string>(out var text) && bool.TryParse(text, out flag) ? flag
        : throw new ExpressionException($"'{Short(value)}' is neither true nor false.");

    public static string Short(JsonNode? value) => Text(value) is var text && text.Length > 100 ? text[..100] + "…" : text;

    public static JsonNode Limited(string text) => text.Length <= MaxText ? JsonValue.Create(text) : throw new ExpressionException("A text grew beyond what a run may hold.");

    private static JsonNode? Call(Expression.Call call, IExpressionScope scope)
    {
        // Only the branch that is chosen is worked out, so that a guard can protect it.
        if (call.Function.Equals("if", StringComparison.OrdinalIgnoreCase) && call.Arguments.Count == 3)
        {
            return Evaluate(Truth(Evaluate(call.Arguments[0], scope)) ? call.Arguments[1] : call.Arguments[2], scope);
        }

        JsonNode?[] arguments = [.. call.Arguments.Select(a => Evaluate(a, scope))];
        return ExpressionFunctions.Call(call.Function, arguments, scope);
    }

    private static JsonNode? Member(JsonNode? target, JsonNode? key, bool isSafe)
    {
        if (target is null)
        {
            return isSafe ? null : throw new ExpressionException($"There is nothing to take '{Short(key)}' of.");
        }

        if (target is JsonArray array && key is JsonValue k && k.GetValueKind() == JsonValueKind.Number)
        {
            var index = (int)Number(key);
            return index >= 0 && index < array.Count ? array[index] : isSafe ? null : throw new ExpressionException($"The array has no item {index}.");
        }

        if (target is JsonObject o)
        {
            var name = Text(key);
            return o.TryGetPropertyValue(name, out var value) ? value
                : o.FirstOrDefault(p => p.Key.Equals(name, StringComparison.OrdinalIgnoreCase)) is { Key: not null } same ? same.Value
                : isSafe ? null : throw new ExpressionException($"There is no member '{name}'.");
        }

        return isSafe ? null : throw new ExpressionException($"'{Short(target)}' has no members.");
    }
}
