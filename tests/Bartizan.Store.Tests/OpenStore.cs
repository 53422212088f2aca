using Bartizan.Store.Engines.DuckDb;
using Bartizan.Testing;
using Bartizan.Store.Queries;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Bartizan.Store.Tests;

/// <summary>A store in memory, or in a folder that goes away with it, with the declared tables and a clock that stands still.</summary>
internal sealed class OpenStore : IDisposable
{
    private OpenStore(DataFolder folder, FakeTimeProvider time, string? path)
    {
        Folder = folder;
        Time = time;
        FolderPath = path;
    }

    public DataFolder Folder { get; private set; }

    public FakeTimeProvider Time { get; }

    public string? FolderPath { get; }

    public QueryRunner Queries
    {
        get => field ??= QueriesWith(new TableFunctions(Folder.Catalog));
        private set;
    }

    public QueryRunner QueriesWith(TableFunctions functions) => new(Folder.Events, Folder.Catalog, Folder.Terms, functions, Time, NullLogger<QueryRunner>.Instance);

    public static OpenStore InMemory() => Make(null);

    public static OpenStore OnDisk() => Make(Path.Combine(Path.GetTempPath(), $"bartizan-{Guid.NewGuid():N}"));

    public static StoreOptions Options(string? path) => new()
    {
        Folder = path,
        ContentFolder = Path.Combine(RepositoryRoot.Path, "content"),
        MemoryMegabytes = 1024,
    };

    public async Task<IReadOnlyList<object?[]>> AskAsync(string query) => [.. (await Queries.RunAsync(new QueryRequest(query), CancellationToken.None)).Value.Rows];

    public IReadOnlyList<object?[]> Query(string sql)
    {
        using var connection = Folder.Events.Connect();
        return [.. Sql.Query(connection, sql)];
    }

    public void Reopen()
    {
        Folder.Dispose();
        Folder = DataFolder.Open(Options(FolderPath), Time).Value;
        Queries = null!;
    }

    public void Dispose()
    {
        Folder.Dispose();
        if (FolderPath is not null)
        {
            Directory.Delete(FolderPath, recursive: true);
        }
    }

    private static OpenStore Make(string? path)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
        return new OpenStore(DataFolder.Open(Options(path), time).Value, time, path);
    }
}
