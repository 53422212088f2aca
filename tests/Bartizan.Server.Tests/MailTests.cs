using System.Net;
using System.Text;
using Bartizan.Testing;

namespace Bartizan.Server.Tests;

public sealed class MailTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Ours = "/providers/Microsoft.Bartizan/mailServers/default";
    private const string Version = "?api-version=2026-01-01";

    [Fact]
    public async Task A_mail_server_is_set_tried_and_its_password_never_given_back()
    {
        await using var smtp = new LoopbackSmtp();
        Assert.Equal("NoMailServer", (await server.PostAsync($"{Ours}/test{Version}", """{"to":"ana@example.com"}""")).Code);
        var body = $$$"""{"properties":{"host":"localhost","port":{{{smtp.Port}}},"security":"None","from":"bartizan@example.com","password":"secret-of-the-mail"}}""";
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(Ours + Version, body)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(Ours + Version, body.Replace("localhost", "mail.example.com", StringComparison.Ordinal))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(Ours + Version, body.Replace("None", "Some", StringComparison.Ordinal))).Status);
        Assert.DoesNotContain("secret", (await server.GetAsync(Ours + Version)).Json.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await server.PostAsync($"{Ours}/test{Version}", """{"to":"ana@example.com"}""")).Status);
        Assert.Equal("ana@example.com", Assert.Single(smtp.Mail).To);
        var reader = await server.ProgramAsync("reader-of-mail", "Security Reader", "/");
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(Ours + Version, body, reader)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Delete, Ours + Version)).Status);
    }

    [Theory]
    [InlineData("""{"emails":"ana@example.com;bo@example.com","notificationsByRole":{"state":"On","roles":["Owner"]},"notificationsSources":[{"sourceType":"Alert","minimalSeverity":"Medium"}],"digest":"Daily"}""", HttpStatusCode.OK)]
    [InlineData("""{"email":"ana@example.com","alertNotifications":"On","alertsToAdmins":"On"}""", HttpStatusCode.OK)]
    [InlineData("""{"emails":"nobody"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"emails":"a@example.com","digest":"Sometimes"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"notificationsByRole":{"state":"On","roles":["Janitor"]}}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"notificationsSources":[{"sourceType":"Alert","minimalSeverity":"Dire"}]}""", HttpStatusCode.BadRequest)]
    public async Task A_security_contact_says_who_hears_of_what(string properties, HttpStatusCode status)
    {
        var workspace = (await server.GetAsync("/providers/Microsoft.Bartizan/server" + Version)).Json.GetProperty("workspacePath").GetString()!;
        var subscription = string.Join('/', workspace.Split('/').Take(3));
        Assert.Equal(status, (await PutAsync($"{subscription}/providers/Microsoft.Security/securityContacts/default?api-version=2023-12-01-preview", $$"""{"properties":{{properties}}}""")).Status);
    }

    private Task<Answer> PutAsync(string path, string body, string? bearer = null) =>
        server.SendAsync(HttpMethod.Put, path, new StringContent(body, Encoding.UTF8, "application/json"), bearer);
}
