namespace Bartizan.Store.Records;

/// <summary>A stored document with what the store knows of it.</summary>
/// <param name="Id">As it was first written; ids compare without regard to case.</param>
/// <param name="ETag">Changes with every write.</param>
public sealed record Record<T>(string Id, T Value, string ETag, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string UpdatedBy);

/// <summary>A page of a listing; <paramref name="Continuation"/> is null on the last, <paramref name="Count"/> where it was asked for.</summary>
public sealed record RecordPage<T>(IReadOnlyList<Record<T>> Items, string? Continuation, long? Count);

/// <summary>What became of a record.</summary>
public enum RecordChangeKind
{
    Added,
    Changed,
    Removed,
}

/// <summary>Announced after a record has been written.</summary>
public sealed record RecordChanged(string Kind, string Id, RecordChangeKind Change);

/// <summary>Conditions on a write, beside a plain etag.</summary>
public static class RecordMatch
{
    /// <summary>The record must exist, with whatever etag.</summary>
    public const string Any = "*";

    /// <summary>The record must not exist yet.</summary>
    public const string Absent = "-";
}
