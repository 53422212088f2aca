using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;

namespace Bartizan.Wire.Client;

/// <summary>Puts a token on each request, asking the server's issuer for one when there is none or it runs out.</summary>
internal sealed class TokenHandler(ServerLogin login, HttpMessageHandler inner, TimeProvider time) : DelegatingHandler(inner)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim turn = new(1, 1);
    private string? token;
    private DateTimeOffset ends;

    public ServerLogin Login { get; private set; } = login;

    public static Problem Unreachable(Uri? server, HttpRequestException e)
    {
        var isTls = e.InnerException is System.Security.Authentication.AuthenticationException;
        return isTls
            ? new Problem(ProblemKind.Unavailable, "CertificateNotTrusted", $"The certificate of {server} is not trusted; give the authority's file with --ca-file (ca.pem in the server's data folder).", "--ca-file")
            : new Problem(ProblemKind.Unavailable, "ServerUnreachable", $"The server at {server} does not answer ({e.InnerException?.Message ?? e.Message}); is it running?");
    }

    public static async Task<Outcome<JsonElement>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return body;
            }

            var code = body.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String ? error.GetString()! : response.StatusCode.ToString();
            var why = body.TryGetProperty("error_description", out var text) ? text.GetString() : null;
            return new Problem(ProblemKind.Unauthenticated, code, $"The server refused the sign-in: {why ?? code}");
        }
        catch (JsonException)
        {
            return new Problem(ProblemKind.Unavailable, "NotAServer", $"What answers at {response.RequestMessage?.RequestUri} is not a Bartizan server ({(int)response.StatusCode}).");
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Problem? problem;
        try
        {
            problem = await RenewAsync(request.RequestUri!, cancellationToken).ConfigureAwait(false);
            if (problem is null)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (HttpRequestException e)
        {
            problem = Unreachable(new Uri(Login.Url), e);
        }

        // The client reads refusals from answers; this one is made here.
        var status = problem.Kind == ProblemKind.Unauthenticated ? HttpStatusCode.Unauthorized : HttpStatusCode.ServiceUnavailable;
        var body = JsonSerializer.Serialize(new ArmError(new ArmErrorBody { Code = problem.Code, Message = problem.Message, Target = problem.Target }), BartizanClient.Json);
        return new HttpResponseMessage(status) { RequestMessage = request, Content = new StringContent(body, Encoding.UTF8, "application/json") };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            turn.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<Problem?> RenewAsync(Uri address, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (token is not null && time.GetUtcNow() < ends - Margin)
            {
                return null;
            }

            var server = address.GetLeftPart(UriPartial.Authority);
            using var request = new HttpRequestMessage(HttpMethod.Post, server + "/adfs/oauth2/token") { Content = Form(server) };
            using var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var answer = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
            if (!answer.TryGetValue(out var body, out var problem))
            {
                return problem;
            }

            token = body.GetProperty("access_token").GetString();
            ends = time.GetUtcNow().AddSeconds(body.TryGetProperty("expires_in", out var life) ? life.GetInt32() : 3600);
            if (body.TryGetProperty("refresh_token", out var refresh))
            {
                Login = Login with { RefreshToken = refresh.GetString() };
            }

            return null;
        }
        finally
        {
            turn.Release();
        }
    }

    private FormUrlEncodedContent Form(string server)
    {
        var form = new Dictionary<string, string> { ["client_id"] = Login.ClientId, ["scope"] = server + "/.default" };
        if (Login.RefreshToken is { } refresh)
        {
            form["grant_type"] = "refresh_token";
            form["refresh_token"] = refresh;
            form["scope"] += " offline_access openid profile";
        }
        else
        {
            form["grant_type"] = "client_credentials";
            form["client_secret"] = Login.ClientSecret ?? "";
        }

        return new FormUrlEncodedContent(form);
    }
}
