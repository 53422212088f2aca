using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;
using Microsoft.AspNetCore.DataProtection;

namespace Bartizan.Server.Auth;

/// <summary>The workspace's two keys for shippers, sealed where they are kept.</summary>
internal sealed record SharedKeyPair(string Primary, string Secondary)
{
    public static RecordKind<SharedKeyPair> Kind { get; } = new("sharedKeys", SharedKeyJson.Default.SharedKeyPair) { AuditsValues = false };
}

/// <summary>
/// Checks <c>Authorization: SharedKey {workspace}:{signature}</c>: an HMAC of method, length, type, date and path with one of the workspace's keys.
/// </summary>
internal sealed class SharedKeys(RecordStore store, IDataProtectionProvider protection, Home home, TimeProvider time) : IDisposable
{
    /// <summary>As in the original: an older date is refused, so that a recorded request cannot be sent again later.</summary>
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(15);

    private readonly RecordSet<SharedKeyPair> records = store.Open(SharedKeyPair.Kind);
    private readonly IDataProtector seal = protection.CreateProtector("Bartizan.SharedKeys.v1");
    private readonly SemaphoreSlim turn = new(1, 1);
    private SharedKeyPair? known;

    public async Task<SharedKeyPair> ReadAsync(CancellationToken cancellationToken)
    {
        if (known is { } keys)
        {
            return keys;
        }

        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var kept = await records.FindAsync(home.WorkspaceId.ToString(), cancellationToken).ConfigureAwait(false);
            return known = kept is null
                ? await WriteAsync(new SharedKeyPair(Fresh(), Fresh()), "server", cancellationToken).ConfigureAwait(false)
                : new SharedKeyPair(seal.Unprotect(kept.Value.Primary), seal.Unprotect(kept.Value.Secondary));
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Makes a new first key; the one before it becomes the second, so that shippers can be moved over.</summary>
    public async Task<SharedKeyPair> RenewAsync(string author, CancellationToken cancellationToken)
    {
        var before = await ReadAsync(cancellationToken).ConfigureAwait(false);
        return known = await WriteAsync(new SharedKeyPair(Fresh(), before.Primary), author, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Null when the request is signed with one of the keys, else why it is refused.</summary>
    public async Task<Problem?> RefusalAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        const string scheme = "SharedKey ";
        var header = request.Headers.Authorization.ToString();
        var colon = header.IndexOf(':', StringComparison.Ordinal);
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) || colon < 0)
        {
            return Refuse("MissingApiKey", "Send 'Authorization: SharedKey {workspace id}:{signature}'.");
        }

        if (!Guid.TryParse(header[scheme.Length..colon], out var workspace) || workspace != home.WorkspaceId)
        {
            return Refuse("InvalidCustomerId", "The workspace id in the Authorization header is not this workspace's.");
        }

        var date = request.Headers["x-ms-date"].ToString();
        if (!DateTimeOffset.TryParseExact(date, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) || (time.GetUtcNow() - at).Duration() > Validity)
        {
            return Refuse("InvalidAuthorization", "The header x-ms-date must be the current time in the form 'Mon, 02 Jan 2006 15:04:05 GMT', at most 15 minutes off.");
        }

        if (request.ContentLength is not { } length)
        {
            return Refuse("InvalidAuthorization", "The length of the body is part of the signature; send Content-Length.");
        }

        var text = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"POST\n{length}\n{request.ContentType}\nx-ms-date:{date}\n/api/logs"));
        var signature = new byte[header.Length];
        var isBase64 = Convert.TryFromBase64String(header[(colon + 1)..].Trim(), signature, out var size);
        var keys = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var holds = isBase64 && (Matches(keys.Primary) | Matches(keys.Secondary));
        return holds ? null : Refuse("InvalidAuthorization", "The signature is not made with this workspace's key over this request.");

        bool Matches(string key) => CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(Convert.FromBase64String(key), text), signature.AsSpan(0, size));
    }

    public void Dispose() => turn.Dispose();

    private static Problem Refuse(string code, string message) => new(ProblemKind.Forbidden, code, message);

    private static string Fresh() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));

    private async Task<SharedKeyPair> WriteAsync(SharedKeyPair keys, string author, CancellationToken cancellationToken)
    {
        var kept = new SharedKeyPair(seal.Protect(keys.Primary), seal.Protect(keys.Secondary));
        await records.PutAsync(home.WorkspaceId.ToString(), kept, null, author, cancellationToken).ConfigureAwait(false);
        return keys;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SharedKeyPair))]
internal sealed partial class SharedKeyJson : JsonSerializerContext;
