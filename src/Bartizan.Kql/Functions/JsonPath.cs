using System.Globalization;
using System.Text.Json;

namespace Bartizan.Kql.Functions;

/// <summary>A path into JSON: <c>$.a.b[0]['c d']</c>. Names and indexes only; a negative index counts from the end.</summary>
internal static class JsonPath
{
    private const int MaxSteps = 256;

    /// <summary>The steps of a path, texts and ints; null when it is malformed.</summary>
    public static IReadOnlyList<object>? Parse(string path)
    {
        var steps = new List<object>();
        var i = 0;
        if (path.Length == 0 || path[i++] != '$')
        {
            return null;
        }

        while (i < path.Length && steps.Count < MaxSteps)
        {
            if (path[i] == '.')
            {
                i += i + 1 < path.Length && path[i + 1] == '[' ? 1 : 0;
            }

            if (path[i] == '.')
            {
                var end = path.AsSpan(i + 1).IndexOfAny('.', '[');
                end = end < 0 ? path.Length : i + 1 + end;
                if (end == i + 1)
                {
                    return null;
                }

                steps.Add(path[(i + 1)..end]);
                i = end;
            }
            else if (path[i] == '[' && i + 1 < path.Length && path[i + 1] is '\'' or '"')
            {
                var close = path.IndexOf($"{path[i + 1]}]", i + 2, StringComparison.Ordinal);
                if (close < 0)
                {
                    return null;
                }

                steps.Add(path[(i + 2)..close]);
                i = close + 2;
            }
            else
            {
                var close = path[i] == '[' ? path.IndexOf(']', i) : -1;
                if (close < 0 || !int.TryParse(path.AsSpan(i + 1, close - i - 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
                {
                    return null;
                }

                steps.Add(index);
                i = close + 1;
            }
        }

        return i < path.Length ? null : steps;
    }

    public static JsonElement? Find(JsonElement element, IReadOnlyList<object> steps)
    {
        foreach (var step in steps)
        {
            switch (step)
            {
                case string name when element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value):
                    element = value;
                    break;
                case int index when element.ValueKind == JsonValueKind.Array && (index < 0 ? index + element.GetArrayLength() : index) is var at && at >= 0 && at < element.GetArrayLength():
                    element = element[at];
                    break;
                default:
                    return null;
            }
        }

        return element;
    }
}
