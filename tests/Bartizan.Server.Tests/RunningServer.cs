using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Bartizan.Server.Hosting;
using Bartizan.Wire.Client;

namespace Bartizan.Server.Tests;

/// <summary>A real server on loopback over a fresh data folder, and calls to it as its local administrator or as nobody.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    private ServerStart? start;
    private string? token;

    public string Folder { get; } = Directory.CreateTempSubdirectory("bartizan-server-").FullName;

    public HttpClient Http { get; private set; } = null!;

    public LocalConnection Local { get; private set; } = null!;

    public Uri Address => Http.BaseAddress!;

    internal ServerStart Start => start!;

    public async ValueTask InitializeAsync()
    {
        start = new ServerStart(new ServerOptions { DataFolder = Folder, Port = 0 }, TimeProvider.System);
        var problem = await start.OpenAsync(CancellationToken.None);
        Assert.True(problem is null, problem?.Message);
        Local = JsonSerializer.Deserialize<LocalConnection>(File.ReadAllBytes(Path.Combine(Folder, LocalConnection.FileName)), BartizanClient.Json)!;
        var authority = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(Local.AuthorityFile));
        var sockets = new SocketsHttpHandler { AllowAutoRedirect = false };
        sockets.SslOptions.CertificateChainPolicy = new()
        {
            TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust,
            RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck,
            CustomTrustStore = { authority },
        };
        Http = new HttpClient(sockets) { BaseAddress = new Uri(start.Address) };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await start!.App.StopAsync();
        start.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    public async Task<string> TokenAsync() => token ??= await TokenAsync(Local.ClientId, Local.ClientSecret);

    public async Task<string> TokenAsync(string clientId, string secret)
    {
        using var answer = await AskTokenAsync("/adfs/oauth2/token", clientId, secret, $"{Address}/.default");
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement.GetProperty("access_token").GetString()!;
    }

    public Task<HttpResponseMessage> AskTokenAsync(string path, string clientId, string secret, string scope) => Http.PostAsync(path, new FormUrlEncodedContent(new Dictionary<string, string>
    {
        ["grant_type"] = "client_credentials",
        ["client_id"] = clientId,
        ["client_secret"] = secret,
        ["scope"] = scope,
    }));

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content = null, string? bearer = null, bool anonymous = false, bool expectContinue = false)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.ExpectContinue = expectContinue;
        if (!anonymous)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer ?? await TokenAsync());
        }

        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var json = response.Content.Headers.ContentType?.MediaType == "application/json" && text.Length > 0 ? JsonDocument.Parse(text).RootElement : default;
        return new Answer(response.StatusCode, json, text);
    }

    public Task<Answer> GetAsync(string path, string? bearer = null) => SendAsync(HttpMethod.Get, path, null, bearer);

    public Task<Answer> PostAsync(string path, string body, string? bearer = null) => SendAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, "application/json"), bearer);

    /// <summary>A service principal with one role, and its token.</summary>
    public async Task<string> ProgramAsync(string name, string role, string scope)
    {
        var made = await PostAsync("/providers/Microsoft.Bartizan/servicePrincipals", $$"""{"name":"{{name}}","role":"{{role}}","scope":"{{scope}}"}""");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        return await TokenAsync(made.Json.GetProperty("principal").GetProperty("appId").GetString()!, made.Json.GetProperty("secret").GetString()!);
    }
}

/// <summary>What came back.</summary>
public sealed record Answer(HttpStatusCode Status, JsonElement Json, string Text)
{
    public string Code => Json.GetProperty("error").GetProperty("code").GetString()!;

    public IReadOnlyList<JsonElement> Items => [.. Json.GetProperty("value").EnumerateArray()];
}
