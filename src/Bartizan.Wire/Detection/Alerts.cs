using System.Text.Json;

namespace Bartizan.Wire.Detection;

/// <summary>An alert as <c>…/incidents/{id}/alerts</c> gives it: an entity of kind SecurityAlert.</summary>
public sealed record SecurityAlertProperties
{
    public required string SystemAlertId { get; init; }

    public required string AlertDisplayName { get; init; }

    public string? Description { get; init; }

    public required string Severity { get; init; }

    public string? Status { get; init; }

    public string? AlertType { get; init; }

    public string? ProductName { get; init; }

    public string? VendorName { get; init; }

    public string? ProviderName { get; init; }

    public IReadOnlyList<string> Tactics { get; init; } = [];

    public IReadOnlyList<string> Techniques { get; init; } = [];

    public DateTimeOffset? StartTimeUtc { get; init; }

    public DateTimeOffset? EndTimeUtc { get; init; }

    public DateTimeOffset? TimeGenerated { get; init; }

    public string? CompromisedEntity { get; init; }

    public string? FriendlyName { get; init; }

    /// <summary>ARM id of the rule that raised it.</summary>
    public string? RuleId { get; init; }

    public string? RuleName { get; init; }

    /// <summary>The query with its time fixed, to see the raw events again.</summary>
    public string? Query { get; init; }

    public DateTimeOffset? QueryStartTimeUtc { get; init; }

    public DateTimeOffset? QueryEndTimeUtc { get; init; }

    /// <summary>How many events lie behind it.</summary>
    public long? EventCount { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<string>>? CustomDetails { get; init; }

    public JsonElement? AdditionalData { get; init; }
}

/// <summary>The evidence that an alert froze: the rows its rule returned, with a hash over them.</summary>
public sealed record AlertEvidenceProperties(
    IReadOnlyList<EvidenceColumn> Columns, IReadOnlyList<IReadOnlyList<JsonElement>> Rows, long TotalRows, bool IsTruncated, string Query,
    DateTimeOffset WindowStart, DateTimeOffset WindowEnd, string EngineVersion, string Hash);

public sealed record EvidenceColumn(string Name, string Type);

/// <summary>An entity as SecurityInsights gives it; further identifiers lie in <see cref="Fields"/>.</summary>
public sealed record EntityEntry(string Id, string Name, string Kind, string FriendlyName, IReadOnlyDictionary<string, string> Fields);

/// <summary><c>POST …/incidents/{id}/entities</c>.</summary>
public sealed record IncidentEntities(IReadOnlyList<EntityDocument> Entities, IReadOnlyList<EntityKindCount> MetaData);

public sealed record EntityKindCount(string EntityKind, int Count);

/// <summary>An entity in ARM's envelope; properties vary by kind and always hold <c>friendlyName</c>.</summary>
public sealed record EntityDocument(string Id, string Name, string Type, string Kind, JsonElement Properties);
