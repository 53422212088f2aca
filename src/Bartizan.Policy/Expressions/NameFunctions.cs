using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>Names made from others, the same each time: guid, uniqueString.</summary>
internal static class NameFunctions
{
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";

    private static readonly Guid GuidNamespace = new("11fb06fb-712d-4ddd-98c7-e71bbd588830");

    public static IReadOnlyList<TemplateFunction> All { get; } =
    [
        new("guid", 1, FunctionTable.Many, a => Joined(a) is { } text ? PolicyValue.Of(MakeGuid(text)) : PolicyValue.Undefined),
        new("uniqueString", 1, FunctionTable.Many, a => Joined(a) is { } text ? PolicyValue.Of(Spell(Hash(Encoding.UTF8.GetBytes(text)))) : PolicyValue.Undefined),
    ];

    private static string? Joined(PolicyValue[] a) => a.All(v => v is StringValue) ? string.Join('-', a.Select(v => v.AsText)) : null;

    /// <summary>A name-based guid (version 5) in the resource manager's namespace.</summary>
    private static string MakeGuid(string text)
    {
        byte[] input = [.. GuidNamespace.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(text)];
#pragma warning disable CA5350 // SHA-1 is what a version 5 guid is made of; nothing is protected by it.
        var hash = SHA1.HashData(input);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0f) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true).ToString();
    }

    /// <summary>13 letters of five bits each, the highest first.</summary>
    private static string Spell(ulong value)
    {
        Span<char> letters = stackalloc char[13];
        for (var i = 0; i < letters.Length; i++)
        {
            letters[i] = Base32[(int)(value >> 59)];
            value <<= 5;
        }

        return letters.ToString();
    }

    /// <summary>MurmurHash in two lanes of 32 bits, with the constants that the resource manager's uniqueString has.</summary>
    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        uint first = 0, second = 0;
        var rest = bytes;
        for (; rest.Length >= 8; rest = rest[8..])
        {
            first ^= MixFirst(BinaryPrimitives.ReadUInt32LittleEndian(rest));
            first = ((BitOperations.RotateLeft(first, 19) + second) * 5) + 0x561ccd1b;
            second ^= MixSecond(BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]));
            second = ((BitOperations.RotateLeft(second, 13) + first) * 5) + 0x0bcaa747;
        }

        if (!rest.IsEmpty)
        {
            first ^= MixFirst(Partial(rest[..Math.Min(4, rest.Length)]));
        }

        if (rest.Length > 4)
        {
            second ^= MixSecond(Partial(rest[4..]));
        }

        first ^= (uint)bytes.Length;
        second ^= (uint)bytes.Length;
        first += second;
        second += first;
        first = Finish(first);
        second = Finish(second);
        first += second;
        second += first;
        return ((ulong)second << 32) | first;
    }

    private static uint MixFirst(uint k) => BitOperations.RotateLeft(k * 0x239b961b, 15) * 0xab0e9789;

    private static uint MixSecond(uint k) => BitOperations.RotateLeft(k * 0xab0e9789, 17) * 0x239b961b;

    private static uint Finish(uint h)
    {
        h = (h ^ (h >> 16)) * 0x85ebca6b;
        h = (h ^ (h >> 13)) * 0xc2b2ae35;
        return h ^ (h >> 16);
    }

    private static uint Partial(ReadOnlySpan<byte> bytes)
    {
        var value = 0u;
        for (var i = 0; i < bytes.Length; i++)
        {
            value |= (uint)bytes[i] << (8 * i);
        }

        return value;
    }
}
