using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions;

/// <summary>
/// Computes one row. Pure and thread-safe; it never throws on any values. A function that yields several values
/// (<see cref="KqlFunction.Elements"/>) gives them as one dynamic array, in order.
/// </summary>
public delegate KqlValue ScalarBody(ReadOnlySpan<KqlValue> arguments);

/// <summary>
/// A predicate over UTF-8 text, made for fixed further arguments. Thread-safe. A dynamic first argument is given as <c>tostring</c> makes it.
/// </summary>
public abstract class TextMatcher
{
    public abstract bool IsMatch(ReadOnlySpan<byte> text);
}

/// <summary>Makes the matcher for the arguments after the first; hosts keep the last one while the arguments stay the same.</summary>
public delegate TextMatcher TextMatcherFactory(IReadOnlyList<KqlValue> arguments);

/// <summary>The running value of one group. Used by one thread at a time.</summary>
public abstract class AggregateState
{
    public abstract void Add(ReadOnlySpan<KqlValue> row);

    /// <summary>Adds a row of one text as its bytes, without making a string; false where the state wants values.</summary>
    public virtual bool TryAddText(ReadOnlySpan<byte> utf8) => false;

    /// <summary>Takes in what <paramref name="later"/> has seen; its rows come after this one's.</summary>
    public abstract void Merge(AggregateState later);

    /// <summary>The result so far; the state stays usable.</summary>
    public abstract KqlValue Finish();

    /// <summary>Of a function that yields several values, the one at <paramref name="element"/> (see <c>BoundElement</c> for the order).</summary>
    public virtual KqlValue Finish(int element) => Finish();
}

/// <summary>Makes an empty state for arguments of these types.</summary>
public delegate AggregateState AggregateFactory(IReadOnlyList<KqlType> types);

/// <summary>Sees the rows of a serialized table in order.</summary>
public abstract class WindowState
{
    public abstract KqlValue Next(ReadOnlySpan<KqlValue> row);
}

public delegate WindowState WindowFactory(IReadOnlyList<KqlType> types);

/// <summary>An argument as SQL.</summary>
/// <param name="Sql">An expression that can stand anywhere (atoms bare, the rest in parentheses).</param>
/// <param name="Constant">The value, where it is known when the query is compiled: null, bool, int, long, double, string, Guid; ticks; decimal and dynamic as text.</param>
public sealed record SqlArgument(string Sql, KqlType Type, bool IsConstant = false, object? Constant = null)
{
    /// <summary>False for constants that are not null, and what else is known to have a value.</summary>
    public bool MayBeNull { get; init; } = !(IsConstant && Constant is not null) && Type != KqlType.String;
}

/// <summary>What a query knows of its surroundings when it is compiled.</summary>
public sealed record SqlContext(long NowTicks, string Database, string Principal, string Cluster);

/// <summary>A call to be written as SQL.</summary>
/// <param name="Over">
/// For window functions: the order of the rows, as it stands in <c>OVER (…)</c>. For aggregates whose result shows the order of the rows
/// (<c>make_list</c>): the same <c>ORDER BY …</c>, or nothing where any order will do.
/// </param>
public sealed record SqlCall(IReadOnlyList<SqlArgument> Arguments, KqlType Result, SqlContext Context, string Over = "")
{
    public int Count => Arguments.Count;

    public string this[int index] => Arguments[index].Sql;

    public KqlType TypeOf(int index) => Arguments[index].Type;

    /// <summary>Of a function that yields several values, the one to write.</summary>
    public int Element { get; init; }

    /// <summary>Writes a call of this entry's own managed body; a SQL form falls back on it for rows that SQL cannot do.</summary>
    public required Func<string> Managed { get; init; }

    /// <summary>True in a filter's conjunction, where null counts as false and the shorter form will do.</summary>
    public bool NullIsFalse { get; init; }

    public bool AllOf(TypeSet types) => Arguments.All(a => types.HasFlag((TypeSet)(1 << (int)a.Type)));
}

/// <summary>Writes the call, or declines (null) so that the managed body is used.</summary>
public delegate string? SqlForm(SqlCall call);
