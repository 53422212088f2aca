using System.Text.Json.Serialization;

namespace Bartizan.Detection.Watchlists;

/// <summary>A list that people keep and queries join: <c>_GetWatchlist('alias')</c>.</summary>
public sealed record Watchlist
{
    /// <summary>What queries call it; does not change.</summary>
    public required string Alias { get; init; }

    public required Guid Id { get; init; }

    public required string DisplayName { get; init; }

    public string Provider { get; init; } = "Bartizan";

    public string Source { get; init; } = "";

    public string Description { get; init; } = "";

    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The column whose values are the <c>SearchKey</c>.</summary>
    public required string SearchKey { get; init; }

    /// <summary>How long an item is good, as an ISO 8601 duration; empty for ever.</summary>
    public string DefaultDuration { get; init; } = "";

    /// <summary>Columns in the order of the header.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    public required DateTimeOffset Created { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset Updated { get; init; }

    public string UpdatedBy { get; init; } = "";
}

/// <summary>One line of a watchlist.</summary>
public sealed record WatchlistItem
{
    public required Guid Id { get; init; }

    public required string Alias { get; init; }

    /// <summary>Its place in the list.</summary>
    public long Order { get; init; }

    public required IReadOnlyDictionary<string, string> Values { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset Updated { get; init; }

    public string UpdatedBy { get; init; } = "";
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Watchlist))]
[JsonSerializable(typeof(WatchlistItem))]
internal sealed partial class WatchlistJson : JsonSerializerContext;
