using System.Globalization;
using System.Text;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Engines.Relational;
using Microsoft.EntityFrameworkCore;

namespace Bartizan.Store.Records;

/// <summary>The documents of one kind.</summary>
public sealed class RecordSet<T>
{
    private const int MaxTake = 10_000;

    private readonly RecordKind<T> kind;
    private readonly RecordStore store;
    private readonly RecordDatabase database;

    internal RecordSet(RecordKind<T> kind, RecordStore store, RecordDatabase database)
    {
        this.kind = kind;
        this.store = store;
        this.database = database;
    }

    public async Task<Record<T>?> FindAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        var key = id.ToLowerInvariant();
        await using var context = database.Connect();
        var row = await context.Records.AsNoTracking().FirstOrDefaultAsync(r => r.Kind == kind.Name && r.Key == key, cancellationToken).ConfigureAwait(false);
        return row is null ? null : Read(row);
    }

    /// <summary>Writes a document. <paramref name="ifMatch"/>: null for whatever is there, an etag, or one of <see cref="RecordMatch"/>.</summary>
    public async Task<Outcome<Record<T>>> PutAsync(string id, T value, string? ifMatch, string author, CancellationToken cancellationToken)
    {
        var outcome = await store.ApplyAsync([Put(id, value, ifMatch)], author, cancellationToken).ConfigureAwait(false);
        return outcome.IsSuccess ? (await FindAsync(id, cancellationToken).ConfigureAwait(false))! : outcome.Problem;
    }

    /// <summary>Reads, changes and writes a document, again from the start when somebody else was faster. A null from <paramref name="change"/> leaves it as it is.</summary>
    public async Task<Outcome<Record<T>>> UpdateAsync(string id, Func<T, T?> change, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        while (true)
        {
            if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } found)
            {
                return Refusals.NotFound(kind.Name, id);
            }

            if (change(found.Value) is not { } value)
            {
                return found;
            }

            var outcome = await PutAsync(id, value, found.ETag, author, cancellationToken).ConfigureAwait(false);
            if (outcome.IsSuccess || outcome.Problem.Kind != ProblemKind.PreconditionFailed)
            {
                return outcome;
            }
        }
    }

    /// <summary>Removes a document; false when there was none.</summary>
    public async Task<Outcome<bool>> DeleteAsync(string id, string? ifMatch, string author, CancellationToken cancellationToken)
    {
        var existed = await FindAsync(id, cancellationToken).ConfigureAwait(false) is not null;
        var outcome = await store.ApplyAsync([Delete(id, ifMatch)], author, cancellationToken).ConfigureAwait(false);
        return outcome.IsSuccess ? existed : outcome.Problem;
    }

    /// <summary>A write for <see cref="RecordStore.ApplyAsync"/>.</summary>
    public RecordChange Put(string id, T value, string? ifMatch = null) => RecordChange.Put(kind, id, value, ifMatch);

    /// <summary>A removal for <see cref="RecordStore.ApplyAsync"/>.</summary>
    public RecordChange Delete(string id, string? ifMatch = null) => RecordChange.Delete(kind, id, ifMatch);

    public async Task<Outcome<RecordPage<T>>> ListAsync(RecordQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (FirstUnknown(query) is { } unknown)
        {
            return Refusals.UnknownField(kind.Name, unknown);
        }

        if (!Position.TryRead(query.Continuation, out var after))
        {
            return new Problem(ProblemKind.Invalid, "InvalidContinuation", "The continuation is not one that this listing gave out.", "continuation");
        }

        await using var context = database.Connect();
        var records = context.Records.AsNoTracking().Where(r => r.Kind == kind.Name);
        foreach (var filter in query.Filters)
        {
            records = records.Where(RecordFilterExpression.Of(filter, kind.Name, context.Fields, f => kind.Fields[f].IsText));
        }

        var count = query.WantCount ? await records.LongCountAsync(cancellationToken).ConfigureAwait(false) : (long?)null;
        var take = Math.Clamp(query.Take, 0, MaxTake);
        var ordered = Order(records, context.Fields.AsNoTracking(), query.OrderBy, after);
        var rows = await ordered.Take(take + 1).ToListAsync(cancellationToken).ConfigureAwait(false);
        var continuation = rows.Count > take && take > 0 ? Position.Of(rows[take - 1]) : null;
        return new RecordPage<T>([.. rows.Take(take).Select(r => Read(r.Record))], continuation, count);
    }

    /// <summary>All documents that match, page by page.</summary>
    public async IAsyncEnumerable<Record<T>> EnumerateAsync(
        RecordQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = query with { Take = 1000 };
        do
        {
            var page = (await ListAsync(next, cancellationToken).ConfigureAwait(false)).Value;
            foreach (var item in page.Items)
            {
                yield return item;
            }

            next = next with { Continuation = page.Continuation };
        }
        while (next.Continuation is not null);
    }

    public async Task<long> CountAsync(IReadOnlyList<RecordFilter> filters, CancellationToken cancellationToken) =>
        (await ListAsync(new RecordQuery { Filters = filters, Take = 0, WantCount = true }, cancellationToken).ConfigureAwait(false)).Value.Count!.Value;

    /// <summary>How many documents that match hold each text of a field; texts are in lower case.</summary>
    public async Task<Outcome<IReadOnlyDictionary<string, long>>> CountByAsync(string field, IReadOnlyList<RecordFilter> filters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentNullException.ThrowIfNull(filters);
        if (!kind.Fields.TryGetValue(field, out var known) || !known.IsText)
        {
            return Refusals.UnknownField(kind.Name, field);
        }

        if (FirstUnknown(new RecordQuery { Filters = filters }) is { } unknown)
        {
            return Refusals.UnknownField(kind.Name, unknown);
        }

        await using var context = database.Connect();
        var name = field.ToLowerInvariant();
        var rows = context.Fields.AsNoTracking().Where(f => f.Kind == kind.Name && f.Field == name);
        if (filters.Count > 0)
        {
            var records = context.Records.AsNoTracking().Where(r => r.Kind == kind.Name);
            foreach (var filter in filters)
            {
                records = records.Where(RecordFilterExpression.Of(filter, kind.Name, context.Fields, f => kind.Fields[f].IsText));
            }

            var keys = records.Select(r => r.Key);
            rows = rows.Where(f => keys.Contains(f.Key));
        }

        var counts = await rows.GroupBy(f => f.Text).Select(g => new { g.Key, Count = g.LongCount() }).ToListAsync(cancellationToken).ConfigureAwait(false);
        return counts.ToDictionary(c => c.Key, c => c.Count, StringComparer.OrdinalIgnoreCase);
    }

    private static IQueryable<Ordered> Order(IQueryable<RecordRow> records, IQueryable<RecordFieldRow> fields, RecordOrder? order, Position? after)
    {
        if (order is null)
        {
            var all = after is null ? records : records.Where(r => string.Compare(r.Key, after.Key) > 0);
            return all.OrderBy(r => r.Key).Select(r => new Ordered { Record = r, Text = "", Number = 0 });
        }

        var field = order.Field.ToLowerInvariant();
        var rows = records.Join(
            fields.Where(f => f.Field == field), r => new { r.Kind, r.Key }, f => new { f.Kind, f.Key }, (r, f) => new Ordered { Record = r, Text = f.Text, Number = f.Number });
        if (after is not null)
        {
            rows = order.Descending
                ? rows.Where(o => o.Number < after.Number || (o.Number == after.Number
                    && (string.Compare(o.Text, after.Text) < 0 || (o.Text == after.Text && string.Compare(o.Record.Key, after.Key) < 0))))
                : rows.Where(o => o.Number > after.Number || (o.Number == after.Number
                    && (string.Compare(o.Text, after.Text) > 0 || (o.Text == after.Text && string.Compare(o.Record.Key, after.Key) > 0))));
        }

        return order.Descending
            ? rows.OrderByDescending(o => o.Number).ThenByDescending(o => o.Text).ThenByDescending(o => o.Record.Key)
            : rows.OrderBy(o => o.Number).ThenBy(o => o.Text).ThenBy(o => o.Record.Key);
    }

    private string? FirstUnknown(RecordQuery query) =>
        query.OrderBy is { } order && (!kind.Fields.TryGetValue(order.Field, out var field) || field.IsMany)
            ? order.Field
            : query.Filters.SelectMany(FieldsOf).FirstOrDefault(f => !kind.Fields.ContainsKey(f));

    private static IEnumerable<string> FieldsOf(RecordFilter filter) => filter switch
    {
        RecordFilter.Equal f => [f.Field],
        RecordFilter.In f => [f.Field],
        RecordFilter.Range f => [f.Field],
        RecordFilter.Contains f => [f.Field],
        RecordFilter.StartsWith f => [f.Field],
        RecordFilter.EndsWith f => [f.Field],
        RecordFilter.AnyOf f => f.Filters.SelectMany(FieldsOf),
        RecordFilter.Not f => FieldsOf(f.Filter),
        RecordFilter.Ids => [],
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private Record<T> Read(RecordRow row) => new(
        row.Id, JsonSerializer.Deserialize(row.Value, kind.Json)!, row.ETag,
        new DateTimeOffset(row.CreatedAt, TimeSpan.Zero), new DateTimeOffset(row.UpdatedAt, TimeSpan.Zero), row.UpdatedBy);

    private sealed class Ordered
    {
        public required RecordRow Record { get; init; }

        public required string Text { get; init; }

        public required long Number { get; init; }
    }

    /// <summary>Where a page ended, so that the next starts right behind it whatever was added in between.</summary>
    private sealed record Position(long Number, string Text, string Key)
    {
        public static string Of(Ordered row) => Convert.ToBase64String(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{row.Number}\n{row.Text.Length}\n{row.Text}{row.Record.Key}")));

        public static bool TryRead(string? token, out Position? position)
        {
            position = null;
            if (token is null)
            {
                return true;
            }

            var bytes = new byte[token.Length];
            if (!Convert.TryFromBase64String(token, bytes, out var length))
            {
                return false;
            }

            var parts = Encoding.UTF8.GetString(bytes, 0, length).Split('\n', 3);
            if (parts.Length != 3
                || !long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var split)
                || split > parts[2].Length)
            {
                return false;
            }

            position = new Position(number, parts[2][..split], parts[2][split..]);
            return true;
        }
    }
}
