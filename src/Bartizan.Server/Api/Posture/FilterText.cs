using System.Globalization;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Server.Api.Posture;

/// <summary>
/// An OData filter over the named fields of a list: <c>eq, ne, gt, ge, lt, le, in, contains, startswith, and, or, not</c> and brackets.
/// Text compares without regard to case. A list-valued field holds where one of its values does.
/// </summary>
internal sealed class FilterText
{
    private const int MaxDepth = 32;

    private readonly List<string> tokens;
    private int at;
    private int depth;
    private string? fault;

    private FilterText(List<string> tokens) => this.tokens = tokens;

    /// <summary>The filter as a condition on items; without text, everything.</summary>
    public static Outcome<Func<T, bool>> Read<T>(string? text, IReadOnlyDictionary<string, Func<T, object?>> fields)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return (Func<T, bool>)(_ => true);
        }

        var reading = new FilterText(Split(text));
        var condition = reading.Or(fields);
        if (reading.fault is null && reading.at < reading.tokens.Count)
        {
            reading.fault = $"'{reading.tokens[reading.at]}' was not expected";
        }

        return reading.fault is { } fault
            ? new Problem(ProblemKind.Invalid, "InvalidFilter", $"The filter cannot be read: {fault}. Fields are {string.Join(", ", fields.Keys)}.", "$filter")
            : condition;
    }

    private Func<T, bool> Or<T>(IReadOnlyDictionary<string, Func<T, object?>> fields)
    {
        var left = And(fields);
        while (Take("or"))
        {
            var (a, b) = (left, And(fields));
            left = x => a(x) || b(x);
        }

        return left;
    }

    private Func<T, bool> And<T>(IReadOnlyDictionary<string, Func<T, object?>> fields)
    {
        var left = Not(fields);
        while (Take("and"))
        {
            var (a, b) = (left, Not(fields));
            left = x => a(x) && b(x);
        }

        return left;
    }

    private Func<T, bool> Not<T>(IReadOnlyDictionary<string, Func<T, object?>> fields)
    {
        if (++depth > MaxDepth)
        {
            fault ??= $"it nests deeper than {MaxDepth} levels";
            return _ => false;
        }

        try
        {
            if (Take("not"))
            {
                var inner = Not(fields);
                return x => !inner(x);
            }

            if (Take("("))
            {
                var inner = Or(fields);
                Expect(")");
                return inner;
            }

            return Comparison(fields);
        }
        finally
        {
            depth--;
        }
    }

    private Func<T, bool> Comparison<T>(IReadOnlyDictionary<string, Func<T, object?>> fields)
    {
        var word = Next();
        if (word.Equals("contains", StringComparison.OrdinalIgnoreCase) || word.Equals("startswith", StringComparison.OrdinalIgnoreCase))
        {
            Expect("(");
            var read = Field(fields, Next());
            Expect(",");
            var part = Value(Next());
            Expect(")");
            var isContains = word.Length == 8;
            return x => Values(read(x)).Any(v => isContains ? v.Contains(part, StringComparison.OrdinalIgnoreCase) : v.StartsWith(part, StringComparison.OrdinalIgnoreCase));
        }

        // Azure's lists write the path of a property; the last word of it is the field.
        var field = Field(fields, word);
        var operation = Next().ToLowerInvariant();
        if (operation == "in")
        {
            Expect("(");
            var all = new List<string> { Value(Next()) };
            while (Take(","))
            {
                all.Add(Value(Next()));
            }

            Expect(")");
            return x => Values(field(x)).Any(v => all.Contains(v, StringComparer.OrdinalIgnoreCase));
        }

        var value = Value(Next());
        return operation switch
        {
            "eq" => x => Values(field(x)).Any(v => v.Equals(value, StringComparison.OrdinalIgnoreCase)),
            "ne" => x => !Values(field(x)).Any(v => v.Equals(value, StringComparison.OrdinalIgnoreCase)),
            "gt" => x => Values(field(x)).Any(v => Compare(v, value) > 0),
            "ge" => x => Values(field(x)).Any(v => Compare(v, value) >= 0),
            "lt" => x => Values(field(x)).Any(v => Compare(v, value) < 0),
            "le" => x => Values(field(x)).Any(v => Compare(v, value) <= 0),
            _ => Unknown<T>(operation),
        };
    }

    private Func<T, bool> Unknown<T>(string operation)
    {
        fault ??= operation.Length == 0 ? "it ends too early" : $"'{operation}' is not an operator";
        return _ => false;
    }

    private Func<T, object?> Field<T>(IReadOnlyDictionary<string, Func<T, object?>> fields, string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (fields.TryGetValue(name, out var read))
        {
            return read;
        }

        fault ??= name.Length == 0 ? "it ends too early" : $"there is no field '{name}'";
        return _ => null;
    }

    private string Value(string token)
    {
        if (token.Length == 0)
        {
            fault ??= "it ends too early";
        }

        return token.StartsWith('\'') ? token[1..^1].Replace("''", "'", StringComparison.Ordinal) : token;
    }

    private static IEnumerable<string> Values(object? value) => value switch
    {
        null => [""],
        string text => [text],
        IEnumerable<string> many => many,
        IFormattable number => [number.ToString(null, CultureInfo.InvariantCulture)],
        _ => [value.ToString() ?? ""],
    };

    private static int Compare(string left, string right) =>
        double.TryParse(left, CultureInfo.InvariantCulture, out var a) && double.TryParse(right, CultureInfo.InvariantCulture, out var b)
            ? a.CompareTo(b)
            : string.Compare(left, right, StringComparison.OrdinalIgnoreCase);

    private bool Take(string word)
    {
        if (at < tokens.Count && tokens[at].Equals(word, StringComparison.OrdinalIgnoreCase))
        {
            at++;
            return true;
        }

        return false;
    }

    private void Expect(string word)
    {
        if (!Take(word))
        {
            fault ??= $"'{word}' was expected";
        }
    }

    private string Next() => at < tokens.Count ? tokens[at++] : "";

    private static List<string> Split(string text)
    {
        var tokens = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            if (text[i] is '(' or ')' or ',')
            {
                i++;
            }
            else if (text[i] == '\'')
            {
                // A doubled quote stands for one inside the text.
                for (i++; i < text.Length && (text[i] != '\'' || (i + 1 < text.Length && text[i + 1] == '\'')); i += text[i] == '\'' ? 2 : 1)
                {
                }

                i = Math.Min(i + 1, text.Length);
                if (i - start < 2 || text[i - 1] != '\'')
                {
                    tokens.Add("''");
                    continue;
                }
            }
            else
            {
                while (i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] is not ('(' or ')' or ',' or '\''))
                {
                    i++;
                }
            }

            tokens.Add(text[start..i]);
        }

        return tokens;
    }
}
