using Bartizan.Foundation.Outcomes;
using DuckDB.NET.Data;

namespace Bartizan.Store.Engines.DuckDb;

/// <summary>One DuckDB database in this process: a file that this process alone may open, or memory.</summary>
internal sealed class DuckDbInstance : IDisposable
{
    private readonly DuckDBConnection root;
    private readonly string connectionString;

    private DuckDbInstance(DuckDBConnection root, string connectionString, string? file)
    {
        this.root = root;
        this.connectionString = connectionString;
        File = file;
    }

    /// <summary>The database file; null in memory.</summary>
    public string? File { get; }

    /// <summary>Opens a file, made if absent, or memory where <paramref name="file"/> is null.</summary>
    public static Outcome<DuckDbInstance> Open(string? file, StoreOptions options)
    {
        var connectionString = $"DataSource={file ?? ":memory:"}";
        var root = new DuckDBConnection(connectionString);
        try
        {
            root.Open();
            Configure(root, file, options);
            ManagedFunctions.Register(root.NativeConnection.DangerousGetHandle());
            return new DuckDbInstance(root, connectionString, file);
        }
        catch (DuckDBException e)
        {
            root.Dispose();
            return DuckDbProblems.Opening(file ?? "memory", e);
        }
    }

    /// <summary>A further connection to the same database. Connections are cheap and are used by one thread at a time.</summary>
    public DuckDBConnection Connect()
    {
        var connection = File is null ? root.Duplicate() : new DuckDBConnection(connectionString);
        connection.Open();
        return connection;
    }

    public void Dispose() => root.Dispose();

    /// <summary>
    /// Limits first, then the lock: no query can reach files, extensions or settings. A checkpoint at 256 MB of log instead of
    /// 16 MB triples the rate of small appends and halves the file.
    /// </summary>
    private static void Configure(DuckDBConnection connection, string? file, StoreOptions options)
    {
        Execute(connection, $"SET memory_limit='{options.MemoryMegabytes}MB'");
        Execute(connection, $"SET threads={options.Threads}");
        Execute(connection, "SET checkpoint_threshold='256MB'");
        Execute(connection, "SET preserve_insertion_order=false");
        if (file is not null)
        {
            Execute(connection, $"SET temp_directory='{(file + ".spill").Replace("'", "''", StringComparison.Ordinal)}'");
        }

        Execute(connection, "SET autoinstall_known_extensions=false");
        Execute(connection, "SET autoload_known_extensions=false");
        Execute(connection, "SET allow_community_extensions=false");
        Execute(connection, "SET enable_external_access=false");
        Execute(connection, "SET lock_configuration=true");
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Settings take no parameters; the values are numbers and an escaped path.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
