using System.Text;

namespace Bartizan.Kql.Functions.Text;

/// <summary>Where in UTF-8 text a needle may stand.</summary>
[Flags]
internal enum Edges
{
    Anywhere = 0,

    /// <summary>No letter or digit before the needle, if it begins with one.</summary>
    TermStart = 1,

    /// <summary>No letter or digit after the needle, if it ends with one.</summary>
    TermEnd = 2,
}

/// <summary>One needle, prepared for search in many texts. ASCII needles are found on the bytes; others on the decoded text.</summary>
internal sealed class Utf8Needle
{
    private readonly byte[] bytes;
    private readonly byte[] folded;
    private readonly string text;
    private readonly bool ignoreCase;
    private readonly bool isAscii;
    private readonly bool checkStart;
    private readonly bool checkEnd;
    private readonly int anchor;
    private readonly byte anchorLower;
    private readonly byte anchorUpper;

    public Utf8Needle(string text, bool ignoreCase, Edges edges = Edges.Anywhere)
    {
        this.text = text;
        this.ignoreCase = ignoreCase;
        bytes = Encoding.UTF8.GetBytes(text);
        isAscii = Ascii.IsValid(bytes);
        folded = [.. bytes.Select(Lower)];
        checkStart = edges.HasFlag(Edges.TermStart) && text.Length > 0 && IsWord(text.EnumerateRunes().First());
        checkEnd = edges.HasFlag(Edges.TermEnd) && text.Length > 0 && IsWord(text.EnumerateRunes().Last());
        anchor = Rarest(folded);
        if (folded.Length > 0)
        {
            anchorLower = folded[anchor];
            anchorUpper = anchorLower is >= (byte)'a' and <= (byte)'z' ? (byte)(anchorLower - 32) : anchorLower;
        }
    }

    public bool IsEmpty => bytes.Length == 0;

    public bool IsIn(ReadOnlySpan<byte> haystack)
    {
        if (bytes.Length == 0)
        {
            return true;
        }

        if (ignoreCase && !isAscii)
        {
            return IsInDecoded(haystack);
        }

        var from = 0;
        while (Next(haystack, from) is var at && at >= 0)
        {
            if ((!checkStart || !WordBefore(haystack, at)) && (!checkEnd || !WordAt(haystack, at + bytes.Length)))
            {
                return true;
            }

            from = at + 1;
        }

        return false;
    }

    public bool IsStartOf(ReadOnlySpan<byte> haystack) => ignoreCase && !isAscii
        ? Encoding.UTF8.GetString(haystack).StartsWith(text, StringComparison.OrdinalIgnoreCase)
        : haystack.Length >= bytes.Length && SameAt(haystack, 0);

    public bool IsEndOf(ReadOnlySpan<byte> haystack) => ignoreCase && !isAscii
        ? Encoding.UTF8.GetString(haystack).EndsWith(text, StringComparison.OrdinalIgnoreCase)
        : haystack.Length >= bytes.Length && SameAt(haystack, haystack.Length - bytes.Length);

    public bool IsAllOf(ReadOnlySpan<byte> haystack) => ignoreCase && !isAscii
        ? Encoding.UTF8.GetString(haystack).Equals(text, StringComparison.OrdinalIgnoreCase)
        : haystack.Length == bytes.Length && SameAt(haystack, 0);

    private static byte Lower(byte b) => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b + 32) : b;

    /// <summary>The letter of the needle that is least common in log text: searching for it visits the fewest places.</summary>
    private static int Rarest(byte[] needle)
    {
        // Commonest first; what is not listed (q, z, j, punctuation that is rare in paths) is rarer.
        const string common = " eatinosrlcdumpfghvybw0123456789k-._/\\x:";
        var best = 0;
        var bestRank = -1;
        for (var i = 0; i < needle.Length; i++)
        {
            var rank = common.IndexOf((char)needle[i], StringComparison.Ordinal);
            rank = rank < 0 ? common.Length : rank;
            if (rank > bestRank)
            {
                (best, bestRank) = (i, rank);
            }
        }

        return best;
    }

    private int Next(ReadOnlySpan<byte> haystack, int from)
    {
        if (!ignoreCase)
        {
            var plain = haystack[from..].IndexOf(bytes);
            return plain < 0 ? -1 : from + plain;
        }

        var last = haystack.Length - bytes.Length + anchor;
        var at = from + anchor;
        while (at <= last)
        {
            var rest = haystack[at..(last + 1)];
            var hit = anchorLower == anchorUpper ? rest.IndexOf(anchorLower) : rest.IndexOfAny(anchorLower, anchorUpper);
            if (hit < 0)
            {
                return -1;
            }

            if (SameAt(haystack, at + hit - anchor))
            {
                return at + hit - anchor;
            }

            at += hit + 1;
        }

        return -1;
    }

    private bool SameAt(ReadOnlySpan<byte> haystack, int at)
    {
        var part = haystack.Slice(at, bytes.Length);
        return ignoreCase ? Ascii.EqualsIgnoreCase(part, folded) : part.SequenceEqual(bytes);
    }

    private bool IsInDecoded(ReadOnlySpan<byte> haystack)
    {
        var decoded = Encoding.UTF8.GetString(haystack);
        for (var from = 0; from <= decoded.Length - text.Length;)
        {
            var at = decoded.IndexOf(text, from, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
            {
                return false;
            }

            if ((!checkStart || !WordCharBefore(decoded, at)) && (!checkEnd || !WordCharAt(decoded, at + text.Length)))
            {
                return true;
            }

            from = at + 1;
        }

        return false;
    }

    private static bool WordCharBefore(string text, int at) => at > 0 && char.IsLetterOrDigit(text, char.IsLowSurrogate(text[at - 1]) && at > 1 ? at - 2 : at - 1);

    private static bool WordCharAt(string text, int at) => at < text.Length && char.IsLetterOrDigit(text, at);

    private static bool WordBefore(ReadOnlySpan<byte> haystack, int at)
    {
        if (at == 0)
        {
            return false;
        }

        var b = haystack[at - 1];
        return b < 0x80 ? char.IsAsciiLetterOrDigit((char)b) : Rune.DecodeLastFromUtf8(haystack[..at], out var rune, out _) == System.Buffers.OperationStatus.Done && IsWord(rune);
    }

    private static bool WordAt(ReadOnlySpan<byte> haystack, int at)
    {
        if (at >= haystack.Length)
        {
            return false;
        }

        var b = haystack[at];
        return b < 0x80 ? char.IsAsciiLetterOrDigit((char)b) : Rune.DecodeFromUtf8(haystack[at..], out var rune, out _) == System.Buffers.OperationStatus.Done && IsWord(rune);
    }

    private static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune);
}

/// <summary>A predicate made of a delegate over one prepared needle.</summary>
internal sealed class NeedleMatcher(Utf8Needle needle, Func<Utf8Needle, TextTest> test, bool negated) : TextMatcher
{
    private readonly TextTest holds = test(needle);

    public override bool IsMatch(ReadOnlySpan<byte> text) => holds(text) != negated;
}

/// <summary>Whether several needles occur: any of them, or all.</summary>
internal sealed class NeedlesMatcher(IReadOnlyList<Utf8Needle> needles, bool all) : TextMatcher
{
    public override bool IsMatch(ReadOnlySpan<byte> text)
    {
        foreach (var needle in needles)
        {
            if (needle.IsIn(text) != all)
            {
                return !all;
            }
        }

        return all;
    }
}

internal delegate bool TextTest(ReadOnlySpan<byte> text);
