using System.Text.Json;

namespace Bartizan.Wire.Detection;

/// <summary><c>Microsoft.Security/alerts</c>, version 2022-01-01.</summary>
public sealed record SecurityCenterAlert
{
    public string? Version { get; init; }

    public string? AlertType { get; init; }

    public required string SystemAlertId { get; init; }

    public string? ProductComponentName { get; init; }

    public required string AlertDisplayName { get; init; }

    public string? Description { get; init; }

    public required string Severity { get; init; }

    public string? Intent { get; init; }

    public DateTimeOffset? StartTimeUtc { get; init; }

    public DateTimeOffset? EndTimeUtc { get; init; }

    public DateTimeOffset? TimeGeneratedUtc { get; init; }

    public DateTimeOffset? ProcessingEndTimeUtc { get; init; }

    public string? VendorName { get; init; }

    public string? ProductName { get; init; }

    public string? Status { get; init; }

    public string? AlertUri { get; init; }

    public string? CompromisedEntity { get; init; }

    public IReadOnlyList<string> Techniques { get; init; } = [];

    /// <summary>Entities in the form of <c>SecurityAlert.Entities</c>.</summary>
    public JsonElement? Entities { get; init; }

    public IReadOnlyDictionary<string, string> ExtendedProperties { get; init; } = new Dictionary<string, string>();
}
