using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions;

/// <summary>
/// Reads signatures as the catalogue writes them: <c>(a:type, …) -> result; (…) -> result</c>.
/// A type is a bar-separated list of type names and sets (<c>any</c>, <c>number</c>, <c>integer</c>, <c>summable</c>, <c>orderable</c>, <c>scalar</c> =
/// any but dynamic, <c>array</c>, <c>bag</c>, <c>text</c> = string or dynamic, <c>common</c>, <c>commonorderable</c>, <c>branch</c> = common, where dynamic takes the type of the others, <c>typeof</c>, <c>table</c>).
/// Marks after it: <c>?</c> optional, <c>*</c> or <c>*n</c> repeated, <c>!</c> constant, <c>!!</c> literal, <c>@</c> column, <c>@@</c> column of the table
/// argument, <c>#</c> star only, <c>~</c> star allowed, <c>^</c> aggregate, <c>=a/b</c> at the end: one of these words. A result is a type name, <c>$n</c> (as argument n), <c>+$n</c> (promoted),
/// <c>widest</c>, <c>common</c>, <c>typeof</c>, <c>several</c> or <c>table</c>.
/// </summary>
internal static class SignatureText
{
    private static readonly System.Buffers.SearchValues<char> Marks = System.Buffers.SearchValues.Create("?*!@#~^");

    public static IReadOnlyList<Signature> Parse(string text) =>
        [.. text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ParseOne)];

    private static Signature ParseOne(string text)
    {
        var arrow = text.LastIndexOf("->", StringComparison.Ordinal);
        var list = text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..text.LastIndexOf(')', arrow)];
        var parameters = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ParseParameter).ToList();
        return new Signature(parameters, ParseResult(text[(arrow + 2)..].Trim()));
    }

    private static Parameter ParseParameter(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var values = equals < 0 ? [] : text[(equals + 1)..].Split('/');
        text = equals < 0 ? text : text[..equals];
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var end = text.AsSpan(colon + 1).IndexOfAny(Marks);
        var typeText = end < 0 ? text[(colon + 1)..] : text.Substring(colon + 1, end);
        var marks = end < 0 ? "" : text[(colon + 1 + end)..];
        var types = TypeSet.None;
        var shape = DynamicShape.Anything;
        var style = ParameterStyle.Expression;
        var shares = false;
        var follows = false;
        foreach (var name in typeText.Split('|'))
        {
            switch (name)
            {
                case "array": types |= TypeSet.Dynamic; shape = DynamicShape.Array; break;
                case "bag": types |= TypeSet.Dynamic; shape = DynamicShape.Bag; break;
                case "text": types |= TypeSet.String | TypeSet.Dynamic; break;
                case "scalar": types |= TypeSet.Orderable; break;
                case "common": types |= TypeSet.Any; shares = true; break;
                case "branch": types |= TypeSet.Any; shares = follows = true; break;
                case "commonorderable": types |= TypeSet.Orderable; shares = true; break;
                case "typeof": types |= TypeSet.String; style = ParameterStyle.TypeLiteral; break;
                case "table": style = ParameterStyle.Table; break;
                default: types |= Enum.Parse<TypeSet>(name, ignoreCase: true); break;
            }
        }

        var star = marks.IndexOf('*', StringComparison.Ordinal);
        var max = 1;
        if (star >= 0)
        {
            var digits = new string([.. marks.Skip(star + 1).TakeWhile(char.IsDigit)]);
            max = digits.Length == 0 ? int.MaxValue : int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
        }

        style = marks switch
        {
            _ when marks.Contains("!!", StringComparison.Ordinal) => ParameterStyle.Literal,
            _ when marks.Contains('!', StringComparison.Ordinal) => ParameterStyle.Constant,
            _ when marks.Contains("@@", StringComparison.Ordinal) => ParameterStyle.TableColumn,
            _ when marks.Contains('@', StringComparison.Ordinal) => ParameterStyle.Column,
            _ when marks.Contains('#', StringComparison.Ordinal) => ParameterStyle.Star,
            _ when marks.Contains('~', StringComparison.Ordinal) => ParameterStyle.StarAllowed,
            _ when marks.Contains('^', StringComparison.Ordinal) => ParameterStyle.Aggregate,
            _ => style,
        };
        return new Parameter(text[..colon], types, marks.Contains('?', StringComparison.Ordinal) ? 0 : 1, max)
        {
            Style = style,
            Shape = shape,
            SharesType = shares,
            FollowsOthers = follows,
            Values = values,
        };
    }

    private static ResultRule ParseResult(string text) => text switch
    {
        "widest" => new ResultRule(ResultKind.Widest),
        "common" => new ResultRule(ResultKind.Common),
        "typeof" => new ResultRule(ResultKind.TypeLiteral),
        "several" => new ResultRule(ResultKind.Several),
        "table" => new ResultRule(ResultKind.Table),
        ['$', .. var digits] => new ResultRule(ResultKind.Argument, Index: digits[0] - '0'),
        ['+', '$', .. var digits] => new ResultRule(ResultKind.Promoted, Index: digits[0] - '0'),
        _ => new ResultRule(ResultKind.Fixed, Enum.Parse<KqlType>(text, ignoreCase: true)),
    };
}
