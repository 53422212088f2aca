using System.Text.Json;

namespace Bartizan.Wire.Response;

/// <summary><c>Microsoft.Logic/workflows</c>: a playbook.</summary>
public sealed record PlaybookProperties
{
    /// <summary>Enabled or Disabled.</summary>
    public string? State { get; init; }

    public JsonElement? Definition { get; init; }

    public DateTimeOffset? CreatedTime { get; init; }

    public DateTimeOffset? ChangedTime { get; init; }
}

/// <summary><c>Microsoft.Logic/workflows/runs</c>, with the steps of the run.</summary>
public sealed record PlaybookRunProperties(
    string Status, DateTimeOffset StartTime, DateTimeOffset? EndTime, string? Error, string? IncidentId, string StartedBy, IReadOnlyList<PlaybookStep> Steps)
{
    /// <summary>Incident, Alert, Entity or Request.</summary>
    public string? Trigger { get; init; }

    /// <summary>The alert or entity it was started on.</summary>
    public string? EntityId { get; init; }
}

/// <summary><c>Microsoft.Logic/workflows/runs/actions</c>.</summary>
public sealed record PlaybookActionProperties(string Status, DateTimeOffset StartTime, DateTimeOffset EndTime, PlaybookActionError? Error, string? Outputs);

public sealed record PlaybookActionError(string Code, string Message);

public sealed record PlaybookStep(string Name, string Status, DateTimeOffset StartTime, DateTimeOffset EndTime, string? Error, string? Outputs);
