using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Aggregates;

/// <summary>A stable 64-bit hash of a value (xxHash64 of its bytes), the same on every machine and in every version, since sketches are stored.</summary>
internal static class ValueHash
{
    private const ulong P1 = 11400714785074694791;
    private const ulong P2 = 14029467366897019727;
    private const ulong P3 = 1609587929392839161;
    private const ulong P4 = 9650029242287828579;
    private const ulong P5 = 2870177450012600261;

    public static ulong Of(KqlValue value)
    {
        switch (value.Type)
        {
            case KqlType.String or KqlType.Dynamic:
                return Of(MemoryMarshal.AsBytes(value.AsText.AsSpan()));
            case KqlType.Guid:
                Span<byte> guid = stackalloc byte[16];
                _ = value.AsGuid.TryWriteBytes(guid);
                return Of(guid);
            case KqlType.Decimal:
                return Of(MemoryMarshal.AsBytes(value.AsDecimal.ToString().AsSpan()));
            case KqlType.Real:
                // 0.0 and -0.0 are one value.
                return Of(value.AsReal == 0 ? 0 : BitConverter.DoubleToInt64Bits(value.AsReal));
            case KqlType.Bool:
                return Of(value.AsBool ? 1 : 0);
            default:
                return Of(value.AsLong);
        }
    }

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = (ulong)bytes.Length;
        if (bytes.Length >= 32)
        {
            ulong a = unchecked(P1 + P2), b = P2, c = 0, d = unchecked(0 - P1);
            while (bytes.Length >= 32)
            {
                a = Round(a, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
                b = Round(b, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
                c = Round(c, BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
                d = Round(d, BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
                bytes = bytes[32..];
            }

            var mixed = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
            hash += Fold(Fold(Fold(Fold(mixed, a), b), c), d);
        }
        else
        {
            hash += P5;
        }

        while (bytes.Length >= 8)
        {
            hash = (BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(bytes)), 27) * P1) + P4;
            bytes = bytes[8..];
        }

        if (bytes.Length >= 4)
        {
            hash = (BitOperations.RotateLeft(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(bytes) * P1), 23) * P2) + P3;
            bytes = bytes[4..];
        }

        foreach (var one in bytes)
        {
            hash = BitOperations.RotateLeft(hash ^ (one * P5), 11) * P1;
        }

        return Finish(hash);
    }

    private static ulong Of(long value) =>
        Finish((BitOperations.RotateLeft(unchecked(P5 + 8) ^ Round(0, unchecked((ulong)value)), 27) * P1) + P4);

    private static ulong Round(ulong lane, ulong input) => BitOperations.RotateLeft(lane + (input * P2), 31) * P1;

    private static ulong Fold(ulong hash, ulong lane) => ((hash ^ Round(0, lane)) * P1) + P4;

    private static ulong Finish(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * P2;
        hash = (hash ^ (hash >> 29)) * P3;
        return hash ^ (hash >> 32);
    }
}
