using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Bartizan.Response.Playbooks.Expressions;

/// <summary>
/// Reads expressions: <c>value := (literal | name '(' value, … ')') (('?')? ('[' value ']' | '.' name))*</c>. Texts that begin with @ are
/// expressions, @@ is the sign itself, @{…} stands inside a text.
/// </summary>
internal ref struct ExpressionReader
{
    private const int MaxDepth = 64;

    private readonly ReadOnlySpan<char> text;
    private int at;
    private int depth;

    private ExpressionReader(ReadOnlySpan<char> text) => this.text = text;

    /// <summary>The expression that a text of a definition is; null where it is plain text.</summary>
    public static Expression? Read(string text)
    {
        if (text.StartsWith('@') && !text.StartsWith("@@", StringComparison.Ordinal) && !text.StartsWith("@{", StringComparison.Ordinal))
        {
            var reader = new ExpressionReader(text.AsSpan(1));
            var whole = reader.Value();
            reader.Skip();
            return reader.at == reader.text.Length ? whole : throw reader.Wrong("nothing more");
        }

        return text.Contains('@', StringComparison.Ordinal) ? Parts(text) : null;
    }

    private static Expression? Parts(string text)
    {
        var parts = new List<Expression>();
        var plain = new StringBuilder();
        var i = 0;
        if (text.StartsWith("@@", StringComparison.Ordinal))
        {
            plain.Append('@');
            i = 2;
        }

        while (i < text.Length)
        {
            if (string.CompareOrdinal(text, i, "@@{", 0, 3) == 0)
            {
                plain.Append("@{");
                i += 3;
            }
            else if (string.CompareOrdinal(text, i, "@{", 0, 2) == 0)
            {
                var reader = new ExpressionReader(text.AsSpan(i + 2));
                parts.Add(new Expression.Literal(JsonValue.Create(plain.ToString())));
                plain.Clear();
                parts.Add(reader.Value());
                reader.Skip();
                reader.Expect('}');
                i += 2 + reader.at;
            }
            else
            {
                plain.Append(text[i++]);
            }
        }

        parts.Add(new Expression.Literal(JsonValue.Create(plain.ToString())));
        return new Expression.Interpolation(parts);
    }

    private Expression Value()
    {
        if (++depth > MaxDepth)
        {
            throw new ExpressionException($"The expression is nested more than {MaxDepth} deep.");
        }

        var value = Primary();
        while (true)
        {
            Skip();
            var isSafe = Take('?');
            if (Take('['))
            {
                var key = Value();
                Skip();
                Expect(']');
                value = new Expression.Member(value, key, isSafe);
            }
            else if (Take('.'))
            {
                value = new Expression.Member(value, new Expression.Literal(JsonValue.Create(Name())), isSafe);
            }
            else if (isSafe)
            {
                throw Wrong("a member after ?");
            }
            else
            {
                depth--;
                return value;
            }
        }
    }

    private Expression Primary()
    {
        Skip();
        if (at < text.Length && text[at] == '\'')
        {
            return new Expression.Literal(JsonValue.Create(Quoted()));
        }

        if (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '-'))
        {
            return new Expression.Literal(Number());
        }

        var name = Name();
        Skip();
        if (!Take('('))
        {
            return name switch
            {
                "true" => new Expression.Literal(JsonValue.Create(true)),
                "false" => new Expression.Literal(JsonValue.Create(false)),
                "null" => new Expression.Literal(null),
                _ => throw Wrong($"( after {name}"),
            };
        }

        if (!ExpressionFunctions.Has(name))
        {
            throw new ExpressionException($"There is no function '{name}' here.");
        }

        var arguments = new List<Expression>();
        Skip();
        if (Take(')'))
        {
            return new Expression.Call(name, arguments);
        }

        do
        {
            arguments.Add(Value());
            Skip();
        }
        while (Take(','));
        Expect(')');
        return new Expression.Call(name, arguments);
    }

    private JsonValue Number()
    {
        var start = at++;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] is '.' or 'e' or 'E' || (text[at] is '+' or '-' && text[at - 1] is 'e' or 'E')))
        {
            at++;
        }

        var number = text[start..at];
        return long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? JsonValue.Create(whole)
            : double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? JsonValue.Create(real)
            : throw Wrong("a number");
    }

    private string Quoted()
    {
        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '\'')
            {
                value.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '\'')
            {
                value.Append('\'');
                at++;
            }
            else
            {
                at++;
                return value.ToString();
            }
        }

        throw Wrong("the end of the text in quotes");
    }

    private string Name()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '$'))
        {
            at++;
        }

        return at > start ? text[start..at].ToString() : throw Wrong("a value");
    }

    private void Skip()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }

    private bool Take(char wanted)
    {
        if (at < text.Length && text[at] == wanted)
        {
            at++;
            return true;
        }

        return false;
    }

    private void Expect(char wanted)
    {
        if (!Take(wanted))
        {
            throw Wrong(wanted.ToString());
        }
    }

    private readonly ExpressionException Wrong(string expected) => new($"At character {at + 1} of '{text.ToString()}' {expected} was expected.");
}
