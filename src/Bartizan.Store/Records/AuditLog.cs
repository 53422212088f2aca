using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Engines.Relational;
using Microsoft.EntityFrameworkCore;

namespace Bartizan.Store.Records;

/// <summary>One entry of the audit log.</summary>
/// <param name="Action">What was done: <c>records/added</c>, <c>signIn/failed</c>, <c>roleAssignments/write</c> …</param>
/// <param name="Kind">The kind of thing it was done to.</param>
/// <param name="Detail">JSON or text: the value written, or what else a reader needs. Never a secret.</param>
public sealed record AuditEntry(long Number, DateTimeOffset At, string Author, string Action, string Kind, string Target, string Detail);

/// <summary>
/// The append-only log of every change and every privileged act. Each entry's hash covers the entry before it, so a removed or altered
/// entry shows.
/// </summary>
public sealed class AuditLog
{
    private const string Sequence = "audit";

    private readonly RecordDatabase database;
    private readonly TimeProvider time;

    internal AuditLog(RecordDatabase database, TimeProvider time)
    {
        this.database = database;
        this.time = time;
    }

    /// <summary>Records an act that is not itself a change of a record.</summary>
    public async Task AppendAsync(
        string author, string action, string kind, string target, string detail, CancellationToken cancellationToken)
    {
        await database.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await using var context = database.Connect();
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            var writer = await BeginAsync(context, cancellationToken).ConfigureAwait(false);
            writer.Add(author, action, kind, target, detail);
            await writer.EndAsync(cancellationToken).ConfigureAwait(false);
            await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            database.Turn.Release();
        }
    }

    /// <summary>Entries in order, the newest first, below <paramref name="before"/> where it is given.</summary>
    public async Task<IReadOnlyList<AuditEntry>> ListAsync(long? before, int take, string? kind, CancellationToken cancellationToken)
    {
        await using var context = database.Connect();
        var rows = context.Audit.AsNoTracking().Where(a => (before == null || a.Number < before) && (kind == null || a.Kind == kind));
        var found = await rows.OrderByDescending(a => a.Number).Take(take).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. found.Select(a => new AuditEntry(a.Number, new DateTimeOffset(a.At, TimeSpan.Zero), a.Author, a.Action, a.Kind, a.Target, a.Detail))];
    }

    /// <summary>Walks the whole chain: the number of entries when it is whole, a problem that names the first wrong entry when it is not.</summary>
    public async Task<Outcome<long>> VerifyAsync(CancellationToken cancellationToken)
    {
        await using var context = database.Connect();

        // Others append meanwhile: the chain ends between what was counted before the walk and after it.
        var least = await CountedAsync(context, cancellationToken).ConfigureAwait(false);
        long expected = 0;
        var previous = "";
        await foreach (var row in context.Audit.AsNoTracking().OrderBy(a => a.Number).AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            expected++;
            if (row.Number != expected || row.Hash != Hash(previous, row))
            {
                return new Problem(
                    ProblemKind.Conflict, "AuditChainBroken", $"The audit log is not whole: entry {expected} is missing or was altered.");
            }

            previous = row.Hash;
        }

        var most = await CountedAsync(context, cancellationToken).ConfigureAwait(false);
        return expected >= least && expected <= most
            ? expected
            : new Problem(ProblemKind.Conflict, "AuditChainBroken", $"The audit log is not whole: {(expected < least ? least : most)} entries were written, there are {expected}.");
    }

    private static Task<long> CountedAsync(RecordContext context, CancellationToken cancellationToken) =>
        context.Sequences.AsNoTracking().Where(s => s.Name == Sequence).Select(s => s.Value).FirstOrDefaultAsync(cancellationToken);

    /// <summary>Takes the log's turn inside a transaction: the counter's row is locked until it ends.</summary>
    internal async Task<Writer> BeginAsync(RecordContext context, CancellationToken cancellationToken)
    {
        var touched = await context.Sequences.Where(s => s.Name == Sequence)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.Value, r => r.Value), cancellationToken).ConfigureAwait(false);
        if (touched == 0)
        {
            context.Sequences.Add(new SequenceRow { Name = Sequence, Value = 0 });
            await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        }

        var number = await context.Sequences.AsNoTracking().Where(s => s.Name == Sequence).Select(s => s.Value)
            .SingleAsync(cancellationToken).ConfigureAwait(false);
        var hash = number == 0
            ? ""
            : await context.Audit.AsNoTracking().Where(a => a.Number == number).Select(a => a.Hash).SingleAsync(cancellationToken).ConfigureAwait(false);
        return new Writer(context, number, hash, time.GetUtcNow());
    }

    private static string Hash(string previous, AuditRow row)
    {
        var text = new StringBuilder();
        foreach (var part in (string[])[previous, row.Number.ToString(CultureInfo.InvariantCulture), row.At.ToString(CultureInfo.InvariantCulture), row.Author, row.Action, row.Kind, row.Target, row.Detail])
        {
            text.Append(part.Length).Append(':').Append(part);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Appends within an open transaction.</summary>
    internal sealed class Writer(RecordContext context, long number, string hash, DateTimeOffset now)
    {
        private long number = number;
        private string hash = hash;

        public DateTimeOffset Now => now;

        public void Add(string author, string action, string kind, string target, string detail)
        {
            var row = new AuditRow
            {
                Number = ++number,
                At = now.UtcTicks,
                Author = author,
                Action = action,
                Kind = kind,
                Target = target,
                Detail = detail,
                Hash = "",
            };
            row.Hash = hash = Hash(hash, row);
            context.Audit.Add(row);
        }

        public Task<int> EndAsync(CancellationToken cancellationToken) => context.Sequences.Where(s => s.Name == Sequence)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.Value, number), cancellationToken);
    }
}
