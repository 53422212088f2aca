using System.Globalization;

namespace Bartizan.Policy.Values;

/// <summary>How the policy language compares values of different types.</summary>
internal static class Coercion
{
    private const NumberStyles RealStyle = NumberStyles.Float;

    /// <summary>
    /// Equality: strings without regard to case, a string equals a number or boolean that it spells, null equals the empty string,
    /// undefined equals nothing.
    /// </summary>
    public static bool Equal(PolicyValue left, PolicyValue right)
    {
        switch (left, right)
        {
            case (StringValue a, StringValue b):
                return CaseFolding.Equal(a.Text, b.Text);
            case (NumberValue a, NumberValue b):
                return NumberValue.Compare(a, b) == 0;
            case (StringValue a, NumberValue b):
                return ToNumber(a.Text) is { } x && NumberValue.Compare(x, b) == 0;
            case (NumberValue a, StringValue b):
                return ToNumber(b.Text) is { } y && NumberValue.Compare(a, y) == 0;
            case (BooleanValue a, BooleanValue b):
                return a.Value == b.Value;
            case (StringValue a, BooleanValue b):
                return ToBoolean(a) == b.Value;
            case (BooleanValue a, StringValue b):
                return ToBoolean(b) == a.Value;
            case (NullValue, NullValue):
                return true;
            case (NullValue, StringValue b):
                return b.Text.Length == 0;
            case (StringValue a, NullValue):
                return a.Text.Length == 0;
            case (ArrayValue or ObjectValue, ArrayValue or ObjectValue):
                return Same(left, right);
            default:
                return false;
        }
    }

    /// <summary>Whether two values are the same JSON: exact text, numbers by value, names without regard to case.</summary>
    public static bool Same(PolicyValue left, PolicyValue right)
    {
        switch (left, right)
        {
            case (StringValue a, StringValue b):
                return string.Equals(a.Text, b.Text, StringComparison.Ordinal);
            case (NumberValue a, NumberValue b):
                return NumberValue.Compare(a, b) == 0;
            case (ArrayValue a, ArrayValue b):
                return a.Items.Length == b.Items.Length && a.Items.Zip(b.Items).All(pair => Same(pair.First, pair.Second));
            case (ObjectValue a, ObjectValue b):
                return a.Names.Length == b.Names.Length
                    && a.Names.Select((name, i) => b.Find(name) is { IsUndefined: false } other && Same(a.Values[i], other)).All(same => same);
            default:
                return ReferenceEquals(left, right);
        }
    }

    /// <summary>Order of two values, or null where they have none.</summary>
    public static int? Order(PolicyValue left, PolicyValue right) => (left, right) switch
    {
        (StringValue a, StringValue b) => OrderText(a.Text, b.Text),
        (NumberValue a, NumberValue b) => NumberValue.Compare(a, b),
        (BooleanValue a, BooleanValue b) => a.Value.CompareTo(b.Value),
        (StringValue a, NumberValue b) => ToNumber(a.Text) is { } x ? NumberValue.Compare(x, b) : null,
        (NumberValue a, StringValue b) => ToNumber(b.Text) is { } y ? NumberValue.Compare(a, y) : null,
        _ => null,
    };

    public static bool? ToBoolean(PolicyValue value) => value switch
    {
        BooleanValue b => b.Value,
        StringValue { Text: var t } when t.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
        StringValue { Text: var t } when t.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
        _ => null,
    };

    public static NumberValue? ToNumber(string text)
    {
        var trimmed = text.AsSpan().Trim();
        if (trimmed.IsEmpty)
        {
            return null;
        }

        if (long.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            return new NumberValue(integer);
        }

        return double.TryParse(trimmed, RealStyle, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real)
            ? new NumberValue(real)
            : null;
    }

    /// <summary>Two points in time compare as such, whatever their precision or offset; other text by its folded characters.</summary>
    private static int OrderText(string left, string right) =>
        LooksLikeTime(left) && LooksLikeTime(right)
        && TryTime(left, out var a) && TryTime(right, out var b)
            ? a.CompareTo(b)
            : CaseFolding.Compare(left, right);

    private static bool LooksLikeTime(string text) =>
        text.Length >= 19 && char.IsAsciiDigit(text[0]) && text[4] == '-' && text[7] == '-' && text[10] is 'T' or 't' or ' ' && text[13] == ':';

    private static bool TryTime(string text, out DateTimeOffset time) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out time);
}
