namespace Bartizan.Store.Records;

/// <summary>Which records, in which order, how many. All <see cref="Filters"/> must hold.</summary>
public sealed record RecordQuery
{
    public static RecordQuery All { get; } = new();

    public IReadOnlyList<RecordFilter> Filters { get; init; } = [];

    /// <summary>The field to order by; ties, and listings without an order, go by id.</summary>
    public RecordOrder? OrderBy { get; init; }

    public int Take { get; init; } = 100;

    /// <summary>From the page before, with the same filters and order.</summary>
    public string? Continuation { get; init; }

    public bool WantCount { get; init; }
}

/// <summary>Order by an indexed field that has one value.</summary>
public sealed record RecordOrder(string Field, bool Descending = false);

/// <summary>A condition on indexed fields. A field with many values holds when one of them does. Absent text equals "".</summary>
public abstract record RecordFilter
{
    private RecordFilter()
    {
    }

    public sealed record Equal(string Field, RecordValue Value) : RecordFilter;

    public sealed record In(string Field, IReadOnlyList<RecordValue> Values) : RecordFilter;

    /// <summary>From (inclusive) to (exclusive); an open end is null. Absent values are in no range.</summary>
    public sealed record Range(string Field, RecordValue? From, RecordValue? To) : RecordFilter;

    public sealed record Contains(string Field, string Text) : RecordFilter;

    public sealed record StartsWith(string Field, string Text) : RecordFilter;

    public sealed record EndsWith(string Field, string Text) : RecordFilter;

    public sealed record AnyOf(params IReadOnlyList<RecordFilter> Filters) : RecordFilter;

    public sealed record Not(RecordFilter Filter) : RecordFilter;

    /// <summary>By ids.</summary>
    public sealed record Ids(IReadOnlyList<string> Values) : RecordFilter;
}
