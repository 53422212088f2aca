using System.Text.Json;
using Bartizan.Kql.Functions.Operators;
using Bartizan.Kql.Functions.Text;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Arrays;

/// <summary>array_sort_asc and array_sort_desc: the first array in order, the others in the same order as it.</summary>
internal static class Sorting
{
    private const string Signature = "(array:array) -> dynamic; (array:array, nulls_last:bool!) -> dynamic; (arrays:array*64) -> several; (arrays:array*64, nulls_last:bool!) -> several";

    public static IEnumerable<KqlFunction> All() =>
    [
        new("array_sort_asc", Signature, "The elements of the first array in ascending order, and those of the others moved in step with them; nulls last unless told otherwise.")
        {
            Naming = new NameRule(NameRuleKind.EachArgumentSuffixed, "sorted"),
            Nulls = NullRule.Handled,
            Managed = a => Sorted(a, descending: false),
        },
        new("array_sort_desc", Signature, "The elements of the first array in descending order, and those of the others moved in step with them; nulls last unless told otherwise.")
        {
            Naming = new NameRule(NameRuleKind.EachArgumentSuffixed, "sorted"),
            Nulls = NullRule.Handled,
            Managed = a => Sorted(a, descending: true),
        },
    ];

    /// <summary>With one array the sorted array; with several an array of them.</summary>
    private static KqlValue Sorted(ReadOnlySpan<KqlValue> arguments, bool descending)
    {
        var nullsLast = true;
        if (arguments[^1].Type == KqlType.Bool)
        {
            nullsLast = arguments[^1].IsNull || arguments[^1].AsBool;
            arguments = arguments[..^1];
        }

        var keys = arguments.Length > 0 ? Json.Array(arguments[0]) : null;
        if (keys is null)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        var typed = keys.ConvertAll(Key);
        var order = Enumerable.Range(0, keys.Count)
            .Order(Comparer<int>.Create((a, b) => Compare(typed[a], typed[b], descending, nullsLast) is var sign && sign != 0 ? sign : a.CompareTo(b)))
            .ToArray();
        if (arguments.Length == 1)
        {
            return Json.ArrayOf(order.Select(i => Json.Text(keys[i])));
        }

        var results = new List<string>();
        foreach (var argument in arguments)
        {
            results.Add(Json.Array(argument) is { } items && items.Count == keys.Count ? Json.ArrayText(order.Select(i => Json.Text(items[i]))) : "null");
        }

        return Json.ArrayOf(results);
    }

    /// <summary>Elements of unlike kinds stand in groups: numbers and times, text, guids, all else.</summary>
    private static (int Group, KqlValue Value) Key(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Null:
                return (9, KqlValue.Null(KqlType.Dynamic));
            case JsonValueKind.Number:
                return (0, Json.Number(element));
            case JsonValueKind.String:
                var text = element.GetString()!;
                return IsTime(text, out var time) ? (0, time) : Guid.TryParseExact(text, "D", out _) ? (2, KqlValue.Text(text)) : (1, KqlValue.Text(text));
            case JsonValueKind.True or JsonValueKind.False:
                return (3, KqlValue.Bool(element.GetBoolean()));
            default:
                return (4, Json.ToDynamic(element));
        }
    }

    /// <summary>Only text just as a datetime or timespan prints is taken for one.</summary>
    private static bool IsTime(string text, out KqlValue time)
    {
        time = text.Length == 28 && text[^1] == 'Z' ? KqlValue.DateTime(KqlTime.ParseDateTime(text))
            : text.Length is >= 8 and <= 26 && text.Contains(':', StringComparison.Ordinal) ? KqlValue.TimeSpan(KqlTime.ParseTimeSpan(text))
            : KqlValue.Null(KqlType.DateTime);
        return !time.IsNull && Conversion.ToText(time) == text;
    }

    private static int Compare((int Group, KqlValue Value) left, (int Group, KqlValue Value) right, bool descending, bool nullsLast)
    {
        if (left.Group == 9 || right.Group == 9)
        {
            var sign = (left.Group == 9).CompareTo(right.Group == 9);
            return nullsLast ? sign : -sign;
        }

        if (left.Group != right.Group)
        {
            return left.Group.CompareTo(right.Group);
        }

        var order = left.Value.Type == KqlType.String ? Strings.Utf8Order(left.Value.AsText, right.Value.AsText)
            : left.Value.Type == KqlType.Dynamic ? string.CompareOrdinal(left.Value.AsText, right.Value.AsText)
            : Comparison.Compare(left.Value, right.Value) ?? 0;
        return descending ? -order : order;
    }
}
