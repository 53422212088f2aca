using System.Text;

namespace Bartizan.Detection.Rows;

/// <summary>Reads comma- or tab-separated text (RFC 4180): quoted fields may hold separators, doubled quotes and line ends.</summary>
internal static class DelimitedText
{
    /// <summary>The lines that hold anything, as their fields.</summary>
    public static IEnumerable<IReadOnlyList<string>> Read(string text, char separator)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var isQuoted = false;
        var wasQuoted = false;
        for (var i = text.StartsWith('\uFEFF') ? 1 : 0; i < text.Length; i++)
        {
            var c = text[i];
            if (isQuoted)
            {
                if (c != '"')
                {
                    field.Append(c);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    isQuoted = false;
                }
            }
            else if (c == '"' && field.Length == 0 && !wasQuoted)
            {
                isQuoted = wasQuoted = true;
            }
            else if (c == separator)
            {
                End();
            }
            else if (c is '\n' or '\r')
            {
                if (Holds())
                {
                    End();
                    yield return fields.ToArray();
                }

                Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        if (Holds())
        {
            End();
            yield return fields.ToArray();
        }

        bool Holds() => fields.Count > 0 || field.Length > 0 || wasQuoted;

        void End()
        {
            fields.Add(field.ToString());
            field.Clear();
            wasQuoted = false;
        }

        void Clear()
        {
            fields.Clear();
            field.Clear();
            wasQuoted = false;
        }
    }

    /// <summary>The text without its first lines.</summary>
    public static string Skip(string text, int lines)
    {
        var at = 0;
        for (; lines > 0 && at < text.Length; lines--)
        {
            var end = text.IndexOf('\n', at);
            at = end < 0 ? text.Length : end + 1;
        }

        return text[at..];
    }
}
