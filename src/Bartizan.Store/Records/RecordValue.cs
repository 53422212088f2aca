using Bartizan.Store.Engines.Relational;

namespace Bartizan.Store.Records;

/// <summary>A value of an indexed field, in the form that is compared: text without regard to case, everything else as a number.</summary>
public readonly record struct RecordValue
{
    private RecordValue(string? text, long? number)
    {
        Text = text?.ToLowerInvariant();
        Number = number;
    }

    internal string? Text { get; }

    internal long? Number { get; }

    internal string StoredText => Text ?? "";

    internal long StoredNumber => Number ?? RecordFieldRow.AbsentNumber;

    public static RecordValue Of(string? text) => new(text ?? "", null);

    public static RecordValue Of(long? number) => new(null, number);

    public static RecordValue Of(bool? flag) => new(null, flag is null ? null : flag.Value ? 1 : 0);

    public static RecordValue Of(DateTimeOffset? time) => new(null, time?.UtcTicks);

    /// <summary>Doubles keep their order as integers: the sign bit folded, negative values mirrored.</summary>
    public static RecordValue Of(double? number)
    {
        if (number is not { } value)
        {
            return new(null, null);
        }

        var bits = BitConverter.DoubleToInt64Bits(value);
        return new(null, bits >= 0 ? bits : bits ^ long.MaxValue);
    }

#pragma warning disable CA2225 // Of(…) are the named twins.
    public static implicit operator RecordValue(string? text) => Of(text);

    public static implicit operator RecordValue(long number) => Of(number);

    public static implicit operator RecordValue(int number) => Of(number);

    public static implicit operator RecordValue(bool flag) => Of(flag);

    public static implicit operator RecordValue(DateTimeOffset time) => Of(time);

    public static implicit operator RecordValue(double number) => Of(number);
#pragma warning restore CA2225
}
