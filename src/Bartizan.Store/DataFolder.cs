using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Catalog;
using Bartizan.Store.Engines.DuckDb;
using Bartizan.Store.Engines.Relational;
using Bartizan.Store.Ingestion;
using Bartizan.Store.Records;
using Bartizan.Store.Resources;
using Bartizan.Store.Terms;

namespace Bartizan.Store;

/// <summary>The store, open: everything that is kept in one folder, held by this process alone until it is disposed of.</summary>
public sealed class DataFolder : IDisposable
{
    private readonly EventDatabase events;
    private readonly RecordDatabase records;

    private DataFolder(StoreOptions options, EventDatabase events, RecordDatabase records, TableCatalog catalog, TimeProvider time)
    {
        Options = options;
        this.events = events;
        this.records = records;
        Catalog = catalog;
        Records = new RecordStore(records, time);
        Terms = TermIndex.Open(events);
        Ingestion = new EventIngestion(events, catalog, options, time, Terms.Latest);
        Indexing = new TermIndexing(events, catalog, Ingestion, Terms, TermIndexing.UsualSegmentRows);
        Resources = ResourceStore.Open(events, catalog, options, time);
    }

    public StoreOptions Options { get; }

    public TableCatalog Catalog { get; }

    public RecordStore Records { get; }

    public EventIngestion Ingestion { get; }

    public ResourceStore Resources { get; }

    /// <summary>Keeps the index over words up with the events.</summary>
    public TermIndexing Indexing { get; }

    internal TermIndex Terms { get; }

    internal EventDatabase Events => events;

    /// <summary>Opens the folder, made if absent. A locked, unwritable or damaged one is a problem, said in one sentence with the remedy.</summary>
    public static Outcome<DataFolder> Open(StoreOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Folder is { } folder && Prepare(folder) is { } refusal)
        {
            return refusal;
        }

        var eventsFile = options.Folder is null ? null : Path.Combine(options.Folder, "events.duckdb");
        if (!EventDatabase.Open(eventsFile, options).TryGetValue(out var events, out var problem))
        {
            return problem;
        }

        var recordsFile = options.Folder is null ? null : Path.Combine(options.Folder, "records.sqlite");
        var opened = options.PostgreSql is { } server ? RecordDatabase.OpenPostgreSql(server) : RecordDatabase.OpenSqlite(recordsFile);
        if (!opened.TryGetValue(out var records, out problem))
        {
            events.Dispose();
            return problem;
        }

        var catalog = TableCatalog.Open(events, options);
        return catalog.IsSuccess ? new DataFolder(options, events, records, catalog.Value, time) : catalog.Problem;
    }

    public void Dispose()
    {
        events.Dispose();
        records.Dispose();
    }

    private static Problem? Prepare(string folder)
    {
        try
        {
            // Events and records are for the server's user alone; a folder that is there keeps the rights it was given.
            _ = Directory.Exists(folder) || OperatingSystem.IsWindows()
                ? Directory.CreateDirectory(folder)
                : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

            var probe = Path.Combine(folder, ".write-probe");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem(
                ProblemKind.Unavailable,
                "DataFolderNotWritable",
                $"The data folder '{folder}' cannot be written ({e.Message.TrimEnd('.')}); give this user the right, or choose another folder with --data.",
                folder);
        }
    }
}
