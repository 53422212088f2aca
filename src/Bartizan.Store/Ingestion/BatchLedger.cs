using System.Collections.Concurrent;
using Bartizan.Store.Engines.DuckDb;

namespace Bartizan.Store.Ingestion;

/// <summary>Which batches were taken in, and how far: an entry is committed together with the rows it speaks of.</summary>
internal sealed class BatchLedger
{
    private static readonly TimeSpan remembered = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, Progress> batches = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> running = new(StringComparer.Ordinal);

    public static BatchLedger Load(EventDatabase database, DateTimeOffset now)
    {
        var ledger = new BatchLedger();
        using var connection = database.Connect();
        var rows = Sql.Query(
            connection, "SELECT batch, max(records), bool_or(complete), max(written) FROM store.batches WHERE written >= ? GROUP BY batch", (now - remembered).UtcTicks);
        foreach (var row in rows)
        {
            ledger.batches[(string)row[0]!] = new Progress((long)row[1]!, (bool)row[2]!, (long)row[3]!);
        }

        return ledger;
    }

    /// <summary>Marks a batch as being received; false when it already is.</summary>
    public bool TryBegin(string batch) => running.TryAdd(batch, true);

    public void End(string batch) => running.TryRemove(batch, out _);

    public Progress? Find(string batch) => batches.GetValueOrDefault(batch);

    public static void Write(EngineConnection connection, string batch, long records, bool complete, DateTimeOffset now) =>
        Sql.Execute(connection, "INSERT INTO store.batches VALUES (?, ?, 0, 0, ?, ?)", batch, records, complete, now.UtcTicks);

    public void Committed(string batch, long records, bool complete, DateTimeOffset now) => batches[batch] = new Progress(records, complete, now.UtcTicks);

    /// <summary>Forgets what is older than a day.</summary>
    public async Task TrimAsync(EventDatabase database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var oldest = (now - remembered).UtcTicks;
        foreach (var (batch, progress) in batches)
        {
            if (progress.At < oldest)
            {
                batches.TryRemove(batch, out _);
            }
        }

        await database.WriteAsync(c => Sql.Execute(c, "DELETE FROM store.batches WHERE written < ?", oldest), cancellationToken).ConfigureAwait(false);
    }

    internal sealed record Progress(long Records, bool IsComplete, long At);
}
