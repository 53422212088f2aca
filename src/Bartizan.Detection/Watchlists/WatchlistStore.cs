using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Bartizan.Detection.Rows;
using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Sql;
using Bartizan.Kql.Types;
using Bartizan.Store.Queries;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Watchlists;

/// <summary>
/// The watchlists of the workspace. What queries read of them is held in memory, so that <c>_GetWatchlist</c> answers at once; every
/// change is also a row of the table <c>Watchlist</c>.
/// </summary>
public sealed partial class WatchlistStore : IDisposable
{
    public const int MaxContent = 3_984_588;
    public const int MaxItems = 200_000;
    private const int BatchSize = 1_000;

    private static readonly RecordKind<Watchlist> listKind = new(
        "watchlists", WatchlistJson.Default.Watchlist,
        RecordField.Text<Watchlist>("name", w => w.DisplayName),
        RecordField.Time<Watchlist>("updated", w => w.Updated));

    private static readonly RecordKind<WatchlistItem> itemKind = new(
        "watchlistItems", WatchlistJson.Default.WatchlistItem,
        RecordField.Text<WatchlistItem>("alias", i => i.Alias),
        RecordField.Number<WatchlistItem>("order", i => i.Order))
    {
        AuditsValues = false,
    };

    private static readonly KqlColumn[] own = [new("_DTItemId", KqlType.String), new("LastUpdatedTimeUTC", KqlType.DateTime), new("SearchKey", KqlType.String)];

    private readonly ConcurrentDictionary<string, FunctionRows> tables = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly RecordStore records;
    private readonly RecordSet<Watchlist> lists;
    private readonly RecordSet<WatchlistItem> items;
    private readonly RowOutbox outbox;
    private readonly TimeProvider time;

    public WatchlistStore(RecordStore records, RowOutbox outbox, TableFunctions functions, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(functions);
        this.records = records;
        this.outbox = outbox;
        this.time = time;
        lists = records.Open(listKind);
        items = records.Open(itemKind);
        functions.Define(
            new FunctionSymbol("_GetWatchlist", "(watchlistAlias:string)", null, new RowShape(own, IsOpen: true)),
            arguments => tables.GetValueOrDefault(arguments[0].AsText));
        functions.Define(
            new FunctionSymbol("_GetWatchlistAlias", "()", null, new RowShape([new("WatchlistAlias", KqlType.String)])),
            _ => new FunctionRows(
                new RowShape([new("WatchlistAlias", KqlType.String)]),
                [.. tables.Keys.Order(StringComparer.OrdinalIgnoreCase).Select(alias => new[] { KqlValue.Text(alias) })]));
    }

    /// <summary>Reads every watchlist into memory; queries see none before.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await foreach (var list in lists.EnumerateAsync(RecordQuery.All, cancellationToken).ConfigureAwait(false))
        {
            await RefreshAsync(list.Value, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task<Record<Watchlist>?> FindAsync(string alias, CancellationToken cancellationToken) => lists.FindAsync(alias, cancellationToken);

    public Task<Outcome<RecordPage<Watchlist>>> ListAsync(RecordQuery query, CancellationToken cancellationToken) => lists.ListAsync(query, cancellationToken);

    public Task<Outcome<RecordPage<WatchlistItem>>> ItemsAsync(string alias, int take, string? continuation, CancellationToken cancellationToken) => items.ListAsync(
        Of(alias) with { Take = take, Continuation = continuation }, cancellationToken);

    public async Task<Record<WatchlistItem>?> FindItemAsync(string alias, Guid id, CancellationToken cancellationToken) =>
        await items.FindAsync(id.ToString("D"), cancellationToken).ConfigureAwait(false) is { } found && Same(found.Value.Alias, alias) ? found : null;

    /// <summary>Writes a watchlist; where content is given, it replaces the items.</summary>
    public async Task<Outcome<Record<Watchlist>>> PutAsync(Watchlist list, WatchlistText? content, string? ifMatch, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(list);
        if (Check(list) is { } problem)
        {
            return problem;
        }

        if (content?.Items.Count > MaxItems)
        {
            return Refuse("rawContent", $"A watchlist is uploaded with at most {MaxItems:N0} items; this one has {content.Items.Count:N0}.");
        }

        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var known = await FindAsync(list.Alias, cancellationToken).ConfigureAwait(false);
            var now = time.GetUtcNow();
            var written = list with
            {
                Id = known?.Value.Id ?? list.Id,
                Alias = known?.Value.Alias ?? list.Alias,
                Columns = content?.Columns ?? known?.Value.Columns ?? [list.SearchKey],
                Created = known?.Value.Created ?? now,
                CreatedBy = known?.Value.CreatedBy ?? author,
                Updated = now,
                UpdatedBy = author,
            };
            if (!written.Columns.Contains(written.SearchKey, StringComparer.Ordinal))
            {
                return Refuse("itemsSearchKey", $"The search key '{written.SearchKey}' is no column of the watchlist; it has {string.Join(", ", written.Columns)}.");
            }

            var outcome = await lists.PutAsync(written.Alias, written, ifMatch, author, cancellationToken).ConfigureAwait(false);
            if (outcome.IsSuccess && content is not null)
            {
                var old = await AllAsync(written.Alias, cancellationToken).ConfigureAwait(false);
                var fresh = content.Items.Select((values, order) => new WatchlistItem
                {
                    Id = Guid.CreateVersion7(now),
                    Alias = written.Alias,
                    Order = order,
                    Values = values,
                    Created = now,
                    CreatedBy = author,
                    Updated = now,
                    UpdatedBy = author,
                });
                await WriteAsync(written, old, fresh, author, cancellationToken).ConfigureAwait(false);
            }

            await RefreshAsync(written, cancellationToken).ConfigureAwait(false);
            return outcome;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Removes a watchlist with its items; false when there was none.</summary>
    public async Task<Outcome<bool>> DeleteAsync(string alias, string? ifMatch, string author, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await FindAsync(alias, cancellationToken).ConfigureAwait(false) is not { } found)
            {
                return false;
            }

            var outcome = await lists.DeleteAsync(alias, ifMatch, author, cancellationToken).ConfigureAwait(false);
            if (outcome.IsSuccess)
            {
                tables.TryRemove(found.Value.Alias, out _);
                await WriteAsync(found.Value, await AllAsync(alias, cancellationToken).ConfigureAwait(false), [], author, cancellationToken).ConfigureAwait(false);
            }

            return outcome;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Writes one item; a value for a name that the watchlist does not have adds a column.</summary>
    public async Task<Outcome<Record<WatchlistItem>>> PutItemAsync(
        string alias, Guid id, IReadOnlyDictionary<string, string> values, string? ifMatch, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(values);
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await FindAsync(alias, cancellationToken).ConfigureAwait(false) is not { } found)
            {
                return new Problem(ProblemKind.NotFound, "NotFound", $"There is no watchlist '{alias}'.", "watchlistAlias");
            }

            var list = found.Value;
            var known = await items.FindAsync(id.ToString("D"), cancellationToken).ConfigureAwait(false);
            if (known is not null && !Same(known.Value.Alias, alias))
            {
                return new Problem(ProblemKind.Conflict, "Conflict", $"The item '{id}' belongs to another watchlist.", "watchlistItemId");
            }

            if (!values.TryGetValue(list.SearchKey, out var key) || key.Length == 0)
            {
                return Refuse("itemsKeyValue", $"An item needs a value for the search key '{list.SearchKey}'.");
            }

            string[] columns = [.. list.Columns.Union(values.Keys, StringComparer.Ordinal)];
            if (columns.Length > WatchlistText.MaxColumns || values.Sum(v => v.Value.Length + 1) > WatchlistText.MaxLineLength)
            {
                return Refuse("itemsKeyValue", $"An item has at most {WatchlistText.MaxColumns} columns and {WatchlistText.MaxLineLength:N0} characters.");
            }

            var now = time.GetUtcNow();
            var item = new WatchlistItem
            {
                Id = id,
                Alias = list.Alias,
                Order = known?.Value.Order ?? now.UtcTicks,
                Values = values,
                Created = known?.Value.Created ?? now,
                CreatedBy = known?.Value.CreatedBy ?? author,
                Updated = now,
                UpdatedBy = author,
            };
            list = list with { Columns = columns, Updated = now, UpdatedBy = author };
            var outcome = await records.ApplyAsync(
                [
                    items.Put(id.ToString("D"), item, ifMatch), lists.Put(list.Alias, list, found.ETag),
                    outbox.Hold("Watchlist", [WatchlistRow.Write(list, item, known is null ? "Create" : "Update", now)]),
                ],
                author, cancellationToken).ConfigureAwait(false);
            if (!outcome.IsSuccess)
            {
                return outcome.Problem;
            }

            await outbox.FlushAsync(cancellationToken).ConfigureAwait(false);
            await RefreshAsync(list, cancellationToken).ConfigureAwait(false);
            return (await items.FindAsync(id.ToString("D"), cancellationToken).ConfigureAwait(false))!;
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task<Outcome<bool>> DeleteItemAsync(string alias, Guid id, string author, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await FindAsync(alias, cancellationToken).ConfigureAwait(false) is not { } list || await FindItemAsync(alias, id, cancellationToken).ConfigureAwait(false) is not { } item)
            {
                return false;
            }

            await WriteAsync(list.Value, [item.Value], [], author, cancellationToken).ConfigureAwait(false);
            await RefreshAsync(list.Value, cancellationToken).ConfigureAwait(false);
            return true;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task WriteAsync(Watchlist list, IEnumerable<WatchlistItem> old, IEnumerable<WatchlistItem> fresh, string author, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var changes = old.Select(i => (Change: items.Delete(i.Id.ToString("D")), Row: WatchlistRow.Write(list, i, "Delete", now)))
            .Concat(fresh.Select(i => (Change: items.Put(i.Id.ToString("D"), i), Row: WatchlistRow.Write(list, i, "Create", now))));
        foreach (var batch in changes.Chunk(BatchSize))
        {
            var outcome = await records.ApplyAsync(
                [.. batch.Select(b => b.Change), outbox.Hold("Watchlist", [.. batch.Select(b => b.Row)])], author, cancellationToken).ConfigureAwait(false);
            if (!outcome.IsSuccess)
            {
                throw new InvalidOperationException($"Items of the watchlist {list.Alias} could not be written: {outcome.Problem.Message}");
            }
        }

        await outbox.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task RefreshAsync(Watchlist list, CancellationToken cancellationToken)
    {
        var all = await AllAsync(list.Alias, cancellationToken).ConfigureAwait(false);
        var shape = new RowShape([.. own, .. list.Columns.Select(c => new KqlColumn(c, KqlType.String))]);
        tables[list.Alias] = new FunctionRows(shape, [.. all.Select(i => (KqlValue[])
        [
            KqlValue.Text(i.Id.ToString("D")), KqlValue.DateTime(i.Updated.UtcTicks), KqlValue.Text(i.Values.GetValueOrDefault(list.SearchKey, "")),
            .. list.Columns.Select(c => KqlValue.Text(i.Values.GetValueOrDefault(c, ""))),
        ])]);
    }

    private async Task<List<WatchlistItem>> AllAsync(string alias, CancellationToken cancellationToken)
    {
        var all = new List<WatchlistItem>();
        await foreach (var item in items.EnumerateAsync(Of(alias), cancellationToken).ConfigureAwait(false))
        {
            all.Add(item.Value);
        }

        return all;
    }

    private static RecordQuery Of(string alias) => new() { Filters = [new RecordFilter.Equal("alias", alias)], OrderBy = new RecordOrder("order") };

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static Problem? Check(Watchlist list) =>
        !Name().IsMatch(list.Alias) ? Refuse("watchlistAlias", "An alias has 3 to 64 letters, digits, blanks, - and _, and a letter or digit first and last.")
        : !Name().IsMatch(list.DisplayName) ? Refuse("displayName", "A name has 3 to 64 letters, digits, blanks, - and _, and a letter or digit first and last.")
        : null;

    private static Problem Refuse(string target, string message) => new(ProblemKind.Invalid, "BadRequest", message, target);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9 _-]{1,62}[A-Za-z0-9]$")]
    private static partial Regex Name();
}
