using System.Buffers.Binary;
using System.Text;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Store.Engines.DuckDb;

/// <summary>
/// Reads one column of a chunk as values of a Kusto type. The engine's own type is looked at, since its functions may give a wider or
/// narrower number than the column is declared with.
/// </summary>
internal readonly unsafe struct VectorReader
{
    private readonly byte* values;
    private readonly ulong* validity;
    private readonly int engineType;
    private readonly KqlType type;

    public VectorReader(nint vector, KqlType type)
    {
        this.type = type;
        values = (byte*)ChunkApi.GetVectorValues(vector);
        validity = ChunkApi.GetValidity(vector);
        var logical = FunctionApi.VectorType(vector);
        engineType = FunctionApi.TypeId(logical);
        ChunkApi.DestroyLogicalType(ref logical);
    }

    public bool IsText => engineType == 17;

    public bool IsValid(int row) => validity is null || (validity[row >> 6] >> (row & 63) & 1) != 0;

    /// <summary>The bytes of a text, in the engine's memory.</summary>
    public ReadOnlySpan<byte> Utf8(int row)
    {
        var slot = values + (row * 16L);
        var length = *(int*)slot;
        return length <= 12 ? new ReadOnlySpan<byte>(slot + 4, length) : new ReadOnlySpan<byte>(*(byte**)(slot + 8), length);
    }

    public KqlValue this[int row]
    {
        get
        {
            if (!IsValid(row))
            {
                return KqlValue.Null(type);
            }

            return engineType switch
            {
                1 => Whole(values[row]),
                2 => Whole((sbyte)values[row]),
                3 => Whole(((short*)values)[row]),
                4 => Whole(((int*)values)[row]),
                5 => Whole(((long*)values)[row]),
                6 => Whole(values[row]),
                7 => Whole(((ushort*)values)[row]),
                8 => Whole(((uint*)values)[row]),
                9 => Whole(unchecked((long)((ulong*)values)[row])),
                10 => Real(((float*)values)[row]),
                11 => Real(((double*)values)[row]),
                16 => Huge(row),
                17 => Text(row),
                27 => Guid(row),
                // An untyped NULL.
                36 or 0 => KqlValue.Null(type),
                _ => throw new InvalidOperationException($"The engine gave a value of its type {engineType}, which no {Conversion.NameOf(type)} is kept as."),
            };
        }
    }

    private KqlValue Whole(long value) => type switch
    {
        KqlType.Bool => KqlValue.Bool(value != 0),
        KqlType.Int => KqlValue.Int(unchecked((int)value)),
        KqlType.DateTime => value is >= 0 and <= KqlTime.MaxTicks ? KqlValue.DateTime(value) : KqlValue.Null(type),
        KqlType.TimeSpan => KqlValue.TimeSpan(value),
        KqlType.Real => KqlValue.Real((double)value),
        KqlType.Long or KqlType.Unknown => KqlValue.Long(value),
        _ => Conversion.To(KqlValue.Long(value), type),
    };

    private KqlValue Real(double value) => type is KqlType.Real ? KqlValue.Real(value) : Conversion.To(KqlValue.Real(value), type);

    // Sums come as 128 bits; Kusto's wrap around in 64.
    private KqlValue Huge(int row)
    {
        var low = ((ulong*)values)[row * 2];
        var high = ((long*)values)[(row * 2) + 1];
        return type == KqlType.Real ? KqlValue.Real(((double)high * 18446744073709551616.0) + low) : Whole(unchecked((long)low));
    }

    private KqlValue Text(int row)
    {
        var text = Encoding.UTF8.GetString(Utf8(row));
        return type switch
        {
            KqlType.String or KqlType.Unknown => KqlValue.Text(text),
            KqlType.Dynamic => KqlValue.Dynamic(text),
            KqlType.Decimal => KqlValue.Decimal(KqlDecimal.Parse(text)),
            _ => Conversion.To(KqlValue.Text(text), type),
        };
    }

    private KqlValue Guid(int row)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong*)values)[(row * 2) + 1] ^ (1UL << 63));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], ((ulong*)values)[row * 2]);
        var guid = new Guid(bytes, bigEndian: true);
        return type == KqlType.Guid ? KqlValue.Guid(guid) : Conversion.To(KqlValue.Guid(guid), type);
    }
}
