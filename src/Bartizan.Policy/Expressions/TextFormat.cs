using System.Globalization;
using System.Text;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>The <c>format()</c> function: <c>{index[,width][:format]}</c>, doubled braces for braces, as .NET formats text.</summary>
internal static class TextFormat
{
    private const int MaxWidth = 10_000;
    private const int MaxLength = 1_048_576;

    /// <summary>A number of digits beyond this in a format is refused.</summary>
    private const int MaxDigits = 1_000;

    public static PolicyValue Apply(string template, ReadOnlySpan<PolicyValue> values)
    {
        var text = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            var c = template[i];
            if (c is '{' or '}' && i + 1 < template.Length && template[i + 1] == c)
            {
                text.Append(c);
                i++;
            }
            else if (c == '}')
            {
                return new FailureValue($"format() met a '}}' without its '{{' at character {i}.");
            }
            else if (c != '{')
            {
                text.Append(c);
            }
            else
            {
                var close = template.IndexOf('}', i);
                if (close < 0)
                {
                    return new FailureValue($"format() met a '{{' without its '}}' at character {i}.");
                }

                if (Place(text, template[(i + 1)..close], values) is { } fault)
                {
                    return new FailureValue(fault);
                }

                i = close;
            }
        }

        return PolicyValue.Of(text.ToString());
    }

    private static string? Place(StringBuilder text, string placeholder, ReadOnlySpan<PolicyValue> values)
    {
        var colon = placeholder.IndexOf(':', StringComparison.Ordinal);
        var format = colon < 0 ? "" : placeholder[(colon + 1)..];
        var head = colon < 0 ? placeholder : placeholder[..colon];
        var comma = head.IndexOf(',', StringComparison.Ordinal);
        var width = 0;
        if (comma >= 0 && !int.TryParse(head[(comma + 1)..].Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out width))
        {
            return $"format() cannot read the width in '{{{placeholder}}}'.";
        }

        if (!int.TryParse(comma < 0 ? head : head[..comma], NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var index))
        {
            return $"format() expects a number in '{{{placeholder}}}'.";
        }

        if (index >= values.Length)
        {
            return $"format() was given {values.Length} values, and '{{{placeholder}}}' asks for one more.";
        }

        if (Math.Abs((long)width) > MaxWidth)
        {
            return $"format() does not pad to more than {MaxWidth} characters.";
        }

        if (Format(values[index], format) is not { } piece)
        {
            return $"format() does not know the format '{format}' for {values[index]}.";
        }

        if (text.Length + Math.Max(piece.Length, Math.Abs(width)) > MaxLength)
        {
            return $"format() would make a text of more than {MaxLength} characters.";
        }

        text.Append(width > 0 ? piece.PadLeft(width) : piece.PadRight(-width));
        return null;
    }

    /// <summary>The value's text in a format; null when numbers have no such format.</summary>
    private static string? Format(PolicyValue value, string format)
    {
        var raw = value switch
        {
            BooleanValue b => b.Value ? "True" : "False",
            NullValue => "",
            _ => ConversionFunctions.ToText(value),
        };

        if (format.Length == 0 || value is not NumberValue n)
        {
            return raw;
        }

        if (format.Length > 1 && int.TryParse(format.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var digits) && digits > MaxDigits)
        {
            return null;
        }

        try
        {
            return n.IsInteger ? NumberFunctions.Invariant(n.Integer, format) : NumberFunctions.Invariant(n.Real, format);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
