using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Engines.Relational;
using Microsoft.EntityFrameworkCore;

namespace Bartizan.Store.Records;

/// <summary>The writing of several changes inside one transaction: documents, their index rows and audit entries.</summary>
internal sealed class RecordBatch
{
    private const int KeysPerQuery = 400;

    private readonly RecordContext context;
    private readonly AuditLog.Writer audit;
    private readonly string author;
    private readonly Dictionary<(string Kind, string Key), RecordRow> rows = [];
    private readonly Dictionary<(string Kind, string Key), List<RecordFieldRow>> fields = [];

    private RecordBatch(RecordContext context, AuditLog.Writer audit, string author)
    {
        this.context = context;
        this.audit = audit;
        this.author = author;
    }

    public List<string> ETags { get; } = [];

    public List<RecordChanged> Notices { get; } = [];

    public static async Task<Outcome<RecordBatch>> WriteAsync(
        RecordContext context, AuditLog.Writer audit, IReadOnlyList<RecordChange> changes, string author, CancellationToken cancellationToken)
    {
        var batch = new RecordBatch(context, audit, author);
        foreach (var kind in changes.GroupBy(c => c.Kind, c => c.Key, StringComparer.Ordinal))
        {
            foreach (var keys in kind.Distinct(StringComparer.Ordinal).Chunk(KeysPerQuery))
            {
                await batch.LoadAsync(kind.Key, keys, cancellationToken).ConfigureAwait(false);
            }
        }

        foreach (var change in changes)
        {
            if (batch.Apply(change) is { } refusal)
            {
                return refusal;
            }
        }

        context.Fields.AddRange(batch.fields.Values.SelectMany(f => f));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return batch;
    }

    private async Task LoadAsync(string kind, string[] keys, CancellationToken cancellationToken)
    {
        var found = await context.Records.Where(r => r.Kind == kind && keys.Contains(r.Key)).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (found.Count == 0)
        {
            return;
        }

        found.ForEach(r => rows.Add((kind, r.Key), r));
        await context.Fields.Where(f => f.Kind == kind && keys.Contains(f.Key)).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private Problem? Apply(RecordChange change)
    {
        var key = (change.Kind, change.Key);
        var row = rows.GetValueOrDefault(key);
        if (Refusals.Check(change, row?.ETag) is { } refusal)
        {
            return refusal;
        }

        fields.Remove(key);
        if (change.Value is null)
        {
            ETags.Add("");
            if (row is not null)
            {
                rows.Remove(key);
                context.Records.Remove(row);
                Announce(change, row, RecordChangeKind.Removed, "");
            }

            return null;
        }

        var etag = Guid.CreateVersion7(audit.Now).ToString("N");
        var added = row is null;
        row ??= Add(change, key);
        if (context.Entry(row).State == EntityState.Unchanged)
        {
            context.Entry(row).State = EntityState.Modified;
        }

        row.Value = change.Value;
        row.UpdatedAt = audit.Now.UtcTicks;
        row.UpdatedBy = author;
        context.Entry(row).Property(r => r.ETag).CurrentValue = etag;
        fields[key] = [.. change.FieldRows()];
        ETags.Add(etag);
        Announce(change, row, added ? RecordChangeKind.Added : RecordChangeKind.Changed, change.AuditsValue ? change.Value : etag);
        return null;
    }

    private RecordRow Add(RecordChange change, (string Kind, string Key) key)
    {
        var row = new RecordRow
        {
            Kind = change.Kind,
            Key = change.Key,
            Id = change.Id,
            Value = "",
            ETag = "",
            CreatedAt = audit.Now.UtcTicks,
            UpdatedAt = audit.Now.UtcTicks,
            UpdatedBy = author,
        };
        rows.Add(key, row);
        context.Records.Add(row);
        return row;
    }

    private void Announce(RecordChange change, RecordRow row, RecordChangeKind what, string detail)
    {
        audit.Add(author, "records/" + what.ToString().ToLowerInvariant(), change.Kind, row.Id, detail);
        Notices.Add(new RecordChanged(change.Kind, row.Id, what));
    }
}
