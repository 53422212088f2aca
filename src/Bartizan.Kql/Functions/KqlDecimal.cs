using System.Globalization;
using System.Numerics;

namespace Bartizan.Kql.Functions;

/// <summary>A decimal number of up to 34 significant digits, as Kusto's decimal (IEEE 754 decimal128): digits × 10^-scale.</summary>
public sealed class KqlDecimal : IEquatable<KqlDecimal>
{
    public const int Precision = 34;
    private const int MaxExponent = 6144;

    private readonly BigInteger digits;
    private readonly int scale;

    private KqlDecimal(BigInteger digits, int scale)
    {
        this.digits = digits;
        this.scale = scale;
    }

    public static KqlDecimal Zero { get; } = new(BigInteger.Zero, 0);

    public bool IsZero => digits.IsZero;

    public static KqlDecimal FromLong(long value) => new(value, 0);

    public static KqlDecimal? FromDouble(double value) =>
        double.IsFinite(value) ? Parse(value.ToString("R", CultureInfo.InvariantCulture)) : null;

    /// <summary>Reads <c>-12.5</c>, <c>1e-3</c>; null when it is no number or out of range.</summary>
    public static KqlDecimal? Parse(string text)
    {
        var span = text.AsSpan().Trim();
        var negative = span.StartsWith("-");
        if (negative || span.StartsWith("+"))
        {
            span = span[1..];
        }

        var exponent = 0;
        var e = span.IndexOfAny('e', 'E');
        if (e >= 0)
        {
            if (!int.TryParse(span[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs((long)exponent) > MaxExponent)
            {
                return null;
            }

            span = span[..e];
        }

        var point = span.IndexOf('.');
        var whole = point < 0 ? span : span[..point];
        var fraction = point < 0 ? [] : span[(point + 1)..];
        if (whole.Length + fraction.Length is 0 or > 400)
        {
            return null;
        }

        var all = string.Concat(whole, fraction);
        if (!BigInteger.TryParse(all, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return null;
        }

        return Make(negative ? -value : value, fraction.Length - exponent);
    }

    public static KqlDecimal? Add(KqlDecimal left, KqlDecimal right) => Aligned(left, right, out var a, out var b, out var s) ? Make(a + b, s) : Larger(left, right);

    public static KqlDecimal? Subtract(KqlDecimal left, KqlDecimal right) => Add(left, right.Negate());

    public static KqlDecimal? Multiply(KqlDecimal left, KqlDecimal right) => Make(left.digits * right.digits, left.scale + right.scale);

    /// <summary>Null when dividing by zero.</summary>
    public static KqlDecimal? Divide(KqlDecimal left, KqlDecimal right)
    {
        if (right.IsZero)
        {
            return null;
        }

        var shift = Math.Max(0, Precision + 2 - (Length(left.digits) - Length(right.digits)));
        var quotient = BigInteger.DivRem(left.digits * BigInteger.Pow(10, shift), right.digits, out var rest);
        // A digit beyond the last keeps the final rounding right when the division is not exact.
        var sticky = rest.IsZero ? BigInteger.Zero : new BigInteger(left.digits.Sign * right.digits.Sign);
        return rest.IsZero ? Make(quotient, left.scale - right.scale + shift) : Make((quotient * 10) + sticky, left.scale - right.scale + shift + 1);
    }

    public static KqlDecimal? Remainder(KqlDecimal left, KqlDecimal right) =>
        right.IsZero || !Aligned(left, right, out var a, out var b, out var s) ? null : Make(BigInteger.Remainder(a, b), s);

    public KqlDecimal Negate() => new(-digits, scale);

    public KqlDecimal Abs() => digits.Sign < 0 ? Negate() : this;

    public int Sign => digits.Sign;

    public KqlDecimal Floor()
    {
        if (scale <= 0)
        {
            return this;
        }

        var quotient = BigInteger.DivRem(digits, BigInteger.Pow(10, scale), out var rest);
        return new KqlDecimal(rest.Sign < 0 ? quotient - 1 : quotient, 0);
    }

    public KqlDecimal Ceiling() => Negate().Floor().Negate();

    /// <summary>To so many places after the point (before it, when negative), halves away from zero.</summary>
    public KqlDecimal Round(int places)
    {
        if (scale <= places)
        {
            return this;
        }

        if (scale - places > 500)
        {
            return Zero;
        }

        var unit = BigInteger.Pow(10, scale - places);
        var quotient = BigInteger.DivRem(digits, unit, out var rest);
        if (BigInteger.Abs(rest) * 2 >= unit)
        {
            quotient += digits.Sign;
        }

        return new KqlDecimal(quotient, places);
    }

    /// <summary>Without what follows the point; null when it would have more digits than a long could ever need.</summary>
    public BigInteger? ToBigInteger() =>
        scale >= 0 ? scale > 500 ? BigInteger.Zero : BigInteger.Divide(digits, BigInteger.Pow(10, scale)) : scale < -500 ? null : digits * BigInteger.Pow(10, -scale);

    public double ToDouble() => double.Parse($"{digits}e{-scale}", CultureInfo.InvariantCulture);

    public int CompareTo(KqlDecimal? other)
    {
        if (other is null)
        {
            return 1;
        }

        if (digits.Sign != other.digits.Sign || digits.IsZero)
        {
            return digits.Sign.CompareTo(other.digits.Sign);
        }

        return Aligned(this, other, out var a, out var b, out _) ? a.CompareTo(b) : ReferenceEquals(Larger(this, other), this) ? digits.Sign : -digits.Sign;
    }

    public bool Equals(KqlDecimal? other) => other is not null && CompareTo(other) == 0;

    public override bool Equals(object? obj) => Equals(obj as KqlDecimal);

    public override int GetHashCode() => ToDouble().GetHashCode();

    /// <summary>The digits in full for ordinary sizes, with an exponent beyond; zeros at the end of the fraction are dropped.</summary>
    public override string ToString()
    {
        var (d, s) = Trimmed();
        if (s <= 0 && s >= -Precision)
        {
            return (d * BigInteger.Pow(10, -s)).ToString(CultureInfo.InvariantCulture);
        }

        var text = BigInteger.Abs(d).ToString(CultureInfo.InvariantCulture);
        var sign = d.Sign < 0 ? "-" : "";
        if (s > 0 && s <= Precision + 6)
        {
            text = text.PadLeft(s + 1, '0');
            return $"{sign}{text[..^s]}.{text[^s..]}";
        }

        var point = text.Length > 1 ? $".{text[1..]}" : "";
        var exponent = text.Length - 1 - s;
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{text[0]}{point}E{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent)}");
    }

    private static KqlDecimal Larger(KqlDecimal left, KqlDecimal right) =>
        left.IsZero ? right : right.IsZero ? left : Length(left.digits) - left.scale >= Length(right.digits) - right.scale ? left : right;

    private static KqlDecimal? Make(BigInteger digits, int scale)
    {
        var length = Length(digits);
        if (length > Precision)
        {
            var cut = length - Precision;
            var unit = BigInteger.Pow(10, cut);
            var quotient = BigInteger.DivRem(digits, unit, out var rest);
            var twice = BigInteger.Abs(rest) * 2;
            if (twice > unit || (twice == unit && !quotient.IsEven))
            {
                quotient += digits.Sign;
            }

            digits = quotient;
            scale -= cut;
        }

        if (digits.IsZero)
        {
            return Zero;
        }

        return Math.Abs((long)Length(digits) - scale) > MaxExponent + 1 ? null : new KqlDecimal(digits, scale);
    }

    /// <summary>False when the two lie so far apart that the smaller does not count.</summary>
    private static bool Aligned(KqlDecimal left, KqlDecimal right, out BigInteger a, out BigInteger b, out int scale)
    {
        scale = Math.Max(left.scale, right.scale);
        a = left.digits;
        b = right.digits;
        if (Math.Abs((long)left.scale - right.scale) > 200)
        {
            return false;
        }

        a *= BigInteger.Pow(10, scale - left.scale);
        b *= BigInteger.Pow(10, scale - right.scale);
        return true;
    }

    private static int Length(BigInteger value) => value.IsZero ? 1 : BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture).Length;

    private (BigInteger Digits, int Scale) Trimmed()
    {
        var (d, s) = (digits, scale);
        while (s > 0 && !d.IsZero && (d % 10).IsZero)
        {
            d /= 10;
            s--;
        }

        return d.IsZero ? (d, 0) : (d, s);
    }
}
