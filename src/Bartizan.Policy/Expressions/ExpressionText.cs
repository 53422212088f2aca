namespace Bartizan.Policy.Expressions;

/// <summary>Tells expressions from plain strings: <c>[x]</c> is one, <c>[[x]</c> spells the text <c>[x]</c>.</summary>
internal static class ExpressionText
{
    public static bool IsExpression(string text) =>
        text.Length > 2 && text[0] == '[' && text[^1] == ']' && text[1] != '[';

    public static string Unescape(string text) => text.StartsWith("[[", StringComparison.Ordinal) ? text[1..] : text;
}
