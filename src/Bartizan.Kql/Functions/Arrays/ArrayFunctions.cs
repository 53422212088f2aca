using System.Text.Json;
using Bartizan.Kql.Functions.Operators;
using Bartizan.Kql.Functions.Text;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Arrays;

/// <summary>Arrays: length, parts, order of elements, and arrays made from values.</summary>
internal static class ArrayFunctions
{
    /// <summary>The most elements that range and repeat make.</summary>
    internal const int MaxElements = 1_048_576;

    public static IEnumerable<KqlFunction> All() =>
    [
        new("array_length", "(array:array) -> long", "How many elements the array has; null for what is no array.")
        {
            Aliases = ["arraylength"],
            DuckDb = c => c.TypeOf(0) == KqlType.Dynamic ? $"(CASE WHEN starts_with({c[0]}, '[') THEN json_array_length({c[0]})::BIGINT END)" : null,
            Managed = a => KqlValue.Long(Json.Element(a[0]) is { ValueKind: JsonValueKind.Array } array ? array.GetArrayLength() : null),
        },
        new("array_concat", "(array:array*64) -> dynamic", "One array of the elements of all; null when one of them is no array.")
        {
            Managed = a => Concat(a),
        },
        new("array_slice", "(array:array, start:integer, end:integer) -> dynamic", "The elements from one index to another, both included; negative ones count from the end.")
        {
            Managed = a =>
            {
                var (start, end) = (a[1].AsLong, a[2].AsLong);
                return Over(a[0], items => Slice(items, start, end));
            },
        },
        new("array_split", "(array:array, index:integer) -> dynamic; (array:array, indices:array) -> dynamic", "The array cut before each index, as an array of arrays; negative indices count from the end.")
        {
            Managed = a => Split(a[0], a[1]),
        },
        new("array_reverse", "(value:array) -> dynamic", "The elements from last to first.")
        {
            Managed = a => Over(a[0], items => Enumerable.Reverse(items)),
        },
        Moved("array_rotate_left", "The elements moved left, with those that fall off put back on the right.", rotate: true, sign: 1),
        Moved("array_rotate_right", "The elements moved right, with those that fall off put back on the left.", rotate: true, sign: -1),
        Moved("array_shift_left", "The elements moved left, with null or the given value in the places that fall free.", rotate: false, sign: 1),
        Moved("array_shift_right", "The elements moved right, with null or the given value in the places that fall free.", rotate: false, sign: -1),
        new("array_index_of", "(array:array, value:any, start:integer?, length:integer?, occurrence:integer?!) -> long", "The index of the value in the array; -1 where it is not.")
        {
            Managed = a => IndexOf(a),
        },
        new("array_iff", "(condition_array:array, when_true:any, when_false:any) -> dynamic", "For each element of the first array the element of the second where it is true, of the third where it is false.")
        {
            Aliases = ["array_iif"],
            Nulls = NullRule.Handled,
            Managed = a => Choose(a[0], a[1], a[2]),
        },
        new("array_sum", "(array:array) -> real", "The sum of the elements; null when one is no number.")
        {
            Managed = a => Json.Array(a[0]) is { } items && items.TrueForAll(i => i.ValueKind == JsonValueKind.Number) ? KqlValue.Real(items.Sum(i => i.GetDouble())) : KqlValue.Null(KqlType.Real),
        },
        new("zip", "(array:array*64) -> dynamic", "An array of the first elements of all arrays, one of the second, and so on; null where an array has come to its end.")
        {
            Managed = a => Zip(a),
        },
        new("repeat", "(value:any, count:integer) -> dynamic", "An array of the value so many times over; null for a negative count.")
        {
            Naming = NameRule.Prefixed("repeat"),
            Nulls = NullRule.Handled,
            Managed = a => a[1].IsNull || a[1].AsLong < 0 ? KqlValue.Null(KqlType.Dynamic) : Json.ArrayOf(Enumerable.Repeat(Json.Of(a[0]), Bounded(a[1].AsLong, Json.Of(a[0]).Length))),
        },
        new("range", "(start:summable, stop:summable, step:summable?) -> dynamic", "An array of values from start to stop, a step apart (1, or an hour for time); at most 1,048,576 of them.")
        {
            Managed = a => Range(a[0], a[1], a.Length > 2 ? a[2] : a[0].Type is KqlType.DateTime or KqlType.TimeSpan ? KqlValue.TimeSpan(TimeSpan.TicksPerHour) : KqlValue.Long(1)),
        },
    ];

    internal static KqlValue Over(KqlValue array, Func<List<JsonElement>, IEnumerable<JsonElement>> change) =>
        Json.Array(array) is { } items ? Json.ArrayOf(change(items).Select(Json.Text)) : KqlValue.Null(KqlType.Dynamic);

    private static int Bounded(long count, int size) => (int)Math.Min(Math.Min(count, MaxElements), Strings.MaxLength / Math.Max(1, size));

    private static KqlValue Concat(ReadOnlySpan<KqlValue> arrays)
    {
        var all = new List<string>();
        foreach (var array in arrays)
        {
            if (Json.Array(array) is not { } items)
            {
                return KqlValue.Null(KqlType.Dynamic);
            }

            all.AddRange(items.Select(Json.Text));
        }

        return Json.ArrayOf(all);
    }

    private static IEnumerable<JsonElement> Slice(List<JsonElement> items, long first, long last)
    {
        var start = Math.Max(0, first < 0 ? items.Count + first : first);
        var end = Math.Min(items.Count - 1, last < 0 ? items.Count + last : last);
        return start > end ? [] : items[(int)start..((int)end + 1)];
    }

    private static KqlValue Split(KqlValue array, KqlValue at)
    {
        if (Json.Array(array) is not { } items)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        List<long> indices = [];
        if (at.Type != KqlType.Dynamic)
        {
            indices.Add(at.AsLong);
        }
        else if (Json.Array(at) is { } list && list.TrueForAll(i => i.ValueKind == JsonValueKind.Number && i.TryGetInt64(out _)))
        {
            indices.AddRange(list.Select(i => i.GetInt64()));
        }
        else
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var parts = new List<string>();
        var from = 0;
        foreach (var index in indices)
        {
            var to = (int)Math.Clamp(index < 0 ? items.Count + index : index, from, items.Count);
            parts.Add(Json.ArrayText(items[from..to].Select(Json.Text)));
            from = to;
        }

        parts.Add(Json.ArrayText(items[from..].Select(Json.Text)));
        return Json.ArrayOf(parts);
    }

    private static KqlFunction Moved(string name, string doc, bool rotate, int sign) => new(name, rotate ? "(array:array, rotate_count:integer) -> dynamic" : "(array:array, shift_count:integer, default_value:any?) -> dynamic", doc)
    {
        Nulls = NullRule.Handled,
        Managed = a =>
        {
            if (Json.Array(a[0]) is not { } items || a[1].IsNull)
            {
                return KqlValue.Null(KqlType.Dynamic);
            }

            var filler = a.Length > 2 ? Json.Of(a[2]) : "null";
            var count = (long)items.Count;
            var by = Math.Clamp(a[1].AsLong, -int.MaxValue, int.MaxValue) * sign;
            return Json.ArrayOf(Enumerable.Range(0, items.Count).Select(i =>
            {
                var from = i + by;
                return rotate ? Json.Text(items[(int)(((from % count) + count) % count)]) : from >= 0 && from < count ? Json.Text(items[(int)from]) : filler;
            }));
        },
    };

    private static KqlValue IndexOf(ReadOnlySpan<KqlValue> a)
    {
        var (start, length, occurrence) = (Slices.Number(a, 2, 0), Slices.Number(a, 3, -1), Slices.Number(a, 4, 1));
        if (Json.Array(a[0]) is not { } items || length < -1 || occurrence < 1)
        {
            return KqlValue.Null(KqlType.Long);
        }

        start = Math.Max(0, start < 0 ? items.Count + start : start);
        var end = length < 0 || length > items.Count - start ? items.Count : start + length;
        for (var i = start; i < end; i++)
        {
            if (Comparison.Equal(Json.ToDynamic(items[(int)i]), a[1], negated: false) is { IsNull: false, AsBool: true } && --occurrence == 0)
            {
                return KqlValue.Long(i);
            }
        }

        return KqlValue.Long(-1);
    }

    private static KqlValue Choose(KqlValue conditions, KqlValue whenTrue, KqlValue whenFalse)
    {
        if (Json.Array(conditions) is not { } items)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var (yes, no) = (Json.Array(whenTrue), Json.Array(whenFalse));
        var (single, other) = (Json.Of(whenTrue), Json.Of(whenFalse));
        return Json.ArrayOf(items.Select((item, i) => item.ValueKind switch
        {
            JsonValueKind.True => Pick(yes, single, i),
            JsonValueKind.False => Pick(no, other, i),
            JsonValueKind.Number => item.GetDouble() != 0 ? Pick(yes, single, i) : Pick(no, other, i),
            _ => "null",
        }));
    }

    private static string Pick(List<JsonElement>? items, string single, int index) => items is null ? single : index < items.Count ? Json.Text(items[index]) : "null";

    private static KqlValue Zip(ReadOnlySpan<KqlValue> arrays)
    {
        var lists = new List<List<JsonElement>>();
        foreach (var array in arrays)
        {
            if (Json.Array(array) is not { } items)
            {
                return KqlValue.Null(KqlType.Dynamic);
            }

            lists.Add(items);
        }

        return Json.ArrayOf(Enumerable.Range(0, lists.Max(l => l.Count)).Select(i => Json.ArrayText(lists.Select(l => i < l.Count ? Json.Text(l[i]) : "null"))));
    }

    private static IEnumerable<string> WholeRange(KqlValue start, long stop, long step)
    {
        var value = (Int128)start.AsLong;
        for (var count = 0; count < MaxElements && (step > 0 ? value <= stop : value >= stop); count++, value += step)
        {
            yield return Json.Of(Arithmetic.Typed((long)value, start.Type));
        }
    }

    private static KqlValue Range(KqlValue start, KqlValue stop, KqlValue step)
    {
        var sign = Comparison.Compare(step, step.Type == KqlType.TimeSpan ? KqlValue.TimeSpan(0) : KqlValue.Long(0)) ?? 0;
        if (sign == 0)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        if (start.Type is KqlType.Int or KqlType.Long or KqlType.DateTime or KqlType.TimeSpan && stop.Type is KqlType.Int or KqlType.Long or KqlType.DateTime or KqlType.TimeSpan
            && step.Type is KqlType.Int or KqlType.Long or KqlType.TimeSpan)
        {
            return Json.ArrayOf(WholeRange(start, stop.AsLong, step.AsLong));
        }

        // Each value is reckoned from the start, so that reals do not drift; whole numbers stop where they would wrap.
        var items = new List<string>();
        var value = start;
        while (items.Count < MaxElements && Comparison.Compare(value, stop) is { } order && order * sign <= 0)
        {
            items.Add(Json.Of(value));
            var next = value.Type == KqlType.Real || step.Type == KqlType.Real
                ? Arithmetic.Compute(start, Arithmetic.Compute(step, KqlValue.Long(items.Count), Arithmetic.Operation.Multiply), Arithmetic.Operation.Add)
                : Arithmetic.Compute(value, step, Arithmetic.Operation.Add);
            if (Comparison.Compare(next, value) is not { } progress || progress * sign <= 0)
            {
                break;
            }

            value = next;
        }

        return Json.ArrayOf(items);
    }
}
