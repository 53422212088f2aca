using System.Text.Json.Serialization;
using Bartizan.Store.Records;

namespace Bartizan.Connectors.Azure;

/// <summary>How this server reaches the resource manager of a cloud: where it is, and who to be there.</summary>
/// <param name="Endpoint">The resource manager, such as https://management.azure.com.</param>
/// <param name="Authority">Who gives tokens, such as https://login.microsoftonline.com.</param>
/// <param name="SealedSecret">The client's secret, sealed.</param>
/// <param name="Subscriptions">Ids of the subscriptions that are reached through it.</param>
public sealed record AzureConnection(
    string Name, string Endpoint, string Authority, string TenantId, string ClientId, string SealedSecret, IReadOnlyList<string> Subscriptions)
{
    internal static RecordKind<AzureConnection> Kind { get; } = new("azureConnections", AzureConnectionJson.Default.AzureConnection) { AuditsValues = false };
}

/// <summary>Seals secrets that must be kept and used again.</summary>
public interface ISecretSeal
{
    string Seal(string secret);

    /// <exception cref="System.Security.Cryptography.CryptographicException">It was not sealed by this installation.</exception>
    string Open(string sealedSecret);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AzureConnection))]
internal sealed partial class AzureConnectionJson : JsonSerializerContext;
