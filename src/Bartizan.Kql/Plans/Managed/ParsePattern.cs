using System.Text;
using System.Text.RegularExpressions;
using Bartizan.Kql.Binding.Tree;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Functions.Text;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed;

/// <summary>
/// A pattern of <c>parse</c>: gives the pieces of a text as an array, null where the text does not fit. In the simple and relaxed modes
/// each text of the pattern is looked for from where the last one ended; in the regex mode the whole is one RE2 expression.
/// </summary>
internal sealed partial class ParsePattern
{
    private readonly BoundParseKind kind;
    private readonly IReadOnlyList<BoundParsePart> parts;
    private readonly IReadOnlyList<KqlColumn> columns;
    private readonly Regex? regex;

    public ParsePattern(BoundParseKind kind, string flags, IReadOnlyList<BoundParsePart> parts)
    {
        this.kind = kind;
        this.parts = parts;
        columns = [.. parts.OfType<BoundParseColumn>().Select(c => c.Column)];
        if (kind == BoundParseKind.Regex)
        {
            regex = Regexes.Get(Expression(flags, parts)) ?? throw new PlanRefusal("The pattern of parse is not a regular expression that RE2 takes.");
        }
    }

    public KqlValue Match(KqlValue text)
    {
        var pieces = regex is null ? Scan(Conversion.ToText(text)) : Groups(Conversion.ToText(text));
        if (pieces is null)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var values = new string[pieces.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var value = Conversion.To(KqlValue.Text(pieces[i]), columns[i].Type);
            if (value.IsNull && kind == BoundParseKind.Simple)
            {
                return KqlValue.Null(KqlType.Dynamic);
            }

            values[i] = Json.Of(value);
        }

        return Json.ArrayOf(values);
    }

    private string[]? Groups(string text)
    {
        var match = regex!.Match(text);
        return match.Success ? [.. columns.Select((_, i) => match.Groups[GroupName(i)].Value)] : null;
    }

    private string[]? Scan(string text)
    {
        var pieces = new string[columns.Count];
        var piece = 0;
        var at = 0;
        var open = -1;
        var floating = false;
        for (var i = 0; i < parts.Count; i++)
        {
            switch (parts[i])
            {
                case BoundParseText wanted:
                    var found = text.IndexOf(wanted.Text, at, StringComparison.Ordinal);
                    if (found < 0 || (found > at && open < 0 && !floating))
                    {
                        return null;
                    }

                    if (open >= 0)
                    {
                        pieces[open] = text[at..found];
                    }

                    at = found + wanted.Text.Length;
                    (open, floating) = (-1, false);
                    break;
                case BoundParseSkip:
                    if (open >= 0)
                    {
                        // A column and then anything: a text takes nothing more than it must, other types what looks like them.
                        (pieces[open], at) = Prefix(text, at, columns[open].Type);
                        open = -1;
                    }

                    floating = true;
                    break;
                default:
                    if (open >= 0)
                    {
                        (pieces[open], at) = Prefix(text, at, columns[open].Type);
                    }

                    (open, floating) = (piece++, false);
                    break;
            }
        }

        if (open >= 0)
        {
            pieces[open] = text[at..];
        }

        return pieces;
    }

    private static (string Piece, int At) Prefix(string text, int at, KqlType type)
    {
        var match = type == KqlType.String ? System.Text.RegularExpressions.Match.Empty : Shape(type).Match(text, at);
        return match.Success && match.Index == at ? (match.Value, at + match.Length) : ("", at);
    }

    private static Regex Shape(KqlType type) => type switch
    {
        KqlType.Int or KqlType.Long => Whole(),
        KqlType.Real or KqlType.Decimal => Number(),
        _ => Word(),
    };

    private static string Expression(string flags, IReadOnlyList<BoundParsePart> parts)
    {
        // Flags as RE2 knows them: U turns greediness round, m makes ^ and $ match at lines, s lets . match a line break, i ignores case.
        var text = new StringBuilder(flags.Length > 0 ? $"(?{flags})" : "");
        var columns = 0;
        foreach (var part in parts)
        {
            text.Append(part switch
            {
                BoundParseText piece => piece.Text,
                BoundParseColumn column => $"(?P<{GroupName(columns++)}>{Pattern(column.Column.Type)})",
                _ => ReferenceEquals(part, parts[^1]) ? "" : ".*?",
            });
        }

        return text.ToString();
    }

    // Groups of the pattern's own texts must not be taken for these.
    private static string GroupName(int column) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"bzc{column}");

    // A text takes as much as it can, a star as little.
    private static string Pattern(KqlType type) => type switch
    {
        KqlType.Int or KqlType.Long => @"-?\d+",
        KqlType.Real or KqlType.Decimal => @"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?",
        KqlType.Bool => "[tT]rue|[fF]alse|0|1",
        _ => ".*",
    };

    [GeneratedRegex(@"\G\s*[-+]?\d+", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\G\s*[-+]?\d+(\.\d+)?([eE][-+]?\d+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"\G\s*\S+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
