using System.Text.Json.Serialization;

namespace Bartizan.Detection.ThreatIntelligence;

/// <summary>What somebody knows to be bad: a STIX pattern, for how long, and how sure.</summary>
public sealed record Indicator
{
    public required Guid Id { get; init; }

    /// <summary>The id at its source: <c>indicator--…</c> in STIX.</summary>
    public required string ExternalId { get; init; }

    public string DisplayName { get; init; } = "";

    public string Description { get; init; } = "";

    public string Source { get; init; } = "";

    public required string Pattern { get; init; }

    public string PatternType { get; init; } = "stix";

    /// <summary>The values of the pattern that events are compared with.</summary>
    public IReadOnlyList<Observable> Observables { get; init; } = [];

    public IReadOnlyList<string> ThreatTypes { get; init; } = [];

    public IReadOnlyList<string> Labels { get; init; } = [];

    public IReadOnlyList<KillChainPhase> KillChainPhases { get; init; } = [];

    public int? Confidence { get; init; }

    public bool IsRevoked { get; init; }

    public DateTimeOffset ValidFrom { get; init; }

    public DateTimeOffset? ValidUntil { get; init; }

    public string CreatedBy { get; init; } = "";

    /// <summary>When its source made and last changed it.</summary>
    public DateTimeOffset Created { get; init; }

    public DateTimeOffset Modified { get; init; }

    /// <summary>When it was last written here.</summary>
    public DateTimeOffset LastUpdated { get; init; }

    public bool IsActiveAt(DateTimeOffset time) => !IsRevoked && ValidFrom <= time && (ValidUntil is not { } until || until > time);
}

/// <summary>One comparison of a pattern: <c>ipv4-addr:value</c> and the value.</summary>
public sealed record Observable(string Key, string Value);

public sealed record KillChainPhase(string KillChainName, string PhaseName);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Indicator))]
internal sealed partial class IndicatorJson : JsonSerializerContext;
