using System.Text.Json;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Arrays;

/// <summary>Arrays as sets: each value once, in the order in which it first stood.</summary>
internal static class Sets
{
    private const string Several = "(set:array*64) -> dynamic";

    public static IEnumerable<KqlFunction> All() =>
    [
        new("set_union", Several, "The values that stand in at least one of the arrays.")
        {
            Managed = a => Union(a),
        },
        new("set_intersect", Several, "The values that stand in all of the arrays.")
        {
            Managed = a => Kept(a, isIn: true),
        },
        new("set_difference", Several, "The values of the first array that stand in none of the others.")
        {
            Managed = a => Kept(a, isIn: false),
        },
        new("set_has_element", "(set:array, value:any) -> bool", "Whether the value stands in the array.")
        {
            Managed = a => HasElement(a[0], a[1]),
        },
        new("set_equals", "(set1:array, set2:array) -> bool", "Whether the same values stand in both arrays.")
        {
            Managed = a => Distinct(a[0]) is { } left && Distinct(a[1]) is { } right
                ? KqlValue.Bool(left.Count == right.Count && left.Keys.All(right.ContainsKey)) : KqlValue.Null(KqlType.Bool),
        },
        new("jaccard_index", "(set:array*2) -> dynamic", "The number of values in both arrays over the number in either.")
        {
            Managed = a => a.Length > 1 && Distinct(a[0]) is { } left && Distinct(a[1]) is { } right ? Jaccard(left, right) : KqlValue.Null(KqlType.Dynamic),
        },
    ];

    private static KqlValue Union(ReadOnlySpan<KqlValue> arrays)
    {
        var union = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var array in arrays)
        {
            if (Distinct(array) is not { } values)
            {
                return KqlValue.Null(KqlType.Dynamic);
            }

            foreach (var (key, text) in values)
            {
                union.TryAdd(key, text);
            }
        }

        return Json.ArrayOf(union.Values);
    }

    private static KqlValue Kept(ReadOnlySpan<KqlValue> arrays, bool isIn)
    {
        if (Distinct(arrays[0]) is not { } kept)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        foreach (var array in arrays[1..])
        {
            if (Distinct(array) is not { } other)
            {
                return KqlValue.Null(KqlType.Dynamic);
            }

            foreach (var key in kept.Keys.Where(k => other.ContainsKey(k) != isIn).ToList())
            {
                kept.Remove(key);
            }
        }

        return Json.ArrayOf(kept.Values);
    }

    /// <summary>The values by a key under which equal ones fall together; null for what is no array.</summary>
    private static Dictionary<string, string>? Distinct(KqlValue array)
    {
        if (Json.Array(array) is not { } items)
        {
            return null;
        }

        var values = new Dictionary<string, string>(items.Count, StringComparer.Ordinal);
        foreach (var item in items)
        {
            values.TryAdd(Json.Key(item), Json.Text(item));
        }

        return values;
    }

    private static KqlValue HasElement(KqlValue set, KqlValue value)
    {
        if (Json.Element(set) is not { ValueKind: JsonValueKind.Array } array)
        {
            return KqlValue.Null(KqlType.Bool);
        }

        foreach (var item in array.EnumerateArray())
        {
            if (Operators.Comparison.Equal(Json.ToDynamic(item), value, negated: false) is { IsNull: false, AsBool: true })
            {
                return KqlValue.Bool(true);
            }
        }

        return KqlValue.Bool(false);
    }

    private static KqlValue Jaccard(Dictionary<string, string> left, Dictionary<string, string> right)
    {
        var common = left.Keys.Count(right.ContainsKey);
        return KqlValue.Dynamic(Json.Number((double)common / (left.Count + right.Count - common)));
    }
}
