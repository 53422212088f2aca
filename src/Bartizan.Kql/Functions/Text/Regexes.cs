using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace Bartizan.Kql.Functions.Text;

/// <summary>
/// RE2 patterns in managed code: translated to .NET syntax and run by the engine that never backtracks, so that no pattern takes more than
/// linear time. Compiled patterns are kept, up to a bound.
/// </summary>
internal static class Regexes
{
    private const int MaxPatternLength = 16 * 1024;
    private const int Kept = 512;

    private static readonly ConcurrentDictionary<string, Regex?> Compiled = new(StringComparer.Ordinal);

    /// <summary>Null when RE2 would refuse the pattern.</summary>
    public static Regex? Get(string pattern)
    {
        if (Compiled.TryGetValue(pattern, out var known))
        {
            return known;
        }

        if (Compiled.Count >= Kept)
        {
            Compiled.Clear();
        }

        return Compiled[pattern] = Compile(pattern);
    }

    /// <summary>The pattern as a SQL text literal, when it is a constant that RE2 takes; the engine speaks RE2 itself.</summary>
    public static string? Literal(SqlArgument argument) =>
        argument is { IsConstant: true, Constant: string pattern } && Get(pattern) is not null && !pattern.Contains("\\u", StringComparison.OrdinalIgnoreCase) ? $"'{pattern.Replace("'", "''", StringComparison.Ordinal)}'" : null;

    private static Regex? Compile(string pattern)
    {
        if (pattern.Length > MaxPatternLength)
        {
            return null;
        }

        try
        {
            return new Regex(Translate(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>What the two syntaxes spell or mean differently; all else stands as it is.</summary>
    private static string Translate(string pattern)
    {
        var result = new StringBuilder(pattern.Length + 16);
        var multiline = new Stack<bool>();
        multiline.Push(false);
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                i = Escape(pattern, i + 1, result, inClass: false);
            }
            else if (c == '[')
            {
                i = Class(pattern, i, result);
            }
            else if (c == '(')
            {
                multiline.Push(multiline.Peek());
                i = Group(pattern, i, result, multiline);
            }
            else if (c == ')')
            {
                if (multiline.Count > 1)
                {
                    multiline.Pop();
                }

                result.Append(c);
            }
            else if (c == '$')
            {
                // Without (?m), .NET's $ also stands before a final line feed.
                result.Append(multiline.Peek() ? "$" : "\\z");
            }
            else
            {
                result.Append(c);
            }
        }

        return result.ToString();
    }

    private static int Group(string pattern, int at, StringBuilder result, Stack<bool> multiline)
    {
        if (at + 2 >= pattern.Length || pattern[at + 1] != '?')
        {
            result.Append('(');
            return at;
        }

        if (pattern[at + 2] == 'P' && at + 3 < pattern.Length && pattern[at + 3] == '<')
        {
            result.Append("(?<");
            return at + 3;
        }

        var end = at + 2;
        while (end < pattern.Length && (char.IsAsciiLetter(pattern[end]) || pattern[end] == '-'))
        {
            end++;
        }

        if (end == at + 2 || end >= pattern.Length || pattern[end] is not (':' or ')'))
        {
            if (pattern[at + 2] is '=' or '!' or '>' || pattern.AsSpan(at).StartsWith("(?<=") || pattern.AsSpan(at).StartsWith("(?<!"))
            {
                throw new ArgumentException("RE2 has no look-around");
            }

            result.Append('(');
            return at;
        }

        var flags = pattern[(at + 2)..end];
        var dash = flags.IndexOf('-', StringComparison.Ordinal);
        var on = dash < 0 ? flags : flags[..dash];
        var off = dash < 0 ? "" : flags[(dash + 1)..];
        var isMultiline = on.Contains('m', StringComparison.Ordinal) || (multiline.Peek() && !off.Contains('m', StringComparison.Ordinal));
        if (flags.Contains('U', StringComparison.Ordinal))
        {
            throw new ArgumentException("the ungreedy flag has no counterpart");
        }

        if (pattern[end] == ')')
        {
            // (?i) holds to the end of the group around it.
            multiline.Pop();
            multiline.Pop();
            multiline.Push(isMultiline);
        }
        else
        {
            multiline.Pop();
            multiline.Push(isMultiline);
        }

        result.Append("(?").Append(flags).Append(pattern[end]);
        return end;
    }

    private static int Class(string pattern, int at, StringBuilder result)
    {
        result.Append('[');
        var i = at + 1;
        if (i < pattern.Length && pattern[i] == '^')
        {
            result.Append('^');
            i++;
        }

        if (i < pattern.Length && pattern[i] == ']')
        {
            result.Append("\\]");
            i++;
        }

        for (; i < pattern.Length && pattern[i] != ']'; i++)
        {
            if (pattern[i] == '\\' && i + 1 < pattern.Length)
            {
                i = Escape(pattern, i + 1, result, inClass: true);
            }
            else if (pattern[i] == '[')
            {
                var close = pattern.IndexOf(":]", i + 1, StringComparison.Ordinal);
                if (i + 1 < pattern.Length && pattern[i + 1] == ':' && close > 0 && Posix(pattern[(i + 2)..close]) is { } posix)
                {
                    result.Append(posix);
                    i = close + 1;
                }
                else
                {
                    result.Append("\\[");
                }
            }
            else
            {
                // .NET reads -[ as a subtraction; the bracket above is always escaped, so that cannot happen.
                result.Append(pattern[i]);
            }
        }

        if (i >= pattern.Length)
        {
            throw new ArgumentException("missing ]");
        }

        result.Append(']');
        return i;
    }

    private static int Escape(string pattern, int at, StringBuilder result, bool inClass)
    {
        switch (pattern[at])
        {
            case 'd': result.Append(inClass ? "0-9" : "[0-9]"); return at;
            case 'w': result.Append(inClass ? "0-9A-Za-z_" : "[0-9A-Za-z_]"); return at;
            case 's': result.Append(inClass ? "\\t\\n\\f\\r " : "[\\t\\n\\f\\r ]"); return at;
            case 'D': result.Append(inClass ? "\\x00-/:-\\uFFFF" : "[^0-9]"); return at;
            case 'W': result.Append(inClass ? "\\x00-/:-@\\[-\\^`{-\\uFFFF" : "[^0-9A-Za-z_]"); return at;
            case 'S': result.Append(inClass ? "\\x00-\\x08\\x0B\\x0E-\\x1F!-\\uFFFF" : "[^\\t\\n\\f\\r ]"); return at;
            case 'z': result.Append("\\z"); return at;
            case 'Q':
                var end = pattern.IndexOf("\\E", at, StringComparison.Ordinal);
                var quoted = pattern[(at + 1)..(end < 0 ? pattern.Length : end)];
                result.Append(Regex.Escape(quoted).Replace("]", "\\]", StringComparison.Ordinal));
                return end < 0 ? pattern.Length - 1 : end + 1;
            case 'x' when at + 1 < pattern.Length && pattern[at + 1] == '{':
                var close = pattern.IndexOf('}', at);
                if (close < 0 || !int.TryParse(pattern.AsSpan(at + 2, close - at - 2), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var code) || code is < 0 or > 0x10FFFF)
                {
                    throw new ArgumentException("bad \\x{}");
                }

                foreach (var unit in char.ConvertFromUtf32(code is >= 0xD800 and <= 0xDFFF ? 0xFFFD : code))
                {
                    result.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}");
                }

                return close;
            case 'p' or 'P' when at + 1 < pattern.Length && pattern[at + 1] != '{':
                result.Append('\\').Append(pattern[at]).Append('{').Append(pattern[at + 1]).Append('}');
                return at + 1;
            case 'C': result.Append("[\\s\\S]"); return at;
            case 'Z' or 'G' or 'k' or (>= '1' and <= '9'):
                throw new ArgumentException("not in RE2");
            case var other when other > 127 || (!char.IsAsciiLetterOrDigit(other) && other != '_'):
                result.Append(Regex.Escape(other.ToString()) is { Length: 1 } plain ? $"\\{plain}" : Regex.Escape(other.ToString()));
                return at;
            case var other:
                result.Append('\\').Append(other);
                return at;
        }
    }

    private static string? Posix(string name) => name switch
    {
        "alnum" => "0-9A-Za-z",
        "alpha" => "A-Za-z",
        "ascii" => "\\x00-\\x7F",
        "blank" => "\\t ",
        "cntrl" => "\\x00-\\x1F\\x7F",
        "digit" => "0-9",
        "graph" => "!-~",
        "lower" => "a-z",
        "print" => " -~",
        "punct" => "!-/:-@\\[-`{-~",
        "space" => "\\t\\n\\v\\f\\r ",
        "upper" => "A-Z",
        "word" => "0-9A-Za-z_",
        "xdigit" => "0-9A-Fa-f",
        _ => null,
    };
}
