using System.Globalization;
using System.Text;

namespace Bartizan.Server.Api.Arm;

/// <summary>One word, sign or literal of a filter.</summary>
internal sealed record ODataToken(string Text, object? Value, bool IsQuoted, bool IsLiteral)
{
    public bool IsWord => !IsLiteral && Text.Length > 0 && (char.IsLetter(Text[0]) || Text[0] == '_' || Text[0] == '$');
}

/// <summary>Cuts a filter's text into tokens.</summary>
internal static class ODataTokens
{
    public static IReadOnlyList<ODataToken> Read(string text)
    {
        var tokens = new List<ODataToken>();
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (c is '(' or ')' or ',')
            {
                tokens.Add(new ODataToken(c.ToString(), null, false, false));
                i++;
            }
            else if (c == '\'')
            {
                tokens.Add(Quoted(text, ref i));
            }
            else
            {
                var start = i;
                while (i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] is not ('(' or ')' or ',' or '\''))
                {
                    i++;
                }

                var word = text[start..i];

                // datetime'…' and guid'…', of OData's older form.
                if (i < text.Length && text[i] == '\'' && word.ToLowerInvariant() is "datetime" or "datetimeoffset" or "guid")
                {
                    tokens.Add(Quoted(text, ref i));
                }
                else
                {
                    tokens.Add(Word(word));
                }
            }
        }

        return tokens;
    }

    private static ODataToken Quoted(string text, ref int i)
    {
        var value = new StringBuilder();
        for (i++; i < text.Length; i++)
        {
            if (text[i] != '\'')
            {
                value.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == '\'')
            {
                value.Append('\'');
                i++;
            }
            else
            {
                i++;
                return new ODataToken(value.ToString(), value.ToString(), true, true);
            }
        }

        throw new FormatException("a text in quotes does not end");
    }

    private static ODataToken Word(string word)
    {
        object? value = word.ToLowerInvariant() switch
        {
            "true" => true,
            "false" => false,
            "null" => null,
            _ when double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            _ when word.Length > 9 && char.IsDigit(word[0]) && DateTimeOffset.TryParse(word, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time,
            _ => word,
        };
        return new ODataToken(word, value, false, value is not string);
    }
}
