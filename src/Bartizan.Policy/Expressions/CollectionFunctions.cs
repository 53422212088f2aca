using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>Arrays and objects (and strings where they count as such): length, contains, union, take, items and kin.</summary>
internal static class CollectionFunctions
{
    private const int MaxRange = 10_000;

    /// <summary>No function makes an array longer than this.</summary>
    private const int MaxItems = 2_000_000;

    public static IReadOnlyList<TemplateFunction> All { get; } =
    [
        new("length", 1, 1, Length),
        new("empty", 1, 1, a => PolicyValue.Of(IsEmpty(a[0])), SeesUndefined: true),
        new("contains", 2, 2, a => PolicyValue.Of(Contains(a[0], a[1])), SeesUndefined: true),
        new("first", 1, 1, a => End(a[0], last: false)),
        new("last", 1, 1, a => End(a[0], last: true)),
        new("take", 2, 2, a => Cut(a, (items, n) => items.Take(n))),
        new("skip", 2, 2, a => Cut(a, (items, n) => items.Skip(n))),
        new("union", 1, FunctionTable.Many, Union),
        new("intersection", 1, FunctionTable.Many, Intersection),
        new("range", 2, 2, Range),
        new("createArray", 0, FunctionTable.Many, a => new ArrayValue([.. a])),
        new("createObject", 0, FunctionTable.Many, CreateObject),
        new("join", 2, 2, Join),
        new("items", 1, 1, Items),
        new("objectKeys", 1, 1, a => a[0] is ObjectValue o ? new ArrayValue([.. o.Names.Select(PolicyValue.Of)]) : PolicyValue.Undefined),
        new("flatten", 1, 1, a => a[0] is ArrayValue list
            ? Joined([.. list.Items.Select(i => i is ArrayValue inner ? inner.Items : [i])], "flatten")
            : PolicyValue.Undefined),
        new("shallowMerge", 1, 1, a => a[0] is ArrayValue list && list.Items.All(i => i is ObjectValue)
            ? list.Items.Cast<ObjectValue>().Aggregate(ObjectValue.Empty, (all, next) => Merge(all, next, deep: false))
            : PolicyValue.Undefined),
        new("indexFromEnd", 2, 2, a => a[0] is not ArrayValue list || NumberFunctions.Whole(a[1]) is not { } n
            ? PolicyValue.Undefined
            : n >= 1 && n <= list.Items.Length ? list.Items[^(int)n] : new FailureValue($"indexFromEnd() has no element {n} from the end of {list.Items.Length}.")),
        new("tryIndexFromEnd", 2, 2, a => a[0] is ArrayValue list && NumberFunctions.Whole(a[1]) is { } n && n >= 1 && n <= list.Items.Length
            ? list.Items[^(int)n]
            : PolicyValue.Null),
        new("tryGet", 2, FunctionTable.Many, a => a.Skip(1).Aggregate(a[0], (from, key) => ElementOf(from, key) is { IsUndefined: false } found ? found : PolicyValue.Null)),
    ];

    /// <summary>Arrays one behind the other, within the limit.</summary>
    public static PolicyValue Joined(PolicyValue[][] arrays, string function) =>
        arrays.Sum(a => (long)a.Length) > MaxItems
            ? new FailureValue($"{function}() would make an array of more than {MaxItems} elements.")
            : new ArrayValue([.. arrays.SelectMany(a => a)]);

    /// <summary>An object's member by text, an array's element by number, else undefined.</summary>
    public static PolicyValue ElementOf(PolicyValue from, PolicyValue key) => (from, key) switch
    {
        (ObjectValue o, StringValue s) => o.Find(s.Text),
        (ArrayValue a, NumberValue n) when n.Truncated is { } i && i >= 0 && i < a.Items.Length => a.Items[(int)i],
        _ => PolicyValue.Undefined,
    };

    /// <summary>Whether a text has a part, an array an element, an object a name.</summary>
    public static bool Contains(PolicyValue container, PolicyValue wanted) => container switch
    {
        StringValue text => wanted.ToScalarText() is { } part && CaseFolding.Contains(text.Text, part),
        ArrayValue array => Array.Exists(array.Items, item => Coercion.Equal(item, wanted)),
        ObjectValue o => HasName(o, wanted),
        NumberValue or BooleanValue => wanted is StringValue part && CaseFolding.Contains(container.ToScalarText()!, part.Text),
        _ => false,
    };

    public static bool HasName(ObjectValue o, PolicyValue wanted) =>
        wanted.ToScalarText() is { } name && Array.Exists(o.Names, n => CaseFolding.Equal(n, name));

    private static PolicyValue Length(PolicyValue[] a) => a[0] switch
    {
        StringValue s => PolicyValue.Of((long)s.Text.EnumerateRunes().Count()),
        ArrayValue list => PolicyValue.Of((long)list.Items.Length),
        ObjectValue o => PolicyValue.Of((long)o.Names.Length),
        _ => PolicyValue.Undefined,
    };

    private static bool IsEmpty(PolicyValue value) => value switch
    {
        StringValue s => s.Text.Length == 0,
        ArrayValue list => list.Items.Length == 0,
        ObjectValue o => o.Names.Length == 0,
        _ => !value.HasContent,
    };

    private static PolicyValue End(PolicyValue value, bool last)
    {
        if (value is ArrayValue list)
        {
            return list.Items.Length == 0 ? PolicyValue.Null : list.Items[last ? ^1 : 0];
        }

        if (value.AsText is not { } text)
        {
            return PolicyValue.Undefined;
        }

        var characters = text.EnumerateRunes();
        return text.Length == 0 ? value : PolicyValue.Of((last ? characters.Last() : characters.First()).ToString());
    }

    private static PolicyValue Cut(PolicyValue[] a, Func<IEnumerable<PolicyValue>, int, IEnumerable<PolicyValue>> cut)
    {
        var count = (int)Math.Clamp(NumberFunctions.Whole(a[1]) ?? 0, 0, int.MaxValue);
        return a[0] switch
        {
            ArrayValue list => new ArrayValue([.. cut(list.Items, count)]),
            StringValue s => PolicyValue.Of(string.Concat(cut(s.Text.EnumerateRunes().Select(r => PolicyValue.Of(r.ToString())), count).Select(v => v.AsText))),
            _ => PolicyValue.Undefined,
        };
    }

    private static PolicyValue Union(PolicyValue[] a)
    {
        if (a.All(v => v is ObjectValue))
        {
            return a.Cast<ObjectValue>().Aggregate((all, next) => Merge(all, next, deep: true));
        }

        return a.All(v => v is ArrayValue)
            ? new ArrayValue([.. a.SelectMany(v => ((ArrayValue)v).Items).Distinct(SameValue.Comparer)])
            : PolicyValue.Undefined;
    }

    private static PolicyValue Intersection(PolicyValue[] a)
    {
        if (a.All(v => v is ObjectValue))
        {
            var objects = a.Cast<ObjectValue>().ToArray();
            var kept = Enumerable.Range(0, objects[0].Names.Length)
                .Where(i => objects.Skip(1).All(o => o.Find(objects[0].Names[i]) is { IsUndefined: false } other && Coercion.Same(other, objects[0].Values[i])))
                .ToArray();
            return new ObjectValue([.. kept.Select(i => objects[0].Names[i])], [.. kept.Select(i => objects[0].Values[i])]);
        }

        if (!a.All(v => v is ArrayValue))
        {
            return PolicyValue.Undefined;
        }

        var others = a.Skip(1).Select(v => ((ArrayValue)v).Items.ToHashSet(SameValue.Comparer)).ToArray();
        return new ArrayValue([.. ((ArrayValue)a[0]).Items.Where(item => others.All(o => o.Contains(item)))]);
    }

    private static ObjectValue Merge(ObjectValue first, ObjectValue second, bool deep)
    {
        var names = first.Names.ToList();
        var values = first.Values.ToList();
        var places = new Dictionary<string, int>(names.Count + second.Names.Length, StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Count; i++)
        {
            places.TryAdd(names[i], i);
        }

        for (var i = 0; i < second.Names.Length; i++)
        {
            if (!places.TryGetValue(second.Names[i], out var at))
            {
                places.Add(second.Names[i], names.Count);
                names.Add(second.Names[i]);
                values.Add(second.Values[i]);
            }
            else
            {
                values[at] = deep && values[at] is ObjectValue before && second.Values[i] is ObjectValue after ? Merge(before, after, deep) : second.Values[i];
            }
        }

        return new ObjectValue([.. names], [.. values]);
    }

    private static PolicyValue Range(PolicyValue[] a)
    {
        if (NumberFunctions.Whole(a[0]) is not { } start || NumberFunctions.Whole(a[1]) is not { } count || count < 0)
        {
            return PolicyValue.Undefined;
        }

        if (count > MaxRange || start > int.MaxValue - count)
        {
            return new FailureValue($"range() gives at most {MaxRange} numbers, none above {int.MaxValue}.");
        }

        return new ArrayValue([.. Enumerable.Range(0, (int)count).Select(i => PolicyValue.Of(start + i))]);
    }

    private static PolicyValue CreateObject(PolicyValue[] a)
    {
        if (a.Length % 2 != 0)
        {
            return new FailureValue($"createObject() takes names and values in pairs; it was given {a.Length} arguments.");
        }

        var names = new string[a.Length / 2];
        for (var i = 0; i < names.Length; i++)
        {
            if (a[2 * i].ToScalarText() is not { } name)
            {
                return PolicyValue.Undefined;
            }

            names[i] = name;
        }

        return Merge(ObjectValue.Empty, new ObjectValue(names, [.. names.Select((_, i) => a[(2 * i) + 1])]), deep: false);
    }

    private static PolicyValue Join(PolicyValue[] a) =>
        a[0] is ArrayValue list && a[1].AsText is { } delimiter
            ? PolicyValue.Of(string.Join(delimiter, list.Items.Select(ConversionFunctions.ToText)))
            : PolicyValue.Undefined;

    private static PolicyValue Items(PolicyValue[] a) =>
        a[0] is ObjectValue o
            ? new ArrayValue([.. Enumerable.Range(0, o.Names.Length)
                .OrderBy(i => o.Names[i], StringComparer.Ordinal)
                .Select(i => new ObjectValue(["key", "value"], [PolicyValue.Of(o.Names[i]), o.Values[i]]))])
            : PolicyValue.Undefined;

    private sealed class SameValue : IEqualityComparer<PolicyValue>
    {
        public static SameValue Comparer { get; } = new();

        public bool Equals(PolicyValue? x, PolicyValue? y) => x is not null && y is not null && Coercion.Same(x, y);

        public int GetHashCode(PolicyValue obj) => obj switch
        {
            StringValue s => s.Text.GetHashCode(StringComparison.Ordinal),
            NumberValue n => n.Real.GetHashCode(),
            ArrayValue list => list.Items.Length,
            ObjectValue o => o.Names.Length,
            _ => obj.GetType().GetHashCode(),
        };
    }
}
