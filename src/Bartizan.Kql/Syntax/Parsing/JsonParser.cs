using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bartizan.Kql.Syntax.Nodes;
using Bartizan.Kql.Syntax.Tokens;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Syntax.Parsing;

/// <summary>
/// dynamic ::= dynamic( json ), where json may also hold single-quoted and verbatim strings, and date and span literals
/// (which become text).
/// </summary>
internal sealed class JsonParser(Parser parser)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TokenReader reader = parser.Reader;

    public DynamicSyntax Parse()
    {
        var mark = reader.Mark;
        reader.Accept();
        reader.Expect("(");
        var json = new StringBuilder();
        ParseValue(json);
        reader.Expect(")");
        var text = json.ToString();
        return reader.Finish(mark, new DynamicSyntax(text is "null" or "" ? null : text));
    }

    private void ParseValue(StringBuilder json)
    {
        if (!reader.TryEnter())
        {
            return;
        }

        var token = reader.Current;
        switch (token.Kind)
        {
            case SyntaxTokenKind.StringLiteral:
                WriteText(json, ParseText());
                break;
            case SyntaxTokenKind.LongLiteral:
                reader.Accept();
                json.Append(LiteralReader.ReadLong(token.Text) is long value ? value.ToString(CultureInfo.InvariantCulture) : token.Text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? "0" : token.Text.TrimStart('0'));
                break;
            case SyntaxTokenKind.RealLiteral:
                reader.Accept();
                json.Append(LiteralReader.ReadReal(token.Text) is double real && double.IsFinite(real) ? RealText(real) : "null");
                break;
            case SyntaxTokenKind.TimeSpanLiteral:
                reader.Accept();
                WriteText(json, LiteralReader.ReadTimeSpan(token.Text) is long ticks ? SpanText(ticks) : "");
                break;
            case SyntaxTokenKind.TypedLiteral:
                reader.Accept();
                WriteTyped(json, token);
                break;
            case SyntaxTokenKind.Identifier when token.Text is "true" or "false" or "null":
                json.Append(reader.Accept().Text);
                break;
            case SyntaxTokenKind.Identifier when token.Text == "dynamic" && reader.Peek(1).Is("("):
                reader.Accept();
                reader.Accept();
                ParseValue(json);
                reader.Expect(")");
                break;
            case SyntaxTokenKind.Punctuation when token.Text is "-" or "+" && reader.Peek(1).Kind is SyntaxTokenKind.LongLiteral or SyntaxTokenKind.RealLiteral:
                reader.Accept();
                json.Append(token.Text == "-" ? "-" : "");
                ParseValue(json);
                break;
            case SyntaxTokenKind.Punctuation when token.Text == "[":
                ParseArray(json);
                break;
            case SyntaxTokenKind.Punctuation when token.Text == "{":
                ParseBag(json);
                break;
            default:
                reader.ReportMissing("json value");
                json.Append("null");
                break;
        }

        reader.Leave();
    }

    private void ParseArray(StringBuilder json)
    {
        reader.Accept();
        json.Append('[');
        var first = true;
        while (!reader.AtEnd && !reader.Is("]"))
        {
            json.Append(first ? "" : ",");
            first = false;
            ParseValue(json);
            if (!reader.AcceptIf(","))
            {
                break;
            }

            if (reader.Is("]"))
            {
                reader.ReportMissing("json value");
            }
        }

        reader.Expect("]");
        json.Append(']');
    }

    private void ParseBag(StringBuilder json)
    {
        reader.Accept();
        json.Append('{');
        var first = true;
        while (reader.Current.Kind == SyntaxTokenKind.StringLiteral)
        {
            json.Append(first ? "" : ",");
            first = false;
            WriteText(json, ParseText());
            reader.Expect(":");
            json.Append(':');
            ParseValue(json);
            if (!reader.AcceptIf(","))
            {
                break;
            }

            if (reader.Is("}"))
            {
                reader.ReportMissing("json pair");
            }
        }

        reader.Expect("}");
        json.Append('}');
    }

    private string ParseText()
    {
        var text = LiteralReader.ReadString(reader.Accept());
        while (reader.Current.Kind == SyntaxTokenKind.StringLiteral)
        {
            text += LiteralReader.ReadString(reader.Accept());
        }

        return text;
    }

    private static void WriteTyped(StringBuilder json, SyntaxToken token)
    {
        if (!LiteralReader.TryReadTyped(token.Text, out var type, out var value) || value is null)
        {
            json.Append("null");
            return;
        }

        switch (type)
        {
            case KqlType.DateTime:
                WriteText(json, new DateTime((long)value, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
                break;
            case KqlType.TimeSpan:
                WriteText(json, SpanText((long)value));
                break;
            case KqlType.Guid:
                WriteText(json, ((Guid)value).ToString());
                break;
            case KqlType.Bool:
                json.Append((bool)value ? "true" : "false");
                break;
            case KqlType.Real:
                json.Append(double.IsFinite((double)value) ? RealText((double)value) : "\"" + value.ToString() + "\"");
                break;
            default:
                json.Append(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string RealText(double real)
    {
        var text = real.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }

    private static string SpanText(long ticks) => new TimeSpan(ticks).ToString("c", CultureInfo.InvariantCulture);

    private static void WriteText(StringBuilder json, string text) => json.Append(JsonSerializer.Serialize(text, Plain));
}
