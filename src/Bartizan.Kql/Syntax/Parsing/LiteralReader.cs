using System.Globalization;
using System.Text;
using Bartizan.Kql.Syntax.Tokens;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Syntax.Parsing;

/// <summary>The values of literal tokens, represented as plans hold them (dates and spans as ticks, decimals as text).</summary>
internal static class LiteralReader
{
    public static KqlType? TypeOf(string name) => name switch
    {
        "bool" or "boolean" => KqlType.Bool,
        "int" or "int8" or "int16" or "int32" or "uint8" or "uint16" or "byte" or "char" => KqlType.Int,
        "long" or "int64" or "uint" or "uint32" or "ulong" or "uint64" => KqlType.Long,
        "real" or "double" or "float" => KqlType.Real,
        "decimal" => KqlType.Decimal,
        "string" => KqlType.String,
        "date" or "datetime" => KqlType.DateTime,
        "time" or "timespan" => KqlType.TimeSpan,
        "guid" or "uuid" or "uniqueid" => KqlType.Guid,
        "dynamic" => KqlType.Dynamic,
        _ => null,
    };

    public static object? ReadLong(string text)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return ulong.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var hex) ? unchecked((long)hex) : null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    public static object? ReadReal(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary><c>1.5h</c> as ticks, or null beyond the range.</summary>
    public static object? ReadTimeSpan(string text)
    {
        var unit = 0;
        while (unit < text.Length && (char.IsAsciiDigit(text[unit]) || text[unit] is '.' or '-' or '+'))
        {
            unit++;
        }

        if (!decimal.TryParse(text.AsSpan(0, unit), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        decimal scale = text[unit..].Trim() switch
        {
            "d" or "day" or "days" => TimeSpan.TicksPerDay,
            "h" or "hr" or "hrs" or "hour" or "hours" => TimeSpan.TicksPerHour,
            "m" or "min" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
            "s" or "sec" or "second" or "seconds" => TimeSpan.TicksPerSecond,
            "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
            "micro" or "micros" or "microsecond" or "microseconds" => 10,
            "nano" or "nanos" or "nanosecond" or "nanoseconds" => 0.01m,
            "tick" or "ticks" => 1,
            _ => 0,
        };
        if (scale == 0 || Math.Abs(number) > long.MaxValue / scale)
        {
            return null;
        }

        return (long)Math.Round(number * scale, MidpointRounding.AwayFromZero);
    }

    /// <summary>The value of <c>type(…)</c>: true with null for <c>null</c>; false when the text is no value of the type.</summary>
    public static bool TryReadTyped(string token, out KqlType type, out object? value)
    {
        var open = token.IndexOf('(', StringComparison.Ordinal);
        type = TypeOf(token[..open]) ?? KqlType.Unknown;
        var text = token.EndsWith(')') ? token[(open + 1)..^1].Trim() : token[(open + 1)..].Trim();
        if (text.Length >= 2 && text[0] is '"' or '\'' && text[^1] == text[0])
        {
            text = text[1..^1];
        }

        value = null;
        if (text.Length == 0 || text.Equals("null", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        value = type switch
        {
            KqlType.Bool => text.ToLowerInvariant() switch { "true" or "1" => true, "false" or "0" => false, _ => null },
            KqlType.Int => ReadInt(text),
            KqlType.Long => ReadSigned(text),
            KqlType.Real => ReadTypedReal(text),
            KqlType.Decimal => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) ? exact.ToString(CultureInfo.InvariantCulture) : null,
            KqlType.DateTime => ReadDateTime(text),
            KqlType.TimeSpan => ReadTypedTimeSpan(text),
            KqlType.Guid => Guid.TryParse(text, out var guid) ? guid : null,
            _ => null,
        };
        return value is not null;
    }

    private static object? ReadSigned(string text) => text switch
    {
        ['-', .. var rest] => ReadLong(rest.Trim()) is long value ? -value : text == "-9223372036854775808" ? long.MinValue : null,
        ['+', .. var rest] => ReadLong(rest.Trim()),
        _ => ReadLong(text),
    };

    // Hexadecimal digits are the bits of the number, so the highest one is the sign.
    private static object? ReadInt(string text) => ReadSigned(text) switch
    {
        long number and >= int.MinValue and <= int.MaxValue => (int)number,
        long bits and > int.MaxValue and <= uint.MaxValue when text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) => unchecked((int)bits),
        _ => null,
    };

    private static object? ReadTypedReal(string text) => text.ToLowerInvariant() switch
    {
        "nan" => double.NaN,
        "inf" or "+inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => ReadReal(text),
    };

    private static object? ReadTypedTimeSpan(string text)
    {
        if (ReadTimeSpan(text) is { } simple)
        {
            return simple;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var days))
        {
            return days * TimeSpan.TicksPerDay;
        }

        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? span.Ticks : null;
    }

    private static object? ReadDateTime(string text)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces;
        if (DateTime.TryParse(text, CultureInfo.InvariantCulture, Utc, out var value))
        {
            return value.Ticks;
        }

        string[] formats = ["yyyy", "yyyy-MM", "yyyyMMdd", "yyyy-MM-dd HH", "yyyy-MM-ddTHH", "yyyy-MM-ddTHHZ", "yyyyMMddHHmmss"];
        return DateTime.TryParseExact(text, formats, CultureInfo.InvariantCulture, Utc, out value) ? value.Ticks : null;
    }

    /// <summary>Where a backslash begins no escape, or -1.</summary>
    public static int FindBadEscape(string token)
    {
        var quote = token.IndexOfAny(['"', '\'', '`', '~', '@']);
        if (token[quote] is '@' or '`' or '~')
        {
            return -1;
        }

        for (var i = quote + 1; i < token.Length - 1; i++)
        {
            if (token[i] != '\\')
            {
                continue;
            }

            if (EscapeLength(token, i) == 0)
            {
                return i;
            }

            i++;
        }

        return -1;
    }

    private static int EscapeLength(string text, int at) => text[at + 1] switch
    {
        '\\' or '"' or '\'' or 'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v' => 2,
        >= '0' and <= '7' => 1 + Digits(text, at + 1, 3, c => c is >= '0' and <= '7'),
        'x' => Digits(text, at + 2, 2, char.IsAsciiHexDigit) is var n and > 0 ? 2 + n : 0,
        'u' => Digits(text, at + 2, 4, char.IsAsciiHexDigit) == 4 ? 6 : 0,
        'U' => Digits(text, at + 2, 8, char.IsAsciiHexDigit) == 8 ? 10 : 0,
        _ => 0,
    };

    private static int Digits(string text, int from, int most, Func<char, bool> isDigit)
    {
        var count = 0;
        while (count < most && from + count < text.Length && isDigit(text[from + count]))
        {
            count++;
        }

        return count;
    }

    /// <summary>The characters that a string literal stands for.</summary>
    public static string ReadString(SyntaxToken token)
    {
        var text = token.Text.AsSpan();
        if (text.Length > 0 && text[0] is 'h' or 'H')
        {
            text = text[1..];
        }

        if (text.Length >= 3 && text[0] is '`' or '~')
        {
            return text[3..(token.IsComplete && text.Length >= 6 ? ^3 : ^0)].ToString();
        }

        var verbatim = text.Length > 0 && text[0] == '@';
        text = verbatim ? text[1..] : text;
        if (text.Length == 0)
        {
            return "";
        }

        var quote = text[0];
        var body = text[1..(token.IsComplete ? ^1 : ^0)];
        if (verbatim)
        {
            return body.ToString().Replace(new string(quote, 2), quote.ToString(), StringComparison.Ordinal);
        }

        return body.Contains('\\') ? Unescape(body.ToString()) : body.ToString();
    }

    private static string Unescape(string body)
    {
        var text = new StringBuilder(body.Length);
        for (var i = 0; i < body.Length; i++)
        {
            var c = body[i];
            if (c != '\\' || i == body.Length - 1)
            {
                text.Append(c);
                continue;
            }

            var length = EscapeLength(body, i);
            if (length == 0)
            {
                text.Append(c);
                continue;
            }

            var code = body[i + 1];
            switch (code)
            {
                case >= '0' and <= '7':
                    text.Append((char)Convert.ToInt32(body.Substring(i + 1, length - 1), 8));
                    break;
                case 'x' or 'u':
                    text.Append((char)Convert.ToInt32(body.Substring(i + 2, length - 2), 16));
                    break;
                case 'U':
                    var point = Convert.ToInt64(body.Substring(i + 2, 8), 16);
                    text.Append(point <= 0x10FFFF && point is < 0xD800 or > 0xDFFF and <= 0x10FFFF ? char.ConvertFromUtf32((int)point) : "\uFFFD");
                    break;
                default:
                    text.Append(code switch { 'a' => '\a', 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', 'v' => '\v', _ => code });
                    break;
            }

            i += length - 1;
        }

        return text.ToString();
    }
}
