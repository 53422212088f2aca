using Bartizan.Policy.Values;

namespace Bartizan.Posture.Fixes;

/// <summary>Differences between two states of a resource, and patches that lead from one to the other.</summary>
public static class FixPatch
{
    private const string Properties = "properties";

    /// <summary>A JSON merge patch (RFC 7396), but that names are found in any case: null removes, objects are merged, all else replaces.</summary>
    public static PolicyValue Apply(PolicyValue target, PolicyValue patch)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(patch);
        if (patch.MemberNames is not { } names)
        {
            return patch;
        }

        var whole = target.MemberNames is null ? PolicyValue.Of(Array.Empty<(string, PolicyValue)>()) : target;
        foreach (var name in names)
        {
            var spelled = Spelling(whole, name);
            whole = FixShape.With(whole, spelled, patch.Member(name) is { IsNull: false } value ? Apply(whole.Member(spelled), value) : PolicyValue.Undefined);
        }

        return whole;
    }

    /// <summary>Every place that differs; arrays are compared as a whole.</summary>
    public static IReadOnlyList<FixChange> Changes(PolicyValue before, PolicyValue after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var changes = new List<FixChange>();
        Compare("", before, after, changes);
        return changes;
    }

    /// <summary>
    /// What to send so that the resource becomes <paramref name="after"/>: every property that changes anywhere inside is sent whole, as some providers
    /// merge what they are sent and some replace it. Null stands for one that is to go.
    /// </summary>
    public static PolicyValue Body(PolicyValue before, PolicyValue after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return PolicyValue.Of([.. Different(before, after).Select(name => (
            name,
            name == Properties && before.Member(name).MemberNames is not null && after.Member(name).MemberNames is not null
                ? PolicyValue.Of([.. Different(before.Member(name), after.Member(name)).Select(p => (p, OrNull(after.Member(name).Member(p))))])
                : OrNull(after.Member(name))))]);
    }

    /// <summary>What stands at a path of <see cref="Changes"/>.</summary>
    public static PolicyValue At(PolicyValue whole, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Steps(path).Aggregate(whole, (value, step) => value.Member(step));
    }

    private static void Compare(string path, PolicyValue before, PolicyValue after, List<FixChange> changes)
    {
        if (before.MemberNames is not null && after.MemberNames is not null)
        {
            foreach (var name in Different(before, after))
            {
                Compare(Join(path, name), before.Member(name), after.Member(name), changes);
            }
        }
        else if (!before.IsSameAs(after))
        {
            changes.Add(new FixChange(path, Text(before), Text(after)));
        }
    }

    private static IEnumerable<string> Different(PolicyValue before, PolicyValue after) =>
        (before.MemberNames ?? []).Concat(after.MemberNames ?? []).Distinct(StringComparer.OrdinalIgnoreCase).Where(n => !before.Member(n).IsSameAs(after.Member(n)));

    /// <summary>Names with dots, as tags have, stand in brackets.</summary>
    private static string Join(string path, string name) => name.Contains('.', StringComparison.Ordinal) ? $"{path}['{name}']" : path.Length == 0 ? name : $"{path}.{name}";

    private static IEnumerable<string> Steps(string path)
    {
        for (var at = 0; at < path.Length;)
        {
            var bracketed = path.AsSpan(at).StartsWith("['");
            var start = at + (bracketed ? 2 : 0);
            var end = bracketed ? path.IndexOf("']", start, StringComparison.Ordinal) : path.IndexOfAny(['.', '['], start);
            end = end < 0 ? path.Length : end;
            yield return path[start..end];
            at = end + (bracketed ? 2 : 0);
            at += at < path.Length && path[at] == '.' ? 1 : 0;
        }
    }

    private static string Spelling(PolicyValue whole, string name) =>
        whole.MemberNames!.FirstOrDefault(n => n.Equals(name, StringComparison.Ordinal)) ?? whole.MemberNames!.FirstOrDefault(n => n.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;

    private static PolicyValue OrNull(PolicyValue value) => value.IsUndefined ? PolicyValue.Null : value;

    private static string? Text(PolicyValue value) => value.IsUndefined ? null : PolicyJson.Write(value);
}
