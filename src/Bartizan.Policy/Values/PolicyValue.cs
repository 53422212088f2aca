using System.Diagnostics;
using System.Globalization;

namespace Bartizan.Policy.Values;

/// <summary>
/// A JSON value as the policy language sees it, with one more: undefined, which is what a place that does not exist reads as.
/// Values never change.
/// </summary>
public abstract class PolicyValue
{
    private protected PolicyValue()
    {
    }

    public static PolicyValue Undefined { get; } = new UndefinedValue();

    public static PolicyValue Null { get; } = new NullValue();

    public static PolicyValue True { get; } = new BooleanValue(true);

    public static PolicyValue False { get; } = new BooleanValue(false);

    public static PolicyValue EmptyArray { get; } = new ArrayValue([]);

    /// <summary>How much there is to walk when the whole value is walked; long text counts by its length.</summary>
    internal virtual long Weight => 1;

    public bool IsUndefined => ReferenceEquals(this, Undefined);

    public bool IsNull => ReferenceEquals(this, Null);

    /// <summary>Neither undefined nor null.</summary>
    public bool HasContent => !IsUndefined && !IsNull;

    public bool IsTrue => ReferenceEquals(this, True);

    /// <summary>The text, when this is a string.</summary>
    public string? AsText => (this as StringValue)?.Text;

    /// <summary>The items, when this is an array.</summary>
    public IReadOnlyList<PolicyValue>? Elements => (this as ArrayValue)?.Items;

    /// <summary>The names, when this is an object.</summary>
    public IReadOnlyList<string>? MemberNames => (this as ObjectValue)?.Names;

    public static PolicyValue Of(bool value) => value ? True : False;

    public static PolicyValue Of(long value) => new NumberValue(value);

    public static PolicyValue Of(double value) => new NumberValue(value);

    public static PolicyValue Of(string value) => new StringValue(value);

    public static PolicyValue Of(IReadOnlyList<PolicyValue> items) => new ArrayValue([.. items]);

    /// <summary>An object with one member.</summary>
    public static PolicyValue Of(string name, PolicyValue value) => new ObjectValue([name], [value]);

    /// <summary>An object; members that are undefined are left out.</summary>
    public static PolicyValue Of(IEnumerable<(string Name, PolicyValue Value)> members)
    {
        var kept = members.Where(m => !m.Value.IsUndefined).ToList();
        return new ObjectValue([.. kept.Select(m => m.Name)], [.. kept.Select(m => m.Value)]);
    }

    /// <summary>Whether two values are the same JSON: exact text, numbers by value, names without regard to case.</summary>
    public bool IsSameAs(PolicyValue other) => Coercion.Same(this, other);

    /// <summary>The member of an object (exact spelling first, then any case) or undefined.</summary>
    public PolicyValue Member(string name) => this is ObjectValue o ? o.Find(name) : Undefined;

    /// <summary>The text that string operators see: numbers and booleans count as their text, nothing else does.</summary>
    public string? ToScalarText() => this switch
    {
        StringValue s => s.Text,
        NumberValue n => n.ToText(),
        BooleanValue b => b.Value ? "true" : "false",
        _ => null,
    };

    public override string ToString() => PolicyJson.Write(this);
}

internal sealed class UndefinedValue : PolicyValue;

internal sealed class NullValue : PolicyValue;

internal sealed class BooleanValue(bool value) : PolicyValue
{
    public bool Value { get; } = value;
}

internal sealed class StringValue(string text) : PolicyValue
{
    public string Text { get; } = text;

    internal override long Weight => 1 + (Text.Length >> 4);
}

/// <summary>A number: a 64-bit integer where it fits, else a double.</summary>
internal sealed class NumberValue : PolicyValue
{
    public NumberValue(long value)
    {
        IsInteger = true;
        Integer = value;
        Real = value;
    }

    public NumberValue(double value) => Real = value;

    public bool IsInteger { get; }

    public long Integer { get; }

    public double Real { get; }

    /// <summary>The number cut down to an integer, or null when it does not fit.</summary>
    public long? Truncated => IsInteger ? Integer : Real is > -9.3e18 and < 9.2e18 ? (long)Real : null;

    public static int Compare(NumberValue left, NumberValue right) =>
        left.IsInteger && right.IsInteger ? left.Integer.CompareTo(right.Integer) : left.Real.CompareTo(right.Real);

    public string ToText() => IsInteger
        ? Integer.ToString(CultureInfo.InvariantCulture)
        : Real.ToString("R", CultureInfo.InvariantCulture);
}

internal sealed class ArrayValue(PolicyValue[] items) : PolicyValue
{
    private long weight;

    public PolicyValue[] Items { get; } = items;

    internal override long Weight => weight == 0 ? weight = 1 + Items.Sum(i => i.Weight) : weight;
}

/// <summary>An object; names keep their order and spelling and are found without regard to case.</summary>
internal sealed class ObjectValue : PolicyValue
{
    // Below this a scan beats hashing; most objects in resources are small.
    private const int ScanLimit = 8;

    private Dictionary<string, int>? index;
    private long weight;

    public ObjectValue(string[] names, PolicyValue[] values)
    {
        Debug.Assert(names.Length == values.Length);
        Names = names;
        Values = values;
    }

    public static ObjectValue Empty { get; } = new([], []);

    public string[] Names { get; }

    public PolicyValue[] Values { get; }

    internal override long Weight => weight == 0 ? weight = 1 + Values.Sum(v => 1 + v.Weight) : weight;

    public PolicyValue Find(string name)
    {
        if (Names.Length > ScanLimit)
        {
            return FindByHash(name);
        }

        var folded = -1;
        for (var i = 0; i < Names.Length; i++)
        {
            var candidate = Names[i];
            if (candidate.Length != name.Length)
            {
                continue;
            }

            if (string.Equals(candidate, name, StringComparison.Ordinal))
            {
                return Values[i];
            }

            if (folded < 0 && string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase))
            {
                folded = i;
            }
        }

        return folded < 0 ? Undefined : Values[folded];
    }

    private PolicyValue FindByHash(string name)
    {
        var map = index;
        if (map is null)
        {
            map = new Dictionary<string, int>(Names.Length, StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < Names.Length; i++)
            {
                map.TryAdd(Names[i], i);
            }

            index = map;
        }

        return map.TryGetValue(name, out var found) ? Values[found] : Undefined;
    }
}
