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
    string Status, DateTimeOffset StartTime, DateTimeOffset? EndTime, string? Error, string IncidentId, string StartedBy, IReadOnlyList<PlaybookStep> Steps);

public sealed record PlaybookStep(string Name, string Status, DateTimeOffset StartTime, DateTimeOffset EndTime, string? Error, string? Outputs);
