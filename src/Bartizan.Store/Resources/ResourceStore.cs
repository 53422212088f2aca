using System.Globalization;
using Bartizan.Foundation.Feeds;
using Bartizan.Foundation.Resources;
using Bartizan.Kql.Types;
using Bartizan.Store.Catalog;
using Bartizan.Store.Engines.DuckDb;

namespace Bartizan.Store.Resources;

/// <summary>
/// The door for resources: what exists, of every cloud, with its history. Each is also a row of the views that queries know as
/// <c>Resources</c>, <c>ResourceContainers</c>, <c>SecurityResources</c> and <c>PolicyResources</c>.
/// </summary>
public sealed class ResourceStore
{
    private const int MaxTake = 5000;
    private const int RowsPerStatement = 20_000;

    /// <summary>From here on an appender is faster than a statement with its parameters.</summary>
    private const int AppendFrom = 50;

    private readonly EventDatabase database;
    private readonly TimeProvider time;

    private ResourceStore(EventDatabase database, TimeProvider time)
    {
        this.database = database;
        this.time = time;
    }

    public Feed<ResourceChanged> Changes { get; } = new();

    internal static ResourceStore Open(EventDatabase database, TableCatalog catalog, StoreOptions options, TimeProvider time)
    {
        var store = new ResourceStore(database, time);
        store.PrepareAsync(catalog, options).GetAwaiter().GetResult();
        return store;
    }

    /// <summary>Writes resources as they now are. What is the same as before leaves no trace; what differs is kept in the history.</summary>
    public async Task<ResourceReceipt> UpsertAsync(IReadOnlyList<Resource> resources, string source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resources);
        var now = time.GetUtcNow();

        // In the order of their keys, so that looking for what is known reads only the stretches of the table where such keys lie.
        var hashed = resources.AsParallel().AsOrdered().Select(r => (Key: ResourceRow.Key(r.Id), Resource: r, Hash: ResourceRow.Hash(r))).ToList()
            .GroupBy(r => r.Key, StringComparer.Ordinal).Select(g => g.Last()).OrderBy(r => r.Key, StringComparer.Ordinal).ToList();
        var changes = new List<ResourceChanged>();
        await database.WriteAsync(
            connection =>
            {
                changes.Clear();
                foreach (var part in hashed.Chunk(RowsPerStatement))
                {
                    var known = Hashes(connection, [.. part.Select(p => p.Key)]);
                    var different = part.Where(p => known.GetValueOrDefault(p.Key) != p.Hash).ToList();
                    Delete(connection, [.. different.Where(p => known.ContainsKey(p.Key)).Select(p => p.Key)]);
                    var rows = different.AsParallel().AsOrdered().Select(p => ResourceRow.Values(p.Resource, p.Hash, source, now)).ToList();
                    Insert(connection, ResourceRow.Table, rows, "");
                    foreach (var kind in different.Zip(rows).GroupBy(p => known.ContainsKey(p.First.Key) ? ResourceChangeKind.Changed : ResourceChangeKind.Added))
                    {
                        Insert(connection, ResourceRow.History, kind.Select(p => ResourceRow.HistoryValues(p.Second)), kind.Key.ToString());
                        changes.AddRange(kind.Select(p => new ResourceChanged(p.First.Resource.Id, p.First.Resource.Type, kind.Key)));
                    }
                }

                return 0;
            },
            cancellationToken).ConfigureAwait(false);
        changes.ForEach(Changes.Announce);
        var added = changes.Count(c => c.Kind == ResourceChangeKind.Added);
        return new ResourceReceipt(added, changes.Count - added, hashed.Count - changes.Count);
    }

    /// <summary>Removes resources, keeping their history; returns how many there were.</summary>
    public async Task<int> RemoveAsync(IReadOnlyList<ResourceId> ids, string source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var now = time.GetUtcNow().UtcTicks;
        var changes = new List<ResourceChanged>();
        await database.WriteAsync(
            connection =>
            {
                changes.Clear();
                foreach (var keys in ids.Select(ResourceRow.Key).Distinct(StringComparer.Ordinal).Chunk(RowsPerStatement))
                {
                    Sql.Execute(
                        connection,
                        $"INSERT INTO {ResourceRow.History} SELECT * REPLACE (? AS source, ?::BIGINT AS changed_at), 'Removed' FROM {ResourceRow.Table} WHERE key IN (SELECT unnest(?))",
                        source, now, keys);
                    changes.AddRange(Sql.Query(connection, $"SELECT id, type FROM {ResourceRow.Table} WHERE key IN (SELECT unnest(?))", [keys])
                        .Select(r => new ResourceChanged(ResourceId.Parse((string)r[0]!), (string)r[1]!, ResourceChangeKind.Removed)));
                    Delete(connection, keys);
                }

                return 0;
            },
            cancellationToken).ConfigureAwait(false);
        changes.ForEach(Changes.Announce);
        return changes.Count;
    }

    /// <summary>Says what the properties of all resources of a type and name have beside their own; kept once, and seen by queries in each of them.</summary>
    /// <param name="properties">By name of the resource: an object.</param>
    public async Task ShareAsync(string type, IReadOnlyDictionary<string, string> properties, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentNullException.ThrowIfNull(properties);
        var kind = type.ToLowerInvariant();
        await database.WriteAsync(
            connection =>
            {
                var known = Sql.Query(connection, $"SELECT name, properties FROM {ResourceRow.Shared} WHERE type = ?", kind).ToDictionary(r => (string)r[0]!, r => (string)r[1]!, StringComparer.Ordinal);
                foreach (var (name, members) in properties.Where(p => known.GetValueOrDefault(p.Key) != p.Value))
                {
                    Sql.Execute(connection, $"DELETE FROM {ResourceRow.Shared} WHERE type = ? AND name = ?", kind, name);
                    Sql.Execute(connection, $"INSERT INTO {ResourceRow.Shared} VALUES (?, ?, ?)", kind, name, members);
                }

                return 0;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public Task<Resource?> FindAsync(ResourceId id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return ReadAsync(
            connection => Sql.Query(connection, $"SELECT {ResourceRow.ReadColumns} FROM {ResourceRow.Table} WHERE key = ?", ResourceRow.Key(id))
                .Select(ResourceRow.Read).FirstOrDefault(),
            cancellationToken);
    }

    public Task<ResourcePage> ListAsync(ResourceQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return ReadAsync(connection => List(connection, query), cancellationToken);
    }

    /// <summary>How many resources there are of each type, for the same filters.</summary>
    public Task<IReadOnlyDictionary<string, long>> CountByTypeAsync(ResourceQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return ReadAsync(
            connection =>
            {
                var (where, values) = Where(query);
                return (IReadOnlyDictionary<string, long>)Sql.Query(connection, $"SELECT type, count(*) FROM {ResourceRow.Table} WHERE {where} GROUP BY type", [.. values])
                    .ToDictionary(r => (string)r[0]!, r => Convert.ToInt64(r[1], CultureInfo.InvariantCulture), StringComparer.OrdinalIgnoreCase);
            },
            cancellationToken);
    }

    /// <summary>The subscriptions that resources lie in.</summary>
    public Task<IReadOnlyList<string>> SubscriptionIdsAsync(CancellationToken cancellationToken) => ReadAsync(
        connection => (IReadOnlyList<string>)[.. Sql.Query(connection, $"SELECT DISTINCT lower(subscriptionId) FROM {ResourceRow.Table} WHERE subscriptionId <> ''").Select(r => (string)r[0]!)],
        cancellationToken);

    /// <summary>The resource groups that resources of a subscription lie in, each with the place of one of them.</summary>
    public Task<IReadOnlyList<(string Name, string Location)>> GroupsAsync(ResourceId subscription, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        return ReadAsync(
            connection => (IReadOnlyList<(string, string)>)[.. Sql.Query(
                connection,
                $"SELECT resourceGroup, min(location) FROM {ResourceRow.Table} WHERE lower(subscriptionId) = ? AND resourceGroup <> '' AND view IN ('Resources', 'ResourceContainers') GROUP BY resourceGroup",
                (subscription.SubscriptionId ?? "").ToLowerInvariant()).Select(r => ((string)r[0]!, r[1] as string ?? ""))],
            cancellationToken);
    }

    /// <summary>Every version of a resource that the store has seen, the newest first.</summary>
    public Task<IReadOnlyList<ResourceVersion>> HistoryAsync(ResourceId id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return ReadAsync(
            connection => (IReadOnlyList<ResourceVersion>)[.. Sql.Query(
                connection,
                $"SELECT {ResourceRow.ReadColumns}, changed_at, change, source FROM {ResourceRow.History} WHERE key = ? ORDER BY changed_at DESC",
                ResourceRow.Key(id)).Select(r => new ResourceVersion(
                    new DateTimeOffset((long)r[ResourceRow.ReadCount]!, TimeSpan.Zero), Enum.Parse<ResourceChangeKind>((string)r[ResourceRow.ReadCount + 1]!), (string)r[ResourceRow.ReadCount + 2]!, ResourceRow.Read(r)))],
            cancellationToken);
    }

    private async Task PrepareAsync(TableCatalog catalog, StoreOptions options)
    {
        await database.WriteAsync(
            connection =>
            {
                Sql.Execute(connection, $"CREATE TABLE IF NOT EXISTS {ResourceRow.Table} ({ResourceRow.Ddl})");
                Sql.Execute(connection, $"CREATE TABLE IF NOT EXISTS {ResourceRow.History} ({ResourceRow.Ddl}, change VARCHAR)");
                Sql.Execute(connection, $"CREATE TABLE IF NOT EXISTS {ResourceRow.Shared} (type VARCHAR, name VARCHAR, properties VARCHAR)");
                return 0;
            },
            CancellationToken.None).ConfigureAwait(false);
        var columns = string.Join(", ", ResourceRow.ViewColumns.Select(c => c.Name switch
        {
            // The tenant is this store unless the record names its own.
            "tenantId" => $"CASE WHEN r.tenantId = '' THEN '{options.WorkspaceId}' ELSE r.tenantId END AS tenantId",
            "properties" => "CASE WHEN s.properties IS NULL THEN r.properties WHEN r.properties IS NULL OR r.properties = '{}' THEN s.properties "
                + "ELSE left(r.properties, -1) || ',' || substr(s.properties, 2) END AS properties",
            var name when c.Type == KqlType.String => $"coalesce(r.\"{name}\", '') AS \"{name}\"",
            var name => $"r.\"{name}\"",
        }));
        foreach (var view in Enum.GetNames<ResourceView>())
        {
            await catalog.DefineViewAsync(
                view,
                ResourceRow.ViewColumns,
                $"SELECT {columns} FROM {ResourceRow.Table} r LEFT JOIN {ResourceRow.Shared} s ON s.type = r.type AND s.name = r.name WHERE r.view = '{view}'",
                CancellationToken.None).ConfigureAwait(false);
        }
    }

    private Task<T> ReadAsync<T>(Func<EngineConnection, T> read, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var connection = database.Connect();
            return read(connection);
        },
        cancellationToken);

    private static ResourcePage List(EngineConnection connection, ResourceQuery query)
    {
        var (where, values) = Where(query);
        var count = query.WantCount ? Sql.Number(connection, $"SELECT count(*) FROM {ResourceRow.Table} WHERE {where}", [.. values]) : (long?)null;
        if (query.Continuation is { } after)
        {
            where += " AND key > ?";
            values.Add(after);
        }

        var take = Math.Clamp(query.Take, 0, MaxTake);
        values.Add(take + 1);
        var rows = Sql.Query(connection, $"SELECT {ResourceRow.ReadColumns}, key FROM {ResourceRow.Table} WHERE {where} ORDER BY key LIMIT ?", [.. values]).ToList();
        var items = rows.Take(take).Select(ResourceRow.Read).ToList();
        return new ResourcePage(items, rows.Count > take && take > 0 ? (string)rows[take - 1][ResourceRow.ReadCount]! : null, count);
    }

    private static (string Where, List<object?> Values) Where(ResourceQuery query)
    {
        var parts = new List<string> { "true" };
        var values = new List<object?>();
        if (query.View is { } view)
        {
            Add("view = ?", view.ToString());
        }

        if (query.Scope is { } scope)
        {
            parts.Add(Within(scope, values));
        }

        if (query.VisibleScopes is { } visible)
        {
            parts.Add(visible.Count == 0 ? "false" : "(" + string.Join(" OR ", visible.Select(s => Within(s, values))) + ")");
        }

        if (query.Types.Count > 0)
        {
            parts.Add($"type IN ({Sql.Marks(query.Types.Count)})");
            values.AddRange(query.Types.Select(t => t.ToLowerInvariant()));
        }

        if (query.AccountId is { } account)
        {
            Add("lower(accountId) = ?", account.ToLowerInvariant());
        }

        if (query.Environment is { } environment)
        {
            Add("environment = ?", environment.ToString());
        }

        if (query.Search is { Length: > 0 } search)
        {
            parts.Add("(contains(key, ?) OR contains(lower(name), ?) OR contains(lower(tags), ?))");
            values.AddRange(Enumerable.Repeat<object?>(search.ToLowerInvariant(), 3));
        }

        return (string.Join(" AND ", parts), values);

        void Add(string part, object? value)
        {
            parts.Add(part);
            values.Add(value);
        }
    }

    private static string Within(ResourceId scope, List<object?> values)
    {
        if (scope == ResourceId.Tenant)
        {
            return "true";
        }

        var key = ResourceRow.Key(scope);
        values.Add(key);
        values.Add(key + "/");
        return "(key = ? OR starts_with(key, ?))";
    }

    /// <param name="keys">In order, so that only the stretches between the first and the last are read. The engine orders UTF-8; up to the surrogates that is the same.</param>
    private static Dictionary<string, string> Hashes(EngineConnection connection, string[] keys)
    {
        var isSameOrder = Array.TrueForAll(keys, k => !k.AsSpan().ContainsAnyInRange('\uD800', '\uFFFF'));
        return Sql.Query(
            connection,
            $"SELECT key, hash FROM {ResourceRow.Table} WHERE {(isSameOrder ? "key BETWEEN ? AND ? AND " : "")}key IN (SELECT unnest(?))",
            isSameOrder ? [keys[0], keys[^1], keys] : [keys]).ToDictionary(r => (string)r[0]!, r => (string)r[1]!, StringComparer.Ordinal);
    }

    private static void Delete(EngineConnection connection, string[] keys)
    {
        if (keys.Length > 0)
        {
            Sql.Execute(connection, $"DELETE FROM {ResourceRow.Table} WHERE key IN (SELECT unnest(?))", [keys]);
        }
    }

    private static void Insert(EngineConnection connection, string table, IEnumerable<object?[]> rows, string change)
    {
        var all = rows.ToList();
        if (all.Count == 0)
        {
            return;
        }

        var isHistory = change.Length > 0;
        if (all.Count >= AppendFrom)
        {
            Sql.Append(connection, table, isHistory ? all.Select(r => (object?[])[.. r, change]) : all);
            return;
        }

        var marks = "(" + Sql.Marks(ResourceRow.ColumnCount + (isHistory ? 1 : 0)) + ")";
        Sql.Execute(
            connection,
            $"INSERT INTO {table} VALUES {string.Join(", ", Enumerable.Repeat(marks, all.Count))}",
            [.. all.SelectMany(r => isHistory ? r.Append(change) : r)]);
    }
}
