using System.Buffers.Binary;
using Bartizan.Kql.Sql;

namespace Bartizan.Store.Terms;

/// <summary>
/// The words of many rows, small: asked for a word it answers "perhaps" or "certainly not". A split block Bloom filter: one block of 256 bits a
/// word, eight bits in it, about one wrong "perhaps" in a hundred.
/// </summary>
internal readonly struct TermFilter(byte[] blocks)
{
    private const int BlockBytes = 32;
    private const int BitsPerHash = 11;

    private static ReadOnlySpan<uint> Salts => [0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31];

    public byte[] Blocks => blocks;

    public static TermFilter Of(IReadOnlyCollection<ulong> hashes)
    {
        var blocks = new byte[Math.Max(1, ((hashes.Count * BitsPerHash) + 255) / 256) * BlockBytes];
        foreach (var hash in hashes)
        {
            var block = Block(blocks, hash);
            for (var i = 0; i < Salts.Length; i++)
            {
                block[Place(hash, i, out var bit)] |= bit;
            }
        }

        return new TermFilter(blocks);
    }

    /// <summary>Whether rows behind this filter can hold what is asked for.</summary>
    public bool MayHold(TermCondition condition)
    {
        switch (condition)
        {
            case TermCondition.Word word:
                return MayHold(TermHash.OfWord(word.Text));
            case TermCondition.Part part:
                for (var i = 0; i + TermHash.GramLength <= part.Text.Length; i++)
                {
                    if (TermHash.OfGram(part.Text.AsSpan(i, TermHash.GramLength)) is { } gram && !MayHold(gram))
                    {
                        return false;
                    }
                }

                return true;
            case TermCondition.All all:
                foreach (var each in all.Conditions)
                {
                    if (!MayHold(each))
                    {
                        return false;
                    }
                }

                return true;
            case TermCondition.Any any:
                foreach (var each in any.Conditions)
                {
                    if (MayHold(each))
                    {
                        return true;
                    }
                }

                return false;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static Span<byte> Block(byte[] blocks, ulong hash)
    {
        var number = (int)(((hash >> 32) * (ulong)(blocks.Length / BlockBytes)) >> 32);
        return blocks.AsSpan(number * BlockBytes, BlockBytes);
    }

    /// <summary>The byte of the block, and the bit in it, that stands for the hash in the <paramref name="i"/>th of the block's eight parts.</summary>
    private static int Place(ulong hash, int i, out byte bit)
    {
        var at = (int)(((uint)hash * Salts[i]) >> 27);
        bit = (byte)(1 << (at & 7));
        return (i * 4) + (at >> 3);
    }

    private bool MayHold(ulong hash)
    {
        var block = Block(blocks, hash);
        for (var i = 0; i < Salts.Length; i++)
        {
            if ((block[Place(hash, i, out var bit)] & bit) == 0)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Hashes of words, and of the pieces of four letters that words are made of. They are stored: they must never change.</summary>
internal static class TermHash
{
    public const int GramLength = 4;
    public const ulong Start = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static ulong Add(ulong state, byte letter) => (state ^ letter) * Prime;

    public static ulong Word(ulong state) => Mix(state);

    public static ulong OfWord(string word)
    {
        var state = Start;
        foreach (var letter in word)
        {
            state = Add(state, (byte)letter);
        }

        return Word(state);
    }

    /// <summary>Null for pieces of hexadecimal digits alone: every identifier is made of these, and all of them occur everywhere.</summary>
    public static ulong? OfGram(uint letters) =>
        IsHex((byte)letters) && IsHex((byte)(letters >> 8)) && IsHex((byte)(letters >> 16)) && IsHex((byte)(letters >> 24)) ? null : Mix(letters | (1UL << 40));

    public static ulong? OfGram(ReadOnlySpan<char> letters)
    {
        Span<byte> bytes = [(byte)letters[0], (byte)letters[1], (byte)letters[2], (byte)letters[3]];
        return OfGram(BinaryPrimitives.ReadUInt32BigEndian(bytes));
    }

    private static bool IsHex(byte letter) => letter is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f');

    private static ulong Mix(ulong value)
    {
        value ^= value >> 33;
        value *= 0xff51afd7ed558ccd;
        value ^= value >> 33;
        value *= 0xc4ceb9fe1a85ec53;
        return value ^ (value >> 33);
    }
}
