using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions;

/// <summary>
/// One value as managed bodies see it. datetime and timespan are ticks of 100 ns, dynamic is compact JSON text, a string is never null.
/// </summary>
public readonly struct KqlValue
{
    private readonly object? reference;
    private readonly long bits;

    private KqlValue(KqlType type, long bits, object? reference, bool isNull)
    {
        Type = type;
        this.bits = bits;
        this.reference = reference;
        IsNull = isNull;
    }

    public KqlType Type { get; }

    public bool IsNull { get; }

    public bool AsBool => bits != 0;

    /// <summary>Of int, long, datetime and timespan.</summary>
    public long AsLong => Type switch
    {
        KqlType.Real => (long)BitConverter.Int64BitsToDouble(bits),
        KqlType.Decimal => (long)(AsDecimal.ToBigInteger() ?? 0),
        _ => bits,
    };

    /// <summary>Of any number.</summary>
    public double AsReal => Type switch
    {
        KqlType.Real => BitConverter.Int64BitsToDouble(bits),
        KqlType.Decimal => AsDecimal.ToDouble(),
        _ => bits,
    };

    /// <summary>Of string, and the JSON text of dynamic; '' for null.</summary>
    public string AsText => reference as string ?? "";

    public Guid AsGuid => reference is Guid guid ? guid : default;

    public KqlDecimal AsDecimal => Type == KqlType.Decimal
        ? reference as KqlDecimal ?? KqlDecimal.Zero
        : Type == KqlType.Real ? KqlDecimal.FromDouble(AsReal) ?? KqlDecimal.Zero : KqlDecimal.FromLong(bits);

    /// <summary>The null of a type; for string that is ''.</summary>
    public static KqlValue Null(KqlType type) => type == KqlType.String ? Text("") : new(type, 0, null, isNull: true);

    public static KqlValue Bool(bool value) => new(KqlType.Bool, value ? 1 : 0, null, isNull: false);

    public static KqlValue Bool(bool? value) => value is { } v ? Bool(v) : Null(KqlType.Bool);

    public static KqlValue Int(int value) => new(KqlType.Int, value, null, isNull: false);

    public static KqlValue Long(long value) => new(KqlType.Long, value, null, isNull: false);

    public static KqlValue Long(long? value) => value is { } v ? Long(v) : Null(KqlType.Long);

    public static KqlValue Real(double value) => new(KqlType.Real, BitConverter.DoubleToInt64Bits(value), null, isNull: false);

    public static KqlValue Real(double? value) => value is { } v ? Real(v) : Null(KqlType.Real);

    public static KqlValue Text(string value) => new(KqlType.String, 0, value, isNull: false);

    public static KqlValue DateTime(long ticks) => new(KqlType.DateTime, ticks, null, isNull: false);

    public static KqlValue DateTime(long? ticks) => ticks is { } v ? DateTime(v) : Null(KqlType.DateTime);

    public static KqlValue TimeSpan(long ticks) => new(KqlType.TimeSpan, ticks, null, isNull: false);

    public static KqlValue TimeSpan(long? ticks) => ticks is { } v ? TimeSpan(v) : Null(KqlType.TimeSpan);

    public static KqlValue Guid(Guid value) => new(KqlType.Guid, 0, value, isNull: false);

    public static KqlValue Decimal(KqlDecimal? value) => value is null ? Null(KqlType.Decimal) : new(KqlType.Decimal, 0, value, isNull: false);

    /// <summary>A dynamic value by its JSON text; the text <c>null</c> is the null value.</summary>
    public static KqlValue Dynamic(string? json) =>
        json is null or "null" ? Null(KqlType.Dynamic) : new(KqlType.Dynamic, 0, json, isNull: false);
}
