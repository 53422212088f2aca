using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Series;

/// <summary>series_fill_…: values for the gaps of a series. A gap is null, or the placeholder where one is given.</summary>
internal static class Filling
{
    public static IEnumerable<KqlFunction> All() =>
    [
        Fill("series_fill_forward", "(series:array, placeholder:number?) -> $0", "Each gap takes the value before it.", (n, _) => Forward(n)),
        Fill("series_fill_backward", "(series:array, placeholder:number?) -> $0", "Each gap takes the value after it.", (n, _) =>
        {
            n.Reverse();
            Forward(n);
            n.Reverse();
        }),
        new("series_fill_const", "(series:array, value:number?, placeholder:number?) -> $0", "Each gap takes a constant, 0 unless it is given.")
        {
            Nulls = NullRule.Handled,
            Naming = NameRule.FirstArgument,
            Managed = a => Filled(a[0], a.Length > 2 ? a[2] : default, a.Length > 1 ? a[1] : KqlValue.Long(0), Constant),
        },
        new("series_fill_linear", "(series:array, placeholder:number?, fill_edges:bool?, value:number?) -> $0", "Each gap lies on the line between its neighbours; gaps at the edges take the nearest value.")
        {
            Nulls = NullRule.Handled,
            Naming = NameRule.FirstArgument,
            Managed = a =>
            {
                var edges = a.Length < 3 || a[2].IsNull || a[2].AsBool;
                return Filled(a[0], a.Length > 1 ? a[1] : default, a.Length > 3 && !a[3].IsNull ? a[3] : KqlValue.Real(0.0), (n, value) => Linear(n, edges, value));
            },
        },
    ];

    private static KqlFunction Fill(string name, string signature, string doc, Action<List<KqlValue?>, KqlValue> fill) => new(name, signature, doc)
    {
        Nulls = NullRule.Handled,
        Naming = NameRule.FirstArgument,
        Managed = a => Filled(a[0], a.Length > 1 ? a[1] : default, default, fill),
    };

    private static KqlValue Filled(KqlValue series, KqlValue placeholder, KqlValue value, Action<List<KqlValue?>, KqlValue> fill)
    {
        if (SeriesText.Numbers(series) is not { } numbers)
        {
            return KqlValue.Null(KqlType.Dynamic);
        }

        if (placeholder.Type != KqlType.Unknown && !placeholder.IsNull)
        {
            for (var i = 0; i < numbers.Count; i++)
            {
                if (numbers[i] is { } number && (number.AsReal == placeholder.AsReal || (double.IsNaN(number.AsReal) && double.IsNaN(placeholder.AsReal))))
                {
                    numbers[i] = null;
                }
            }
        }

        fill(numbers, value);
        return KqlValue.Dynamic(SeriesText.Text(numbers));
    }

    private static void Forward(List<KqlValue?> numbers)
    {
        for (var i = 1; i < numbers.Count; i++)
        {
            numbers[i] ??= numbers[i - 1];
        }
    }

    private static void Constant(List<KqlValue?> numbers, KqlValue value)
    {
        // The constant takes the type of the elements, as the array has one type.
        var typed = SeriesText.IsWhole(numbers) ? Conversion.To(value, KqlType.Long) : numbers.Any(n => n is not null) ? Conversion.To(value, KqlType.Real) : value;
        for (var i = 0; i < numbers.Count; i++)
        {
            numbers[i] ??= typed.IsNull ? null : typed;
        }
    }

    private static void Linear(List<KqlValue?> numbers, bool edges, KqlValue value)
    {
        var first = numbers.FindIndex(n => n is not null);
        if (first < 0)
        {
            Constant(numbers, value);
            return;
        }

        var whole = SeriesText.IsWhole(numbers);
        var before = first;
        for (var i = first + 1; i < numbers.Count; i++)
        {
            if (numbers[i] is not { } right)
            {
                continue;
            }

            var left = numbers[before]!.Value.AsReal;
            for (var gap = before + 1; gap < i; gap++)
            {
                var between = left + ((right.AsReal - left) * (gap - before) / (i - before));
                numbers[gap] = whole ? KqlValue.Long((long)between) : KqlValue.Real(between);
            }

            before = i;
        }

        if (edges)
        {
            for (var i = 0; i < first; i++)
            {
                numbers[i] = numbers[first];
            }

            Forward(numbers);
        }
    }
}
