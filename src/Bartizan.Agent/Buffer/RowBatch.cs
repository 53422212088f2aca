namespace Bartizan.Agent.Buffer;

/// <summary>Rows of one table that are sent together, and how far their sensor had come when it read them.</summary>
/// <param name="Lines">The rows as JSON, one a line.</param>
/// <param name="Source">Which sensor, and of what: its position is kept under this name.</param>
/// <param name="Position">Where the sensor goes on after these rows; it is kept together with them, so that no row is read twice or left out.</param>
public sealed record RowBatch(string Table, int Count, ReadOnlyMemory<byte> Lines, string Source, string Position);

/// <summary>A batch with the number that names it for ever.</summary>
public sealed record NumberedBatch(long Number, RowBatch Batch);
