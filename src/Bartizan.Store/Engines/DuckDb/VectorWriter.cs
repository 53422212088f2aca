using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Store.Engines.DuckDb;

/// <summary>Writes values of a Kusto type into a vector of the engine's matching type.</summary>
internal unsafe ref struct VectorWriter(nint vector, KqlType type)
{
    private readonly byte* values = (byte*)ChunkApi.GetVectorValues(vector);
    private ulong* validity;

    public void Set(int row, KqlValue value)
    {
        if (value.Type != type)
        {
            value = Conversion.To(value, type);
        }

        if (value.IsNull)
        {
            SetNull(row);
            return;
        }

        switch (type)
        {
            case KqlType.Bool:
                values[row] = value.AsBool ? (byte)1 : (byte)0;
                break;
            case KqlType.Int:
                ((int*)values)[row] = (int)value.AsLong;
                break;
            case KqlType.Long or KqlType.DateTime or KqlType.TimeSpan:
                ((long*)values)[row] = value.AsLong;
                break;
            case KqlType.Real:
                ((double*)values)[row] = value.AsReal;
                break;
            case KqlType.Guid:
                Span<byte> bytes = stackalloc byte[16];
                value.AsGuid.TryWriteBytes(bytes, bigEndian: true, out _);
                ((ulong*)values)[row * 2] = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
                ((ulong*)values)[(row * 2) + 1] = BinaryPrimitives.ReadUInt64BigEndian(bytes) ^ (1UL << 63);
                break;
            default:
                SetText(vector, row, type == KqlType.Decimal ? value.AsDecimal.ToString() : value.AsText);
                break;
        }
    }

    public void SetBool(int row, bool value) => values[row] = value ? (byte)1 : (byte)0;

    public void SetNull(int row)
    {
        if (validity is null)
        {
            ChunkApi.EnsureValidityWritable(vector);
            validity = ChunkApi.GetValidity(vector);
        }

        validity[row >> 6] &= ~(1UL << (row & 63));
    }

    public static void SetText(nint vector, int row, string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = most > 512 ? ArrayPool<byte>.Shared.Rent(most) : null;
        var buffer = rented ?? stackalloc byte[512];
        var length = Encoding.UTF8.GetBytes(text, buffer);
        fixed (byte* start = buffer)
        {
            ChunkApi.AssignString(vector, (ulong)row, start, (ulong)length);
        }

        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
