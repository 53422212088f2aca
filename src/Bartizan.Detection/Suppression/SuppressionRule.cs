using System.Text.Json.Serialization;

namespace Bartizan.Detection.Suppression;

public enum SuppressionState
{
    Enabled,
    Disabled,
    Expired,
}

/// <summary>Alerts that are dismissed as they are raised: of one type or of any, whose entities meet every element of the scope.</summary>
public sealed record SuppressionRule
{
    /// <summary>As an alert type, any.</summary>
    public const string AnyType = "*";

    public required string Name { get; init; }

    public required string AlertType { get; init; }

    public required string Reason { get; init; }

    public string? Comment { get; init; }

    public SuppressionState State { get; init; }

    public DateTimeOffset? Expiration { get; init; }

    public DateTimeOffset LastModified { get; init; }

    /// <summary>All must be met; none means that the type alone decides.</summary>
    public IReadOnlyList<ScopeElement> AllOf { get; init; } = [];

    /// <summary>A rule past its expiry is <see cref="SuppressionState.Expired"/>, whatever was written.</summary>
    public SuppressionState StateAt(DateTimeOffset time) => Expiration is { } end && end <= time ? SuppressionState.Expired : State;
}

/// <summary>A property of an entity, <c>entities.ip.address</c>, and the values it may have (<c>in</c>) or a part of it (<c>contains</c>); case does not matter.</summary>
public sealed record ScopeElement(string Field, IReadOnlyList<string> In, string? Contains);

[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SuppressionRule))]
internal sealed partial class SuppressionJson : JsonSerializerContext;
