using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Wire.Client;

/// <summary>How a command line signs in: as a program by its secret, or as a person by the token that a sign-in left.</summary>
/// <param name="AuthorityFile">The certificate authority to trust for this server, in PEM; null for those that the machine trusts.</param>
public sealed record ServerLogin(string Url, string TenantId, string ClientId, string? ClientSecret, string? RefreshToken, string? AuthorityFile);

/// <summary>What a server says when a person is to sign in elsewhere: where, and with which code.</summary>
public sealed record DeviceSignIn(string Message, string UserCode, Uri Address);

/// <summary>A connection that signs in by itself and renews its token in time.</summary>
public sealed class ServerConnection : IDisposable
{
    private const string OwnClient = "bartizan-cli";

    private readonly HttpClient http;
    private readonly TokenHandler tokens;

    private ServerConnection(ServerLogin login, SocketsHttpHandler sockets)
    {
        tokens = new TokenHandler(login, sockets, TimeProvider.System);
        http = new HttpClient(tokens) { BaseAddress = new Uri(login.Url), Timeout = Timeout.InfiniteTimeSpan };
        Client = new BartizanClient(http);
    }

    public BartizanClient Client { get; }

    /// <summary>The login as it now is: a person's changes with every renewal.</summary>
    public ServerLogin Login => tokens.Login;

    /// <summary>The server that runs over a data folder on this machine, with its local administrator.</summary>
    public static Outcome<ServerConnection> ToFolder(string folder)
    {
        var file = Path.Combine(folder, LocalConnection.FileName);
        try
        {
            if (!Directory.Exists(folder))
            {
                return new Problem(ProblemKind.NotFound, "DataFolderNotFound", $"There is no folder '{folder}'; give the server's data folder with --data, or its address with --server.", "--data");
            }

            if (!File.Exists(file))
            {
                return new Problem(
                    ProblemKind.Unavailable, "ServerNotRunning", $"No server is running over '{folder}' ({LocalConnection.FileName} is not there); start it with: ./run --data {folder}", "--data");
            }

            var local = JsonSerializer.Deserialize<LocalConnection>(File.ReadAllBytes(file), BartizanClient.Json)!;
            return To(new ServerLogin(local.Url, local.TenantId, local.ClientId, local.ClientSecret, null, local.AuthorityFile));
        }
        catch (UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Forbidden, "NotYourFolder", $"'{file}' may be read by the server's user alone; run this as that user, or sign in with: bartizan login --server URL", "--data");
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return new Problem(ProblemKind.Unavailable, "LocalCredentialDamaged", $"'{file}' cannot be read ({e.Message.TrimEnd('.')}); start the server again to have it written anew.", "--data");
        }
    }

    public static Outcome<ServerConnection> To(ServerLogin login)
    {
        ArgumentNullException.ThrowIfNull(login);
        if (!Uri.TryCreate(login.Url, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps)
        {
            return new Problem(ProblemKind.Invalid, "InvalidServer", $"'{login.Url}' is not the address of a server; it reads https://HOST:PORT.", "--server");
        }

        return Sockets(login.AuthorityFile).Then<ServerConnection>(sockets => new ServerConnection(login, sockets));
    }

    /// <summary>Signs a person in by a code that they enter in a browser; <paramref name="show"/> tells them.</summary>
    public static async Task<Outcome<ServerLogin>> SignInAsync(string url, string? authorityFile, Action<DeviceSignIn> show, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(show);
        ArgumentNullException.ThrowIfNull(time);
        if (!Sockets(authorityFile).TryGetValue(out var sockets, out var problem))
        {
            return problem;
        }

        using var http = new HttpClient(sockets) { BaseAddress = new Uri(url) };
        try
        {
            var scope = $"{url.TrimEnd('/')}/.default offline_access openid profile";
            var asked = await PostAsync(http, "adfs/oauth2/devicecode", cancellationToken, ("client_id", OwnClient), ("scope", scope)).ConfigureAwait(false);
            if (asked.Problem is { } refused)
            {
                return refused;
            }

            var device = asked.Value;
            var address = new Uri(device.GetProperty("verification_uri").GetString()!);
            show(new DeviceSignIn(device.GetProperty("message").GetString()!, device.GetProperty("user_code").GetString()!, address));
            var wait = TimeSpan.FromSeconds(device.TryGetProperty("interval", out var interval) ? interval.GetInt32() : 5);
            while (true)
            {
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
                var answer = await PostAsync(
                    http, "adfs/oauth2/token", cancellationToken, ("client_id", OwnClient), ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                    ("device_code", device.GetProperty("device_code").GetString()!)).ConfigureAwait(false);
                if (answer.IsSuccess)
                {
                    return new ServerLogin(url, "adfs", OwnClient, null, answer.Value.GetProperty("refresh_token").GetString(), authorityFile);
                }

                if (answer.Problem.Code == "slow_down")
                {
                    wait += TimeSpan.FromSeconds(5);
                }
                else if (answer.Problem.Code != "authorization_pending")
                {
                    return answer.Problem;
                }
            }
        }
        catch (HttpRequestException e)
        {
            return TokenHandler.Unreachable(http.BaseAddress, e);
        }
    }

    public void Dispose() => http.Dispose();

    private static Outcome<SocketsHttpHandler> Sockets(string? authorityFile)
    {
        var sockets = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(10), UseCookies = false, Expect100ContinueTimeout = TimeSpan.FromSeconds(1) };
        if (authorityFile is null)
        {
            return sockets;
        }

        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(authorityFile);
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            sockets.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
            return sockets;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            sockets.Dispose();
            return new Problem(ProblemKind.Invalid, "InvalidAuthority", $"The certificate '{authorityFile}' cannot be read ({e.Message.TrimEnd('.')}).", "--ca-file");
        }
    }

    internal static async Task<Outcome<JsonElement>> PostAsync(HttpClient http, string path, CancellationToken cancellationToken, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content, cancellationToken).ConfigureAwait(false);
        return await TokenHandler.ReadAsync(response, cancellationToken).ConfigureAwait(false);
    }
}
