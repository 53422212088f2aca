using Bartizan.Foundation.Outcomes;

namespace Bartizan.Store.Ingestion;

/// <summary>What became of a stream of events. Everything counted in <see cref="Accepted"/> is on disk.</summary>
public sealed record IngestionReceipt
{
    public long Accepted { get; init; }

    /// <summary>Records that went to the dead letters.</summary>
    public long Rejected { get; init; }

    /// <summary>Records skipped because an earlier sending of the same batch brought them.</summary>
    public long Repeated { get; init; }

    /// <summary>Rows by table.</summary>
    public IReadOnlyDictionary<string, long> Tables { get; init; } = new Dictionary<string, long>();

    /// <summary>The first problems, with file and line.</summary>
    public IReadOnlyList<IngestionProblem> Problems { get; init; } = [];

    /// <summary>Why the reading ended before the stream did, or null. What was accepted until then is kept.</summary>
    public Problem? Stopped { get; init; }

    /// <summary>The earliest and latest event time accepted.</summary>
    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }
}

/// <summary>One thing wrong with the input.</summary>
/// <param name="Line">From 1; in an array, the number of the element.</param>
/// <param name="IsKept">True when the record was accepted all the same and only a value of it moved to <c>_Extra</c>.</param>
public sealed record IngestionProblem(string File, long Line, string Message, bool IsKept);

/// <summary>Announced after events were committed.</summary>
/// <param name="From">The earliest event time among them.</param>
/// <param name="Received">When the store took them in: the <c>ingestion_time()</c> of all these rows, and of no others.</param>
public sealed record EventsAppended(string Table, long Rows, DateTimeOffset From, DateTimeOffset To, DateTimeOffset Received);

/// <summary>What the records of a stream are.</summary>
public enum RecordForm
{
    /// <summary>JSON objects.</summary>
    Json,

    /// <summary>Lines of text.</summary>
    Text,

    /// <summary>JSON when the stream begins with a bracket, else lines of text.</summary>
    Either,
}

/// <summary>
/// Turns one record of a source's own shape into rows of tables. Called from one thread at a time; a record it cannot read it refuses
/// through the sink.
/// </summary>
public interface IRecordMapper
{
    RecordForm Form { get; }

    void Map(ReadOnlySpan<byte> record, RecordSink sink);
}

/// <summary>Where a mapper puts its rows.</summary>
public abstract class RecordSink
{
    /// <summary>A row as a JSON object whose names are the table's columns.</summary>
    public abstract void Append(string table, ReadOnlySpan<byte> json);

    /// <summary>Refuses the record with a reason.</summary>
    public abstract void Refuse(string reason);
}
