using System.Text.Json.Serialization;

namespace Bartizan.Response.Playbooks;

/// <summary>A workflow definition under a name.</summary>
/// <param name="Definition">As it was sent.</param>
public sealed record Playbook(string Name, string Definition, bool IsEnabled, DateTimeOffset Created, DateTimeOffset LastModified);

/// <summary>One run of a playbook: what became of each action, kept as it happens.</summary>
public sealed record PlaybookRun
{
    public required Guid Id { get; init; }

    public required string Playbook { get; init; }

    /// <summary>What set it off; what it was started on is named by one of the ids below.</summary>
    public PlaybookTrigger Trigger { get; init; }

    public Guid? IncidentId { get; init; }

    public Guid? AlertId { get; init; }

    public Guid? EntityId { get; init; }

    /// <summary>Who started it: a person, or an automation rule.</summary>
    public required string StartedBy { get; init; }

    public required DateTimeOffset Started { get; init; }

    public DateTimeOffset? Ended { get; init; }

    public StepStatus Status { get; init; } = StepStatus.Running;

    public string? Error { get; init; }

    public IReadOnlyList<StepRun> Steps { get; init; } = [];
}

/// <summary>One action of a run. An action in a loop has an entry for each round.</summary>
/// <param name="Outputs">As JSON, cut where it is long.</param>
public sealed record StepRun(string Name, StepStatus Status, DateTimeOffset Started, DateTimeOffset Ended, string? Error, string? Outputs);

[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Playbook))]
[JsonSerializable(typeof(PlaybookRun))]
internal sealed partial class PlaybookJson : JsonSerializerContext;
