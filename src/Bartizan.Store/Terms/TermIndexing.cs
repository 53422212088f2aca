using Bartizan.Kql.Types;
using Bartizan.Store.Catalog;
using Bartizan.Store.Engines.DuckDb;
using Bartizan.Store.Ingestion;

namespace Bartizan.Store.Terms;

/// <summary>Reads the words of new rows, a segment at a time, some time after they were taken in. Nothing waits for it.</summary>
public sealed class TermIndexing
{
    /// <summary>
    /// Half a group of the engine's, in which it keeps and skips rows: a stretch of one slice seldom touches more than two groups, and the
    /// filters stay near a tenth of the texts.
    /// </summary>
    internal const int UsualSegmentRows = 61_440;

    private readonly EventDatabase database;
    private readonly TableCatalog catalog;
    private readonly EventIngestion ingestion;
    private readonly TermIndex index;
    private readonly int segmentRows;

    internal TermIndexing(EventDatabase database, TableCatalog catalog, EventIngestion ingestion, TermIndex index, int segmentRows)
    {
        this.segmentRows = segmentRows;
        this.database = database;
        this.catalog = catalog;
        this.ingestion = ingestion;
        this.index = index;
    }

    /// <summary>Makes every segment that is full; what is left over waits for more rows. Returns how many were made.</summary>
    public async Task<int> IndexAsync(string table, CancellationToken cancellationToken)
    {
        // First what is settled, then the look: all rows up to there are committed, and the catalogue knows every column that they have values in.
        var settled = ingestion.Settled;
        if (catalog.Find(table) is not { } stored)
        {
            return 0;
        }

        var made = 0;
        var covered = index.CoveredTo(stored.Name);
        foreach (var (to, rows) in Stretches(stored, covered, settled))
        {
            var from = covered;
            var filter = await Task.Run(() => Read(stored, from, to, cancellationToken), cancellationToken).ConfigureAwait(false);
            await index.AddAsync(stored.Name, from, to, rows, filter, cancellationToken).ConfigureAwait(false);
            covered = to;
            made++;
        }

        return made;
    }

    /// <summary>Indexes every table, and then each table that rows are appended to, until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var waiting = catalog.Tables.ToDictionary(t => t.Name, _ => (long)segmentRows, StringComparer.Ordinal);
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var appended = ingestion.Appended.ListenAsync(listening.Token).GetAsyncEnumerator(listening.Token);
        var more = appended.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                foreach (var table in waiting.Where(w => w.Value >= segmentRows).Select(w => w.Key).ToList())
                {
                    waiting[table] = 0;
                    await IndexAsync(table, cancellationToken).ConfigureAwait(false);
                }

                if (!await more.ConfigureAwait(false))
                {
                    return;
                }

                waiting[appended.Current.Table] = waiting.GetValueOrDefault(appended.Current.Table) + appended.Current.Rows;
                more = appended.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // Only what has ended may be disposed of.
            await listening.CancelAsync().ConfigureAwait(false);
            await more.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    private List<(long To, long Rows)> Stretches(StoredTable table, long covered, long settled)
    {
        var received = Sql.Quote(StandardColumns.Received);
        var found = new List<(long To, long Rows)>();
        var rows = 0L;
        using var connection = database.Connect();
        foreach (var slice in Sql.Query(
            connection, $"SELECT {received}, count(*) FROM {Sql.Quote(table.Name)} WHERE {received} > ? AND {received} <= ? GROUP BY 1 ORDER BY 1", covered, settled))
        {
            rows += (long)slice[1]!;
            if (rows >= segmentRows)
            {
                found.Add(((long)slice[0]!, rows));
                rows = 0;
            }
        }

        return found;
    }

    private TermFilter Read(StoredTable table, long from, long to, CancellationToken cancellationToken)
    {
        List<KqlColumn> texts = [.. table.Columns.Where(c => table.Stored.Contains(c.Name) && c.Type is KqlType.String or KqlType.Dynamic)];
        var received = Sql.Quote(StandardColumns.Received);
        var columns = string.Join(", ", texts.Select(c => Sql.Quote(c.Name)));
        using var session = new QuerySession(database.Instance, (_, _) => null, cancellationToken);
        var reader = new TermReader();
        var sql = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"SELECT {columns} FROM {Sql.Quote(table.Name)} WHERE {received} > {from} AND {received} <= {to}");
        session.ReadTexts(sql, [.. texts.Select(c => c.Type)], (column, text) => reader.Add(text, texts[column].Type == KqlType.Dynamic));
        return TermFilter.Of(reader.Hashes);
    }
}
