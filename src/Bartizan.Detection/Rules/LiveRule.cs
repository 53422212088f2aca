using System.Text.Json.Serialization;
using Bartizan.Content.Rules;

namespace Bartizan.Detection.Rules;

/// <summary>A rule of this workspace: what it is, since when, and why it does not run, if it does not.</summary>
public sealed record LiveRule
{
    public const string DisabledPrefix = "AUTO DISABLED ";

    public required RuleDefinition Definition { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset LastModified { get; init; }

    /// <summary>Why the scheduler switched it off; null when it did not.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>Hash of the template it was made from, unchanged; null once somebody edited it. Unedited rules follow their template.</summary>
    public string? TemplateHash { get; init; }
}

/// <summary>How a rule fares: kept beside the rule, so that running does not change the rule's etag.</summary>
public sealed record RuleState
{
    public required Guid RuleId { get; init; }

    /// <summary>The last slot done with: run, suppressed or given up.</summary>
    public DateTimeOffset? LastSlot { get; init; }

    /// <summary>The commits of the last minutes that a near-real-time rule has looked at, by the moment they were taken in.</summary>
    public IReadOnlyList<DateTimeOffset> Seen { get; init; } = [];

    /// <summary>The last slot that raised an alert.</summary>
    public DateTimeOffset? LastFired { get; init; }

    public DateTimeOffset? LastRun { get; init; }

    public bool LastRunFailed { get; init; }

    public string? LastMessage { get; init; }

    /// <summary>Permanent failures of one kind in a row.</summary>
    public int Failures { get; init; }

    public string? FailureCode { get; init; }

    /// <summary>Tries of the present slot that failed for a passing reason.</summary>
    public int Tries { get; init; }

    public DateTimeOffset? NextTry { get; init; }
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LiveRule))]
[JsonSerializable(typeof(RuleState))]
internal sealed partial class RuleJson : JsonSerializerContext;
