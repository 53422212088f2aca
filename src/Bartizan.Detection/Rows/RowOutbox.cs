using System.Text;
using System.Text.Json.Serialization;
using Bartizan.Store.Ingestion;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Rows;

/// <summary>
/// Rows of tables that must follow from a change of records: written down with the change in one transaction, appended after it. A
/// crash between the two loses none, and none is appended twice.
/// </summary>
public sealed class RowOutbox : IDisposable
{
    private static readonly RecordKind<PendingRows> kind = new("pendingRows", PendingRowsJson.Default.PendingRows) { AuditsValues = false };

    private readonly RecordStore records;
    private readonly RecordSet<PendingRows> pending;
    private readonly EventIngestion ingestion;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim turn = new(1, 1);
    private long last;

    public RowOutbox(RecordStore records, EventIngestion ingestion, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(records);
        this.records = records;
        this.ingestion = ingestion;
        this.time = time;
        pending = records.Open(kind);
    }

    /// <summary>The record that holds these rows until they are appended; for the transaction of the change they belong to.</summary>
    public RecordChange Hold(string table, IReadOnlyList<string> rows) =>
        pending.Put(NextId(), new PendingRows(table, rows), RecordMatch.Absent);

    /// <summary>Appends what is held, oldest first.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (true)
            {
                var page = (await pending.ListAsync(new RecordQuery { Take = 200 }, cancellationToken).ConfigureAwait(false)).Value;
                if (page.Items.Count == 0)
                {
                    return;
                }

                foreach (var item in page.Items)
                {
                    await AppendAsync(item, cancellationToken).ConfigureAwait(false);
                }

                await records.ApplyAsync([.. page.Items.Select(i => pending.Delete(i.Id))], "detection", cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task AppendAsync(Record<PendingRows> item, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', item.Value.Rows)));
        var receipt = await ingestion.AppendAsync(
            item.Value.Table, stream, new IngestionOptions { BatchId = item.Id, Source = "detection" }, cancellationToken).ConfigureAwait(false);
        if (!receipt.IsSuccess)
        {
            throw new InvalidOperationException($"Rows of {item.Value.Table} could not be appended: {receipt.Problem.Message}");
        }
    }

    /// <summary>Ids in the order of their making, whatever the clock does.</summary>
    private string NextId()
    {
        while (true)
        {
            var before = Interlocked.Read(ref last);
            var next = Math.Max(before + 1, time.GetUtcNow().UtcTicks);
            if (Interlocked.CompareExchange(ref last, next, before) == before)
            {
                return next.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
            }
        }
    }
}

/// <summary>Rows as JSON objects, and the table they go to.</summary>
internal sealed record PendingRows(string Table, IReadOnlyList<string> Rows);

[JsonSerializable(typeof(PendingRows))]
internal sealed partial class PendingRowsJson : JsonSerializerContext;
