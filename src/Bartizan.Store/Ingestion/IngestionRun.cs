using System.Buffers;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Catalog;
using Bartizan.Store.Engines.DuckDb;

namespace Bartizan.Store.Ingestion;

/// <summary>
/// The taking in of one stream: rows collect by table and are committed slice by slice, while the next slice is being read. A slice
/// holds rows of all tables, their dead letters and the ledger's entry, in one commit.
/// </summary>
internal sealed class IngestionRun(EventIngestion ingestion, IngestionOptions options, string batch)
{
    /// <summary>Memory for rows of a slice; two slices are held at a time.</summary>
    private const long SliceBytes = 96 * 1024 * 1024;

    private const int MaxShown = 16 * 1024;

    private readonly Dictionary<string, RowWriter> writers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, long> tables = new(StringComparer.Ordinal);
    private readonly List<IngestionProblem> problems = [];
    private readonly ArrayBufferWriter<byte> letter = new(4096);
    private Slice current;
    private long from = long.MaxValue;
    private long to = long.MinValue;
    private long accepted;
    private long rejected;
    private long records;

    // One moment for all rows of a slice and for no others, so that whoever looks for new rows can name them.
    private long received;
    private Task pending = Task.CompletedTask;

    public long Records => records;

    public long Repeated { get; set; }

    public string File { get; set; } = options.File;

    /// <summary>The slice holds as much as one commit should.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Counts a record of the stream, whatever becomes of it.</summary>
    public void Begin()
    {
        records++;
        if ((records & 255) == 0)
        {
            IsFull = writers.Values.Sum(w => w.HeldBytes) > SliceBytes;
        }
    }

    public void Accept() => current.Accepted++;

    /// <summary>Adds a row to a table; otherwise says why not, or <see cref="RowWriter.NeedsColumns"/>.</summary>
    public string? Add(StoredTable table, ReadOnlySpan<byte> json, long line)
    {
        if (!writers.TryGetValue(table.Name, out var writer))
        {
            writers.Add(table.Name, writer = new RowWriter(table, ingestion.WorkspaceId));
        }

        var refusal = writer.Add(json, received = received == 0 ? ingestion.BeginSlice() : received);
        if (refusal is null && writer.Remark is { } remark)
        {
            Tell(line, remark, true);
        }

        return refusal;
    }

    public void Reject(string table, ReadOnlySpan<byte> record, long line, string reason)
    {
        current.Rejected++;
        Tell(line, reason, false);
        letter.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(letter))
        {
            json.WriteStartObject();
            json.WriteString("TableName", table);
            json.WriteString("Source", options.Source);
            json.WriteString("BatchId", options.BatchId ?? "");
            json.WriteString(nameof(File), File);
            json.WriteNumber("Line", line);
            json.WriteString("Reason", reason);
            json.WriteString("Record", System.Text.Encoding.UTF8.GetString(record[..Math.Min(record.Length, MaxShown)]));
            json.WriteEndObject();
        }

        Add(ingestion.DeadLetters, letter.WrittenSpan, line);
    }

    /// <summary>Forgets the writer of a table whose columns have changed; its rows must have been committed.</summary>
    public void Renew(StoredTable table) => writers.Remove(table.Name);

    /// <summary>Hands the slice to the writer, once it is done with the one before. The last slice is waited for.</summary>
    public async Task CommitAsync(bool isLast, bool wait, CancellationToken cancellationToken)
    {
        await pending.ConfigureAwait(false);
        pending = Task.CompletedTask;
        var slice = current;
        current = default;
        IsFull = false;
        var rows = new RowAppend { Before = ingestion.KeepColumns };
        var notices = new List<EventsAppended>();
        var taken = received;
        received = 0;
        foreach (var writer in writers.Values.Where(w => w.Rows > 0))
        {
            notices.Add(new EventsAppended(writer.Table.Name, writer.Rows, Time(writer.From), Time(writer.To), Time(taken)));
            rows.Add(writer.Table.Name, writer.Columns, writer.Take());
        }

        if (notices.Count == 0 && (batch.Length == 0 || !isLast))
        {
            ingestion.EndSlice(taken);
            rows.Dispose();
            return;
        }

        var upTo = records;
        var now = ingestion.Now;
        if (batch.Length > 0)
        {
            rows.Also = c => BatchLedger.Write(c, batch, upTo, isLast, now);
        }

        pending = FinishAsync(rows, slice, taken, notices, upTo, isLast, now, cancellationToken);
        if (isLast || wait)
        {
            await pending.ConfigureAwait(false);
            pending = Task.CompletedTask;
        }
    }

    /// <summary>Rows that were not handed on, because something stopped the run, will not come.</summary>
    public void End() => ingestion.EndSlice(received);

    public IngestionReceipt Receipt(Problem? stopped) => new()
    {
        Accepted = accepted,
        Rejected = rejected,
        Repeated = Repeated,
        Tables = tables,
        Problems = problems,
        Stopped = stopped,
        From = from == long.MaxValue ? null : Time(from),
        To = to == long.MinValue ? null : Time(to),
    };

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    private async Task FinishAsync(
        RowAppend rows, Slice slice, long taken, List<EventsAppended> notices, long upTo, bool isLast, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await ingestion.Database.AppendAsync(rows, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ingestion.EndSlice(taken);
        }

        accepted += slice.Accepted;
        rejected += slice.Rejected;
        if (batch.Length > 0)
        {
            ingestion.Ledger.Committed(batch, upTo, isLast, now);
        }

        foreach (var notice in notices)
        {
            if (notice.Table != TableCatalog.DeadLetters)
            {
                tables[notice.Table] = tables.GetValueOrDefault(notice.Table) + notice.Rows;
                from = Math.Min(from, notice.From.UtcTicks);
                to = Math.Max(to, notice.To.UtcTicks);
            }

            ingestion.Appended.Announce(notice);
        }

        options.Progress?.Report(new IngestionProgress(File, accepted, rejected, upTo));
    }

    private void Tell(long line, string message, bool isKept)
    {
        if (problems.Count < options.Limits.ToldProblems)
        {
            problems.Add(new IngestionProblem(File, line, message, isKept));
        }
    }

    private record struct Slice(long Accepted, long Rejected);
}
