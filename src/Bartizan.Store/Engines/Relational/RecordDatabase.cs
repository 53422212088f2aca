using Bartizan.Foundation.Outcomes;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Bartizan.Store.Engines.Relational;

/// <summary>The database of the state: SQLite in the data folder or in memory, or PostgreSQL by connection string.</summary>
internal sealed class RecordDatabase : IDisposable
{
    private readonly DbContextOptions<RecordContext> options;
    private readonly SqliteConnection? keepAlive;

    private RecordDatabase(DbContextOptions<RecordContext> options, SqliteConnection? keepAlive)
    {
        this.options = options;
        this.keepAlive = keepAlive;
    }

    /// <summary>Writers in this process take turns here; SQLite has one writer at a time and waiting in a queue beats waiting on its lock.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>A file, or memory where it is null; a file that is no database is a problem.</summary>
    public static Outcome<RecordDatabase> OpenSqlite(string? file)
    {
        try
        {
            return OpenFile(file);
        }
        catch (SqliteException e)
        {
            return new Problem(
                ProblemKind.Unavailable,
                "DataFolderDamaged",
                $"The records file '{file}' cannot be read ({e.Message.Trim()}); restore it from a backup, or move it away to start anew.",
                file);
        }
    }

    public static Outcome<RecordDatabase> OpenPostgreSql(string connectionString) => Open(o => o.UseNpgsql(connectionString), null);

    public RecordContext Connect() => new(options);

    public void Dispose()
    {
        keepAlive?.Dispose();
        Turn.Dispose();
        using var context = Connect();
        if (context.Database.IsSqlite())
        {
            SqliteConnection.ClearPool((SqliteConnection)context.Database.GetDbConnection());
        }
    }

    private static RecordDatabase OpenFile(string? file)
    {
        SqliteConnection? keepAlive = null;
        var builder = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30 };
        if (file is null)
        {
            builder = new() { DataSource = $"records-{Guid.CreateVersion7():N}", Mode = SqliteOpenMode.Memory, Cache = SqliteCacheMode.Shared };
            keepAlive = new SqliteConnection(builder.ToString());
            keepAlive.Open();
        }

        return Open(o => o.UseSqlite(builder.ToString()).AddInterceptors(DurableSqlite.Instance), keepAlive);
    }

    private static RecordDatabase Open(Action<DbContextOptionsBuilder> provider, SqliteConnection? keepAlive)
    {
        var builder = new DbContextOptionsBuilder<RecordContext>();
        provider(builder);

        // There is no model snapshot: a test compares the migrated schema with the model instead.
        builder.ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning));
        var database = new RecordDatabase(builder.Options, keepAlive);
        using var context = database.Connect();
        context.Database.Migrate();
        return database;
    }

    /// <summary>Every commit reaches the disk before it returns: write-ahead log, synchronous FULL.</summary>
    private sealed class DurableSqlite : DbConnectionInterceptor
    {
        public static DurableSqlite Instance { get; } = new();

        public override void ConnectionOpened(System.Data.Common.DbConnection connection, ConnectionEndEventData eventData) => Set(connection);

        public override Task ConnectionOpenedAsync(
            System.Data.Common.DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Set(connection);
            return Task.CompletedTask;
        }

        private static void Set(System.Data.Common.DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;";
            command.ExecuteNonQuery();
        }
    }
}
