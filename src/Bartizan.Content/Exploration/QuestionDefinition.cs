using Bartizan.Foundation.Entities;

namespace Bartizan.Content.Exploration;

/// <summary>
/// A question that can be asked of an entity while an incident is investigated: a KQL query over the entity's fields whose
/// columns (<c>Host_HostName</c>, <c>IP_Aux_Count</c>) become the next entities.
/// </summary>
public sealed record QuestionDefinition
{
    public required Guid Id { get; init; }

    public required string DisplayName { get; init; }

    public string Description { get; init; } = "";

    public required EntityKind InputEntity { get; init; }

    /// <summary>Alternatives, each a set of fields that must all be known.</summary>
    public IReadOnlyList<IReadOnlyList<string>> InputFields { get; init; } = [];

    public IReadOnlyList<EntityKind> OutputEntities { get; init; } = [];

    public TimeSpan PeriodBefore { get; init; } = TimeSpan.FromDays(1);

    public TimeSpan PeriodAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Tables the query reads.</summary>
    public IReadOnlyList<string> DataSources { get; init; } = [];

    public IReadOnlyList<string> Tactics { get; init; } = [];

    /// <summary>KQL with tokens such as <c>&lt;HostName&gt;</c> inside text literals.</summary>
    public required string Query { get; init; }
}
