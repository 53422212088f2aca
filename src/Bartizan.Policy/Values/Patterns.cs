namespace Bartizan.Policy.Values;

/// <summary>The patterns of <c>like</c> and <c>match</c>; both take time proportional to text times pattern at worst.</summary>
internal static class Patterns
{
    /// <summary><c>*</c> stands for any run of characters, <c>?</c> for one; both texts are folded already.</summary>
    public static bool Like(string text, string pattern)
    {
        int t = 0, p = 0, star = -1, resume = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = t;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t]))
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

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;
    }

    /// <summary><c>#</c> stands for a digit, <c>?</c> for a letter, <c>.</c> for any character.</summary>
    public static bool Match(string text, string pattern)
    {
        if (text.Length != pattern.Length)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            var fits = pattern[i] switch
            {
                '.' => true,
                '#' => char.IsAsciiDigit(text[i]),
                '?' => char.IsAsciiLetter(text[i]),
                var other => other == text[i],
            };

            if (!fits)
            {
                return false;
            }
        }

        return true;
    }
}
