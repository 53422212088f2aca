using System.Text.Json;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed;

/// <summary>Members and elements of dynamic values, and the rows that they expand to.</summary>
internal static class DynamicAccess
{
    public static KqlValue Member(KqlValue value, string name) =>
        Json.Element(value) is { ValueKind: JsonValueKind.Object } bag && bag.TryGetProperty(name, out var found)
            ? Json.ToDynamic(found)
            : KqlValue.Null(KqlType.Dynamic);

    public static KqlValue Index(KqlValue value, KqlValue index)
    {
        if (index.IsNull)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        if (index.Type == KqlType.Dynamic)
        {
            index = Json.Element(index) is { ValueKind: JsonValueKind.Number } number ? Json.Number(number) : KqlValue.Text(Conversion.ToText(index));
        }

        if (index.Type == KqlType.String)
        {
            return Member(value, index.AsText);
        }

        if (Json.Element(value) is not { ValueKind: JsonValueKind.Array } array)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var length = array.GetArrayLength();
        var at = index.AsLong < 0 ? index.AsLong + length : index.AsLong;
        return at >= 0 && at < length ? Json.ToDynamic(array[(int)at]) : KqlValue.Null(KqlType.Dynamic);
    }

    /// <summary>An element as <c>to typeof(…)</c> gives it: cast, not parsed. A text is no number, but moments and durations are texts in JSON.</summary>
    public static KqlValue Cast(KqlValue element, KqlType type) =>
        type is KqlType.Int or KqlType.Long or KqlType.Real or KqlType.Decimal or KqlType.Bool && element.AsText.StartsWith('"')
            ? KqlValue.Null(type)
            : Conversion.To(element, type);

    /// <summary>
    /// What <c>mv-expand</c> makes of a value: the elements of an array, the properties of a bag (as small bags or as pairs), the value
    /// itself where it is neither; one null for null.
    /// </summary>
    public static IReadOnlyList<string?> Expand(KqlValue value, bool bagsAsArrays)
    {
        if (value.IsNull || Json.Element(value) is not { } element)
        {
            return [value.IsNull ? null : Json.Of(value)];
        }

        return element.ValueKind switch
        {
            JsonValueKind.Array => [.. element.EnumerateArray().Select(Text)],
            JsonValueKind.Object => [.. element.EnumerateObject().Select(p => bagsAsArrays ? $"[{Json.Quote(p.Name)},{Json.Text(p.Value)}]" : $"{{{Json.Quote(p.Name)}:{Json.Text(p.Value)}}}")],
            _ => [Text(element)],
        };

        static string? Text(JsonElement item) => item.ValueKind == JsonValueKind.Null ? null : Json.Text(item);
    }
}
