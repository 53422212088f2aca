using System.Text.Json;

namespace Bartizan.Wire.Posture;

/// <summary><c>Microsoft.Bartizan/inventory</c>: a resource with how it stands.</summary>
public sealed record InventoryEntry
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Type { get; init; }

    public string? Location { get; init; }

    public required string Environment { get; init; }

    public required string AccountId { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Checks that fail on it.</summary>
    public int Unhealthy { get; init; }

    public int Healthy { get; init; }

    /// <summary>The highest severity among failing checks, or null.</summary>
    public string? WorstSeverity { get; init; }

    /// <summary>The resource as its cloud describes it; present on a single entry, absent in lists.</summary>
    public JsonElement? Record { get; init; }
}

/// <summary>What the inventory holds, for its filters and headline.</summary>
public sealed record InventorySummary(
    int Total, int Unhealthy, IReadOnlyDictionary<string, int> ByType, IReadOnlyDictionary<string, int> ByEnvironment, IReadOnlyDictionary<string, int> ByAccount);
