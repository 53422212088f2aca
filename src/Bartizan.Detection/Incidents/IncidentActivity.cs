using System.Text.Json.Serialization;

namespace Bartizan.Detection.Incidents;

/// <summary>One entry of an incident's activity log: who did what, and each field's change.</summary>
public sealed record IncidentActivity
{
    public required Guid IncidentId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required Actor Actor { get; init; }

    /// <summary><c>created</c>, <c>changed</c>, <c>alertAdded</c>, <c>alertRemoved</c>, <c>reopened</c>, <c>commentAdded</c>, <c>commentChanged</c>, <c>commentDeleted</c> …</summary>
    public required string Action { get; init; }

    public IReadOnlyList<FieldChange> Changes { get; init; } = [];

    public string Note { get; init; } = "";
}

/// <summary>What somebody wrote about an incident. Only its author may change it.</summary>
public sealed record IncidentComment
{
    public const int MaxLength = 30_000;
    public const int MaxPerIncident = 100;

    public required Guid Id { get; init; }

    public required Guid IncidentId { get; init; }

    public required string Message { get; init; }

    public required Actor Author { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset LastModified { get; init; }
}

/// <summary>Announced after an incident was written.</summary>
public sealed record IncidentChanged(Guid Id, int Number, bool IsNew, bool IsDeleted);

[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Incident))]
[JsonSerializable(typeof(IncidentActivity))]
[JsonSerializable(typeof(IncidentComment))]
[JsonSerializable(typeof(IncidentTask))]
internal sealed partial class IncidentJson : JsonSerializerContext;
