using System.Globalization;
using System.Text.Json;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions;

/// <summary>From any type to any other, by the rules of the <c>to…</c> functions: what cannot be read becomes null.</summary>
public static class Conversion
{
    public static KqlValue To(KqlValue value, KqlType type)
    {
        if (value.Type == type)
        {
            return value;
        }

        if (value.IsNull)
        {
            return KqlValue.Null(type);
        }

        return type switch
        {
            KqlType.String => KqlValue.Text(ToText(value)),
            KqlType.Bool => ToBool(value),
            KqlType.Int => ToInt(value),
            KqlType.Long => ToLong(value),
            KqlType.Real => ToReal(value),
            KqlType.Decimal => ToDecimal(value),
            KqlType.DateTime => ToDateTime(value),
            KqlType.TimeSpan => ToTimeSpan(value),
            KqlType.Guid => ToGuid(value),
            KqlType.Dynamic => Json.FromValue(value),
            _ => value,
        };
    }

    /// <summary>The type that a type literal names (<c>typeof(long)</c> and its other spellings); null when it is none.</summary>
    public static KqlType? TypeNamed(string name) => name.ToLowerInvariant() switch
    {
        "bool" or "boolean" => KqlType.Bool,
        "int" => KqlType.Int,
        "long" => KqlType.Long,
        "real" or "double" => KqlType.Real,
        "decimal" => KqlType.Decimal,
        "string" => KqlType.String,
        "datetime" or "date" => KqlType.DateTime,
        "timespan" or "time" => KqlType.TimeSpan,
        "guid" or "uuid" or "uniqueid" => KqlType.Guid,
        "dynamic" => KqlType.Dynamic,
        _ => null,
    };

    public static string NameOf(KqlType type) => type.ToString().ToLowerInvariant();

    /// <summary>As <c>tostring</c> prints it; '' for null.</summary>
    public static string ToText(KqlValue value)
    {
        if (value.IsNull)
        {
            return "";
        }

        return value.Type switch
        {
            KqlType.String => value.AsText,
            KqlType.Bool => value.AsBool ? "true" : "false",
            KqlType.Int or KqlType.Long => value.AsLong.ToString(CultureInfo.InvariantCulture),
            KqlType.Real => RealText(value.AsReal),
            KqlType.Decimal => value.AsDecimal.ToString(),
            KqlType.DateTime => KqlTime.FormatDateTime(value.AsLong),
            KqlType.TimeSpan => KqlTime.FormatTimeSpan(value.AsLong),
            KqlType.Guid => value.AsGuid.ToString("D"),
            _ => value.AsText is ['"', ..] text && Json.Parse(text) is { ValueKind: JsonValueKind.String } inner ? inner.GetString()! : value.AsText,
        };
    }

    /// <summary>The shortest digits that read back as the same number, always with a point or an exponent.</summary>
    public static string RealText(double value)
    {
        if (double.IsNaN(value))
        {
            return "NaN";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "Infinity" : "-Infinity";
        }

        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        if (e < 0)
        {
            return text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
        }

        var exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return exponent is > 0 and < 17
            ? value.ToString("0.0", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{text[..e]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    internal static KqlValue ToBool(KqlValue value)
    {
        switch (value.Type)
        {
            case KqlType.Bool:
                return value;
            case KqlType.Int or KqlType.Long:
                return value.IsNull ? KqlValue.Null(KqlType.Bool) : KqlValue.Bool(value.AsLong != 0);
            case KqlType.Real:
                return value.IsNull ? KqlValue.Null(KqlType.Bool) : KqlValue.Bool(value.AsReal != 0);
            case KqlType.Decimal:
                return value.IsNull ? KqlValue.Null(KqlType.Bool) : KqlValue.Bool(!value.AsDecimal.IsZero);
            case KqlType.String or KqlType.Dynamic:
                var text = ToText(value).Trim();
                return text.Equals("true", StringComparison.OrdinalIgnoreCase) ? KqlValue.Bool(true)
                    : text.Equals("false", StringComparison.OrdinalIgnoreCase) ? KqlValue.Bool(false)
                    : ParseLong(text) is { } number ? KqlValue.Bool(number != 0)
                    : KqlValue.Null(KqlType.Bool);
            default:
                return KqlValue.Null(KqlType.Bool);
        }
    }

    internal static KqlValue ToLong(KqlValue value)
    {
        switch (value.Type)
        {
            case KqlType.Bool:
                return KqlValue.Long(value.AsBool ? 1 : 0);
            case KqlType.Int or KqlType.Long or KqlType.DateTime or KqlType.TimeSpan:
                return KqlValue.Long(value.AsLong);
            case KqlType.Real:
                return Whole(value.AsReal);
            case KqlType.Decimal:
                return value.AsDecimal.ToBigInteger() is { } big && big >= long.MinValue && big <= long.MaxValue ? KqlValue.Long((long)big) : KqlValue.Null(KqlType.Long);
            case KqlType.String:
                return KqlValue.Long(ParseLong(value.AsText));
            case KqlType.Dynamic:
                var inner = Inner(value);
                return inner.Type == KqlType.Dynamic ? KqlValue.Null(KqlType.Long) : To(inner, KqlType.Long);
            default:
                return KqlValue.Null(KqlType.Long);
        }
    }

    internal static KqlValue ToInt(KqlValue value)
    {
        var whole = ToLong(value);
        return !whole.IsNull && whole.AsLong is >= int.MinValue and <= int.MaxValue ? KqlValue.Int((int)whole.AsLong) : KqlValue.Null(KqlType.Int);
    }

    internal static KqlValue ToReal(KqlValue value)
    {
        switch (value.Type)
        {
            case KqlType.Bool:
                return KqlValue.Real(value.AsBool ? 1.0 : 0.0);
            case KqlType.String:
                return KqlValue.Real(ParseReal(value.AsText));
            case KqlType.Guid:
                return KqlValue.Null(KqlType.Real);
            case KqlType.Dynamic:
                var inner = Inner(value);
                return inner.Type == KqlType.Dynamic ? KqlValue.Null(KqlType.Real) : To(inner, KqlType.Real);
            default:
                return KqlValue.Real(value.AsReal);
        }
    }

    internal static KqlValue ToDecimal(KqlValue value)
    {
        switch (value.Type)
        {
            case KqlType.Bool:
                return KqlValue.Decimal(KqlDecimal.FromLong(value.AsBool ? 1 : 0));
            case KqlType.String:
                return KqlValue.Decimal(KqlDecimal.Parse(value.AsText));
            case KqlType.Real:
                return KqlValue.Decimal(KqlDecimal.FromDouble(value.AsReal));
            case KqlType.Guid:
                return KqlValue.Null(KqlType.Decimal);
            case KqlType.Dynamic:
                return KqlValue.Decimal(KqlDecimal.Parse(ToText(value)));
            default:
                return KqlValue.Decimal(KqlDecimal.FromLong(value.AsLong));
        }
    }

    internal static KqlValue ToDateTime(KqlValue value)
    {
        switch (value.Type)
        {
            case KqlType.DateTime:
                return value;
            case KqlType.String or KqlType.Dynamic:
                return KqlValue.DateTime(KqlTime.ParseDateTime(ToText(value)));
            case KqlType.Int or KqlType.Long or KqlType.TimeSpan:
                return value.AsLong is >= 0 and <= KqlTime.MaxTicks ? KqlValue.DateTime(value.AsLong) : KqlValue.Null(KqlType.DateTime);
            default:
                return KqlValue.Null(KqlType.DateTime);
        }
    }

    internal static KqlValue ToTimeSpan(KqlValue value)
    {
        switch (value.Type)
        {
            case KqlType.TimeSpan:
                return value;
            case KqlType.String or KqlType.Dynamic:
                return KqlValue.TimeSpan(KqlTime.ParseTimeSpan(ToText(value)));
            case KqlType.Int or KqlType.Long or KqlType.DateTime:
                return KqlValue.TimeSpan(value.AsLong);
            case KqlType.Real:
                return Whole(value.AsReal) is { IsNull: false } ticks ? KqlValue.TimeSpan(ticks.AsLong) : KqlValue.Null(KqlType.TimeSpan);
            default:
                return KqlValue.Null(KqlType.TimeSpan);
        }
    }

    internal static KqlValue ToGuid(KqlValue value) => value.Type switch
    {
        KqlType.Guid => value,
        // Hyphens may stand anywhere: only the digits count.
        KqlType.String or KqlType.Dynamic when Guid.TryParse(ToText(value), out var guid) || Guid.TryParseExact(ToText(value).Replace("-", "", StringComparison.Ordinal), "N", out guid) => KqlValue.Guid(guid),
        _ => KqlValue.Null(KqlType.Guid),
    };

    /// <summary>Decimal digits or <c>0x</c> and hexadecimal ones, with a sign and space around; a fraction is cut off.</summary>
    internal static long? ParseLong(string text)
    {
        var span = text.AsSpan().Trim();
        if (span.Length is 0 or > 400)
        {
            return null;
        }

        if (long.TryParse(span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        var negative = span[0] == '-';
        var body = negative || span[0] == '+' ? span[1..] : span;
        if (body.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return ulong.TryParse(body[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? unchecked(negative ? -(long)hex : (long)hex) : null;
        }

        return null;
    }

    internal static double? ParseReal(string text)
    {
        var span = text.AsSpan().Trim();
        if (span.Length is 0 or > 400)
        {
            return null;
        }

        if (double.TryParse(span, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        return span switch
        {
            _ when span.Equals("inf", StringComparison.OrdinalIgnoreCase) || span.Equals("+inf", StringComparison.OrdinalIgnoreCase) => double.PositiveInfinity,
            _ when span.Equals("-inf", StringComparison.OrdinalIgnoreCase) => double.NegativeInfinity,
            _ when ParseLong(text) is { } whole => whole,
            _ => null,
        };
    }

    /// <summary>A dynamic value's simple content as a typed value; itself when it is an array or a bag.</summary>
    private static KqlValue Inner(KqlValue value) => Json.Element(value) switch
    {
        { ValueKind: JsonValueKind.Number } number => Json.Number(number),
        { ValueKind: JsonValueKind.String } text => KqlValue.Text(text.GetString()!),
        { ValueKind: JsonValueKind.True } => KqlValue.Bool(true),
        { ValueKind: JsonValueKind.False } => KqlValue.Bool(false),
        _ => value,
    };

    private static KqlValue Whole(double value) => Math.Abs(value) < 9.2233720368547748e18 ? KqlValue.Long((long)value) : KqlValue.Null(KqlType.Long);
}
