using System.Text.Json.Serialization;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Incidents;

/// <summary>How two incidents hang together.</summary>
public enum IncidentLinkKind
{
    Related,
    DuplicateOf,
    CausedBy,
    ParentOf,
}

/// <summary>A link as one of the two incidents has it; the other has its counterpart.</summary>
/// <param name="IsFrom">Whether this incident is the one that the kind is said of.</param>
public sealed record IncidentLink(Guid Other, IncidentLinkKind Kind, bool IsFrom);

public enum IncidentOperationKind
{
    Merge,
    Split,
}

/// <summary>A merge or a split, with all that is needed to undo it.</summary>
public sealed record IncidentOperation
{
    public required Guid Id { get; init; }

    public IncidentOperationKind Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    public required Actor Actor { get; init; }

    /// <summary>The incident that alerts went to.</summary>
    public required Guid Target { get; init; }

    /// <summary>The incidents that they came from, as they stood before.</summary>
    public IReadOnlyList<IncidentBefore> Sources { get; init; } = [];

    /// <summary>The alerts that the target did not have before.</summary>
    public IReadOnlyList<Guid> Alerts { get; init; } = [];

    public string Reason { get; init; } = "";

    public DateTimeOffset? Undone { get; init; }

    internal static RecordKind<IncidentOperation> RecordKind { get; } = new(
        "incidentOperations", IncidentOperationJson.Default.IncidentOperation,
        RecordField.Texts<IncidentOperation>("incident", o => o.Sources.Select(s => s.Id).Append(o.Target).Select(i => i.ToString("D"))),
        RecordField.Time<IncidentOperation>("at", o => o.At));
}

/// <summary>What an operation changed of an incident, as it was.</summary>
public sealed record IncidentBefore(Guid Id, IncidentStatus Status, Classification? Classification, ClassificationReason? Reason, string Comment);

[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IncidentOperation))]
internal sealed partial class IncidentOperationJson : JsonSerializerContext;
