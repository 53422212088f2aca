using System.Text.Json;
using Bartizan.Foundation.Feeds;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Engines.Relational;
using Microsoft.EntityFrameworkCore;

namespace Bartizan.Store.Records;

/// <summary>
/// The small documents that people change: rules, incidents, exemptions. Every write is one transaction with its audit entry, guarded
/// by etag where the caller gives one.
/// </summary>
public sealed class RecordStore
{
    private readonly RecordDatabase database;
    private readonly TimeProvider time;

    internal RecordStore(RecordDatabase database, TimeProvider time)
    {
        this.database = database;
        this.time = time;
        Audit = new AuditLog(database, time);
    }

    public AuditLog Audit { get; }

    public Feed<RecordChanged> Changes { get; } = new();

    /// <summary>The documents of one kind. If the kind's indexed fields have changed since the last opening, the index is built anew.</summary>
    public RecordSet<T> Open<T>(RecordKind<T> kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        Reindex(kind);
        return new RecordSet<T>(kind, this, database);
    }

    /// <summary>Writes several records, of one kind or of several, all or none; returns their etags ("" for removals).</summary>
    public async Task<Outcome<IReadOnlyList<string>>> ApplyAsync(
        IReadOnlyList<RecordChange> changes, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        await database.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        Outcome<RecordBatch> outcome;
        try
        {
            await using var context = database.Connect();
            context.ChangeTracker.AutoDetectChangesEnabled = false;
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            var audit = await Audit.BeginAsync(context, cancellationToken).ConfigureAwait(false);
            outcome = await RecordBatch.WriteAsync(context, audit, changes, author, cancellationToken).ConfigureAwait(false);
            if (!outcome.IsSuccess)
            {
                return outcome.Problem;
            }

            await audit.EndAsync(cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DbUpdateConcurrencyException)
        {
            return Refusals.Changed(changes[0].Kind, changes[0].Id);
        }
        finally
        {
            database.Turn.Release();
        }

        foreach (var notice in outcome.Value.Notices)
        {
            Changes.Announce(notice);
        }

        return outcome.Value.ETags.ToArray();
    }

    /// <summary>The next number of a sequence, from 1, without gaps unless a caller drops one.</summary>
    public async Task<long> NextNumberAsync(string sequence, CancellationToken cancellationToken)
    {
        var name = "user/" + sequence;
        await database.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await using var context = database.Connect();
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            var touched = await context.Sequences.Where(s => s.Name == name)
                .ExecuteUpdateAsync(s => s.SetProperty(r => r.Value, r => r.Value + 1), cancellationToken).ConfigureAwait(false);
            if (touched == 0)
            {
                context.Sequences.Add(new SequenceRow { Name = name, Value = 1 });
                await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            }

            var value = await context.Sequences.AsNoTracking().Where(s => s.Name == name).Select(s => s.Value)
                .SingleAsync(cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return value;
        }
        finally
        {
            database.Turn.Release();
        }
    }

    private void Reindex<T>(RecordKind<T> kind)
    {
        database.Turn.Wait();
        try
        {
            using var context = database.Connect();
            var known = context.Kinds.FirstOrDefault(k => k.Kind == kind.Name);
            if (known?.Signature == kind.Signature)
            {
                return;
            }

            using var transaction = context.Database.BeginTransaction();
            context.Fields.Where(f => f.Kind == kind.Name).ExecuteDelete();
            foreach (var row in context.Records.AsNoTracking().Where(r => r.Kind == kind.Name))
            {
                context.Fields.AddRange(RecordChange.FieldRows(kind, row.Key, JsonSerializer.Deserialize(row.Value, kind.Json)!));
            }

            if (known is null)
            {
                context.Kinds.Add(new RecordKindRow { Kind = kind.Name, Signature = kind.Signature });
            }
            else
            {
                known.Signature = kind.Signature;
            }

            context.SaveChanges();
            transaction.Commit();
        }
        finally
        {
            database.Turn.Release();
        }
    }
}
