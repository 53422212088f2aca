namespace Bartizan.Wire.Detection;

/// <summary><c>Microsoft.SecurityInsights/threatIntelligence/main/indicators</c>.</summary>
public sealed record IndicatorProperties
{
    public string? Source { get; init; }

    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    public string? Pattern { get; init; }

    public string? PatternType { get; init; }

    public IReadOnlyList<ParsedPattern>? ParsedPattern { get; init; }

    public IReadOnlyList<string>? ThreatTypes { get; init; }

    public IReadOnlyList<string>? ThreatIntelligenceTags { get; init; }

    public IReadOnlyList<string>? Labels { get; init; }

    public IReadOnlyList<KillChainPhaseEntry>? KillChainPhases { get; init; }

    public int? Confidence { get; init; }

    public bool? Revoked { get; init; }

    public DateTimeOffset? ValidFrom { get; init; }

    public DateTimeOffset? ValidUntil { get; init; }

    public string? ExternalId { get; init; }

    public string? CreatedByRef { get; init; }

    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? Modified { get; init; }

    public DateTimeOffset? LastUpdatedTimeUtc { get; init; }
}

public sealed record ParsedPattern(string PatternTypeKey, IReadOnlyList<ParsedPatternValue> PatternTypeValues);

public sealed record ParsedPatternValue(string ValueType, string Value);

public sealed record KillChainPhaseEntry(string KillChainName, string PhaseName);

/// <summary>The body of <c>queryIndicators</c>.</summary>
public sealed record IndicatorQuery
{
    public int? PageSize { get; init; }

    public int? MinConfidence { get; init; }

    public int? MaxConfidence { get; init; }

    public DateTimeOffset? MinValidUntil { get; init; }

    public DateTimeOffset? MaxValidUntil { get; init; }

    public bool? IncludeDisabled { get; init; }

    public IReadOnlyList<IndicatorOrder>? SortBy { get; init; }

    public IReadOnlyList<string>? Sources { get; init; }

    public IReadOnlyList<string>? PatternTypes { get; init; }

    public IReadOnlyList<string>? ThreatTypes { get; init; }

    public IReadOnlyList<string>? Ids { get; init; }

    public IReadOnlyList<string>? Keywords { get; init; }

    public string? SkipToken { get; init; }
}

public sealed record IndicatorOrder(string? ItemKey, string? SortOrder);

/// <summary>A file of indicators, as text.</summary>
/// <param name="Format"><c>stix</c> or <c>csv</c>.</param>
public sealed record IndicatorImportRequest(string? Source, string? Format, string? Content);

/// <summary>What became of an import.</summary>
public sealed record IndicatorImportReceipt(int Read, int Written, int Skipped, IReadOnlyList<string> Problems);
