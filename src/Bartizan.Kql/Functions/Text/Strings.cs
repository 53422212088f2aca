using System.Text;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Text;

/// <summary>Joining, measuring, folding and repeating text. Positions and lengths count Unicode code points.</summary>
internal static class Strings
{
    /// <summary>What a result may grow to; longer ones are cut.</summary>
    internal const int MaxLength = 16 * 1024 * 1024;

    private const int MaxRepetitions = 1024;

    public static IEnumerable<KqlFunction> All() =>
    [
        new("strcat", "(arg:any*64) -> string", "The arguments as text, one after the other.")
        {
            Nulls = NullRule.Handled,
            DuckDb = c => Texts(c, 0) is { } texts ? texts.Count == 1 ? texts[0] : $"({string.Join(" || ", texts)})" : null,
            Managed = a => KqlValue.Text(Joined("", a)),
        },
        new("strcat_delim", "(delimiter:any, arg:any*64) -> string", "The arguments after the first as text, with the first between them.")
        {
            Nulls = NullRule.Handled,
            DuckDb = c => Texts(c, 0) is { Count: > 1 } texts ? $"concat_ws({string.Join(", ", texts)})" : null,
            Managed = a => KqlValue.Text(Joined(Conversion.ToText(a[0]), a[1..])),
        },
        new("strcat_array", "(array:array, delimiter:any) -> string", "The elements of an array as text, with the delimiter between them.")
        {
            Aliases = ["array_strcat"],
            Nulls = NullRule.Handled,
            Managed = a => KqlValue.Text(Json.Array(a[0]) is { } items
                ? Joined(Conversion.ToText(a[1]), [.. items.Select(Json.ToDynamic)])
                : Conversion.ToText(a[0])),
        },
        new("strcmp", "(s1:any, s2:any) -> long", "-1, 0 or 1: whether the first text comes before the second, is the same, or comes after it.")
        {
            Nulls = NullRule.Handled,
            DuckDb = c => c.AllOf(TypeSet.String) ? $"(CASE WHEN {c[0]} = {c[1]} THEN 0 WHEN {c[0]} < {c[1]} THEN -1 ELSE 1 END)::BIGINT" : null,
            Managed = a => KqlValue.Long(Math.Sign(Utf8Order(Conversion.ToText(a[0]), Conversion.ToText(a[1])))),
        },
        new("strrep", "(value:any, multiplier:long, delimiter:any?) -> string", "The value as text so many times over (at most 1024), with the delimiter between.")
        {
            Nulls = NullRule.Handled,
            Managed = a => KqlValue.Text(Repeated(Conversion.ToText(a[0]), a[1].IsNull ? 0 : a[1].AsLong, a.Length > 2 ? Conversion.ToText(a[2]) : "")),
        },
        new("strlen", "(text:text) -> long", "How many Unicode code points the text has.")
        {
            Naming = NameRule.Prefixed("strlen"),
            Nulls = NullRule.Handled,
            DuckDb = c => c.AllOf(TypeSet.String) ? $"length({c[0]})" : null,
            Managed = a => KqlValue.Long(Length(Conversion.ToText(a[0]))),
        },
        new("string_size", "(text:text) -> long", "How many bytes the text takes in UTF-8.")
        {
            Naming = NameRule.Prefixed("string_size"),
            Nulls = NullRule.Handled,
            DuckDb = c => c.AllOf(TypeSet.String) ? $"strlen({c[0]})" : null,
            Managed = a => KqlValue.Long(Encoding.UTF8.GetByteCount(Conversion.ToText(a[0]))),
        },
        new("toupper", "(value:any) -> string", "The value as text in upper case.")
        {
            Nulls = NullRule.Handled,
            DuckDb = c => AsciiOnly(c, "upper"),
            Managed = a => KqlValue.Text(Conversion.ToText(a[0]).ToUpperInvariant()),
        },
        new("tolower", "(value:any) -> string", "The value as text in lower case.")
        {
            Nulls = NullRule.Handled,
            DuckDb = c => AsciiOnly(c, "lower"),
            Managed = a => KqlValue.Text(Conversion.ToText(a[0]).ToLowerInvariant()),
        },
        new("reverse", "(value:any) -> string", "The value as text, its code points from last to first.")
        {
            Nulls = NullRule.Handled,
            Managed = a => KqlValue.Text(Reversed(Conversion.ToText(a[0]))),
        },
        new("translate", "(search_list:text, replacement_list:text, source:text) -> string", "The text with each character of one list put replaced by its counterpart in the other, whose last character serves for all that have none.")
        {
            Nulls = NullRule.Handled,
            Managed = a => KqlValue.Text(Translated(Conversion.ToText(a[0]), Conversion.ToText(a[1]), Conversion.ToText(a[2]))),
        },
        new("isascii", "(value:any) -> bool", "Whether the text has nothing but ASCII characters.")
        {
            Nulls = NullRule.Handled,
            DuckDb = c => c.AllOf(TypeSet.String) ? $"(length({c[0]}) = strlen({c[0]}))" : null,
            Managed = a => KqlValue.Bool(Ascii.IsValid(Conversion.ToText(a[0]))),
        },
        new("isutf8", "(value:any) -> bool", "Whether the text is valid UTF-8: always so here, as text is checked when it is taken in.")
        {
            Nulls = NullRule.Handled,
            Managed = a => KqlValue.Bool(IsWellFormed(Conversion.ToText(a[0]))),
        },
    ];

    internal static int Length(string text)
    {
        var count = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i]))
            {
                count--;
                i++;
            }
        }

        return count;
    }

    /// <summary>Order by code point, which is the order of the UTF-8 bytes; UTF-16 order differs beyond the first plane.</summary>
    internal static int Utf8Order(string left, string right)
    {
        var length = Math.Min(left.Length, right.Length);
        for (var i = 0; i < length; i++)
        {
            var (a, b) = (left[i], right[i]);
            if (a != b)
            {
                return char.IsSurrogate(a) != char.IsSurrogate(b) ? (char.IsSurrogate(a) ? 1 : -1) : a - b;
            }
        }

        return left.Length - right.Length;
    }

    private static string Joined(string delimiter, ReadOnlySpan<KqlValue> values)
    {
        var builder = new StringBuilder();
        for (var i = 0; i < values.Length && builder.Length < MaxLength; i++)
        {
            if (i > 0)
            {
                builder.Append(delimiter);
            }

            builder.Append(Conversion.ToText(values[i]));
        }

        return builder.ToString();
    }

    private static string Repeated(string text, long count, string delimiter)
    {
        var builder = new StringBuilder();
        for (var i = 0; i < Math.Min(count, MaxRepetitions) && builder.Length < MaxLength; i++)
        {
            builder.Append(i == 0 ? "" : delimiter).Append(text);
        }

        return builder.ToString();
    }

    private static string Reversed(string text)
    {
        var units = text.ToCharArray();
        Array.Reverse(units);
        for (var i = 1; i < units.Length; i++)
        {
            if (char.IsLowSurrogate(units[i - 1]) && char.IsHighSurrogate(units[i]))
            {
                (units[i - 1], units[i]) = (units[i], units[i - 1]);
                i++;
            }
        }

        return new string(units);
    }

    private static string Translated(string search, string replacement, string source)
    {
        var replacements = replacement.EnumerateRunes().ToList();
        var map = new Dictionary<Rune, string>();
        var index = 0;
        foreach (var rune in search.EnumerateRunes())
        {
            map.TryAdd(rune, replacements.Count == 0 ? "" : replacements[Math.Min(index++, replacements.Count - 1)].ToString());
        }

        var builder = new StringBuilder(source.Length);
        foreach (var rune in source.EnumerateRunes())
        {
            builder.Append(map.TryGetValue(rune, out var other) ? other : rune.ToString());
        }

        return builder.ToString();
    }

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }

    /// <summary>The arguments as SQL text, where the engine prints their types as Kusto does.</summary>
    private static List<string>? Texts(SqlCall c, int from)
    {
        var texts = new List<string>();
        foreach (var argument in c.Arguments.Skip(from))
        {
            switch (argument.Type)
            {
                case KqlType.String:
                    texts.Add(argument.Sql);
                    break;
                case KqlType.Bool or KqlType.Int or KqlType.Long or KqlType.Guid:
                    texts.Add(argument.MayBeNull ? $"coalesce(({argument.Sql})::VARCHAR, '')" : $"({argument.Sql})::VARCHAR");
                    break;
                default:
                    return null;
            }
        }

        return texts;
    }

    /// <summary>Beyond ASCII the engine folds some letters otherwise (ß, İ); such texts go to the managed body.</summary>
    private static string? AsciiOnly(SqlCall c, string function) =>
        c.AllOf(TypeSet.String) ? $"(CASE WHEN length({c[0]}) = strlen({c[0]}) THEN {function}({c[0]}) ELSE {c.Managed()} END)" : null;
}
