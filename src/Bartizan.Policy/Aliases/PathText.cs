using System.Globalization;

namespace Bartizan.Policy.Aliases;

/// <summary>Splits the text of a path: <c>a.b[*].c[0]['d.e']</c>.</summary>
internal static class PathText
{
    public static PathStep[] Split(string text)
    {
        var steps = new List<PathStep>();
        var position = 0;
        while (position < text.Length)
        {
            if (text[position] == '.')
            {
                position++;
                continue;
            }

            if (text[position] == '[')
            {
                var close = ClosingBracket(text, position);
                steps.Add(Bracket(text[(position + 1)..close]));
                position = close + 1;
                continue;
            }

            var end = text.AsSpan(position).IndexOfAny('.', '[');
            end = end < 0 ? text.Length : position + end;
            steps.Add(new PathStep(text[position..end], 0));
            position = end;
        }

        return [.. steps];
    }

    private static int ClosingBracket(string text, int open)
    {
        if (open + 1 < text.Length && text[open + 1] is '\'' or '"')
        {
            var quoted = text.IndexOf(text[open + 1] + "]", open + 2, StringComparison.Ordinal);
            if (quoted > 0)
            {
                return quoted + 1;
            }
        }

        var close = text.IndexOf(']', open);
        return close < 0 ? text.Length : close;
    }

    private static PathStep Bracket(string inside)
    {
        if (inside == "*")
        {
            return PathStep.Each;
        }

        return int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? new PathStep(null, index)
            : new PathStep(Unquote(inside), 0);
    }

    private static string Unquote(string text) =>
        text.Length >= 2 && text[0] is '\'' or '"' && text[^1] == text[0] ? text[1..^1].Replace("''", "'", StringComparison.Ordinal) : text;
}
