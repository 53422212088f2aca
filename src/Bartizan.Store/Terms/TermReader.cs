namespace Bartizan.Store.Terms;

/// <summary>Collects the words of texts. Values that come again and again, as in logs most do, are read once.</summary>
internal sealed class TermReader
{
    private const int Slots = 4096;
    private const int LongestKept = 256;

    private readonly byte[]?[] seen = new byte[Slots][];
    private readonly int[] lengths = new int[Slots];
    private byte[] unescaped = new byte[1024];

    public HashSet<ulong> Hashes { get; } = [];

    private static ReadOnlySpan<byte> Letters => Table;

    private static readonly byte[] Table = MakeTable();

    /// <param name="isJson">Escapes are then read both as they stand and as what they mean.</param>
    public void Add(ReadOnlySpan<byte> text, bool isJson)
    {
        if (text.IsEmpty || WasSeen(text))
        {
            return;
        }

        AddWords(text);
        if (isJson && text.Contains((byte)'\\'))
        {
            AddWords(Unescape(text));
        }
    }

    private static byte[] MakeTable()
    {
        var table = new byte[256];
        for (var b = 0; b < 128; b++)
        {
            table[b] = char.IsAsciiLetterOrDigit((char)b) ? (byte)char.ToLowerInvariant((char)b) : (byte)0;
        }

        return table;
    }

    /// <summary>The whole value is compared: a value that only hashes alike is never taken for one that was read.</summary>
    private bool WasSeen(ReadOnlySpan<byte> text)
    {
        if (text.Length > LongestKept)
        {
            return false;
        }

        var hash = new HashCode();
        hash.AddBytes(text);
        var slot = hash.ToHashCode() & (Slots - 1);
        var kept = seen[slot] ??= new byte[LongestKept];
        if (text.SequenceEqual(kept.AsSpan(0, lengths[slot])))
        {
            return true;
        }

        text.CopyTo(kept);
        lengths[slot] = text.Length;
        return false;
    }

    private void AddWords(ReadOnlySpan<byte> text)
    {
        var letters = Letters;
        var state = TermHash.Start;
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var letter = i < text.Length ? letters[text[i]] : (byte)0;
            if (letter != 0)
            {
                if (start < 0)
                {
                    (start, state) = (i, TermHash.Start);
                }

                state = TermHash.Add(state, letter);
            }
            else if (start >= 0)
            {
                // The pieces of a word that is known are known.
                if (Hashes.Add(TermHash.Word(state)) && i - start >= TermHash.GramLength)
                {
                    AddGrams(text[start..i]);
                }

                start = -1;
            }
        }
    }

    private void AddGrams(ReadOnlySpan<byte> word)
    {
        var letters = Letters;
        var gram = 0u;
        for (var i = 0; i < word.Length; i++)
        {
            gram = (gram << 8) | letters[word[i]];
            if (i >= TermHash.GramLength - 1 && TermHash.OfGram(gram) is { } hash)
            {
                Hashes.Add(hash);
            }
        }
    }

    /// <summary>The JSON text with every escape replaced by the character it stands for; those outside ASCII only part words.</summary>
    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> json)
    {
        if (unescaped.Length < json.Length)
        {
            unescaped = new byte[json.Length * 2];
        }

        var length = 0;
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] != '\\' || i + 1 >= json.Length)
            {
                unescaped[length++] = json[i];
                continue;
            }

            i++;
            if (json[i] != 'u')
            {
                unescaped[length++] = (byte)' ';
                continue;
            }

            var code = i + 4 < json.Length && System.Buffers.Text.Utf8Parser.TryParse(json.Slice(i + 1, 4), out ushort value, out var read, 'x') && read == 4 ? value : ' ';
            unescaped[length++] = code < 128 ? (byte)code : (byte)' ';
            i = Math.Min(i + 4, json.Length - 1);
        }

        return unescaped.AsSpan(0, length);
    }
}
