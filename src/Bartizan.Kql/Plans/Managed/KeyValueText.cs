using System.Text;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed;

/// <summary>Text of keys and values with delimiters, as <c>parse-kv</c> reads it: gives the values of the wanted keys as an array.</summary>
internal sealed class KeyValueText
{
    private readonly IReadOnlyList<KqlColumn> keys;
    private readonly string pairDelimiter;
    private readonly string kvDelimiter;
    private readonly IReadOnlyList<(string Open, string Close)> quotes;
    private readonly string escape;
    private readonly bool greedy;
    private readonly RegexPairs? regex;
    private readonly bool findsDelimiters;

    public KeyValueText(IReadOnlyList<KqlColumn> keys, IReadOnlyDictionary<string, BoundLiteral> properties)
    {
        this.keys = keys;
        pairDelimiter = Text("pair_delimiter") ?? " ";
        kvDelimiter = Text("kv_delimiter") ?? "=";
        findsDelimiters = !properties.ContainsKey("pair_delimiter") && !properties.ContainsKey("kv_delimiter");
        escape = Text("escape") ?? "";
        greedy = properties.GetValueOrDefault("greedy")?.Value is true;
        quotes = properties.TryGetValue("quote", out var quote) ? Quotes(quote) : [];
        regex = Text("regex") is { } pattern ? new RegexPairs(pattern) : null;

        string? Text(string name) => properties.GetValueOrDefault(name)?.Value as string;
    }

    public KqlValue Match(KqlValue value)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, text) in regex?.Read(Conversion.ToText(value)) ?? (findsDelimiters ? Words(Conversion.ToText(value)) : Read(Conversion.ToText(value))))
        {
            found.TryAdd(key, text);
        }

        return Json.ArrayOf(keys.Select(k => found.TryGetValue(k.Name, out var text) ? Json.Of(Conversion.To(KqlValue.Text(text), k.Type)) : "null"));
    }

    private IEnumerable<(string Key, string Value)> Read(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            if (pairDelimiter.Length > 0 && Is(text, at, pairDelimiter))
            {
                at += pairDelimiter.Length;
                continue;
            }

            var split = Piece(text, ref at, kvDelimiter, stopAtPair: true, out var key);
            if (!split)
            {
                continue;
            }

            if (greedy && quotes.All(q => !Is(text, at, q.Open)))
            {
                yield return (key, Greedy(text, ref at));
                continue;
            }

            Piece(text, ref at, pairDelimiter, stopAtPair: false, out var value);
            yield return (key, value);
        }
    }

    /// <summary>Without delimiters given, all but letters, digits and quoted texts separates: a wanted key and the word after it are a pair.</summary>
    private IEnumerable<(string Key, string Value)> Words(string text)
    {
        string? key = null;
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            var isQuoted = quotes.FirstOrDefault(q => Is(text, start, q.Open)) is { Open.Length: > 0 };
            if (!isQuoted && !IsWord(text[at]))
            {
                at++;
                continue;
            }

            string word;
            if (isQuoted)
            {
                Piece(text, ref at, "\0\0", stopAtPair: false, out word);
            }
            else
            {
                while (at < text.Length && IsWord(text[at]))
                {
                    at++;
                }

                word = text[start..at];
            }

            if (key is not null)
            {
                yield return (key, word);
                key = null;
            }
            else if (keys.Any(k => k.Name == word))
            {
                key = word;
            }
        }
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    /// <summary>Up to the delimiter, quotes and escapes undone; true when the delimiter was there.</summary>
    private bool Piece(string text, ref int at, string delimiter, bool stopAtPair, out string piece)
    {
        var builder = new StringBuilder();
        while (at < text.Length)
        {
            if (delimiter.Length > 0 && Is(text, at, delimiter))
            {
                at += delimiter.Length;
                piece = builder.ToString();
                return true;
            }

            if (stopAtPair && pairDelimiter.Length > 0 && Is(text, at, pairDelimiter))
            {
                break;
            }

            var start = at;
            if (builder.Length == 0 && quotes.FirstOrDefault(q => Is(text, start, q.Open)) is { Open.Length: > 0 } quote)
            {
                at += quote.Open.Length;
                while (at < text.Length && !Is(text, at, quote.Close))
                {
                    Take(text, ref at, builder);
                }

                at = Math.Min(text.Length, at + quote.Close.Length);
                if (findsDelimiters)
                {
                    break;
                }

                continue;
            }

            Take(text, ref at, builder);
        }

        piece = builder.ToString();
        return false;
    }

    // A greedy value may hold pair delimiters: it ends where the last delimiter before the next key stands.
    private string Greedy(string text, ref int at)
    {
        var next = text.IndexOf(kvDelimiter, at, StringComparison.Ordinal);
        var end = next < 0 ? text.Length : text.LastIndexOf(pairDelimiter, next, next - at + 1, StringComparison.Ordinal);
        if (end < at)
        {
            end = text.Length;
        }

        var value = text[at..end];
        at = end;
        return value.EndsWith(pairDelimiter, StringComparison.Ordinal) ? value[..^pairDelimiter.Length] : value;
    }

    private void Take(string text, ref int at, StringBuilder builder)
    {
        if (escape.Length > 0 && Is(text, at, escape) && at + escape.Length < text.Length)
        {
            at += escape.Length;
        }

        builder.Append(text[at++]);
    }

    private static bool Is(string text, int at, string wanted) => string.CompareOrdinal(text, at, wanted, 0, wanted.Length) == 0;

    private static IReadOnlyList<(string, string)> Quotes(BoundLiteral literal)
    {
        var texts = literal.Type == KqlType.Dynamic && Json.Array(Literals.Value(literal)) is { } items
            ? items.Select(i => Conversion.ToText(Json.ToDynamic(i))).ToList()
            : [literal.Value as string ?? ""];
        return [.. texts.Where(t => t.Length > 0).Select(t => t.Length == 2 ? (t[..1], t[1..]) : (t, t))];
    }

    private sealed class RegexPairs(string pattern)
    {
        private readonly System.Text.RegularExpressions.Regex regex =
            Functions.Text.Regexes.Get(pattern) ?? throw new PlanRefusal("The regular expression of parse-kv is not one that RE2 takes.");

        public IEnumerable<(string, string)> Read(string text) =>
            regex.Matches(text).Where(m => m.Groups.Count > 2).Select(m => (m.Groups[1].Value, m.Groups[2].Value));
    }
}
