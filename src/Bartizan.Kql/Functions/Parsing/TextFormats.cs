using System.Globalization;
using System.Text;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Parsing;

/// <summary>Texts with a form of their own, taken apart: CSV, URLs, paths, command lines, versions, JSON by path.</summary>
internal static class TextFormats
{
    private const int MaxVersionParts = 4;

    private static readonly string[] Units = ["Bytes", "KB", "MB", "GB", "TB", "PB", "EB"];

    public static IEnumerable<KqlFunction> All() =>
    [
        new("parse_csv", "(csv_text:text) -> dynamic", "The fields of a line of comma-separated values, as an array; of several lines only the first.")
        {
            Naming = NameRule.FirstArgument,
            Managed = a => Json.ArrayOf(Fields(Conversion.ToText(a[0])).Select(Json.Quote)),
        },
        new("parse_xml", "(xml_text:text) -> dynamic", "An XML text as a bag: @name for attributes, #text for text beside them, arrays for elements that repeat; null for what is no XML.")
        {
            Naming = NameRule.FirstArgument,
            Managed = a => KqlValue.Dynamic(XmlText.ToJson(Conversion.ToText(a[0]))),
        },
        new("parse_url", "(url:text) -> dynamic", "The parts of a URL: Scheme, Host, Port, Path, Username, Password, Query Parameters, Fragment.")
        {
            Aliases = ["parseurl"],
            Managed = a => Url(Conversion.ToText(a[0])),
        },
        new("parse_urlquery", "(query:text) -> dynamic", "The names and values of a URL's query.")
        {
            Aliases = ["parseurlquery"],
            Managed = a => Json.BagOf([new("Query Parameters", Query(Conversion.ToText(a[0]).TrimStart('?')))]),
        },
        new("parse_path", "(path:text) -> dynamic", "The parts of a file path: Scheme, RootPath, DirectoryPath, DirectoryName, Filename, Extension, AlternateDataStreamName.")
        {
            Managed = a => FilePath(Conversion.ToText(a[0])),
        },
        new("parse_command_line", "(command:any, parser:text) -> dynamic", "The arguments of a command line, as Windows parts them.")
        {
            Managed = a => Conversion.ToText(a[1]).Equals("windows", StringComparison.OrdinalIgnoreCase) && Conversion.ToText(a[0]) is { Length: > 0 } line
                ? Json.ArrayOf(CommandLine.Arguments(line).Select(Json.Quote)) : KqlValue.Null(KqlType.Dynamic),
        },
        UserAgents.Function,
        new("parse_version", "(version:text) -> decimal", "A version of up to four numbers as one number that sorts as versions do; null for anything else.")
        {
            Managed = a => Version(Conversion.ToText(a[0])),
        },
        new("extract_json", "(json_path:string!, json_text:text) -> string; (json_path:string!, json_text:text, type:typeof) -> typeof", "What stands at a path in a JSON text; '' or null when nothing does.")
        {
            Aliases = ["extractjson"],
            Managed = a => AtPath(a),
        },
        new("format_bytes", "(size:number, precision:number?!, units:string?!) -> string", "A number of bytes with its unit (Bytes, KB, MB …), rounded to so many places.")
        {
            Naming = NameRule.FirstArgument,
            Managed = a => KqlValue.Text(Bytes(a[0].AsReal, a.Length > 1 ? (int)Math.Clamp(a[1].AsLong, 0, 15) : 0, a.Length > 2 ? a[2].AsText : "")),
        },
    ];

    private static List<string> Fields(string text)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted)
            {
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    field.Append(text[i++]);
                }
                else if (c == '"')
                {
                    quoted = false;
                }
                else
                {
                    field.Append(c);
                }
            }
            else if (c == '"' && field.Length == 0)
            {
                quoted = true;
            }
            else if (c == ',')
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else if (c is '\n' or '\r')
            {
                break;
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }

    private static KqlValue Url(string url)
    {
        var rest = url;
        var fragment = Cut(ref rest, '#');
        var query = Cut(ref rest, '?');
        var (scheme, host, port, user, password) = ("", "", "", "", "");
        var colon = rest.IndexOf("://", StringComparison.Ordinal);
        if (colon > 0)
        {
            scheme = rest[..colon];
            rest = rest[(colon + 3)..];
            var slash = rest.IndexOf('/', StringComparison.Ordinal);
            host = slash < 0 ? rest : rest[..slash];
            rest = slash < 0 ? "" : rest[slash..];
            var at = host.LastIndexOf('@');
            if (at >= 0)
            {
                user = host[..at];
                host = host[(at + 1)..];
                password = Cut(ref user, ':');
            }

            var portAt = host.LastIndexOf(':');
            if (portAt > host.LastIndexOf(']') && host.AsSpan(portAt + 1).IndexOfAnyExceptInRange('0', '9') < 0)
            {
                port = host[(portAt + 1)..];
                host = host[..portAt];
            }
        }

        return Json.BagOf(
        [
            new("Scheme", Json.Quote(scheme)), new("Host", Json.Quote(host)), new("Port", Json.Quote(port)), new("Path", Json.Quote(rest)),
            new("Username", Json.Quote(user)), new("Password", Json.Quote(password)), new("Query Parameters", Query(query)), new("Fragment", Json.Quote(fragment)),
        ]);
    }

    private static string Cut(ref string text, char at)
    {
        var index = text.IndexOf(at, StringComparison.Ordinal);
        var tail = index < 0 ? "" : text[(index + 1)..];
        text = index < 0 ? text : text[..index];
        return tail;
    }

    private static string Query(string query)
    {
        var pairs = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = part;
            var value = Cut(ref name, '=');
            pairs[name] = Json.Quote(value);
        }

        return Json.BagOf(pairs).AsText;
    }

    private static KqlValue FilePath(string path)
    {
        var scheme = "";
        var rest = path;
        var colon = rest.IndexOf("://", StringComparison.Ordinal);
        if (colon > 0 && rest.AsSpan(0, colon).IndexOfAny('/', '\\') < 0)
        {
            scheme = rest[..colon];
            rest = rest[(colon + 3)..];
        }

        var drive = rest.StartsWith(@"\\?\", StringComparison.Ordinal) || rest.StartsWith(@"\\.\", StringComparison.Ordinal) ? rest[4..] : rest;
        var root = drive.Length > 1 && drive[1] == ':' && char.IsAsciiLetter(drive[0]) ? drive[..2] : "";
        var slash = rest.AsSpan().LastIndexOfAny('/', '\\');
        var directory = slash < 0 ? "" : rest[..slash];
        var name = slash < 0 ? rest : rest[(slash + 1)..];
        if (slash < 0 && root.Length > 0)
        {
            (directory, name) = (root, name[2..]);
        }

        var stream = Cut(ref name, ':');
        var dot = name.LastIndexOf('.');
        return Json.BagOf(
        [
            new("Scheme", Json.Quote(scheme)), new("RootPath", Json.Quote(root)), new("DirectoryPath", Json.Quote(directory)),
            new("DirectoryName", Json.Quote(directory[(directory.AsSpan().LastIndexOfAny('/', '\\') + 1)..])), new("Filename", Json.Quote(name)),
            new("Extension", Json.Quote(dot < 0 ? "" : name[(dot + 1)..])), new("AlternateDataStreamName", Json.Quote(stream)),
        ]);
    }

    /// <summary>Eight digits for each part.</summary>
    private static KqlValue Version(string text)
    {
        var parts = text.Split('.');
        return parts.Length <= MaxVersionParts && parts.All(p => p.Length is > 0 and <= 8 && p.All(char.IsAsciiDigit))
            ? KqlValue.Decimal(KqlDecimal.Parse(string.Concat(parts.Concat(Enumerable.Repeat("", MaxVersionParts - parts.Length)).Select(p => p.PadLeft(8, '0')))))
            : KqlValue.Null(KqlType.Decimal);
    }

    private static KqlValue AtPath(ReadOnlySpan<KqlValue> a)
    {
        var type = a.Length > 2 ? Conversion.TypeNamed(a[2].AsText) ?? KqlType.String : KqlType.String;
        return JsonPath.Parse(a[0].AsText) is { } path && Json.Parse(Conversion.ToText(a[1])) is { } root && JsonPath.Find(root, path) is { } element
            ? Conversion.To(Json.ToDynamic(element), type)
            : KqlValue.Null(type);
    }

    private static string Bytes(double size, int places, string unit)
    {
        if (!double.IsFinite(size))
        {
            return "";
        }

        var power = unit.Length > 0 ? Array.IndexOf(Units, unit) : 0;
        if (power < 0)
        {
            return "";
        }

        if (unit.Length == 0)
        {
            for (var left = Math.Abs(size); left >= 1024 && power < Units.Length - 1; left /= 1024)
            {
                power++;
            }
        }

        var amount = Math.Round(size / Math.Pow(1024, power), places, MidpointRounding.AwayFromZero);
        return string.Create(CultureInfo.InvariantCulture, $"{amount.ToString("0.###############", CultureInfo.InvariantCulture)} {Units[power]}");
    }
}
