using System.Text;
using Bartizan.Foundation.Entities;

namespace Bartizan.Investigation.Exploration;

/// <summary>
/// Puts an entity's values into a question's text. A value becomes part of the literal it stands in, or a literal of its own; it can
/// never become anything else of the query.
/// </summary>
public static class QuestionText
{
    private const int MaxToken = 64;

    private static readonly System.Buffers.SearchValues<char> wordCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>Fills every <c>&lt;Field&gt;</c>; what is not known becomes empty text.</summary>
    public static string Fill(string query, Entity entity)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(entity);
        var text = new StringBuilder(query.Length + 64);
        var at = 0;
        while (at < query.Length)
        {
            if (query.AsSpan(at).StartsWith("//", StringComparison.Ordinal))
            {
                at = CopyComment(query, at, text);
            }
            else if (query.AsSpan(at).StartsWith("```", StringComparison.Ordinal) || query.AsSpan(at).StartsWith("~~~", StringComparison.Ordinal))
            {
                at = CopyBlock(query, at, text);
            }
            else if (query[at] is '\'' or '"')
            {
                var verbatim = at > 0 && (query[at - 1] == '@' || (at > 1 && query[at - 1] is 'h' or 'H' && query[at - 2] == '@'));
                at = CopyLiteral(query, at, verbatim, entity, text);
            }
            else if (TokenAt(query, at) is { } token)
            {
                text.Append(Literal(ValueOf(entity, token)));
                at += token.Length + 2;
            }
            else
            {
                text.Append(query[at++]);
            }
        }

        return text.ToString();
    }

    /// <summary>The value a token stands for: the field, or one that the same thing is called elsewhere.</summary>
    public static string ValueOf(Entity entity, string token)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(token);
        return (entity.Kind, token.ToLowerInvariant()) switch
        {
            (EntityKind.File, "filename") => entity["Name"] ?? "",
            (EntityKind.IP, "ip" or "ipaddress") => entity["Address"] ?? "",
            (EntityKind.Host, "hostname") => entity["HostName"] ?? entity["NetBiosName"] ?? "",
            (EntityKind.Host, "netbiosname") => entity["NetBiosName"] ?? entity["HostName"] ?? "",
            (EntityKind.Host, "resourceid" or "azureid") => entity["AzureID"] ?? "",
            (EntityKind.Process, "imagefile") => entity.Related.TryGetValue("ImageFile", out var file) ? file["Name"] ?? "" : "",
            (EntityKind.Account, "accountname") => entity["Name"] ?? "",
            (EntityKind.FileHash, "hashvalue") => entity["Value"] ?? "",
            _ => entity[token] ?? "",
        };
    }

    private static int CopyComment(string query, int at, StringBuilder text)
    {
        var end = query.IndexOf('\n', at);
        end = end < 0 ? query.Length : end;
        text.Append(query, at, end - at);
        return end;
    }

    /// <summary>A block literal has no way to write its own end, so nothing is put into one.</summary>
    private static int CopyBlock(string query, int at, StringBuilder text)
    {
        var end = query.IndexOf(query.Substring(at, 3), at + 3, StringComparison.Ordinal);
        end = end < 0 ? query.Length : end + 3;
        text.Append(query, at, end - at);
        return end;
    }

    private static int CopyLiteral(string query, int at, bool verbatim, Entity entity, StringBuilder text)
    {
        var quote = query[at];
        text.Append(quote);
        at++;
        while (at < query.Length)
        {
            if (query[at] == quote)
            {
                text.Append(quote);
                if (verbatim && at + 1 < query.Length && query[at + 1] == quote)
                {
                    text.Append(quote);
                    at += 2;
                    continue;
                }

                return at + 1;
            }

            if (!verbatim && query[at] == '\\' && at + 1 < query.Length)
            {
                text.Append(query, at, 2);
                at += 2;
            }
            else if (TokenAt(query, at) is { } token)
            {
                text.Append(verbatim ? Doubled(ValueOf(entity, token), quote) : Escaped(ValueOf(entity, token)));
                at += token.Length + 2;
            }
            else
            {
                text.Append(query[at++]);
            }
        }

        return at;
    }

    private static string? TokenAt(string query, int at)
    {
        if (query[at] != '<')
        {
            return null;
        }

        var end = query.IndexOf('>', at, Math.Min(MaxToken, query.Length - at));
        return end > at + 1 && char.IsAsciiLetter(query[at + 1]) && query.AsSpan(at + 1, end - at - 1).IndexOfAnyExcept(wordCharacters) < 0
            ? query[(at + 1)..end]
            : null;
    }

    private static string Literal(string value) =>
        long.TryParse(value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : $"\"{Escaped(value)}\"";

    /// <summary>A verbatim literal holds anything but its quote, which is written twice; a line's end would end it.</summary>
    private static string Doubled(string value, char quote) =>
        value.Replace("\r", " ", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal).Replace(quote.ToString(), new string(quote, 2), StringComparison.Ordinal);

    private static string Escaped(string value)
    {
        var text = new StringBuilder(value.Length + 8);
        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' or '"' or '\'' => text.Append('\\').Append(c),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        return text.ToString();
    }
}
