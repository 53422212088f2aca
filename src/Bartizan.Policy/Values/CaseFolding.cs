using System.Text;

namespace Bartizan.Policy.Values;

/// <summary>
/// Text compared without regard to case, as the policy language compares it: full Unicode folding, so that <c>ß</c> equals
/// <c>SS</c>. Text in ASCII, nearly all of it, never allocates.
/// </summary>
internal static class CaseFolding
{
    public static bool Equal(string left, string right)
    {
        if (left.Length == right.Length && string.Equals(left, right, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        return (!Ascii.IsValid(left) || !Ascii.IsValid(right)) && string.Equals(Fold(left), Fold(right), StringComparison.Ordinal);
    }

    public static int Compare(string left, string right)
    {
        if (!Ascii.IsValid(left) || !Ascii.IsValid(right))
        {
            return string.CompareOrdinal(Fold(left), Fold(right));
        }

        // Lower case on purpose: '_' sorts before letters, where OrdinalIgnoreCase would sort it after them.
        var shared = Math.Min(left.Length, right.Length);
        for (var i = 0; i < shared; i++)
        {
            var difference = char.ToLowerInvariant(left[i]) - char.ToLowerInvariant(right[i]);
            if (difference != 0)
            {
                return difference;
            }
        }

        return left.Length - right.Length;
    }

    public static bool Contains(string text, string part) =>
        Ascii.IsValid(text) && Ascii.IsValid(part)
            ? text.Contains(part, StringComparison.OrdinalIgnoreCase)
            : Fold(text).Contains(Fold(part), StringComparison.Ordinal);

    public static bool StartsWith(string text, string part) => Fold(text).StartsWith(Fold(part), StringComparison.Ordinal);

    public static bool EndsWith(string text, string part) => Fold(text).EndsWith(Fold(part), StringComparison.Ordinal);

    /// <summary>Where <paramref name="part"/> first stands in <paramref name="text"/>, in characters of the text as given; -1 if nowhere.</summary>
    public static int IndexOf(string text, string part, bool last)
    {
        var needle = Fold(part);
        if (needle.Length == 0)
        {
            return last ? text.EnumerateRunes().Count() : 0;
        }

        var folded = new StringBuilder(text.Length);
        var origin = new List<int>(text.Length);
        var position = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var before = folded.Length;
            AppendFolded(folded, rune);
            origin.AddRange(Enumerable.Repeat(position, folded.Length - before));
            position++;
        }

        var hay = folded.ToString();
        var at = last ? hay.LastIndexOf(needle, StringComparison.Ordinal) : hay.IndexOf(needle, StringComparison.Ordinal);
        return at < 0 ? -1 : origin[at];
    }

    public static string Fold(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.ToLowerInvariant();
        }

        var folded = new StringBuilder(text.Length + 4);
        foreach (var rune in text.EnumerateRunes())
        {
            AppendFolded(folded, rune);
        }

        return folded.ToString();
    }

    private static void AppendFolded(StringBuilder target, Rune rune)
    {
        var expansion = rune.Value switch
        {
            0x00DF or 0x1E9E => "ss",
            0x0130 => "i\u0307",
            0x0149 => "\u02BCn",
            0x01F0 => "j\u030C",
            0x0390 or 0x1FD3 => "\u03B9\u0308\u0301",
            0x03B0 or 0x1FE3 => "\u03C5\u0308\u0301",
            0x0587 => "\u0565\u0582",
            0x1E96 => "h\u0331",
            0x1E97 => "t\u0308",
            0x1E98 => "w\u030A",
            0x1E99 => "y\u030A",
            0x1E9A => "a\u02BE",
            0xFB00 => "ff",
            0xFB01 => "fi",
            0xFB02 => "fl",
            0xFB03 => "ffi",
            0xFB04 => "ffl",
            0xFB05 or 0xFB06 => "st",
            0xFB13 => "\u0574\u0576",
            0xFB14 => "\u0574\u0565",
            0xFB15 => "\u0574\u056B",
            0xFB16 => "\u057E\u0576",
            0xFB17 => "\u0574\u056D",
            _ => null,
        };

        if (expansion is not null)
        {
            target.Append(expansion);
            return;
        }

        // Up and down again joins variants of one letter, such as final sigma.
        target.Append(Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)).ToString());
    }
}
