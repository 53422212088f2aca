namespace Bartizan.Policy.Values;

/// <summary>The patterns of <c>like</c> and <c>match</c>; both take time proportional to text times pattern at worst.</summary>
internal static class Patterns
{
    /// <summary><c>*</c> stands for any run of characters, <c>?</c> for one; both texts are folded already.</summary>
    public static bool Like(string text, string pattern) =>
        HasPairs(text) || HasPairs(pattern) ? Like<int>(Points(text), Points(pattern), '*', '?') : Like<char>(text, pattern, '*', '?');

    private static bool Like<T>(ReadOnlySpan<T> text, ReadOnlySpan<T> pattern, T any, T one)
        where T : IEquatable<T>
    {
        int t = 0, p = 0, star = -1, resume = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p].Equals(any))
            {
                star = p++;
                resume = t;
            }
            else if (p < pattern.Length && (pattern[p].Equals(one) || pattern[p].Equals(text[t])))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p].Equals(any))
        {
            p++;
        }

        return p == pattern.Length;
    }

    /// <summary><c>#</c> stands for a digit, <c>?</c> for a letter, <c>.</c> for any character.</summary>
    public static bool Match(string text, string pattern)
    {
        if (HasPairs(text) || HasPairs(pattern))
        {
            return Match(Points(text), Points(pattern));
        }

        if (text.Length != pattern.Length)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (!Fits(text[i], pattern[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Match(int[] text, int[] pattern) => text.Length == pattern.Length && text.Zip(pattern).All(p => Fits(p.First, p.Second));

    private static bool Fits(int character, int pattern) => pattern switch
    {
        '.' => true,
        '#' => character is >= '0' and <= '9',
        '?' => character is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z'),
        _ => pattern == character,
    };

    /// <summary>Whether a character of the text takes two places in it.</summary>
    private static bool HasPairs(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');

    private static int[] Points(string text) => [.. text.EnumerateRunes().Select(r => r.Value)];
}
