using System.Text;

namespace Bartizan.Connectors.Cef;

/// <summary>
/// A message in Common Event Format: <c>CEF:0|vendor|product|version|id|name|severity|key=value key=value …</c>. Bars are escaped
/// in the header, equals signs in the extension; a value runs to the next key.
/// </summary>
public sealed record CefMessage(
    string Version, string Vendor, string Product, string DeviceVersion, string ClassId, string Name, string Severity, IReadOnlyDictionary<string, string> Extension)
{
    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CefMessage? message)
    {
        ArgumentNullException.ThrowIfNull(text);
        message = null;
        var start = text.IndexOf("CEF:", StringComparison.Ordinal);
        if (start < 0)
        {
            return false;
        }

        var header = new List<string>(7);
        var part = new StringBuilder();
        var i = start + 4;
        for (; i < text.Length && header.Count < 7; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                part.Append(text[++i]);
            }
            else if (text[i] == '|')
            {
                header.Add(part.ToString().Trim());
                part.Clear();
            }
            else
            {
                part.Append(text[i]);
            }
        }

        if (header.Count == 6)
        {
            // Without an extension the last bar may be missing.
            header.Add(part.ToString().Trim());
        }

        if (header.Count < 7)
        {
            return false;
        }

        message = new CefMessage(header[0], header[1], header[2], header[3], header[4], header[5], header[6], Read(text.AsSpan(Math.Min(i, text.Length))));
        return true;
    }

    private static Dictionary<string, string> Read(ReadOnlySpan<char> text)
    {
        var extension = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var equals = NextEquals(text, 0);
        while (equals >= 0)
        {
            var key = KeyBefore(text, equals);
            var next = NextEquals(text, equals + 1);
            var end = next < 0 ? text.Length : KeyStart(text, next);
            if (key.Length > 0)
            {
                extension[key.ToString()] = Unescape(text[(equals + 1)..Math.Max(equals + 1, end)].Trim());
            }

            equals = next;
        }

        return extension;
    }

    /// <summary>The next equals sign that stands behind a key: unescaped, right after a word.</summary>
    private static int NextEquals(ReadOnlySpan<char> text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '=' && KeyStart(text, i) is var start && start < i && start >= from && (start == 0 || text[start - 1] == ' '))
            {
                return i;
            }
        }

        return -1;
    }

    private static int KeyStart(ReadOnlySpan<char> text, int equals)
    {
        var start = equals;
        while (start > 0 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or '.' or '-' or '[' or ']'))
        {
            start--;
        }

        return start;
    }

    private static ReadOnlySpan<char> KeyBefore(ReadOnlySpan<char> text, int equals) => text[KeyStart(text, equals)..equals];

    private static string Unescape(ReadOnlySpan<char> value)
    {
        if (!value.Contains('\\'))
        {
            return value.ToString();
        }

        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\' || i + 1 == value.Length)
            {
                text.Append(value[i]);
                continue;
            }

            i++;
            text.Append(value[i] switch
            {
                'n' => '\n',
                'r' => '\r',
                '=' or '|' or '\\' => value[i],
                _ => '\\',
            });
            if (value[i] is not ('n' or 'r' or '=' or '|' or '\\'))
            {
                text.Append(value[i]);
            }
        }

        return text.ToString();
    }
}
