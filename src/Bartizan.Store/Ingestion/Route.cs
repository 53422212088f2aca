using System.Buffers;
using Bartizan.Store.Catalog;

namespace Bartizan.Store.Ingestion;

/// <summary>Where a stream's records go: into one table as they are, or through a mapper into several.</summary>
internal abstract class Route
{
    public abstract string Name { get; }

    public abstract RecordForm Form { get; }

    /// <summary>Adds a record's rows; otherwise says why not.</summary>
    public abstract string? Add(IngestionRun run, ReadOnlySpan<byte> record, long line);

    /// <summary>Gives the custom table that lacked columns what the inference found.</summary>
    public abstract Task ExtendAsync(IngestionRun run, SchemaInference inference, CancellationToken cancellationToken);
}

internal sealed class TableRoute(EventIngestion ingestion, StoredTable table) : Route
{
    private StoredTable table = table;

    public override string Name => table.Name;

    public override RecordForm Form => RecordForm.Json;

    public override string? Add(IngestionRun run, ReadOnlySpan<byte> record, long line) =>
        table.Columns.Count == 0 ? RowWriter.NeedsColumns : run.Add(table, record, line);

    public override async Task ExtendAsync(IngestionRun run, SchemaInference inference, CancellationToken cancellationToken)
    {
        table = await ingestion.ExtendAsync(table, inference, cancellationToken).ConfigureAwait(false);
        run.Renew(table);
    }
}

internal sealed class MappedRoute(EventIngestion ingestion, IRecordMapper mapper) : Route
{
    private readonly Rows rows = new();
    private StoredTable? lacking;

    public override string Name => mapper.GetType().Name;

    public override RecordForm Form => mapper.Form;

    public override string? Add(IngestionRun run, ReadOnlySpan<byte> record, long line)
    {
        rows.Clear();
        mapper.Map(record, rows);
        if (rows.Refusal is { } refusal)
        {
            return refusal;
        }

        foreach (var (name, range) in rows.Items)
        {
            if (!ingestion.Target(name).TryGetValue(out var table, out var problem))
            {
                return problem.Message;
            }

            lacking = table;
            if (table.Columns.Count == 0)
            {
                return RowWriter.NeedsColumns;
            }

            if (run.Add(table, rows.Bytes[range], line) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    /// <summary>Rows that a record gives to tables before the one that lacks columns would be added twice; mappers therefore write custom tables first.</summary>
    public override async Task ExtendAsync(IngestionRun run, SchemaInference inference, CancellationToken cancellationToken)
    {
        var own = new SchemaInference();
        foreach (var (name, range) in rows.Items)
        {
            if (name == lacking!.Name)
            {
                own.Observe(rows.Bytes[range]);
            }
        }

        run.Renew(await ingestion.ExtendAsync(lacking!, own, cancellationToken).ConfigureAwait(false));
    }

    private sealed class Rows : RecordSink
    {
        private readonly ArrayBufferWriter<byte> bytes = new(16 * 1024);

        public List<(string Table, Range Range)> Items { get; } = [];

        public string? Refusal { get; private set; }

        public ReadOnlySpan<byte> Bytes => bytes.WrittenSpan;

        public void Clear()
        {
            bytes.ResetWrittenCount();
            Items.Clear();
            Refusal = null;
        }

        public override void Append(string table, ReadOnlySpan<byte> json)
        {
            var start = bytes.WrittenCount;
            bytes.Write(json);
            Items.Add((table, start..bytes.WrittenCount));
        }

        public override void Refuse(string reason) => Refusal = reason;
    }
}
