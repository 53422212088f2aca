using System.Text.Json;

namespace Bartizan.Wire.Arm;

/// <summary>A resource as Azure Resource Manager writes it: an envelope around the properties of its type.</summary>
public sealed record ArmResource<T>
{
    public string? Id { get; init; }

    public string? Name { get; init; }

    public string? Type { get; init; }

    public string? Kind { get; init; }

    public string? Location { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>The managed identity of what acts on its own, as ARM writes it.</summary>
    public JsonElement? Identity { get; init; }

    /// <summary>Quoted inside the JSON; sent back with a write, it guards against overwriting another's change.</summary>
    public string? Etag { get; init; }

    public SystemData? SystemData { get; init; }

    /// <summary>Never null: a body that says so is not read.</summary>
    public required T Properties { get; init => field = value ?? throw new JsonException("'properties' is null."); }
}

/// <summary>Who made and last changed a resource.</summary>
public sealed record SystemData(
    string? CreatedBy, string? CreatedByType, DateTimeOffset? CreatedAt, string? LastModifiedBy, string? LastModifiedByType, DateTimeOffset? LastModifiedAt);
