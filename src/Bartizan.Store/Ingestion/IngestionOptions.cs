namespace Bartizan.Store.Ingestion;

/// <summary>How one stream of events is taken in.</summary>
public sealed record IngestionOptions
{
    public static IngestionOptions Default { get; } = new();

    /// <summary>
    /// Names this batch: sent again under the same name, what was taken in before is skipped, so that a sender may repeat whatever
    /// was not acknowledged. Remembered for a day.
    /// </summary>
    public string? BatchId { get; init; }

    /// <summary>Who sends: a connector, a user, an agent. Kept with dead letters.</summary>
    public string Source { get; init; } = "";

    /// <summary>The file's name, for messages.</summary>
    public string File { get; init; } = "";

    /// <summary>Whether to wait while the writer is behind; otherwise the answer is a problem of kind Throttled.</summary>
    public bool Wait { get; init; } = true;

    public IngestionLimits Limits { get; init; } = new();

    /// <summary>Told about every commit, for progress bars.</summary>
    public IProgress<IngestionProgress>? Progress { get; init; }
}

/// <summary>Bounds on what one stream may cost.</summary>
public sealed record IngestionLimits
{
    /// <summary>A longer record goes to the dead letters by its beginning; Azure takes at most 1 MB too.</summary>
    public int RecordBytes { get; init; } = 1024 * 1024;

    public long UnpackedBytes { get; init; } = 64L * 1024 * 1024 * 1024;

    /// <summary>Logs pack 10 to 100 times; a bomb packs 1,000 times.</summary>
    public int PackingRatio { get; init; } = 300;

    public int ZipEntries { get; init; } = 10_000;

    /// <summary>A zip that cannot be read in place is first copied to disk, up to this size.</summary>
    public long PackedBytes { get; init; } = 8L * 1024 * 1024 * 1024;

    /// <summary>Problems told in the receipt; the rest is only counted.</summary>
    public int ToldProblems { get; init; } = 50;
}

/// <summary>How far an import is.</summary>
public sealed record IngestionProgress(string File, long Accepted, long Rejected, long Records);
