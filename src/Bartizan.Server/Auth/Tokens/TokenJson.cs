using System.Text.Json.Serialization;

namespace Bartizan.Server.Auth.Tokens;

/// <summary>A refusal of the issuer, as OAuth writes it.</summary>
internal sealed record TokenRefusal(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string Description,
    [property: JsonPropertyName("error_codes")] IReadOnlyList<int>? Codes = null);

/// <summary>OpenID Connect discovery.</summary>
internal sealed record Discovery
{
    [JsonPropertyName("issuer")]
    public required string Issuer { get; init; }

    [JsonPropertyName("authorization_endpoint")]
    public required string Authorization { get; init; }

    [JsonPropertyName("token_endpoint")]
    public required string Token { get; init; }

    [JsonPropertyName("device_authorization_endpoint")]
    public required string DeviceAuthorization { get; init; }

    [JsonPropertyName("end_session_endpoint")]
    public required string EndSession { get; init; }

    [JsonPropertyName("jwks_uri")]
    public required string Keys { get; init; }

    [JsonPropertyName("response_types_supported")]
    public IReadOnlyList<string> ResponseTypes { get; } = ["code"];

    [JsonPropertyName("response_modes_supported")]
    public IReadOnlyList<string> ResponseModes { get; } = ["query", "form_post"];

    [JsonPropertyName("grant_types_supported")]
    public IReadOnlyList<string> GrantTypes { get; } = ["authorization_code", "client_credentials", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"];

    [JsonPropertyName("subject_types_supported")]
    public IReadOnlyList<string> SubjectTypes { get; } = ["public"];

    [JsonPropertyName("scopes_supported")]
    public IReadOnlyList<string> Scopes { get; } = ["openid", "profile", "offline_access"];

    [JsonPropertyName("code_challenge_methods_supported")]
    public IReadOnlyList<string> CodeChallenges { get; } = ["S256"];

    [JsonPropertyName("id_token_signing_alg_values_supported")]
    public IReadOnlyList<string> Algorithms { get; } = ["RS256"];

    [JsonPropertyName("token_endpoint_auth_methods_supported")]
    public IReadOnlyList<string> ClientAuthentication { get; } = ["client_secret_post", "client_secret_basic"];
}

[JsonSerializable(typeof(TokenRefusal))]
[JsonSerializable(typeof(Discovery))]
internal sealed partial class TokenJson : JsonSerializerContext;
