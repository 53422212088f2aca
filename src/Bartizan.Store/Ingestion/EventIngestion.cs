using System.Runtime.InteropServices;
using System.Text.Json;
using Bartizan.Foundation.Feeds;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Catalog;
using Bartizan.Store.Engines.DuckDb;

namespace Bartizan.Store.Ingestion;

/// <summary>The door for events. What a receipt counts as accepted is on disk before the receipt is given.</summary>
public sealed class EventIngestion
{
    /// <summary>Records of a new custom table that are read ahead to learn its types.</summary>
    private const int ReadAhead = 500;

    private readonly TableCatalog catalog;
    private readonly TimeProvider time;
    private readonly SortedSet<long> openSlices = [];
    private long lastReceived;

    /// <param name="lastReceived">The latest moment that rows are known to have: a clock that was set back must not repeat it.</param>
    internal EventIngestion(EventDatabase database, TableCatalog catalog, StoreOptions options, TimeProvider time, long lastReceived)
    {
        this.lastReceived = lastReceived;
        this.catalog = catalog;
        this.time = time;
        Database = database;
        WorkspaceId = options.WorkspaceId;
        Ledger = BatchLedger.Load(database, time.GetUtcNow());
    }

    public Feed<EventsAppended> Appended { get; } = new();

    internal EventDatabase Database { get; }

    internal BatchLedger Ledger { get; }

    internal Guid WorkspaceId { get; }

    internal DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The moment of a new slice: now, and later than that of every slice before. It is open until <see cref="EndSlice"/>.</summary>
    internal long BeginSlice()
    {
        lock (openSlices)
        {
            lastReceived = Math.Max(lastReceived + 1, time.GetUtcNow().UtcTicks);
            openSlices.Add(lastReceived);
            return lastReceived;
        }
    }

    /// <summary>The slice is on disk, or will never be.</summary>
    internal void EndSlice(long received)
    {
        lock (openSlices)
        {
            openSlices.Remove(received);
        }
    }

    /// <summary>No row will ever come whose slice is of this moment or an earlier one.</summary>
    internal long Settled
    {
        get
        {
            lock (openSlices)
            {
                return openSlices.Count > 0 ? openSlices.Min - 1 : lastReceived;
            }
        }
    }

    internal void KeepColumns(Engines.DuckDb.EngineConnection connection, string table, IReadOnlyList<string> columns) => catalog.KeepColumns(connection, table, columns);

    internal StoredTable DeadLetters => catalog.Find(TableCatalog.DeadLetters)!;

    /// <summary>
    /// Takes in a stream of JSON: objects a line each, an array, or what gzip or zip pack of these. The table is a declared one or
    /// a custom one (<c>…_CL</c>), which is made by what the events bring.
    /// </summary>
    public Task<Outcome<IngestionReceipt>> AppendAsync(string table, Stream json, IngestionOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Target(table).TryGetValue(out var target, out var problem)
            ? RunAsync(target.Name, new TableRoute(this, target), options, Sources(json, options, cancellationToken), cancellationToken)
            : Task.FromResult<Outcome<IngestionReceipt>>(problem);
    }

    /// <summary>Takes in a stream of a source's own shape, cut into records and turned into rows by a mapper.</summary>
    public Task<Outcome<IngestionReceipt>> AppendAsync(IRecordMapper mapper, Stream records, IngestionOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mapper);
        ArgumentNullException.ThrowIfNull(records);
        return RunAsync(mapper.GetType().Name, new MappedRoute(this, mapper), options, Sources(records, options, cancellationToken), cancellationToken);
    }

    /// <summary>Takes in events that are already parsed.</summary>
    public async Task<Outcome<IngestionReceipt>> AppendAsync(
        string table, IEnumerable<JsonElement> events, IngestionOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(options);
        if (!Target(table).TryGetValue(out var target, out var problem))
        {
            return problem;
        }

        return await RunAsync(target.Name, new TableRoute(this, target), options, Parsed(events, options), cancellationToken).ConfigureAwait(false);
    }

    internal Outcome<StoredTable> Target(string name)
    {
        if (catalog.Find(name) is { } known)
        {
            return known;
        }

        if (name.EndsWith("_CL", StringComparison.OrdinalIgnoreCase) && name.Length is > 3 and <= 100 && ColumnNames.Clean(name) == name)
        {
            return new StoredTable { Name = name[..^3] + "_CL", IsCustom = true, Columns = [] };
        }

        var near = catalog.Tables.Select(t => t.Name)
            .Where(t => t.Contains(name, StringComparison.OrdinalIgnoreCase) || name.Contains(t, StringComparison.OrdinalIgnoreCase))
            .OrderBy(t => Math.Abs(t.Length - name.Length)).ThenBy(t => t, StringComparer.Ordinal).Take(3).ToList();
        var hint = near.Count > 0 ? $" Did you mean {string.Join(" or ", near)}?" : " Custom tables end in _CL.";
        return new Problem(ProblemKind.NotFound, "TableNotFound", $"There is no table '{name}'.{hint}", name);
    }

    internal Task<StoredTable> ExtendAsync(StoredTable table, SchemaInference inference, CancellationToken cancellationToken) =>
        catalog.ExtendAsync(table.Name, inference.Columns, cancellationToken);

    private static async IAsyncEnumerable<Source> Sources(
        Stream stream, IngestionOptions options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (name, content) in PackedSource.OpenAsync(stream, options.File, options.Limits, cancellationToken).ConfigureAwait(false))
        {
            yield return new Source(name, content, null);
        }
    }

    private static async IAsyncEnumerable<Source> Parsed(IEnumerable<JsonElement> events, IngestionOptions options)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        yield return new Source(options.File, Stream.Null, events);
    }

    private async Task<Outcome<IngestionReceipt>> RunAsync(
        string target, Route route, IngestionOptions options, IAsyncEnumerable<Source> sources, CancellationToken cancellationToken)
    {
        if (!options.Wait && Database.IsBusy)
        {
            return new Problem(ProblemKind.Throttled, "TooManyRequests", "Events arrive faster than they can be written; send this again in a few seconds.");
        }

        var batch = options.BatchId is { Length: > 0 } id ? $"{target}\n{id}" : "";
        if (batch.Length > 0 && !Ledger.TryBegin(batch))
        {
            return new Problem(ProblemKind.Conflict, "BatchInProgress", $"The batch '{options.BatchId}' is being received at this moment.", options.BatchId);
        }

        var run = new IngestionRun(this, options, batch);
        try
        {
            return await RunAsync(run, route, options, batch, sources, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            run.End();
            Ledger.End(batch);
        }
    }

    private async Task<Outcome<IngestionReceipt>> RunAsync(
        IngestionRun run, Route route, IngestionOptions options, string batch, IAsyncEnumerable<Source> sources, CancellationToken cancellationToken)
    {
        var earlier = batch.Length > 0 ? Ledger.Find(batch) : null;
        if (earlier is { IsComplete: true })
        {
            return new IngestionReceipt { Repeated = earlier.Records };
        }

        Problem? stopped = null;
        try
        {
            await foreach (var source in sources.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                run.File = source.Name;
                await using (source.Content.ConfigureAwait(false))
                {
                    await ReadAsync(run, route, source, options, earlier?.Records ?? 0, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (IngestionStop stop)
        {
            stopped = stop.Problem;
        }
        catch (InvalidDataException e)
        {
            stopped = new Problem(ProblemKind.Invalid, "DamagedArchive", $"'{run.File}' cannot be unpacked: {e.Message}", run.File);
        }
        catch (InvalidOperationException e) when (DuckDbProblems.IsDiskFull(e))
        {
            stopped = DuckDbProblems.Full(Database.Instance.File ?? "memory");
        }

        try
        {
            await run.CommitAsync(isLast: stopped is null, wait: true, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (DuckDbProblems.IsDiskFull(e))
        {
            stopped = DuckDbProblems.Full(Database.Instance.File ?? "memory");
        }

        var receipt = run.Receipt(stopped);
        return stopped is not null && receipt.Accepted + receipt.Rejected == 0 ? stopped : receipt;
    }

    private static async Task ReadAsync(
        IngestionRun run, Route route, Source source, IngestionOptions options, long skip, CancellationToken cancellationToken)
    {
        var ahead = new Queue<Ahead>();
        await using var records = source.Open(route.Form, options.Limits.RecordBytes);
        while (ahead.Count > 0 || await records.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var next = ahead.TryDequeue(out var kept) ? kept : new Ahead(records.Record, records.Line, records.Fault);
            run.Begin();
            if (run.Records <= skip)
            {
                run.Repeated++;
                continue;
            }

            await TakeAsync(run, route, next, kept is null ? records : null, ahead, cancellationToken).ConfigureAwait(false);
            if (run.IsFull)
            {
                await run.CommitAsync(isLast: false, wait: ahead.Count > 0, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task TakeAsync(
        IngestionRun run, Route route, Ahead record, RecordCursor? records, Queue<Ahead> ahead, CancellationToken cancellationToken)
    {
        var refusal = record.Fault ?? route.Add(run, record.Record.Span, record.Line);
        if (refusal is not null && record.Fault is null && refusal != RowWriter.NeedsColumns
            && records is not null && await records.TryExtendAsync(cancellationToken).ConfigureAwait(false))
        {
            record = record with { Record = records.Record };
            refusal = route.Add(run, record.Record.Span, record.Line);
        }

        if (refusal == RowWriter.NeedsColumns)
        {
            record = record with { Record = record.Record.ToArray() };
            var inference = new SchemaInference();
            inference.Observe(record.Record.Span);
            while (records is not null && ahead.Count < ReadAhead && await records.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                ahead.Enqueue(new Ahead(records.Record.ToArray(), records.Line, records.Fault));
                inference.Observe(records.Record.Span);
            }

            await run.CommitAsync(isLast: false, wait: true, cancellationToken).ConfigureAwait(false);
            await route.ExtendAsync(run, inference, cancellationToken).ConfigureAwait(false);
            refusal = route.Add(run, record.Record.Span, record.Line);
        }

        if (refusal is null)
        {
            run.Accept();
        }
        else
        {
            run.Reject(route.Name, record.Record.Span, record.Line, refusal);
        }
    }

    private sealed record Ahead(ReadOnlyMemory<byte> Record, long Line, string? Fault);

    private sealed record Source(string Name, Stream Content, IEnumerable<JsonElement>? Events)
    {
        public RecordCursor Open(RecordForm form, int maxRecord) =>
            Events is null ? new StreamCursor(new RecordReader(Content, form, maxRecord)) : new ElementCursor(Events.GetEnumerator());
    }

    /// <summary>Records one after the other, from wherever they come.</summary>
    private abstract class RecordCursor : IAsyncDisposable
    {
        public abstract ReadOnlyMemory<byte> Record { get; }

        public abstract long Line { get; }

        public abstract string? Fault { get; }

        public abstract ValueTask<bool> ReadAsync(CancellationToken cancellationToken);

        public virtual ValueTask<bool> TryExtendAsync(CancellationToken cancellationToken) => ValueTask.FromResult(false);

        public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class StreamCursor(RecordReader reader) : RecordCursor
    {
        public override ReadOnlyMemory<byte> Record => reader.Record;

        public override long Line => reader.Line;

        public override string? Fault => reader.Fault;

        public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken) => reader.ReadAsync(cancellationToken);

        public override ValueTask<bool> TryExtendAsync(CancellationToken cancellationToken) => reader.TryExtendAsync(cancellationToken);
    }

    private sealed class ElementCursor(IEnumerator<JsonElement> events) : RecordCursor
    {
        private ReadOnlyMemory<byte> record;
        private long number;

        public override ReadOnlyMemory<byte> Record => record;

        public override long Line => number;

        public override string? Fault => null;

        public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!events.MoveNext())
            {
                return ValueTask.FromResult(false);
            }

            number++;
            record = JsonMarshal.GetRawUtf8Value(events.Current).ToArray();
            return ValueTask.FromResult(true);
        }

        public override ValueTask DisposeAsync()
        {
            events.Dispose();
            return base.DisposeAsync();
        }
    }
}
