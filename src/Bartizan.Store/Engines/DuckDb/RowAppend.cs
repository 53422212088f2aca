
namespace Bartizan.Store.Engines.DuckDb;

/// <summary>Rows for one or several tables that are committed together, with an entry in the ledger of batches where they have one.</summary>
internal sealed class RowAppend : IDisposable
{
    private readonly List<(string Table, RowChunk Chunk)> chunks = [];

    public Action<EngineConnection>? Also { get; set; }

    public void Add(string table, RowChunk chunk) => chunks.Add((table, chunk));

    /// <exception cref="InvalidOperationException">The engine refused the rows.</exception>
    public void Write(EngineConnection connection)
    {
        var native = connection.Inner.NativeConnection.DangerousGetHandle();
        foreach (var table in chunks.GroupBy(c => c.Table, c => c.Chunk, StringComparer.Ordinal))
        {
            Append(native, table.Key, table);
        }

        Also?.Invoke(connection);
    }

    public void Dispose() => chunks.ForEach(c => c.Chunk.Dispose());

    private static void Append(nint connection, string table, IEnumerable<RowChunk> rows)
    {
        var created = ChunkApi.CreateAppender(connection, null, table, out var appender);
        try
        {
            if (created != 0 || rows.Any(chunk => ChunkApi.AppendChunk(appender, chunk.Handle) != 0) || ChunkApi.CloseAppender(appender) != 0)
            {
                throw new InvalidOperationException($"Rows for {table} could not be appended: {ChunkApi.ErrorOf(appender)}");
            }
        }
        finally
        {
            _ = ChunkApi.DestroyAppender(ref appender);
        }
    }
}
