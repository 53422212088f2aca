using Bartizan.Policy.Evaluation;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Check;

/// <summary>
/// Stands for a value that is known only once the file is deployed: an object with one member that says what it comes from. Inside
/// a longer text such a part is written <c>${…}</c>.
/// </summary>
internal static class Unresolved
{
    private const string Member = "$unresolved";

    public static PolicyValue Of(string origin) => PolicyValue.Of(Member, PolicyValue.Of(origin));

    public static bool Is(PolicyValue value) => !value.Member(Member).IsUndefined;

    /// <summary>A text as part of a longer one.</summary>
    public static string Placeholder(string origin) => "${" + origin + "}";

    /// <summary>The text, or the stand-in where nothing but a placeholder is left of it.</summary>
    public static PolicyValue Whole(string text) =>
        text.StartsWith("${", StringComparison.Ordinal) && text.IndexOf('}', StringComparison.Ordinal) == text.Length - 1 ? Of(text[2..^1]) : PolicyValue.Of(text);

    /// <summary>Whether what decided was read from such a value: then the verdict waits for the deployment.</summary>
    public static bool Decides(Verdict verdict, PolicyValue resource)
    {
        var places = new List<string>();
        Collect(resource, "", places);
        return places.Count > 0 && verdict.Decisive().Any(c => IsOpen(c, places));
    }

    private static bool IsOpen(ClauseEvidence clause, List<string> places)
    {
        var asksPresence = clause.Text.EndsWith(" exists", StringComparison.Ordinal);
        if (clause.Actual is { } actual && Holds(actual))
        {
            // What comes from elsewhere is there, whatever it is.
            return !(asksPresence && Is(actual));
        }

        var text = clause.Text.Replace("[*]", "", StringComparison.Ordinal);
        return places.Any(p => text.Contains("/" + p + ".", StringComparison.OrdinalIgnoreCase) || text.Contains("/" + p + " ", StringComparison.OrdinalIgnoreCase));
    }

    private static bool Holds(PolicyValue value) =>
        Is(value) || (value.Elements?.Any(Holds) ?? value.MemberNames?.Any(n => Holds(value.Member(n))) ?? false);

    /// <summary>Paths below <c>properties</c>, without indices, as aliases end.</summary>
    private static void Collect(PolicyValue value, string path, List<string> places)
    {
        if (Is(value))
        {
            places.Add(path.StartsWith("properties.", StringComparison.OrdinalIgnoreCase) ? path["properties.".Length..] : path);
            return;
        }

        foreach (var item in value.Elements ?? [])
        {
            Collect(item, path, places);
        }

        foreach (var name in value.MemberNames ?? [])
        {
            Collect(value.Member(name), path.Length == 0 ? name : path + "." + name, places);
        }
    }
}
