using System.Text;
using System.Text.Json;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Text;

/// <summary>Parts of a text by position or by what stands in it: substring, split, indexof, countof, replace_string.</summary>
internal static class Slices
{
    public static IEnumerable<KqlFunction> All() =>
    [
        new("substring", "(source:any, start:integer, length:integer?) -> string", "The part of the text that begins at a position, counted from 0, with so many characters; a negative start counts from the end.")
        {
            DuckDb = SubstringSql,
            Managed = a => KqlValue.Text(Substring(Conversion.ToText(a[0]), a[1].AsLong, a.Length > 2 ? a[2].AsLong : long.MaxValue)),
        },
        new("split", "(source:any, delimiter:text, index:integer?) -> dynamic", "The parts of the text between the delimiters, as an array; only the part with the index, if one is given.")
        {
            Naming = NameRule.FirstArgument,
            Nulls = NullRule.Handled,
            Managed = a => Split(Conversion.ToText(a[0]), Conversion.ToText(a[1]), a.Length > 2 && !a[2].IsNull ? a[2].AsLong : null),
        },
        new("indexof", "(source:any, lookup:any, start:integer?, length:integer?, occurrence:integer?!) -> long", "Where the lookup first stands in the text, counted from 0; -1 where it does not.")
        {
            Managed = a => IndexOf(Conversion.ToText(a[0]), Conversion.ToText(a[1]), Number(a, 2, 0), Number(a, 3, -1), Number(a, 4, 1)),
        },
        new("has_any_index", "(source:text, values:array) -> long", "The index of the first of the terms that stands in the text as a whole word; -1 when none does.")
        {
            Managed = a =>
            {
                var text = Encoding.UTF8.GetBytes(Conversion.ToText(a[0]));
                return KqlValue.Long(Json.Array(a[1]) is { Count: > 0 } items
                    ? items.FindIndex(i => new Utf8Needle(Conversion.ToText(Json.ToDynamic(i)), ignoreCase: true, Edges.TermStart | Edges.TermEnd).IsIn(text))
                    : -1);
            },
        },
        new("countof", "(source:text, search:text, kind:string?!!=normal/regex) -> long", "How often the search text stands in the source, overlapping ones included; with kind regex, how often the pattern fits.")
        {
            Managed = a => CountOf(Conversion.ToText(a[0]), Conversion.ToText(a[1]), a.Length > 2 ? a[2].AsText : "normal"),
        },
        new("replace_string", "(text:text, lookup:text, rewrite:text) -> string", "The text with each occurrence of the lookup replaced.")
        {
            DuckDb = c => c.AllOf(TypeSet.String) && c.Arguments[1] is { IsConstant: true, Constant: string { Length: > 0 } } && c.Arguments[2] is { IsConstant: true, Constant: string { Length: < 1024 } }
                ? $"replace({c[0]}, {c[1]}, {c[2]})" : null,
            Managed = a => KqlValue.Text(Replace(Conversion.ToText(a[0]), Conversion.ToText(a[1]), Conversion.ToText(a[2]))),
        },
        new("replace_strings", "(text:text, lookups:array, rewrites:array) -> string", "The text with each of the lookups replaced by its counterpart.")
        {
            Managed = a => KqlValue.Text(ReplaceAll(Conversion.ToText(a[0]), a[1], a[2])),
        },
    ];

    internal static string Substring(string text, long start, long length)
    {
        var count = Strings.Length(text);
        if (start < 0)
        {
            start = Math.Max(0, count + start);
        }

        if (start >= count || length == 0)
        {
            return "";
        }

        // A negative length means to the end, as a missing one.
        var end = length < 0 || length > count - start ? count : start + length;
        if (count == text.Length)
        {
            return text[(int)start..(int)end];
        }

        var (from, to) = (Unit(text, (int)start), Unit(text, (int)end));
        return text[from..to];
    }

    internal static KqlValue Split(string source, string delimiter, long? index)
    {
        var parts = delimiter.Length == 0 ? [source] : source.Split(delimiter, StringSplitOptions.None);
        if (index is { } i)
        {
            return i < 0 ? KqlValue.Null(KqlType.Dynamic) : i < parts.Length ? Json.ArrayOf([Json.Quote(parts[i])]) : Json.ArrayOf([]);
        }

        return Json.ArrayOf(parts.Select(Json.Quote));
    }

    /// <summary>The window of an index search in UTF-16 units; null where the arguments make none.</summary>
    internal static (int From, int To)? Window(string text, long start, long length)
    {
        var count = Strings.Length(text);
        if (start < 0)
        {
            start = Math.Max(0, count + start);
        }

        if (start > count)
        {
            return null;
        }

        var end = length < 0 || length > count - start ? count : start + length;
        return (Unit(text, (int)start), Unit(text, (int)end));
    }

    /// <summary>The UTF-16 position of a code point.</summary>
    internal static int Unit(string text, int codePoint)
    {
        var unit = 0;
        for (; codePoint > 0 && unit < text.Length; codePoint--)
        {
            unit += unit + 1 < text.Length && char.IsSurrogatePair(text[unit], text[unit + 1]) ? 2 : 1;
        }

        return unit;
    }

    internal static long Number(ReadOnlySpan<KqlValue> arguments, int index, long otherwise) => index < arguments.Length ? arguments[index].AsLong : otherwise;

    private static KqlValue IndexOf(string text, string lookup, long start, long length, long occurrence)
    {
        if (length < -1 || occurrence < 1)
        {
            return KqlValue.Null(KqlType.Long);
        }

        // The search for each further occurrence begins behind the start of the last one, and reaches as far again.
        var at = 0;
        for (; occurrence > 0; occurrence--)
        {
            if (Window(text, start, length) is not { } window)
            {
                return KqlValue.Long(-1);
            }

            at = text.IndexOf(lookup, window.From, window.To - window.From, StringComparison.Ordinal);
            if (at < 0)
            {
                return KqlValue.Long(-1);
            }

            at = Strings.Length(text[..at]);
            start = at + 1;
        }

        return KqlValue.Long(at);
    }

    private static KqlValue CountOf(string source, string search, string kind)
    {
        if (kind.Equals("regex", StringComparison.OrdinalIgnoreCase))
        {
            return Regexes.Get(search) is { } regex ? KqlValue.Long(regex.Count(source)) : KqlValue.Null(KqlType.Long);
        }

        if (!kind.Equals("normal", StringComparison.OrdinalIgnoreCase))
        {
            return KqlValue.Null(KqlType.Long);
        }

        var count = 0L;
        if (search.Length > 0)
        {
            for (var at = source.IndexOf(search, StringComparison.Ordinal); at >= 0; at = source.IndexOf(search, at + 1, StringComparison.Ordinal))
            {
                count++;
            }
        }

        return KqlValue.Long(count);
    }

    /// <summary>Lookups are taken in their order, and what one has matched is closed to the next. Lookups that are no text are passed over; for a rewrite that is none the place stays as it is.</summary>
    private static string ReplaceAll(string text, KqlValue lookups, KqlValue rewrites)
    {
        if (Json.Array(lookups) is not { } from || Json.Array(rewrites) is not { } to)
        {
            return text;
        }

        List<(string Text, bool IsClosed)> parts = [(text, false)];
        for (var i = 0; i < from.Count && parts.Sum(p => (long)p.Text.Length) < Strings.MaxLength; i++)
        {
            if (from[i].ValueKind == JsonValueKind.String && from[i].GetString() is { Length: > 0 } lookup)
            {
                var rewrite = i < to.Count && to[i].ValueKind == JsonValueKind.String ? to[i].GetString()! : lookup;
                parts = [.. parts.SelectMany(p => p.IsClosed ? [p] : Pieces(p.Text, lookup, rewrite))];
            }
        }

        return string.Concat(parts.Select(p => p.Text));
    }

    private static IEnumerable<(string Text, bool IsClosed)> Pieces(string text, string lookup, string rewrite)
    {
        var at = 0;
        var length = 0L;
        for (var next = text.IndexOf(lookup, StringComparison.Ordinal); next >= 0 && length < Strings.MaxLength; next = text.IndexOf(lookup, at, StringComparison.Ordinal))
        {
            yield return (text[at..next], false);
            yield return (rewrite, true);
            length += rewrite.Length;
            at = next + lookup.Length;
        }

        yield return (text[at..], false);
    }

    private static string Replace(string text, string lookup, string rewrite) => lookup.Length == 0 ? text
        // The one way for text to explode is a long rewrite of a short lookup.
        : rewrite.Length > lookup.Length && (double)text.Length / lookup.Length * rewrite.Length > Strings.MaxLength
        ? string.Concat(Pieces(text, lookup, rewrite).Select(p => p.Text))
        : text.Replace(lookup, rewrite, StringComparison.Ordinal);

    private static string? SubstringSql(SqlCall c)
    {
        if (c.TypeOf(0) != KqlType.String || c.Arguments[1] is not { IsConstant: true, Constant: long or int } || c.Arguments.Skip(2).Any(a => a is not { IsConstant: true, Constant: long or int }))
        {
            return null;
        }

        var start = Convert.ToInt64(c.Arguments[1].Constant, System.Globalization.CultureInfo.InvariantCulture);
        var length = c.Count > 2 ? Convert.ToInt64(c.Arguments[2].Constant, System.Globalization.CultureInfo.InvariantCulture) : int.MaxValue;
        return start is < 0 or > int.MaxValue || length is < 0 or > int.MaxValue
            ? null
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"substring({c[0]}, {start + 1}, {length})");
    }
}
