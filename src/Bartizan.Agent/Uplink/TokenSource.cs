using System.Text.Json;

namespace Bartizan.Agent.Uplink;

/// <summary>Bearer tokens of the server's own issuer, asked for when there is none or it runs out.</summary>
internal sealed class TokenSource(HttpClient http, Credential credential, TimeProvider time)
{
    private static readonly TimeSpan margin = TimeSpan.FromMinutes(2);

    private string? token;
    private DateTimeOffset ends;

    /// <exception cref="HttpRequestException">The server does not answer, or refuses the credential.</exception>
    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        if (token is not null && time.GetUtcNow() < ends - margin)
        {
            return token;
        }

        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = credential.ClientId,
            ["client_secret"] = credential.Secret,
            ["scope"] = http.BaseAddress!.GetLeftPart(UriPartial.Authority) + "/.default",
        });
        using var answer = await http.PostAsync(new Uri("/adfs/oauth2/token", UriKind.Relative), form, cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"the sign-in was refused ({(int)answer.StatusCode})", null, answer.StatusCode);
        }

        using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        token = body.RootElement.GetProperty("access_token").GetString()!;
        ends = time.GetUtcNow().AddSeconds(body.RootElement.TryGetProperty("expires_in", out var life) ? life.GetInt32() : 3600);
        return token;
    }

    /// <summary>The server did not take the token: the next call asks for another.</summary>
    public void Forget() => token = null;
}
