namespace Bartizan.Wire.Detection;

/// <summary><c>Microsoft.SecurityInsights/watchlists</c>.</summary>
public sealed record WatchlistProperties
{
    public string? WatchlistId { get; init; }

    public string? DisplayName { get; init; }

    public string? Provider { get; init; }

    public string? Source { get; init; }

    public string? SourceType { get; init; }

    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? Updated { get; init; }

    public ClientProperties? CreatedBy { get; init; }

    public ClientProperties? UpdatedBy { get; init; }

    public string? Description { get; init; }

    public string? WatchlistType { get; init; }

    public string? WatchlistAlias { get; init; }

    public bool? IsDeleted { get; init; }

    public IReadOnlyList<string>? Labels { get; init; }

    public string? DefaultDuration { get; init; }

    public int? NumberOfLinesToSkip { get; init; }

    /// <summary>Header and lines; sent, never returned.</summary>
    public string? RawContent { get; init; }

    public string? ItemsSearchKey { get; init; }

    /// <summary>text/csv or text/tsv.</summary>
    public string? ContentType { get; init; }

    public string? UploadStatus { get; init; }
}

/// <summary><c>…/watchlists/{alias}/watchlistItems</c>.</summary>
public sealed record WatchlistItemProperties
{
    public string? WatchlistItemType { get; init; }

    public string? WatchlistItemId { get; init; }

    public bool? IsDeleted { get; init; }

    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? Updated { get; init; }

    public ClientProperties? CreatedBy { get; init; }

    public ClientProperties? UpdatedBy { get; init; }

    /// <summary>Column to value.</summary>
    public IReadOnlyDictionary<string, System.Text.Json.JsonElement>? ItemsKeyValue { get; init; }

    public IReadOnlyDictionary<string, System.Text.Json.JsonElement>? EntityMapping { get; init; }
}
