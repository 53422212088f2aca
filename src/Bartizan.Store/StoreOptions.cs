namespace Bartizan.Store;

/// <summary>Where the store keeps things, and how much of the machine it may use.</summary>
public sealed class StoreOptions
{
    /// <summary>The data folder; null keeps everything in memory, for tests and for the command line.</summary>
    public string? Folder { get; set; }

    /// <summary>The folder <c>content/</c>, for the tables declared there; null for a store that knows only custom tables.</summary>
    public string? ContentFolder { get; set; }

    /// <summary>A PostgreSQL connection string for the records; null keeps them in SQLite in <see cref="Folder"/>.</summary>
    public string? PostgreSql { get; set; }

    /// <summary>What the event engine may hold in memory before it spills to disk.</summary>
    public int MemoryMegabytes { get; set; } = 2048;

    public int Threads { get; set; } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>Name and id of the workspace: <c>TenantId</c> in every row, and the target of <c>workspace("…")</c>.</summary>
    public string WorkspaceName { get; set; } = "bartizan";

    public Guid WorkspaceId { get; set; } = new("00000000-0000-0000-0000-000000000001");

    /// <summary>How long rows stay where a table says nothing else; null keeps them.</summary>
    public TimeSpan? Retention { get; set; }
}
