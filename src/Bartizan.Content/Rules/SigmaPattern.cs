using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Bartizan.Content.Rules;

/// <summary>One value of a Sigma rule with its wildcards, as a comparison of the query language.</summary>
internal static class SigmaPattern
{
    private const char Any = '\u0001';
    private const char One = '\u0002';

    /// <summary>A comparison with a text in which * and ? stand for anything, unless a backslash precedes them.</summary>
    public static string Compare(string column, string text, bool isCased, string before = "", string after = "")
    {
        var pattern = before + Unescape(text) + after;
        var (first, last) = (pattern.Length > 0 && pattern[0] == Any, pattern.Length > 0 && pattern[^1] == Any);
        var inner = pattern.Trim(Any);
        var cs = isCased ? "_cs" : "";
        return inner.Length == 0 ? first ? $"isnotempty({column})" : $"isempty({column})"
            : inner.IndexOfAny([Any, One]) >= 0 ? $"{column} matches regex {Quote(Regular(pattern, isCased))}"
            : (first, last) switch
            {
                (true, true) => $"{column} contains{cs} {Quote(inner)}",
                (true, false) => $"{column} endswith{cs} {Quote(inner)}",
                (false, true) => $"{column} startswith{cs} {Quote(inner)}",
                _ => $"{column} {(isCased ? "==" : "=~")} {Quote(inner)}",
            };
    }

    public static string Contains(string column, string text, bool isCased) => Compare(column, text, isCased, Any.ToString(), Any.ToString());

    public static string StartsWith(string column, string text, bool isCased) => Compare(column, text, isCased, "", Any.ToString());

    public static string EndsWith(string column, string text, bool isCased) => Compare(column, text, isCased, Any.ToString());

    /// <summary>A text as a literal of the query language.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' or '"' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                < ' ' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    private static string Unescape(string text)
    {
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '*' or '?' or '\\')
            {
                plain.Append(text[++i]);
            }
            else
            {
                plain.Append(text[i] switch { '*' => Any, '?' => One, var c => c });
            }
        }

        return plain.ToString();
    }

    private static string Regular(string pattern, bool isCased) =>
        $"(?{(isCased ? "" : "i")}s)^{string.Concat(pattern.Select(c => c switch { Any => ".*", One => ".", _ => Regex.Escape(c.ToString()) }))}$";
}
