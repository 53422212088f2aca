using System.Globalization;
using System.Text;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>
/// <code>
/// expression = primary { '.' name | '[' expression ']' }
/// primary    = number | '-' primary | 'text' | name [ '(' [ expression { ',' expression } ] ')' ]
/// </code>
/// </summary>
internal sealed class ExpressionParser
{
    /// <summary>Calls nested deeper than this are refused; reading and running them recurses.</summary>
    public const int MaxDepth = 100;

    private readonly string text;
    private readonly int end;
    private int position;
    private int depth;
    private ExpressionFault? fault;

    private ExpressionParser(string text, int start, int end)
    {
        this.text = text;
        this.end = end;
        position = start;
    }

    /// <summary>Parses a whole string of the form <c>[expression]</c>.</summary>
    public static ExpressionSyntax? Parse(string text, out ExpressionFault? fault)
    {
        var parser = new ExpressionParser(text, 1, text.Length - 1);
        var expression = parser.ParseExpression();
        parser.SkipSpace();
        if (parser.fault is null && parser.position < parser.end)
        {
            parser.Fail(parser.position, $"'{parser.text[parser.position]}' is not expected here; the expression ended before it.");
        }

        fault = parser.fault;
        return fault is null ? expression : null;
    }

    private ExpressionSyntax ParseExpression()
    {
        if (++depth > MaxDepth)
        {
            return Fail(position, $"The expression nests deeper than {MaxDepth} levels.");
        }

        var expression = ParsePrimary();
        while (fault is null)
        {
            SkipSpace();
            var at = position;
            if (Take('.'))
            {
                SkipSpace();
                var name = TakeName();
                expression = name is null ? Fail(position, "A property name is expected after '.'.") : new MemberSyntax(at, expression, name);
            }
            else if (Take('['))
            {
                var index = ParseExpression();
                SkipSpace();
                expression = fault is null && !Take(']') ? Fail(position, "']' is expected.") : new IndexSyntax(at, expression, index);
            }
            else
            {
                break;
            }
        }

        depth--;
        return expression;
    }

    private ExpressionSyntax ParsePrimary()
    {
        SkipSpace();
        var start = position;
        if (position >= end)
        {
            return Fail(position, "A function, a text or a number is expected.");
        }

        var c = text[position];
        if (c is '\'' or '"')
        {
            return ParseText(c);
        }

        if (char.IsAsciiDigit(c) || (c == '-' && position + 1 < end && char.IsAsciiDigit(text[position + 1])))
        {
            return ParseNumber();
        }

        if (Take('-'))
        {
            return ++depth > MaxDepth
                ? Fail(start, $"The expression nests deeper than {MaxDepth} levels.")
                : new CallSyntax(start, "sub", [new LiteralSyntax(start, PolicyValue.Of(0L)), ParsePrimary()]);
        }

        if (TakeName() is not { } name)
        {
            return Fail(start, $"'{c}' is not expected here; a function, a text or a number is.");
        }

        SkipSpace();
        return Take('(') ? ParseArguments(start, name) : new NameSyntax(start, name);
    }

    private ExpressionSyntax ParseArguments(int start, string function)
    {
        var arguments = new List<ExpressionSyntax>();
        SkipSpace();
        if (Take(')'))
        {
            return new CallSyntax(start, function, arguments);
        }

        do
        {
            arguments.Add(ParseExpression());
            SkipSpace();
        }
        while (fault is null && Take(','));

        return fault is null && !Take(')')
            ? Fail(position, $"')' is expected to close {function}(.")
            : new CallSyntax(start, function, arguments);
    }

    private ExpressionSyntax ParseText(char quote)
    {
        var start = position++;
        var content = new StringBuilder();
        while (position < end)
        {
            var c = text[position++];
            if (c != quote)
            {
                content.Append(c);
            }
            else if (position < end && text[position] == quote)
            {
                content.Append(quote);
                position++;
            }
            else
            {
                return new LiteralSyntax(start, PolicyValue.Of(content.ToString()));
            }
        }

        return Fail(start, "The text is not closed.");
    }

    private ExpressionSyntax ParseNumber()
    {
        var start = position;
        if (text[position] == '-')
        {
            position++;
        }

        while (position < end && (char.IsAsciiLetterOrDigit(text[position]) || text[position] == '.'
            || (text[position] is '+' or '-' && text[position - 1] is 'e' or 'E')))
        {
            position++;
        }

        var number = Coercion.ToNumber(text[start..position]);
        return number is null
            ? Fail(start, string.Create(CultureInfo.InvariantCulture, $"'{text[start..position]}' is not a number."))
            : new LiteralSyntax(start, number);
    }

    private string? TakeName()
    {
        var start = position;
        while (position < end && (char.IsLetter(text[position]) || text[position] is '_' or '$' || (position > start && char.IsDigit(text[position]))))
        {
            position++;
        }

        return position > start ? text[start..position] : null;
    }

    private bool Take(char c)
    {
        if (position >= end || text[position] != c)
        {
            return false;
        }

        position++;
        return true;
    }

    private void SkipSpace()
    {
        while (position < end && char.IsWhiteSpace(text[position]))
        {
            position++;
        }
    }

    private LiteralSyntax Fail(int at, string message)
    {
        fault ??= new ExpressionFault(at, message);
        return new LiteralSyntax(at, PolicyValue.Undefined);
    }
}
