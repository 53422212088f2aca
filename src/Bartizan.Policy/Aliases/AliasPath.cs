using Bartizan.Policy.Values;

namespace Bartizan.Policy.Aliases;

/// <summary>One step of a path: a member, a fixed index, or every element of an array.</summary>
internal readonly record struct PathStep(string? Name, int Index)
{
    public static PathStep Each { get; } = new(null, -1);

    public bool IsEach => Name is null && Index < 0;
}

/// <summary>Where in a resource's JSON a field is found, such as <c>properties.subnets[*].properties.routeTable</c>.</summary>
internal sealed class AliasPath
{
    private readonly PathStep[] steps;
    private readonly bool isLenient;
    private AliasPath?[]? tails;

    private AliasPath(PathStep[] steps, bool isLenient)
    {
        this.steps = steps;
        this.isLenient = isLenient;
        Wildcards = steps.Count(s => s.IsEach);
        Text = string.Concat(steps.Select((s, i) =>
            s.IsEach ? "[*]" : s.Name is null ? $"[{s.Index}]" : i == 0 ? s.Name : "." + s.Name));
    }

    public string Text { get; }

    /// <summary>How many <c>[*]</c> the path has.</summary>
    public int Wildcards { get; }

    public bool EndsInWildcard => steps.Length > 0 && steps[^1].IsEach;

    /// <param name="isLenient">
    /// Whether a member that an array's element lacks may be found in the element's own <c>properties</c>. True for paths made by
    /// the default rule, which cannot know of sub-resources in arrays.
    /// </param>
    public static AliasPath Parse(string text, bool isLenient = false) => new(PathText.Split(text), isLenient);

    /// <summary>The path of one member whose name may hold dots, as names of tags do.</summary>
    public static AliasPath OfMember(string name) => new([new PathStep(name, -1)], isLenient: false);

    /// <summary>The rest of the path behind its <paramref name="wildcard"/>-th <c>[*]</c>, counted from 1.</summary>
    public AliasPath After(int wildcard)
    {
        if (wildcard == 0)
        {
            return this;
        }

        tails ??= new AliasPath?[Wildcards];
        return tails[wildcard - 1] ??= new AliasPath(steps[(PositionOf(wildcard) + 1)..], isLenient);
    }

    /// <summary>The value at the path; at most one <c>[*]</c>-free stretch is read.</summary>
    public PolicyValue Read(PolicyValue from)
    {
        var value = from;
        var inElement = isLenient;
        foreach (var step in steps)
        {
            value = Step(value, step, inElement && isLenient);
            inElement = false;
            if (value.IsUndefined)
            {
                return value;
            }
        }

        return value;
    }

    /// <summary>The array that the first <c>[*]</c> walks, or undefined.</summary>
    public PolicyValue ReadToFirstWildcard(PolicyValue from)
    {
        var value = from;
        var inElement = isLenient;
        foreach (var step in steps)
        {
            if (step.IsEach || value.IsUndefined)
            {
                return value;
            }

            value = Step(value, step, inElement);
            inElement = false;
        }

        return value;
    }

    /// <summary>All values at the path, walking every <c>[*]</c>; places that do not exist are left out.</summary>
    /// <returns>How many places were looked at.</returns>
    public long Collect(PolicyValue from, List<PolicyValue> into)
    {
        if (Wildcards == 0)
        {
            var value = Read(from);
            if (!value.IsUndefined)
            {
                into.Add(value);
            }

            return 1;
        }

        var looked = 1L;
        if (ReadToFirstWildcard(from) is ArrayValue array)
        {
            var rest = After(1);
            foreach (var item in array.Items)
            {
                looked += rest.Collect(item, into);
            }
        }

        return looked;
    }

    /// <summary>
    /// The value with what stands at the path put through <paramref name="change"/>, which gets undefined for a place that does not exist and gives
    /// undefined to remove one. Objects on the way are made; arrays are not, and every element of a <c>[*]</c> is visited.
    /// </summary>
    public PolicyValue Change(PolicyValue from, Func<PolicyValue, PolicyValue> change) => Change(from, 0, change);

    private PolicyValue Change(PolicyValue value, int at, Func<PolicyValue, PolicyValue> change)
    {
        if (at == steps.Length)
        {
            return change(value);
        }

        var step = steps[at];
        if (step.Name is null)
        {
            if (value is not ArrayValue array)
            {
                return value;
            }

            // An element that becomes undefined leaves the array.
            return new ArrayValue([.. array.Items.Select((item, i) => step.IsEach || step.Index == i ? Change(item, at + 1, change) : item).Where(item => !item.IsUndefined)]);
        }

        if (value is not (ObjectValue or UndefinedValue or NullValue))
        {
            return value;
        }

        var names = value.MemberNames ?? [];
        var spelled = names.FirstOrDefault(n => n.Equals(step.Name, StringComparison.Ordinal))
            ?? names.FirstOrDefault(n => n.Equals(step.Name, StringComparison.OrdinalIgnoreCase));
        var before = spelled is null ? PolicyValue.Undefined : value.Member(spelled);
        var after = Change(before, at + 1, change);
        if (ReferenceEquals(before, after))
        {
            return value;
        }

        return spelled is null
            ? PolicyValue.Of([.. names.Select(n => (n, value.Member(n))), (step.Name, after)])
            : PolicyValue.Of(names.Select(n => (n, n == spelled ? after : value.Member(n))));
    }

    private static PolicyValue Step(PolicyValue value, PathStep step, bool mayLookInside)
    {
        if (step.Name is null)
        {
            return value is ArrayValue a && (uint)step.Index < (uint)a.Items.Length ? a.Items[step.Index] : PolicyValue.Undefined;
        }

        var found = value.Member(step.Name);
        return found.IsUndefined && mayLookInside ? value.Member("properties").Member(step.Name) : found;
    }

    private int PositionOf(int wildcard)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].IsEach && --wildcard == 0)
            {
                return i;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(wildcard));
    }
}
