using System.Diagnostics.CodeAnalysis;

namespace Bartizan.Policy.Aliases;

/// <summary>The spellings of one tag: <c>tags.x</c>, <c>tags['x']</c>, <c>tags["x"]</c>, <c>tags[x]</c>.</summary>
internal static class TagName
{
    public static bool TryParse(string field, [NotNullWhen(true)] out string? tag)
    {
        tag = null;
        if (field.StartsWith("tags.", StringComparison.OrdinalIgnoreCase))
        {
            tag = field["tags.".Length..];
            return tag.Length > 0;
        }

        if (!field.StartsWith("tags[", StringComparison.OrdinalIgnoreCase) || field[^1] != ']' || field[5..^1] == "*")
        {
            return false;
        }

        var inside = field[5..^1];
        tag = inside.Length >= 2 && inside[0] is '\'' or '"' && inside[^1] == inside[0]
            ? inside[1..^1].Replace("''", "'", StringComparison.Ordinal)
            : inside;
        return tag.Length > 0;
    }
}
