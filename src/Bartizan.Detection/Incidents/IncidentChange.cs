using Bartizan.Content.Rules;

namespace Bartizan.Detection.Incidents;

/// <summary>What to change in an incident; what is null stays. Labels replace the ones there, owner "nobody" clears it.</summary>
public sealed record IncidentChange
{
    public string? Title { get; init; }

    public string? Description { get; init; }

    public AlertSeverity? Severity { get; init; }

    public IncidentStatus? Status { get; init; }

    public Classification? Classification { get; init; }

    public ClassificationReason? ClassificationReason { get; init; }

    public string? ClassificationComment { get; init; }

    /// <summary>An owner without any name clears the assignment.</summary>
    public IncidentOwner? Owner { get; init; }

    public IReadOnlyList<IncidentLabel>? Labels { get; init; }

    /// <summary>Labels added to those there.</summary>
    public IReadOnlyList<IncidentLabel> AddLabels { get; init; } = [];

    public DateTimeOffset? FirstActivity { get; init; }

    public DateTimeOffset? LastActivity { get; init; }
}
