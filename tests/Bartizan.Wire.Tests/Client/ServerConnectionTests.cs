using Bartizan.Wire.Client;

namespace Bartizan.Wire.Tests.Client;

public sealed class ServerConnectionTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bartizan-wire-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_folder_without_a_running_server_is_said_with_the_command_that_starts_one()
    {
        var problem = ServerConnection.ToFolder(folder).Problem!;

        Assert.Equal("ServerNotRunning", problem.Code);
        Assert.Contains($"./run --data {folder}", problem.Message, StringComparison.Ordinal);
        Assert.Equal("DataFolderNotFound", ServerConnection.ToFolder(Path.Combine(folder, "none")).Problem!.Code);
    }

    [Fact]
    public async Task A_damaged_credential_is_said()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, LocalConnection.FileName), "{half");

        Assert.Equal("LocalCredentialDamaged", ServerConnection.ToFolder(folder).Problem!.Code);
    }

    [Theory]
    [InlineData("http://localhost:8443")]
    [InlineData("localhost")]
    public void A_token_is_never_sent_in_the_clear(string url) =>
        Assert.Equal("InvalidServer", ServerConnection.To(new ServerLogin(url, "t", "c", "s", null, null)).Problem!.Code);

    [Fact]
    public void An_authority_that_cannot_be_read_is_said() =>
        Assert.Equal("InvalidAuthority", ServerConnection.To(new ServerLogin("https://localhost:1", "t", "c", "s", null, Path.Combine(folder, "no.pem"))).Problem!.Code);

    [Fact]
    public async Task A_server_that_does_not_answer_is_a_problem_and_no_exception()
    {
        using var connection = ServerConnection.To(new ServerLogin("https://localhost:1", "t", "c", "s", null, null)).Value;
        var answer = await connection.Client.DescribeAsync(CancellationToken.None);

        Assert.Equal("ServerUnreachable", answer.Problem!.Code);
        Assert.Equal(Foundation.Outcomes.ProblemKind.Unavailable, answer.Problem.Kind);
    }
}
