using System.Text.Json.Serialization;

namespace Bartizan.Server.Auth.Tokens;

/// <summary>What <c>az cloud register</c> asks for, in the form of 2019 (as a list) and 2022 (alone).</summary>
internal sealed record CloudMetadata
{
    public required string Name { get; init; }

    public required string Portal { get; init; }

    public required CloudAuthentication Authentication { get; init; }

    public required string ResourceManager { get; init; }

    public required string Graph { get; init; }

    public required string Gallery { get; init; }

    public required string MicrosoftGraphResourceId { get; init; }

    public required string LogAnalyticsResourceId { get; init; }

    public IReadOnlyDictionary<string, string> Suffixes { get; init; } = new Dictionary<string, string>();
}

internal sealed record CloudAuthentication(string LoginEndpoint, IReadOnlyList<string> Audiences, string? Tenant = null, string? IdentityProvider = null);

/// <summary>The form of 2015.</summary>
internal sealed record CloudMetadataOf2015(string GalleryEndpoint, string GraphEndpoint, string PortalEndpoint, CloudAuthentication Authentication);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<CloudMetadata>))]
[JsonSerializable(typeof(CloudMetadataOf2015))]
internal sealed partial class MetadataJson : JsonSerializerContext;
