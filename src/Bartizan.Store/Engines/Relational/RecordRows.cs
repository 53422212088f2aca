namespace Bartizan.Store.Engines.Relational;

/// <summary>One document. <see cref="Key"/> is its id in lower case: ids compare without regard to case.</summary>
internal sealed class RecordRow
{
    public required string Kind { get; set; }

    public required string Key { get; set; }

    public required string Id { get; set; }

    public required string Value { get; set; }

    public required string ETag { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }

    public required string UpdatedBy { get; set; }
}

/// <summary>
/// One value of one indexed field of one document. Text is in lower case; an absent text is empty, an absent number
/// <see cref="AbsentNumber"/>, so that every document has a row for every single-valued field.
/// </summary>
internal sealed class RecordFieldRow
{
    public const long AbsentNumber = long.MinValue;

    public required string Kind { get; set; }

    public required string Key { get; set; }

    public required string Field { get; set; }

    public int Ordinal { get; set; }

    public required string Text { get; set; }

    public long Number { get; set; }
}

/// <summary>Which fields of a kind are indexed as of the last opening; a difference means that the index is built anew.</summary>
internal sealed class RecordKindRow
{
    public required string Kind { get; set; }

    public required string Signature { get; set; }
}

/// <summary>A counter. The audit log's length is one of them.</summary>
internal sealed class SequenceRow
{
    public required string Name { get; set; }

    public long Value { get; set; }
}

/// <summary>One entry of the audit log. <see cref="Hash"/> covers the entry and the hash before it.</summary>
internal sealed class AuditRow
{
    public long Number { get; set; }

    public long At { get; set; }

    public required string Author { get; set; }

    public required string Action { get; set; }

    public required string Kind { get; set; }

    public required string Target { get; set; }

    public required string Detail { get; set; }

    public required string Hash { get; set; }
}
