using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Store.Records;

namespace Bartizan.Connectors.Azure;

/// <summary>Keeps the connections, and finds the one that leads to a resource.</summary>
public sealed class AzureConnections(RecordStore store, ISecretSeal seal)
{
    private const int MaxText = 2048;

    private readonly RecordSet<AzureConnection> records = store.Open(AzureConnection.Kind);

    /// <param name="secret">Null keeps the one that is known.</param>
    public async Task<Outcome<Record<AzureConnection>>> PutAsync(AzureConnection connection, string? secret, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var known = await records.FindAsync(connection.Name, cancellationToken).ConfigureAwait(false);
        if (secret is null && known is null)
        {
            return Wrong("clientSecret", "A new connection needs the secret of its client.");
        }

        if (CheckAddress(connection.Endpoint, "endpoint") is { } endpoint)
        {
            return endpoint;
        }

        if (CheckAddress(connection.Authority, "authority") is { } authority)
        {
            return authority;
        }

        if (connection.TenantId is not { Length: > 0 and < MaxText } || connection.ClientId is not { Length: > 0 and < MaxText })
        {
            return Wrong("tenantId", "A connection says which tenant (tenantId) and which client (clientId) it signs in as.");
        }

        if (connection.Subscriptions.FirstOrDefault(s => !Guid.TryParse(s, out _)) is { } odd)
        {
            return Wrong("subscriptions", $"'{odd}' is no id of a subscription.");
        }

        // A secret is given to the place that it was meant for: a new address needs it anew.
        if (secret is null && !(Same(known!.Value.Authority, connection.Authority) && known.Value.TenantId == connection.TenantId))
        {
            return Wrong("clientSecret", "Where the authority or the tenant changes, the secret has to be given again.");
        }

        return await records.PutAsync(
            connection.Name, connection with { SealedSecret = secret is null ? known!.Value.SealedSecret : seal.Seal(secret) }, null, author, cancellationToken).ConfigureAwait(false);
    }

    public Task<Record<AzureConnection>?> FindAsync(string name, CancellationToken cancellationToken) => records.FindAsync(name, cancellationToken);

    public Task<Outcome<bool>> DeleteAsync(string name, string author, CancellationToken cancellationToken) => records.DeleteAsync(name, null, author, cancellationToken);

    public IAsyncEnumerable<Record<AzureConnection>> EnumerateAsync(CancellationToken cancellationToken) => records.EnumerateAsync(RecordQuery.All, cancellationToken);

    /// <summary>The connection whose subscriptions hold the resource; null when none does.</summary>
    public async Task<AzureConnection?> ForAsync(ResourceId resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        await foreach (var record in EnumerateAsync(cancellationToken).ConfigureAwait(false))
        {
            if (resource.SubscriptionId is { } id && record.Value.Subscriptions.Contains(id, StringComparer.OrdinalIgnoreCase))
            {
                return record.Value;
            }
        }

        return null;
    }

    private static bool Same(string left, string right) => left.TrimEnd('/').Equals(right.TrimEnd('/'), StringComparison.OrdinalIgnoreCase);

    /// <summary>Secrets and tokens travel encrypted, or not beyond this machine.</summary>
    private static Problem? CheckAddress(string text, string target) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)) && uri.UserInfo.Length == 0 && uri.Query.Length == 0
            ? null
            : Wrong(target, $"'{text}' is no https address.");

    private static Problem Wrong(string target, string message) => new(ProblemKind.Invalid, "InvalidConnection", message, $"properties.{target}");
}
