using System.CommandLine;
using Bartizan.Cli.Connection;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Client;
using Spectre.Console;

namespace Bartizan.Cli;

/// <summary><c>bartizan login</c>: signs in once, for the commands after it.</summary>
internal static class LoginCommand
{
    public static Command Create()
    {
        var command = new Command(
            "login",
            "Sign in to a server, so that later commands need no --server.\n\nA person signs in with a code in the browser:   bartizan login --server https://siem.example:8443 --ca-file ca.pem\n"
            + "A program signs in with its secret:             bartizan login --server URL --client-id ID --client-secret SECRET\nOn the server's own machine no login is needed:  bartizan score --data DIR");
        var options = ServerOptions.AddTo(command);
        var clientId = new Option<string?>("--client-id") { Description = "A service principal's application id.", HelpName = "ID" };
        var secret = new Option<string?>("--client-secret") { Description = "Its secret; better given in BARTIZAN_CLIENT_SECRET, where other users of this machine cannot see it.", HelpName = "SECRET" };
        command.Options.Add(clientId);
        command.Options.Add(secret);
        command.SetAction(async (result, cancellationToken) =>
        {
            if (options.Url(result) is not { } url)
            {
                return Run.Refuse(new Problem(ProblemKind.Invalid, "NoAddress", "Say where to sign in: bartizan login --server https://HOST:PORT", "--server"));
            }

            var login = await SignInAsync(url, Absolute(options.Authority(result)), result.GetValue(clientId), result.GetValue(secret), cancellationToken);
            return login.TryGetValue(out var done, out var problem) ? await KeepAsync(done, cancellationToken) : Run.Refuse(problem);
        });
        return command;
    }

    public static Command CreateLogout()
    {
        var command = new Command("logout", "Forget the login that 'bartizan login' kept.");
        command.SetAction(_ =>
        {
            Console.WriteLine(SavedLogin.Remove() ? "Signed out." : "Nobody was signed in.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<Outcome<ServerLogin>> SignInAsync(string url, string? authority, string? clientId, string? secret, CancellationToken cancellationToken)
    {
        if (clientId is not null)
        {
            return (secret ?? Environment.GetEnvironmentVariable("BARTIZAN_CLIENT_SECRET")) is { Length: > 0 } given
                ? new ServerLogin(url, "adfs", clientId, given, null, authority)
                : new Problem(ProblemKind.Invalid, "NoSecret", "A service principal signs in with its secret: --client-secret, or BARTIZAN_CLIENT_SECRET.", "--client-secret");
        }

        return await ServerConnection.SignInAsync(url, authority, device => Console.WriteLine(device.Message), TimeProvider.System, cancellationToken);
    }

    private static async Task<int> KeepAsync(ServerLogin login, CancellationToken cancellationToken)
    {
        if (!ServerConnection.To(login).TryGetValue(out var connection, out var problem))
        {
            return Run.Refuse(problem);
        }

        using (connection)
        {
            var described = await connection.Client.DescribeAsync(cancellationToken);
            if (!described.TryGetValue(out var server, out problem))
            {
                return Run.Refuse(problem);
            }

            var file = SavedLogin.Write(connection.Login);
            AnsiConsole.MarkupLineInterpolated($"Signed in to {login.Url} as {server.User.Name} ({string.Join(", ", server.User.Roles)}). The login is kept in {file}.");
            return ExitCodes.Done;
        }
    }

    private static string? Absolute(string? path) => path is null ? null : Path.GetFullPath(path);
}
