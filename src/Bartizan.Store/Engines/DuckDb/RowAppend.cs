namespace Bartizan.Store.Engines.DuckDb;

/// <summary>Rows for one or several tables that are committed together, with an entry in the ledger of batches where they have one.</summary>
internal sealed class RowAppend : IDisposable
{
    private readonly List<Part> parts = [];

    /// <summary>Runs before the transaction of the rows, with the columns of a table that they have values in.</summary>
    public Action<EngineConnection, string, IReadOnlyList<string>>? Before { get; set; }

    public Action<EngineConnection>? Also { get; set; }

    /// <param name="columns">The names of the chunks' columns; all chunks have the same.</param>
    public void Add(string table, IReadOnlyList<string> columns, IReadOnlyList<RowChunk> chunks) => parts.Add(new Part(table, columns, chunks));

    public void Prepare(EngineConnection connection)
    {
        foreach (var part in parts)
        {
            Before?.Invoke(connection, part.Table, [.. part.Filled().Select(i => part.Columns[i])]);
        }
    }

    /// <exception cref="InvalidOperationException">The engine refused the rows.</exception>
    public void Write(EngineConnection connection)
    {
        var native = connection.Inner.NativeConnection.DangerousGetHandle();
        parts.ForEach(p => Append(native, p));
        Also?.Invoke(connection);
    }

    public void Dispose()
    {
        foreach (var chunk in parts.SelectMany(p => p.Chunks))
        {
            chunk.Dispose();
        }
    }

    /// <summary>Columns without a value anywhere are left to the table's defaults; the engine pays for every column that it is given.</summary>
    private static void Append(nint connection, Part part)
    {
        var filled = part.Filled();
        var created = ChunkApi.CreateAppender(connection, null, part.Table, out var appender);
        try
        {
            if (created != 0
                || filled.Any(i => ChunkApi.AddColumn(appender, part.Columns[i]) != 0)
                || part.Chunks.Any(c => !c.TryAppend(appender, filled))
                || ChunkApi.CloseAppender(appender) != 0)
            {
                throw new InvalidOperationException($"Rows for {part.Table} could not be appended: {ChunkApi.ErrorOf(appender)}");
            }
        }
        finally
        {
            _ = ChunkApi.DestroyAppender(ref appender);
        }
    }

    private sealed record Part(string Table, IReadOnlyList<string> Columns, IReadOnlyList<RowChunk> Chunks)
    {
        public List<int> Filled() => [.. Enumerable.Range(0, Columns.Count).Where(i => Chunks.Any(c => c.Has(i)))];
    }
}
