using System.Globalization;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;

namespace Bartizan.Server.Api.Detection;

/// <summary>What a path in a filter or an order means: the indexed field, and of which type its values are.</summary>
internal sealed record FilterField(string Field, FilterType Type = FilterType.Text);

internal enum FilterType
{
    Text,
    Number,
    Time,
}

/// <summary>
/// OData's <c>$filter</c> as far as lists of records are filtered: comparisons, <c>and</c>, <c>or</c>, <c>not</c>, <c>in</c>, <c>contains</c>, <c>startswith</c>,
/// <c>endswith</c> and <c>any</c>. What cannot be answered is refused, by name.
/// </summary>
internal sealed class FilterText
{
    private const int MaxLength = 8_192;
    private const int MaxDepth = 32;

    /// <summary>Characters at which a word ends.</summary>
    private static readonly System.Buffers.SearchValues<char> ends = System.Buffers.SearchValues.Create(" (),'\t");

    private readonly IReadOnlyDictionary<string, FilterField> fields;
    private readonly List<string> tokens;
    private int at;
    private int depth;

    private FilterText(List<string> tokens, IReadOnlyDictionary<string, FilterField> fields)
    {
        this.tokens = tokens;
        this.fields = fields;
    }

    private string Now => at < tokens.Count ? tokens[at] : "";

    public static Outcome<IReadOnlyList<RecordFilter>> Read(string? text, IReadOnlyDictionary<string, FilterField> fields)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Array.Empty<RecordFilter>();
        }

        if (text.Length > MaxLength)
        {
            return Refuse($"A filter has at most {MaxLength:N0} characters.");
        }

        try
        {
            var filter = new FilterText(Split(text), fields);
            var read = filter.Or();
            return filter.at < filter.tokens.Count ? Refuse($"'{filter.Now}' was not expected in the filter.") : new[] { read };
        }
        catch (FormatException e)
        {
            return Refuse(e.Message);
        }
    }

    public static Outcome<RecordOrder?> ReadOrder(string? text, IReadOnlyDictionary<string, FilterField> fields)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return (RecordOrder?)null;
        }

        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.TryGetValue(parts[0], out var field) && parts.Length <= 2 && (parts.Length == 1 || parts[1] is "asc" or "desc")
            ? new RecordOrder(field.Field, parts.Length == 2 && parts[1] == "desc")
            : new Problem(ProblemKind.Invalid, "BadRequest", $"Lists cannot be ordered by '{text}'.", "$orderby");
    }

    private static Problem Refuse(string message) => new(ProblemKind.Invalid, "BadRequest", message, "$filter");

    private string Next() => at < tokens.Count ? tokens[at++] : throw new FormatException("The filter ends too early.");

    private RecordFilter Or()
    {
        if (++depth > MaxDepth)
        {
            throw new FormatException("The filter is nested too deeply.");
        }

        var filters = new List<RecordFilter> { And() };
        while (Take("or"))
        {
            filters.Add(And());
        }

        depth--;
        return filters.Count == 1 ? filters[0] : new RecordFilter.AnyOf([.. filters]);
    }

    private RecordFilter And()
    {
        var filters = new List<RecordFilter> { One() };
        while (Take("and"))
        {
            filters.Add(One());
        }

        return filters.Count == 1 ? filters[0] : new RecordFilter.Not(new RecordFilter.AnyOf([.. filters.Select(f => new RecordFilter.Not(f))]));
    }

    private RecordFilter One()
    {
        if (Take("not"))
        {
            if (++depth > MaxDepth)
            {
                throw new FormatException("The filter is nested too deeply.");
            }

            var inner = new RecordFilter.Not(One());
            depth--;
            return inner;
        }

        if (Take("("))
        {
            var group = Or();
            Expect(")");
            return group;
        }

        if (Now.ToLowerInvariant() is "contains" or "startswith" or "endswith")
        {
            return Function(tokens[at++].ToLowerInvariant());
        }

        var path = Next();
        if (path.EndsWith("/any", StringComparison.OrdinalIgnoreCase))
        {
            return Any(path[..^4]);
        }

        return Comparison(Field(path));
    }

    private RecordFilter Function(string name)
    {
        Expect("(");
        var field = Field(Next());
        Expect(",");
        var text = Literal();
        Expect(")");
        if (Take("eq"))
        {
            Expect("true");
        }

        return name switch
        {
            "contains" => new RecordFilter.Contains(field.Field, text),
            "startswith" => new RecordFilter.StartsWith(field.Field, text),
            _ => new RecordFilter.EndsWith(field.Field, text),
        };
    }

    /// <summary><c>labels/any(l: l/labelName eq 'x')</c>, <c>tactics/any(t: t eq 'x')</c>.</summary>
    private RecordFilter Any(string path)
    {
        Expect("(");
        var variable = Next().TrimEnd(':');
        _ = Take(":");
        var filters = new List<RecordFilter>();
        do
        {
            var item = Next();
            if (item != variable && !item.StartsWith(variable + "/", StringComparison.Ordinal))
            {
                throw new FormatException($"'{item}' was not expected inside any(…).");
            }

            filters.Add(Comparison(Field(path)));
        }
        while (Take("or"));
        Expect(")");
        return filters.Count == 1 ? filters[0] : new RecordFilter.AnyOf([.. filters]);
    }

    private RecordFilter Comparison(FilterField field)
    {
        var operation = Next().ToLowerInvariant();
        if (operation == "in")
        {
            Expect("(");
            var values = new List<RecordValue>();
            do
            {
                values.Add(Value(field, Literal(), 0));
            }
            while (Take(","));
            Expect(")");
            return new RecordFilter.In(field.Field, values);
        }

        var text = Literal();
        return operation switch
        {
            "eq" => new RecordFilter.Equal(field.Field, Value(field, text, 0)),
            "ne" => new RecordFilter.Not(new RecordFilter.Equal(field.Field, Value(field, text, 0))),
            "ge" => new RecordFilter.Range(field.Field, Ordered(field, text, 0), null),
            "gt" => new RecordFilter.Range(field.Field, Ordered(field, text, 1), null),
            "lt" => new RecordFilter.Range(field.Field, null, Ordered(field, text, 0)),
            "le" => new RecordFilter.Range(field.Field, null, Ordered(field, text, 1)),
            _ => throw new FormatException($"'{operation}' is no comparison; eq, ne, gt, ge, lt, le and in are."),
        };
    }

    private static RecordValue Ordered(FilterField field, string text, int more) =>
        field.Type == FilterType.Text ? throw new FormatException($"'{field.Field}' is a text and cannot be compared by size.") : Value(field, text, more);

    private static RecordValue Value(FilterField field, string text, int more) => field.Type switch
    {
        FilterType.Number => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number + more
            : throw new FormatException($"'{text}' is no whole number."),
        FilterType.Time => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.AddTicks(more)
            : throw new FormatException($"'{text}' is no time; write 2026-01-31T12:00:00Z."),
        _ => text,
    };

    private FilterField Field(string path) =>
        fields.TryGetValue(path, out var field) ? field : throw new FormatException($"Lists cannot be filtered by '{path}'.");

    private string Literal()
    {
        var token = Next();
        return token is ['\'', .., '\''] ? token[1..^1].Replace("''", "'", StringComparison.Ordinal)
            : token.Equals("null", StringComparison.OrdinalIgnoreCase) ? ""
            : token;
    }

    private bool Take(string word)
    {
        if (!Now.Equals(word, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        at++;
        return true;
    }

    private void Expect(string word)
    {
        if (!Take(word))
        {
            throw new FormatException($"'{word}' was expected in the filter{(Now.Length > 0 ? $" before '{Now}'" : " at its end")}.");
        }
    }

    private static List<string> Split(string text)
    {
        var tokens = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
            }
            else if (text[i] is '(' or ')' or ',')
            {
                tokens.Add(text[i++].ToString());
            }
            else if (text[i] == '\'')
            {
                var end = i + 1;
                while (end < text.Length && (text[end] != '\'' || (end + 1 < text.Length && text[end + 1] == '\'')))
                {
                    end += text[end] == '\'' ? 2 : 1;
                }

                if (end >= text.Length)
                {
                    throw new FormatException("A text in the filter is not closed by '.");
                }

                tokens.Add(text[i..(end + 1)]);
                i = end + 1;
            }
            else
            {
                var end = text.AsSpan(i).IndexOfAny(ends);
                end = end < 0 ? text.Length : i + end;
                if (end == i)
                {
                    throw new FormatException($"'{text[i]}' was not expected in the filter.");
                }

                tokens.Add(text[i..end]);
                i = end;
            }
        }

        return tokens;
    }
}
