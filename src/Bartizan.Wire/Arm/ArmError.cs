using System.Text.Json.Serialization;

namespace Bartizan.Wire.Arm;

/// <summary>The body of every refusal: <c>{"error":{"code","message","target","details"}}</c>.</summary>
public sealed record ArmError(ArmErrorBody Error);

/// <summary>What was wrong.</summary>
public sealed record ArmErrorBody
{
    public required string Code { get; init; }

    public required string Message { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Target { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ArmErrorBody>? Details { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ArmErrorDetail>? AdditionalInfo { get; init; }
}

/// <summary>A typed addition to an error, such as the diagnostics of a query.</summary>
public sealed record ArmErrorDetail(string Type, System.Text.Json.JsonElement Info);
