using System.Globalization;
using System.Text.Json;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Conversions;

/// <summary>tostring, tolong and their kin; gettype; tohex.</summary>
internal static class ToTypes
{
    public static IEnumerable<KqlFunction> All() =>
    [
        new("tostring", "(value:any) -> string", "The value as text, as it is printed; '' for null.")
        {
            Naming = NameRule.FirstArgument,
            Nulls = NullRule.Handled,
            DuckDb = TextSql,
            Managed = a => KqlValue.Text(Conversion.ToText(a[0])),
        },
        To("tolong", KqlType.Long, "The value as a long; null where it cannot be read as one. A fraction is cut off.", c => c.TypeOf(0) switch
        {
            KqlType.Int or KqlType.Bool => $"({c[0]})::BIGINT",
            KqlType.Long or KqlType.DateTime or KqlType.TimeSpan => c[0],
            // NaN sorts above all numbers, so that it fails the test too.
            KqlType.Real => $"(CASE WHEN abs({c[0]}) < 9223372036854774784 THEN trunc({c[0]})::BIGINT END)",
            _ => null,
        }),
        To("toint", KqlType.Int, "The value as an int; null where it cannot be read as one or is too large.", c => c.TypeOf(0) switch
        {
            KqlType.Int => c[0],
            KqlType.Bool => $"({c[0]})::INTEGER",
            KqlType.Long => $"try_cast({c[0]} AS INTEGER)",
            KqlType.Real => $"(CASE WHEN abs({c[0]}) < 2147483648 THEN trunc({c[0]})::INTEGER END)",
            _ => null,
        }),
        To("toreal", KqlType.Real, "The value as a real; null where it cannot be read as one.", c => c.TypeOf(0) switch
        {
            KqlType.Real => c[0],
            KqlType.Int or KqlType.Long or KqlType.Bool => $"({c[0]})::DOUBLE",
            _ => null,
        }, "todouble"),
        To("tobool", KqlType.Bool, "The value as a bool: true and false in any case, and numbers; otherwise null.", c => c.TypeOf(0) switch
        {
            KqlType.Bool => c[0],
            KqlType.Int or KqlType.Long => $"({c[0]} <> 0)",
            _ => null,
        }, "toboolean"),
        To("todecimal", KqlType.Decimal, "The value as a decimal; null where it cannot be read as one.", Same(KqlType.Decimal)),
        To("todatetime", KqlType.DateTime, "The value as a datetime; null where it cannot be read as one.", Same(KqlType.DateTime)),
        To("totimespan", KqlType.TimeSpan, "The value as a timespan; null where it cannot be read as one.", Same(KqlType.TimeSpan), "totime"),
        new("toguid", "(value:string|dynamic|guid) -> guid", "The text as a guid, with or without hyphens; null where it is none.")
        {
            Naming = NameRule.FirstArgument,
            DuckDb = Same(KqlType.Guid),
            Managed = a => Conversion.ToGuid(a[0]),
        },
        new("parse_json", "(json_text:text) -> dynamic", "The value that a JSON text holds; text that is no JSON becomes a dynamic string.")
        {
            Aliases = ["todynamic", "parsejson", "toobject"],
            Naming = NameRule.FirstArgument,
            DuckDb = Same(KqlType.Dynamic),
            Managed = a => ParseJson(a[0]),
        },
        new("dynamic_to_json", "(value:any) -> string", "The value as canonical JSON text: names in order at every level.")
        {
            Managed = a => KqlValue.Text(Json.Element(Json.FromValue(a[0])) is { } element ? Canonical(element, 0) : ""),
        },
        new("gettype", "(value:any) -> string", "The name of the value's type; for dynamic that of what it holds.")
        {
            Naming = NameRule.Prefixed("type"),
            Nulls = NullRule.Handled,
            DuckDb = c => c.TypeOf(0) is KqlType.Dynamic or KqlType.Unknown ? null : $"'{Conversion.NameOf(c.TypeOf(0))}'",
            Managed = a => KqlValue.Text(a[0].Type == KqlType.Dynamic ? DynamicTypeName(a[0]) : Conversion.NameOf(a[0].Type)),
        },
        new("tohex", "(value:integer, min_length:integer?) -> string", "The number in hexadecimal digits, two's complement when negative, with zeros before it up to the length asked for.")
        {
            Naming = NameRule.FirstArgument,
            Managed = a =>
            {
                var digits = a[0].Type == KqlType.Int
                    ? ((int)a[0].AsLong).ToString("x", CultureInfo.InvariantCulture)
                    : a[0].AsLong.ToString("x", CultureInfo.InvariantCulture);
                return KqlValue.Text(digits.PadLeft(a.Length > 1 ? (int)Math.Clamp(a[1].AsLong, 0, 1024) : 0, '0'));
            },
        },
    ];

    /// <summary>Text that is no JSON stands for itself, as a dynamic string.</summary>
    internal static KqlValue ParseJson(KqlValue value)
    {
        if (value.Type == KqlType.Dynamic)
        {
            // A dynamic string is read once more: parse_json(parse_json('"{}"')).
            return Json.Element(value) is { ValueKind: JsonValueKind.String } inner ? ParseJson(KqlValue.Text(inner.GetString()!)) : value;
        }

        if (value.Type != KqlType.String)
        {
            return Json.FromValue(value);
        }

        return value.AsText.AsSpan().Trim().IsEmpty ? KqlValue.Null(KqlType.Dynamic)
            : Json.Parse(value.AsText) is { } element ? Json.ToDynamic(element)
            : Json.FromValue(value);
    }

    private static KqlFunction To(string name, KqlType type, string doc, SqlForm sql, params string[] aliases) => new(name, $"(value:any) -> {type}", doc)
    {
        Aliases = aliases,
        Naming = NameRule.FirstArgument,
        DuckDb = sql,
        Managed = a => Conversion.To(a[0], type),
    };

    private static SqlForm Same(KqlType type) => c => c.TypeOf(0) == type && type != KqlType.Dynamic ? c[0] : null;

    private static string? TextSql(SqlCall c)
    {
        var x = c[0];
        switch (c.TypeOf(0))
        {
            case KqlType.String:
                return x;
            case KqlType.Bool or KqlType.Int or KqlType.Long or KqlType.Guid:
                return c.Arguments[0].MayBeNull ? $"coalesce(({x})::VARCHAR, '')" : $"({x})::VARCHAR";
            case KqlType.Dynamic:
                // Only strings with an escape in them need more than their quotes taken off.
                return $"(CASE WHEN {x} IS NULL THEN '' WHEN NOT starts_with({x}, '\"') THEN {x} WHEN contains({x}, '\\') THEN {c.Managed()} ELSE ({x})[2:-2] END)";
            default:
                return null;
        }
    }

    private static string DynamicTypeName(KqlValue value) => Json.Element(value) switch
    {
        { ValueKind: JsonValueKind.Array } => "array",
        { ValueKind: JsonValueKind.Object } => "dictionary",
        { ValueKind: JsonValueKind.String } => "string",
        { ValueKind: JsonValueKind.True or JsonValueKind.False } => "bool",
        { ValueKind: JsonValueKind.Number } number => number.TryGetInt32(out _) ? "int" : number.TryGetInt64(out _) ? "long" : "double",
        _ => "null",
    };

    private static string Canonical(JsonElement element, int depth) => element.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', element.EnumerateObject().GroupBy(p => p.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{Json.Quote(g.Key)}:{Canonical(g.Last().Value, depth + 1)}"))}}}",
        JsonValueKind.Array => Json.ArrayText(element.EnumerateArray().Select(i => Canonical(i, depth + 1))),
        _ => Json.Text(element),
    };
}
