using System.Text.Json.Serialization;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Anomalies;

/// <summary>Whether what is found counts, or is only being tried.</summary>
public enum AnomalyStatus
{
    Production,
    Flighting,
}

/// <summary>An anomaly rule: a definition as it came, or a copy with other parameters.</summary>
public sealed record AnomalySetting
{
    public required Guid Id { get; init; }

    public required Guid DefinitionId { get; init; }

    public required string Name { get; init; }

    public bool IsEnabled { get; init; } = true;

    public AnomalyStatus Status { get; init; }

    /// <summary>Parameters that differ from the definition's.</summary>
    public IReadOnlyDictionary<string, double> Parameters { get; init; } = new Dictionary<string, double>();

    /// <summary>Grows with every change.</summary>
    public int Version { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Whether it is the one that came with its definition.</summary>
    [JsonIgnore]
    public bool IsDefault => Id == DefinitionId;

    internal static RecordKind<AnomalySetting> Kind { get; } = new(
        "anomalySettings", AnomalyJson.Default.AnomalySetting, RecordField.Text<AnomalySetting>("name", s => s.Name));
}

/// <summary>Up to when an anomaly rule has looked, and how the last look went.</summary>
public sealed record AnomalyState(Guid SettingId, DateTimeOffset LastSlot, long Found, string? Problem)
{
    internal static RecordKind<AnomalyState> Kind { get; } = new("anomalyStates", AnomalyJson.Default.AnomalyState) { AuditsValues = false };
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AnomalySetting))]
[JsonSerializable(typeof(AnomalyState))]
internal sealed partial class AnomalyJson : JsonSerializerContext;
