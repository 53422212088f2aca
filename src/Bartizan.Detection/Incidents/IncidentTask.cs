namespace Bartizan.Detection.Incidents;

public enum IncidentTaskStatus
{
    New,
    Completed,
}

/// <summary>One step of the work on an incident, to be ticked off.</summary>
public sealed record IncidentTask
{
    public const int MaxPerIncident = 40;
    public const int MaxTitle = 150;
    public const int MaxDescription = 3_000;

    public required Guid Id { get; init; }

    public required Guid IncidentId { get; init; }

    public required string Title { get; init; }

    public string Description { get; init; } = "";

    public IncidentTaskStatus Status { get; init; }

    public required Actor CreatedBy { get; init; }

    public required Actor LastModifiedBy { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset LastModified { get; init; }
}
