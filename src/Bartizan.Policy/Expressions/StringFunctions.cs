using System.Text;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>Text: concat, replace, split, substring, case, search, padding, format.</summary>
internal static class StringFunctions
{
    /// <summary>No function makes a text longer than this.</summary>
    private const int MaxLength = 1_048_576;

    public static IReadOnlyList<TemplateFunction> All { get; } =
    [
        new("concat", 0, FunctionTable.Many, Concat),
        new("toLower", 1, 1, a => a[0].AsText is { } t ? PolicyValue.Of(t.ToLowerInvariant()) : PolicyValue.Undefined),
        new("toUpper", 1, 1, a => a[0].AsText is { } t ? PolicyValue.Of(t.ToUpperInvariant()) : PolicyValue.Undefined),
        new("trim", 1, 1, a => a[0].AsText is { } t ? PolicyValue.Of(t.Trim()) : PolicyValue.Undefined),
        new("replace", 3, 3, Replace),
        new("split", 2, 2, Split),
        new("substring", 2, 3, Substring),
        new("startsWith", 2, 2, a => PolicyValue.Of(a[0].AsText is { } t && a[1].AsText is { } p && CaseFolding.StartsWith(t, p))),
        new("endsWith", 2, 2, a => PolicyValue.Of(a[0].AsText is { } t && a[1].AsText is { } p && CaseFolding.EndsWith(t, p))),
        new("indexOf", 2, 2, a => Search(a, last: false)),
        new("lastIndexOf", 2, 2, a => Search(a, last: true)),
        new("padLeft", 2, 3, PadLeft),
        new("format", 1, FunctionTable.Many, a => a[0].AsText is { } t ? TextFormat.Apply(t, a.AsSpan(1)) : PolicyValue.Undefined),
    ];

    private static PolicyValue Concat(PolicyValue[] a)
    {
        if (a.Length > 0 && a.All(v => v is ArrayValue))
        {
            return CollectionFunctions.Joined([.. a.Select(v => ((ArrayValue)v).Items)], "concat");
        }

        var text = new StringBuilder();
        foreach (var part in a)
        {
            if (part.ToScalarText() is not { } piece)
            {
                return PolicyValue.Undefined;
            }

            if (text.Length + piece.Length > MaxLength)
            {
                return new FailureValue($"concat() would make a text of more than {MaxLength} characters.");
            }

            text.Append(piece);
        }

        return PolicyValue.Of(text.ToString());
    }

    private static PolicyValue Replace(PolicyValue[] a)
    {
        if (a[0].AsText is not { } text || a[1].AsText is not { } old || a[2].AsText is not { } with)
        {
            return PolicyValue.Undefined;
        }

        if (old.Length == 0)
        {
            return a[0];
        }

        return (long)text.Length * Math.Max(1, with.Length) > MaxLength && text.Length + (long)text.Length / old.Length * with.Length > MaxLength
            ? new FailureValue($"replace() would make a text of more than {MaxLength} characters.")
            : PolicyValue.Of(text.Replace(old, with, StringComparison.Ordinal));
    }

    private static PolicyValue Split(PolicyValue[] a)
    {
        if (a[0].AsText is not { } text)
        {
            return PolicyValue.Undefined;
        }

        switch (a[1])
        {
            case StringValue delimiter:
                return Parts(text, [delimiter.Text]);
            case ArrayValue delimiters:
                // The longest first, so that one delimiter within another does not split it.
                return Parts(text, [.. delimiters.Items.Select(d => d.AsText).OfType<string>().OrderByDescending(d => d.Length)]);
            default:
                return PolicyValue.Undefined;
        }
    }

    /// <summary>An empty delimiter splits nothing, and without any other the text stays whole.</summary>
    private static ArrayValue Parts(string text, string[] delimiters)
    {
        string[] usable = [.. delimiters.Where(d => d.Length > 0)];
        return usable.Length == 0 ? new ArrayValue([PolicyValue.Of(text)]) : new ArrayValue([.. text.Split(usable, StringSplitOptions.None).Select(PolicyValue.Of)]);
    }

    private static PolicyValue Substring(PolicyValue[] a)
    {
        if (a[0].AsText is not { } text || NumberFunctions.Whole(a[1]) is not { } start)
        {
            return PolicyValue.Undefined;
        }

        var length = a.Length == 3 ? NumberFunctions.Whole(a[2]) : text.Length - start;
        if (length is null)
        {
            return PolicyValue.Undefined;
        }

        return start < 0 || length < 0 || start > text.Length || start + length > text.Length
            ? new FailureValue($"substring() was asked for {length} characters from {start} of a text that has {text.Length}.")
            : PolicyValue.Of(text.Substring((int)start, (int)length));
    }

    private static PolicyValue Search(PolicyValue[] a, bool last) => a[0] is ArrayValue list
        ? PolicyValue.Of((long)(last ? Array.FindLastIndex(list.Items, i => Coercion.Same(i, a[1])) : Array.FindIndex(list.Items, i => Coercion.Same(i, a[1]))))
        : a[0].AsText is { } text && a[1].AsText is { } part ? PolicyValue.Of((long)CaseFolding.IndexOf(text, part, last)) : PolicyValue.Undefined;

    private static PolicyValue PadLeft(PolicyValue[] a)
    {
        var width = a[1] is StringValue s ? Coercion.ToNumber(s.Text)?.Truncated : NumberFunctions.Whole(a[1]);
        if (a[0].ToScalarText() is not { } text || a[0] is BooleanValue || width is not { } w || w < 0)
        {
            return PolicyValue.Undefined;
        }

        if (w > MaxLength)
        {
            return new FailureValue($"padLeft() would make a text of more than {MaxLength} characters.");
        }

        var pad = a.Length > 2 && a[2].AsText is { Length: > 0 } p ? p[0] : ' ';
        return PolicyValue.Of(text.PadLeft((int)w, pad));
    }
}
