using Bartizan.Wire.Detection;

namespace Bartizan.Wire.Investigation;

/// <summary><c>Microsoft.SecurityInsights/entityQueries</c> of kind Expansion.</summary>
public sealed record EntityQueryProperties(
    string DisplayName, string InputEntityType, IReadOnlyList<string> InputFields, IReadOnlyList<string> OutputEntityTypes, IReadOnlyList<string> DataSources, string QueryTemplate);

/// <summary>The answer of <c>POST …/entities/{id}/expand</c>.</summary>
public sealed record EntityExpansion(EntityExpansionValue Value, EntityExpansionSummary MetaData);

public sealed record EntityExpansionValue(IReadOnlyList<EntityDocument> Entities, IReadOnlyList<EntityEdge> Edges);

public sealed record EntityEdge(string TargetEntityId, IReadOnlyDictionary<string, string> AdditionalData);

public sealed record EntityExpansionSummary(IReadOnlyList<EntityAggregation> Aggregations);

public sealed record EntityAggregation(string EntityKind, int Count, string? AggregationType, string? DisplayName);
