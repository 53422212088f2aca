using System.Net;
using Bartizan.Wire.Client;

namespace Bartizan.Server.Tests;

public sealed class DeviceSignInTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_person_signs_in_to_the_command_line_by_a_code_and_stays_signed_in()
    {
        using var browser = new Browser(server);
        var link = new Uri(server.Start.FirstAdministratorLink!);
        await browser.FillAsync(link.PathAndQuery, ("userName", "grace"), ("password", "a long enough one"), ("again", "a long enough one"));
        Task<string>? allowed = null;
        var signedIn = await ServerConnection.SignInAsync(
            server.Address.ToString().TrimEnd('/'), server.Local.AuthorityFile, device => allowed = browser.FillAsync($"/device?user_code={device.UserCode}"), TimeProvider.System, CancellationToken.None);

        Assert.Equal("/device/done", await allowed!);
        Assert.True(signedIn.IsSuccess, signedIn.Problem?.Message);
        using var first = ServerConnection.To(signedIn.Value).Value;
        var described = await first.Client.DescribeAsync(CancellationToken.None);
        Assert.Equal(("grace", "User"), (described.Value.User.Name, described.Value.User.Kind));

        // The token that renews is good once; the connection keeps the next.
        using var second = ServerConnection.To(first.Login).Value;
        Assert.True((await second.Client.DescribeAsync(CancellationToken.None)).IsSuccess);
    }

    [Fact]
    public async Task Nobody_allows_a_command_line_without_signing_in_first()
    {
        var answer = await server.SendAsync(HttpMethod.Get, "/device?user_code=1234-5678-9012", anonymous: true);

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
    }
}
