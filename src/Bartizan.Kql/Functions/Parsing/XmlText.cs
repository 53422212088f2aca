using System.Text;
using System.Xml;

namespace Bartizan.Kql.Functions.Parsing;

/// <summary>XML as JSON: elements, attributes and text; comments, declarations and the like are left out.</summary>
internal static class XmlText
{
    private const int MaxLength = 1024 * 1024;
    private const int MaxDepth = 128;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Ignore,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        MaxCharactersInDocument = MaxLength,
    };

    /// <summary>Null for what is no XML, or too much of it.</summary>
    public static string? ToJson(string text)
    {
        var start = text.AsSpan().IndexOfAnyExcept(" \t\r\n\uFEFF");
        if (start < 0 || text[start] != '<' || text.Length > MaxLength)
        {
            return null;
        }

        try
        {
            using var reader = XmlReader.Create(new StringReader(text[start..]), Settings);
            if (reader.MoveToContent() != XmlNodeType.Element)
            {
                return null;
            }

            var name = reader.Name;
            var root = Element(reader, 0);
            while (reader.Read())
            {
                // What follows the root must still be well-formed.
            }

            return Json.BagOf([new(name, root)]).AsText;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>The reader stands on the start tag, and afterwards on the end tag (or the empty element).</summary>
    private static string Element(XmlReader reader, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new XmlException("nested too deeply");
        }

        var members = new OrderedDictionary<string, List<string>>(StringComparer.Ordinal);
        var isEmpty = reader.IsEmptyElement;
        for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
        {
            members["@" + reader.Name] = [Json.Quote(reader.Value)];
        }

        reader.MoveToElement();
        var text = new StringBuilder();
        while (!isEmpty && reader.Read() && reader.NodeType != XmlNodeType.EndElement)
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                var name = reader.Name;
                if (!members.TryGetValue(name, out var values))
                {
                    members[name] = values = [];
                }

                values.Add(Element(reader, depth + 1));
            }
            else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace)
            {
                text.Append(reader.Value);
                members.TryAdd("#text", []);
            }
        }

        if (members.Count == 0)
        {
            return isEmpty ? "null" : "\"\"";
        }

        if (members.TryGetValue("#text", out var texts))
        {
            if (members.Count == 1)
            {
                return Json.Quote(text.ToString());
            }

            texts.Add(Json.Quote(text.ToString().Trim()));
        }

        return Json.BagOf(members.Select(m => new KeyValuePair<string, string>(m.Key, m.Value.Count == 1 ? m.Value[0] : Json.ArrayText(m.Value)))).AsText;
    }
}
