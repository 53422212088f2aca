using System.Globalization;
using System.Text;
using System.Text.Json;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions;

/// <summary>dynamic values as JSON text: reading, writing, comparing.</summary>
public static class Json
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256, AllowTrailingCommas = false };

    /// <summary>The value of the text; null when it is not JSON.</summary>
    public static JsonElement? Parse(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (text.Contains("\\ud", StringComparison.OrdinalIgnoreCase))
        {
            text = WithoutLoneSurrogates(text);
        }

        try
        {
            return JsonElement.Parse(text, Options);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (ArgumentException)
        {
            // A lone surrogate cannot be carried over to UTF-8.
            return null;
        }
    }

    /// <summary>An escape that is half of a pair can be parsed, but not read; it becomes the replacement character.</summary>
    private static string WithoutLoneSurrogates(string text)
    {
        var mended = new StringBuilder(text);
        for (var i = 0; i + 5 < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                continue;
            }

            if (Unit(text, i) is { } first && char.IsSurrogate(first))
            {
                if (char.IsHighSurrogate(first) && Unit(text, i + 6) is { } second && char.IsLowSurrogate(second))
                {
                    i += 6;
                }
                else
                {
                    mended[i + 2] = mended[i + 3] = mended[i + 4] = 'f';
                    mended[i + 5] = 'd';
                }

                i += 4;
            }

            i++;
        }

        return mended.ToString();
    }

    private static char? Unit(string text, int at) =>
        at + 5 < text.Length && text[at] == '\\' && text[at + 1] == 'u' && ushort.TryParse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? (char)unit : null;

    /// <summary>The element of a dynamic argument, or of text that a string argument holds as one JSON string.</summary>
    internal static JsonElement? Element(KqlValue value) => value.IsNull ? null : Parse(value.Type == KqlType.Dynamic ? value.AsText : Of(value));

    /// <summary>The elements of an array; null when the value is none.</summary>
    internal static List<JsonElement>? Array(KqlValue value) =>
        Element(value) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : null;

    /// <summary>The dynamic value that holds this value.</summary>
    internal static KqlValue FromValue(KqlValue value) => value.Type == KqlType.Dynamic ? value : KqlValue.Dynamic(Of(value));

    /// <summary>Any value as JSON text; null as <c>null</c>.</summary>
    public static string Of(KqlValue value)
    {
        if (value.IsNull)
        {
            return "null";
        }

        return value.Type switch
        {
            KqlType.Dynamic => value.AsText,
            KqlType.Bool => value.AsBool ? "true" : "false",
            KqlType.Int or KqlType.Long => value.AsLong.ToString(CultureInfo.InvariantCulture),
            KqlType.Real => Number(value.AsReal),
            KqlType.String => Quote(value.AsText),
            _ => Quote(Conversion.ToText(value)),
        };
    }

    /// <summary>A real as JSON: with a point or an exponent; what JSON has no number for is a string.</summary>
    internal static string Number(double value) => double.IsFinite(value) ? Conversion.RealText(value) : $"\"{Conversion.RealText(value)}\"";

    internal static string Quote(string text)
    {
        var builder = new StringBuilder(text.Length + 2);
        Quote(builder, text);
        return builder.ToString();
    }

    internal static void Quote(StringBuilder builder, string text)
    {
        builder.Append('"');
        foreach (var c in text)
        {
            switch (c)
            {
                case '"': builder.Append("\\\""); break;
                case '\\': builder.Append("\\\\"); break;
                case '\n': builder.Append("\\n"); break;
                case '\r': builder.Append("\\r"); break;
                case '\t': builder.Append("\\t"); break;
                case '\b': builder.Append("\\b"); break;
                case '\f': builder.Append("\\f"); break;
                case < ' ': builder.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: builder.Append(c); break;
            }
        }

        builder.Append('"');
    }

    /// <summary>Compact text of an element: no white space, numbers as written.</summary>
    public static string Text(JsonElement element)
    {
        var builder = new StringBuilder();
        Write(builder, element);
        return builder.ToString();
    }

    internal static void Write(StringBuilder builder, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var separator = '{';
                // Of a repeated key the last value counts, at the place of the first.
                var seen = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
                foreach (var property in element.EnumerateObject())
                {
                    seen[property.Name] = property.Value;
                }

                foreach (var (name, value) in seen)
                {
                    builder.Append(separator);
                    Quote(builder, name);
                    builder.Append(':');
                    Write(builder, value);
                    separator = ',';
                }

                builder.Append(seen.Count == 0 ? "{}" : "}");
                break;
            case JsonValueKind.Array:
                var comma = false;
                builder.Append('[');
                foreach (var item in element.EnumerateArray())
                {
                    if (comma)
                    {
                        builder.Append(',');
                    }

                    Write(builder, item);
                    comma = true;
                }

                builder.Append(']');
                break;
            case JsonValueKind.String:
                Quote(builder, element.GetString()!);
                break;
            default:
                builder.Append(element.GetRawText());
                break;
        }
    }

    internal static KqlValue ToDynamic(JsonElement element) => KqlValue.Dynamic(Text(element));

    internal static KqlValue ArrayOf(IEnumerable<string> items) => KqlValue.Dynamic(ArrayText(items));

    internal static string ArrayText(IEnumerable<string> items) => $"[{string.Join(',', items)}]";

    internal static KqlValue Reals(IEnumerable<double> items) => ArrayOf(items.Select(Number));

    internal static KqlValue BagOf(IEnumerable<KeyValuePair<string, string>> items) =>
        KqlValue.Dynamic($"{{{string.Join(',', items.Select(p => $"{Quote(p.Key)}:{p.Value}"))}}}");

    /// <summary>A number, datetime or timespan that a dynamic value holds, as a typed value; null when it holds none.</summary>
    internal static KqlValue ToNumber(KqlValue value)
    {
        if (value.Type != KqlType.Dynamic)
        {
            return value;
        }

        if (Element(value) is not { } element)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Number:
                return Number(element);
            case JsonValueKind.True or JsonValueKind.False:
                return KqlValue.Long(element.GetBoolean() ? 1 : 0);
            case JsonValueKind.String:
                var text = element.GetString()!;
                return Conversion.ParseLong(text) is { } whole ? KqlValue.Long(whole)
                    : Conversion.ParseReal(text) is { } real ? KqlValue.Real(real)
                    : KqlTime.ParseDateTime(text) is { } moment ? KqlValue.DateTime(moment)
                    : text.Contains(':', StringComparison.Ordinal) && KqlTime.ParseTimeSpan(text) is { } span ? KqlValue.TimeSpan(span)
                    : KqlValue.Null(KqlType.Dynamic);
            default:
                return KqlValue.Null(KqlType.Dynamic);
        }
    }

    internal static KqlValue Number(JsonElement element) =>
        element.TryGetInt64(out var whole) ? KqlValue.Long(whole) : KqlValue.Real(element.GetDouble());

    /// <summary>Two values of which at least one is dynamic, brought to a common type where there is one.</summary>
    internal static (KqlValue Left, KqlValue Right) Alike(KqlValue left, KqlValue right)
    {
        if (left.Type == KqlType.Dynamic && right.Type == KqlType.Dynamic)
        {
            return (Simple(left), Simple(right));
        }

        return left.Type == KqlType.Dynamic ? (Toward(left, right.Type), right) : (left, Toward(right, left.Type));
    }

    /// <summary>Equality of JSON values: numbers by value, bags in any order.</summary>
    public static bool AreEqual(string left, string right) =>
        left == right || (Parse(left) is { } a && Parse(right) is { } b && AreEqual(a, b));

    internal static bool AreEqual(JsonElement left, JsonElement right)
    {
        if (left.ValueKind != right.ValueKind)
        {
            return false;
        }

        switch (left.ValueKind)
        {
            case JsonValueKind.Number:
                return Comparison(left, right) == 0;
            case JsonValueKind.String:
                return left.GetString() == right.GetString();
            case JsonValueKind.Array:
                return left.GetArrayLength() == right.GetArrayLength() && left.EnumerateArray().Zip(right.EnumerateArray()).All(p => AreEqual(p.First, p.Second));
            case JsonValueKind.Object:
                return left.EnumerateObject().Count() == right.EnumerateObject().Count()
                    && left.EnumerateObject().All(p => right.TryGetProperty(p.Name, out var other) && AreEqual(p.Value, other));
            default:
                return true;
        }
    }

    /// <summary>A key under which equal simple values fall together (sets); compound values by their text.</summary>
    internal static string Key(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && Number(element) is { Type: KqlType.Real } real && real.AsReal == Math.Floor(real.AsReal) && Math.Abs(real.AsReal) < 1e15
            ? ((long)real.AsReal).ToString(CultureInfo.InvariantCulture)
            : Text(element);

    private static int Comparison(JsonElement left, JsonElement right) =>
        left.TryGetInt64(out var a) && right.TryGetInt64(out var b) ? a.CompareTo(b) : left.GetDouble().CompareTo(right.GetDouble());

    private static KqlValue Simple(KqlValue value) => Element(value) switch
    {
        { ValueKind: JsonValueKind.Number } number => Number(number),
        { ValueKind: JsonValueKind.String } text => KqlValue.Text(text.GetString()!),
        { ValueKind: JsonValueKind.True } => KqlValue.Bool(true),
        { ValueKind: JsonValueKind.False } => KqlValue.Bool(false),
        _ => value,
    };

    private static KqlValue Toward(KqlValue value, KqlType type)
    {
        if (type is KqlType.Int or KqlType.Long or KqlType.Real or KqlType.Decimal)
        {
            // 1.5 must not become 1 on its way to a comparison with a long.
            var number = ToNumber(value);
            return number.IsNull || number.Type is KqlType.DateTime or KqlType.TimeSpan ? value : number;
        }

        var converted = Conversion.To(value, type);
        return converted.IsNull ? value : converted;
    }
}
