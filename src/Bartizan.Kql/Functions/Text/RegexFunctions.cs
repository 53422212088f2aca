using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Text;

/// <summary>extract, extract_all, replace_regex, trim and other functions that take a regular expression (RE2).</summary>
internal static class RegexFunctions
{
    public static IEnumerable<KqlFunction> All() =>
    [
        new("extract", "(regex:string!, capture_group:integer, source:text) -> string; (regex:string!, capture_group:integer, source:text, type:typeof) -> typeof", "What a capture group of the first match holds (0 for the whole match); '' or null when nothing matches.")
        {
            DuckDb = ExtractSql,
            Managed = a => Extract(a),
        },
        new("extract_all", "(regex:string!, source:text) -> dynamic; (regex:string!, capture_groups:array, source:text) -> dynamic", "What the capture groups hold in every match, as an array; an array of arrays when there are several groups; null when nothing matches.")
        {
            Aliases = ["extractall"],
            Managed = a => Guarded(ExtractAll, a[0].AsText, Conversion.ToText(a[^1]), a.Length > 2 ? a[1] : KqlValue.Null(KqlType.Dynamic)),
        },
        new("replace_regex", "(source:text, lookup_regex:string!, rewrite_pattern:string!) -> string", "The text with each match of the pattern replaced; \\1 in the rewrite stands for a capture group, \\0 for the match.")
        {
            DuckDb = c => ReplaceSql(c, 0, 1, 2),
            Managed = a => Guarded(Replace, a[1].AsText, Conversion.ToText(a[0]), a[2]),
        },
        new("replace", "(regex:string!, rewrite:string!, source:text) -> string", "The old order of replace_regex: pattern, rewrite, text.")
        {
            DuckDb = c => ReplaceSql(c, 2, 0, 1),
            Managed = a => Guarded(Replace, a[0].AsText, Conversion.ToText(a[2]), a[1]),
        },
        Trim("trim", "The text without what the pattern matches at its start and end.", start: true, end: true),
        Trim("trim_start", "The text without what the pattern matches at its start.", start: true, end: false),
        Trim("trim_end", "The text without what the pattern matches at its end.", start: false, end: true),
        new("indexof_regex", "(source:any, lookup:any!, start:integer?, length:integer?, occurrence:integer?!) -> long", "Where the pattern first matches in the text, counted from 0; -1 where it does not.")
        {
            Managed = a => IndexOf(Conversion.ToText(a[0]), Conversion.ToText(a[1]), Slices.Number(a, 2, 0), Slices.Number(a, 3, -1), Slices.Number(a, 4, 1)),
        },
        new("regex_quote", "(text:any) -> string", "The text with a backslash before each character that means something in a regular expression.")
        {
            Managed = a => KqlValue.Text(Quote(Conversion.ToText(a[0]))),
        },
    ];

    private delegate KqlValue Body(Regex regex, string text, KqlValue argument, string pattern);

    /// <summary>A pattern that RE2 refuses, or one that runs out of time, matches nothing.</summary>
    private static KqlValue Guarded(Body body, string pattern, string text, KqlValue argument)
    {
        try
        {
            if (Regexes.Get(pattern) is { } regex)
            {
                return body(regex, text, argument, pattern);
            }
        }
        catch (RegexMatchTimeoutException)
        {
            // Answered below, as for a pattern that cannot be used.
        }

        return body == Replace ? KqlValue.Text(text) : KqlValue.Null(body == ExtractAll ? KqlType.Dynamic : KqlType.String);
    }

    private static KqlValue Extract(ReadOnlySpan<KqlValue> a)
    {
        var value = Guarded(ExtractOne, a[0].AsText, Conversion.ToText(a[2]), a[1]);
        return a.Length < 4 || Conversion.TypeNamed(a[3].AsText) is not { } type || type == KqlType.String ? value
            : value.AsText.Length == 0 ? KqlValue.Null(type)
            : type == KqlType.Dynamic ? Conversions.ToTypes.ParseJson(value)
            : Conversion.To(value, type);
    }

    private static KqlValue ExtractOne(Regex regex, string text, KqlValue group, string pattern)
    {
        var numbers = GroupNumbers(regex, pattern, out _);
        return KqlValue.Text(group.AsLong >= 0 && group.AsLong < numbers.Count && regex.Match(text) is { Success: true } match ? match.Groups[numbers[(int)group.AsLong]].Value : "");
    }

    private static KqlValue ExtractAll(Regex regex, string text, KqlValue groups, string pattern)
    {
        var numbers = GroupNumbers(regex, pattern, out var names);
        List<int> wanted;
        if (Json.Array(groups) is { } list)
        {
            wanted = [.. list.Select(g => g.ValueKind == JsonValueKind.Number && g.TryGetInt32(out var n) ? n : g.ValueKind == JsonValueKind.String ? names.GetValueOrDefault(g.GetString()!, -1) : -1)];
        }
        else
        {
            wanted = [.. Enumerable.Range(1, numbers.Count - 1)];
        }

        if (wanted.Count == 0 || wanted.Any(w => w < 0 || w >= numbers.Count))
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var rows = new List<string>();
        foreach (Match match in regex.Matches(text))
        {
            var values = wanted.Select(w => Json.Quote(match.Groups[numbers[w]].Value));
            rows.Add(wanted.Count == 1 ? values.First() : Json.ArrayText(values));
        }

        return rows.Count == 0 ? KqlValue.Null(KqlType.Dynamic) : Json.ArrayOf(rows);
    }

    /// <summary>As RE2 replaces globally: an empty match directly behind another match does not count.</summary>
    private static KqlValue Replace(Regex regex, string text, KqlValue rewrite, string pattern)
    {
        var numbers = GroupNumbers(regex, pattern, out _);
        if (Rewrite(rewrite.AsText, numbers.Count) is not { } parts)
        {
            return KqlValue.Text(text);
        }

        var builder = new StringBuilder(text.Length);
        var done = 0;
        var lastEnd = -1;
        for (var match = regex.Match(text); match.Success && builder.Length < Strings.MaxLength; match = match.NextMatch())
        {
            var splitsPair = match.Length == 0 && match.Index > 0 && match.Index < text.Length && char.IsSurrogatePair(text[match.Index - 1], text[match.Index]);
            if (splitsPair || (match.Length == 0 && match.Index == lastEnd))
            {
                continue;
            }

            builder.Append(text, done, match.Index - done);
            foreach (var (literal, group) in parts)
            {
                builder.Append(literal ?? match.Groups[numbers[group]].Value);
            }

            done = lastEnd = match.Index + match.Length;
        }

        return KqlValue.Text(builder.Append(text, done, text.Length - done).ToString());
    }

    private static KqlFunction Trim(string name, string doc, bool start, bool end) => new(name, "(regex:string!, source:text) -> string", doc)
    {
        DuckDb = c =>
        {
            if (c.Arguments[0] is not { IsConstant: true, Constant: string pattern } || c.TypeOf(1) != KqlType.String || Regexes.Get(pattern) is null)
            {
                return null;
            }

            var sql = start ? $"regexp_replace({c[1]}, {Literal($"\\A(?:{pattern})+")}, '')" : c[1];
            return end ? $"regexp_replace({sql}, {Literal($"(?:{pattern})+\\z")}, '')" : sql;
        },
        Managed = a =>
        {
            var text = Conversion.ToText(a[1]);
            text = start ? Cut(text, $"\\A(?:{a[0].AsText})+") : text;
            return KqlValue.Text(end ? Cut(text, $"(?:{a[0].AsText})+\\z") : text);
        },
    };

    private static string Cut(string text, string pattern)
    {
        try
        {
            return Regexes.Get(pattern)?.Match(text) is { Success: true } match ? text.Remove(match.Index, match.Length) : text;
        }
        catch (RegexMatchTimeoutException)
        {
            return text;
        }
    }

    private static KqlValue IndexOf(string text, string pattern, long start, long length, long occurrence)
    {
        if (start < 0 || length < -1 || occurrence < 1 || Regexes.Get(pattern) is not { } regex)
        {
            return KqlValue.Null(KqlType.Long);
        }

        if (Slices.Window(text, start, length) is not { } window)
        {
            return KqlValue.Long(-1);
        }

        try
        {
            var match = regex.Match(text[window.From..window.To]);
            for (; match.Success && occurrence > 1; occurrence--)
            {
                match = match.NextMatch();
            }

            return KqlValue.Long(match.Success ? Strings.Length(text[..(window.From + match.Index)]) : -1);
        }
        catch (RegexMatchTimeoutException)
        {
            return KqlValue.Null(KqlType.Long);
        }
    }

    /// <summary>RE2 quotes every ASCII character that is no letter, digit or underscore.</summary>
    private static string Quote(string text)
    {
        var builder = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (c == '\0')
            {
                builder.Append("\\x00");
                continue;
            }

            if (c < 128 && !char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                builder.Append('\\');
            }

            builder.Append(c);
        }

        return builder.ToString();
    }

    /// <summary>.NET numbers named groups after all others; RE2 numbers them where they stand. By RE2's number: .NET's.</summary>
    private static List<int> GroupNumbers(Regex regex, string pattern, out Dictionary<string, int> names)
    {
        names = new Dictionary<string, int>(StringComparer.Ordinal);
        var numbers = new List<int> { 0 };
        var unnamed = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\' when pattern.AsSpan(i).StartsWith("\\Q"):
                    var end = pattern.IndexOf("\\E", i, StringComparison.Ordinal);
                    i = end < 0 ? pattern.Length : end + 1;
                    break;
                case '\\':
                    i++;
                    break;
                case '[':
                    i = ClassEnd(pattern, i);
                    break;
                case '(' when i + 1 >= pattern.Length || pattern[i + 1] != '?':
                    numbers.Add(++unnamed);
                    break;
                case '(' when pattern.AsSpan(i).StartsWith("(?P<") || pattern.AsSpan(i).StartsWith("(?<"):
                    var open = pattern.IndexOf('<', i) + 1;
                    var close = pattern.IndexOf('>', open);
                    if (close > open)
                    {
                        names[pattern[open..close]] = numbers.Count;
                        numbers.Add(Math.Max(0, regex.GroupNumberFromName(pattern[open..close])));
                    }

                    break;
            }
        }

        return numbers;
    }

    private static int ClassEnd(string pattern, int at)
    {
        var i = at + 1;
        i += i < pattern.Length && pattern[i] == '^' ? 1 : 0;
        i += i < pattern.Length && pattern[i] == ']' ? 1 : 0;
        for (; i < pattern.Length && pattern[i] != ']'; i++)
        {
            if (pattern[i] == '\\')
            {
                i++;
            }
            else if (pattern.AsSpan(i).StartsWith("[:") && pattern.IndexOf(":]", i + 2, StringComparison.Ordinal) is > 0 and var close)
            {
                i = close + 1;
            }
        }

        return i;
    }

    /// <summary>The rewrite as literal texts and group numbers; null when it is malformed.</summary>
    private static List<(string? Literal, int Group)>? Rewrite(string rewrite, int groups)
    {
        var parts = new List<(string?, int)>();
        var literal = new StringBuilder();
        for (var i = 0; i < rewrite.Length; i++)
        {
            if (rewrite[i] != '\\')
            {
                literal.Append(rewrite[i]);
                continue;
            }

            i++;
            if (i < rewrite.Length && char.IsAsciiDigit(rewrite[i]) && rewrite[i] - '0' < groups)
            {
                parts.Add((literal.ToString(), 0));
                literal.Clear();
                parts.Add((null, rewrite[i] - '0'));
            }
            else if (i < rewrite.Length && rewrite[i] == '\\')
            {
                literal.Append('\\');
            }
            else
            {
                return null;
            }
        }

        parts.Add((literal.ToString(), 0));
        return parts;
    }

    private static string? ExtractSql(SqlCall c)
    {
        if (c.Count != 3 || c.TypeOf(2) != KqlType.String || Regexes.Literal(c.Arguments[0]) is not { } literal || c.Arguments[1] is not { IsConstant: true, Constant: long or int } group)
        {
            return null;
        }

        // The engine knows groups up to 9 and fails on numbers beyond those of the pattern.
        var number = Convert.ToInt64(group.Constant, CultureInfo.InvariantCulture);
        var pattern = (string)c.Arguments[0].Constant!;
        return number is >= 0 and <= 9 && number < GroupNumbers(Regexes.Get(pattern)!, pattern, out _).Count
            ? string.Create(CultureInfo.InvariantCulture, $"regexp_extract({c[2]}, {literal}, {number})")
            : null;
    }

    private static string? ReplaceSql(SqlCall c, int source, int regex, int rewrite)
    {
        if (c.TypeOf(source) != KqlType.String || Regexes.Literal(c.Arguments[regex]) is not { } literal || c.Arguments[rewrite] is not { IsConstant: true, Constant: string to })
        {
            return null;
        }

        var pattern = (string)c.Arguments[regex].Constant!;
        return Rewrite(to, GroupNumbers(Regexes.Get(pattern)!, pattern, out _).Count) is null ? null : $"regexp_replace({c[source]}, {literal}, {Literal(to)}, 'g')";
    }

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
