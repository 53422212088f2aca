using System.Net;
using System.Text;
using System.Text.Json;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Tokens;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Bartizan.Server.Tests;

public sealed class AccessTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public void Every_route_asks_for_a_caller_or_is_meant_to_be_open()
    {
        string[] open =
        [
            "/healthz", "/readyz", "/metadata/endpoints", "/adfs/.well-known/openid-configuration", "/adfs/oauth2/token", "/sign-in", "/sign-out", "/first-administrator", "/choose-password", "/device",
            "/device/done", "/adfs/oauth2/authorize", "/api/logs",
        ];
        var endpoints = server.Start.App.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().DistinctBy(e => e.DisplayName).ToList();
        var wrong = endpoints
            .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null && e.Metadata.GetMetadata<ArmAction>() is not null)
            .Concat(endpoints.Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null && !open.Contains("/" + e.RoutePattern.RawText!.TrimStart('/')) && !IsAsset(e)))
            .Select(e => e.DisplayName);

        Assert.True(endpoints.Count > 30, $"looked at {endpoints.Count} routes");
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("/subscriptions?api-version=2022-12-01")]
    [InlineData("/tenants?api-version=2022-12-01")]
    [InlineData("/providers/Microsoft.Bartizan/server")]
    [InlineData("/providers/Microsoft.Security/assessments?api-version=2021-06-01")]
    [InlineData("/v1/workspaces/x/query?query=print+1")]
    [InlineData("/nowhere")]
    public async Task Nobody_gets_anything(string path)
    {
        var answer = await server.SendAsync(HttpMethod.Get, path, anonymous: true);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("AuthenticationFailed", answer.Code);
    }

    [Fact]
    public async Task Health_needs_no_caller()
    {
        Assert.Equal("Healthy", (await server.SendAsync(HttpMethod.Get, "/healthz", anonymous: true)).Text);
        Assert.Equal("Ready", (await server.SendAsync(HttpMethod.Get, "/readyz", anonymous: true)).Text);
    }

    [Fact]
    public async Task A_browser_is_sent_to_sign_in()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Contains("/sign-in", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Altered_unsigned_and_foreign_tokens_are_refused()
    {
        var parts = (await server.TokenAsync()).Split('.');
        var payload = Encoding.UTF8.GetString(Decode(parts[1])).Replace(server.Local.ClientId, Guid.Empty.ToString(), StringComparison.Ordinal);
        string[] forged =
        [
            $"{parts[0]}.{Encode(payload)}.{parts[2]}",
            $"{Encode("""{"alg":"none","typ":"at+jwt"}""")}.{parts[1]}.",
            $"{parts[0]}.{parts[1]}.{parts[2][..^4]}AAAA",
            "x.y.z",
            "",
        ];
        foreach (var token in forged)
        {
            var answer = await server.GetAsync("/subscriptions?api-version=2022-12-01", token);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        }
    }

    [Theory]
    [InlineData("/adfs/oauth2/token", "{own}/.default")]
    [InlineData("/adfs/oauth2/token", "{own}//.default")]
    [InlineData("/{tenant}/oauth2/v2.0/token", "https://management.azure.com/.default")]
    [InlineData("/{tenant}/oauth2/v2.0/token", "https://api.loganalytics.io/.default")]
    public async Task Both_families_of_addresses_give_tokens_for_the_audiences_that_clients_ask_for(string path, string scope)
    {
        var own = server.Address.ToString().TrimEnd('/');
        using var answer = await server.AskTokenAsync(
            path.Replace("{tenant}", server.Local.TenantId, StringComparison.Ordinal), server.Local.ClientId, server.Local.ClientSecret, scope.Replace("{own}", own, StringComparison.Ordinal));
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        var called = await server.GetAsync("/subscriptions?api-version=2022-12-01", body.GetProperty("access_token").GetString());

        Assert.Equal(HttpStatusCode.OK, called.Status);
    }

    [Fact]
    public async Task A_new_signing_key_signs_and_the_one_before_still_verifies()
    {
        var before = await server.TokenAsync(server.Local.ClientId, server.Local.ClientSecret);
        foreach (var key in Directory.GetFiles(Path.Combine(server.Folder, "keys"), "signing-*.key"))
        {
            File.SetLastWriteTimeUtc(key, DateTime.UtcNow.AddDays(-91));
        }

        server.Start.App.Services.GetRequiredService<SigningKeys>().Rotate();
        var after = await server.TokenAsync(server.Local.ClientId, server.Local.ClientSecret);

        Assert.NotEqual(before.Split('.')[0], after.Split('.')[0]);
        foreach (var token in new[] { before, after })
        {
            Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/subscriptions?api-version=2022-12-01", token)).Status);
        }
    }

    [Fact]
    public async Task A_wrong_secret_a_foreign_audience_and_a_foreign_tenant_get_no_token()
    {
        using var secret = await server.AskTokenAsync("/adfs/oauth2/token", server.Local.ClientId, "wrong", $"{server.Address}.default");
        using var audience = await server.AskTokenAsync("/adfs/oauth2/token", server.Local.ClientId, server.Local.ClientSecret, "https://graph.microsoft.com/.default");
        using var tenant = await server.AskTokenAsync($"/{Guid.Empty}/oauth2/v2.0/token", server.Local.ClientId, server.Local.ClientSecret, $"{server.Address}.default");

        Assert.Equal(HttpStatusCode.Unauthorized, secret.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, audience.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, tenant.StatusCode);
    }

    [Fact]
    public async Task A_reader_of_one_group_sees_that_group_and_nothing_else()
    {
        await server.PostAsync("/providers/Microsoft.Bartizan/resources?file=a.jsonl", string.Join('\n', Groups()));
        var reader = await server.ProgramAsync("reader of one", "Reader", "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/one");

        var subscriptions = await server.GetAsync("/subscriptions?api-version=2022-12-01", reader);
        var resources = await server.GetAsync("/subscriptions/11111111-1111-1111-1111-111111111111/resources?api-version=2021-04-01", reader);
        var groups = await server.GetAsync("/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups?api-version=2021-04-01", reader);
        var other = await server.GetAsync("/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/two/providers/Microsoft.Storage/storageAccounts/stwo?api-version=2021-04-01", reader);
        var foreign = await server.GetAsync("/subscriptions/22222222-2222-2222-2222-222222222222/resources?api-version=2021-04-01", reader);
        var write = await server.PostAsync("/providers/Microsoft.Bartizan/events/X_CL", """{"a":1}""", reader);

        Assert.Equal(["11111111-1111-1111-1111-111111111111"], subscriptions.Items.Select(i => i.GetProperty("subscriptionId").GetString()));
        Assert.Equal(["sone"], resources.Items.Select(i => i.GetProperty("name").GetString()));
        Assert.Equal(["one"], groups.Items.Select(i => i.GetProperty("name").GetString()));
        Assert.All([other, foreign, write], a => Assert.Equal(HttpStatusCode.Forbidden, a.Status));
        Assert.All([other, foreign, write], a => Assert.Equal("AuthorizationFailed", a.Code));
    }

    [Fact]
    public async Task A_contributor_gives_no_roles_and_a_removed_program_gets_no_further()
    {
        var contributor = await server.ProgramAsync("contributor", "Contributor", "/");
        var refused = await server.PostAsync("/providers/Microsoft.Bartizan/servicePrincipals", """{"name":"x","role":"Owner","scope":"/"}""", contributor);
        var listed = await server.GetAsync("/providers/Microsoft.Bartizan/servicePrincipals");
        var id = listed.Items.Single(i => i.GetProperty("name").GetString() == "contributor").GetProperty("objectId").GetString();
        await server.SendAsync(HttpMethod.Delete, $"/providers/Microsoft.Bartizan/servicePrincipals/{id}");
        var after = await server.GetAsync("/subscriptions?api-version=2022-12-01", contributor);

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, after.Status);
    }

    [Fact]
    public async Task The_first_administrator_link_is_good_once()
    {
        var link = new Uri(server.Start.FirstAdministratorLink!);
        var page = await server.SendAsync(HttpMethod.Get, link.PathAndQuery, anonymous: true);
        Assert.Contains("First administrator", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.SendAsync(HttpMethod.Get, "/first-administrator?code=" + new string('0', 48), anonymous: true)).Status);

        using var browser = new Browser(server);
        Assert.Equal("/", await browser.FillAsync(link.PathAndQuery, ("userName", "ada"), ("password", "correct horse battery"), ("again", "correct horse battery")));
        var me = JsonDocument.Parse(await browser.GetAsync("/providers/Microsoft.Bartizan/server")).RootElement.GetProperty("user");
        Assert.Equal("ada", me.GetProperty("name").GetString());
        Assert.Equal("Owner", me.GetProperty("roles")[0].GetString());
        Assert.Equal(HttpStatusCode.Forbidden, (await server.SendAsync(HttpMethod.Get, link.PathAndQuery, anonymous: true)).Status);

        using var again = new Browser(server);
        Assert.Contains("wrong", await again.FillAsync("/sign-in", ("userName", "ada"), ("password", "not it, not it")), StringComparison.Ordinal);
        Assert.Equal("/", await again.FillAsync("/sign-in?returnUrl=//evil.example", ("userName", "ada"), ("password", "correct horse battery")));
    }

    private static IEnumerable<string> Groups()
    {
        yield return """{"id":"/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/one/providers/Microsoft.Storage/storageAccounts/sone","name":"sone","type":"Microsoft.Storage/storageAccounts","location":"westeurope"}""";
        yield return """{"id":"/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/two/providers/Microsoft.Storage/storageAccounts/stwo","name":"stwo","type":"Microsoft.Storage/storageAccounts","location":"westeurope"}""";
        yield return """{"id":"/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/one/providers/Microsoft.Storage/storageAccounts/sthree","name":"sthree","type":"Microsoft.Storage/storageAccounts","location":"westeurope"}""";
    }

    private static bool IsAsset(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.RawText!.StartsWith("_content/", StringComparison.Ordinal) || endpoint.RoutePattern.RawText.StartsWith("_framework/", StringComparison.Ordinal)
        || endpoint.RoutePattern.RawText.EndsWith(".css", StringComparison.Ordinal) || endpoint.RoutePattern.RawText.EndsWith(".js", StringComparison.Ordinal);

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static byte[] Decode(string text) => Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '='));
}
