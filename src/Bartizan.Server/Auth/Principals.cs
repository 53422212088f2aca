using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Bartizan.Server.Auth;

/// <summary>A program's identity.</summary>
internal sealed record ServicePrincipal(string ObjectId, string AppId, string Name, bool IsLocalAdministrator)
{
    public static RecordKind<ServicePrincipal> Kind { get; } = new(
        "servicePrincipal", PrincipalJson.Default.ServicePrincipal, RecordField.Text<ServicePrincipal>("name", p => p.Name), RecordField.Text<ServicePrincipal>("appId", p => p.AppId));
}

/// <summary>A service principal as it was just made or given a new secret; the secret is never shown again.</summary>
internal sealed record ServicePrincipalSecret(ServicePrincipal Principal, string Secret);

/// <summary>The programs that may sign in, and who a signed-in one is.</summary>
internal sealed class Principals(RecordStore store, RoleAssignments roles, IServiceScopeFactory scopes, TimeProvider time)
{
    private readonly RecordSet<ServicePrincipal> records = store.Open(ServicePrincipal.Kind);
    private readonly ConcurrentDictionary<string, ServicePrincipal> byObject = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<ServicePrincipal> All => [.. byObject.Values];

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await foreach (var record in records.EnumerateAsync(RecordQuery.All, cancellationToken).ConfigureAwait(false))
        {
            byObject[record.Value.ObjectId] = record.Value;
        }
    }

    public ServicePrincipal? FindByAppId(string appId) => byObject.Values.FirstOrDefault(p => p.AppId.Equals(appId, StringComparison.OrdinalIgnoreCase));

    /// <summary>The caller with this object id; null for a program that has been removed, whose tokens thereby end.</summary>
    public Caller? Caller(string objectId, string? name, bool isProgram) =>
        byObject.TryGetValue(objectId, out var program) ? new Caller(objectId, program.Name, isPerson: false, roles.Of(objectId))
        : isProgram ? null
        : new Caller(objectId, name ?? objectId, isPerson: true, roles.Of(objectId));

    public async Task<Outcome<ServicePrincipalSecret>> CreateAsync(string name, bool isLocalAdministrator, string author, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 120)
        {
            return new Problem(ProblemKind.Invalid, "InvalidName", "A service principal needs a name of 1 to 120 characters.", "name");
        }

        if (byObject.Values.Any(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            return new Problem(ProblemKind.Conflict, "ServicePrincipalExists", $"There is a service principal '{name}' already; choose another name, or reset that one's secret.", "name");
        }

        var now = time.GetUtcNow();
        var principal = new ServicePrincipal(Guid.CreateVersion7(now).ToString(), Guid.CreateVersion7(now).ToString(), name, isLocalAdministrator);
        var secret = NewSecret();
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>().CreateAsync(Application(principal, secret), cancellationToken).ConfigureAwait(false);
        var kept = await records.PutAsync(principal.ObjectId, principal, RecordMatch.Absent, author, cancellationToken).ConfigureAwait(false);
        if (!kept.IsSuccess)
        {
            return kept.Problem;
        }

        byObject[principal.ObjectId] = principal;
        return new ServicePrincipalSecret(principal, secret);
    }

    public async Task<Outcome<ServicePrincipalSecret>> ResetSecretAsync(string objectId, string author, CancellationToken cancellationToken)
    {
        if (!byObject.TryGetValue(objectId, out var principal))
        {
            return new Problem(ProblemKind.NotFound, "ServicePrincipalNotFound", $"There is no service principal '{objectId}'.", objectId);
        }

        var secret = NewSecret();
        await using var scope = scopes.CreateAsyncScope();
        var applications = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        if (await applications.FindByClientIdAsync(principal.AppId, cancellationToken).ConfigureAwait(false) is { } application)
        {
            await applications.UpdateAsync(application, secret, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await applications.CreateAsync(Application(principal, secret), cancellationToken).ConfigureAwait(false);
        }

        await store.Audit.AppendAsync(author, "servicePrincipals/resetSecret", "servicePrincipal", objectId, "", cancellationToken).ConfigureAwait(false);
        return new ServicePrincipalSecret(principal, secret);
    }

    public async Task<Outcome<bool>> DeleteAsync(string objectId, string author, CancellationToken cancellationToken)
    {
        if (!byObject.TryGetValue(objectId, out var principal))
        {
            return false;
        }

        if (principal.IsLocalAdministrator)
        {
            return new Problem(ProblemKind.Conflict, "LocalAdministrator", "The local administrator belongs to the data folder and cannot be removed.", objectId);
        }

        await using var scope = scopes.CreateAsyncScope();
        var applications = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        if (await applications.FindByClientIdAsync(principal.AppId, cancellationToken).ConfigureAwait(false) is { } application)
        {
            await applications.DeleteAsync(application, cancellationToken).ConfigureAwait(false);
        }

        foreach (var assignment in roles.All.Where(a => a.Value.PrincipalId.Equals(objectId, StringComparison.OrdinalIgnoreCase)))
        {
            await roles.DeleteAsync(assignment.Id, author, cancellationToken).ConfigureAwait(false);
        }

        var outcome = await records.DeleteAsync(objectId, null, author, cancellationToken).ConfigureAwait(false);
        byObject.TryRemove(objectId, out _);
        return outcome;
    }

    private static string NewSecret() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(30)).Replace('+', '-').Replace('/', '_');

    private static OpenIddictApplicationDescriptor Application(ServicePrincipal principal, string secret) => new()
    {
        ClientId = principal.AppId,
        ClientSecret = secret,
        ClientType = ClientTypes.Confidential,
        DisplayName = principal.Name,
        Permissions = { Permissions.Endpoints.Token, Permissions.GrantTypes.ClientCredentials },
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ServicePrincipal))]
internal sealed partial class PrincipalJson : JsonSerializerContext;
