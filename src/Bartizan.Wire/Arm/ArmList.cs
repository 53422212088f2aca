using System.Text.Json.Serialization;

namespace Bartizan.Wire.Arm;

/// <summary>One page of a list; <see cref="NextLink"/> is absent on the last.</summary>
public sealed record ArmList<T>
{
    public required IReadOnlyList<T> Value { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NextLink { get; init; }

    /// <summary>How many there are in all, where the request asked for it with <c>$count=true</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Count { get; init; }
}
