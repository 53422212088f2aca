using System.CommandLine;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Client;

namespace Bartizan.Cli.Connection;

/// <summary>The options by which a command finds its server, the same on every command.</summary>
internal sealed class ServerOptions
{
    private readonly Option<string?> data = new("--data")
    {
        Description = "The data folder of a server on this machine: it is found, and its local administrator signs in. Default: ./data, where a server runs over it.",
        HelpName = "DIR",
    };

    private readonly Option<string?> server = new("--server")
    {
        Description = "The server's address, signed in to by 'bartizan login', or by AZURE_CLIENT_ID, AZURE_CLIENT_SECRET and AZURE_TENANT_ID in the environment.",
        HelpName = "URL",
    };

    private readonly Option<string?> authority = new("--ca-file") { Description = "The certificate authority to trust for --server: ca.pem of its data folder.", HelpName = "FILE" };

    /// <summary>Adds the options to a command.</summary>
    public static ServerOptions AddTo(Command command)
    {
        var options = new ServerOptions();
        command.Options.Add(options.data);
        command.Options.Add(options.server);
        command.Options.Add(options.authority);
        return options;
    }

    public Outcome<ServerConnection> Open(ParseResult result)
    {
        if (result.GetValue(data) is { } folder)
        {
            return ServerConnection.ToFolder(Path.GetFullPath(folder));
        }

        var saved = SavedLogin.Read();
        var url = result.GetValue(server) ?? Variable("BARTIZAN_SERVER") ?? FromAuthority();
        var file = result.GetValue(authority) ?? Variable("BARTIZAN_CA_FILE") ?? (saved?.Url == url ? saved?.AuthorityFile : null) ?? Variable("SSL_CERT_FILE");
        if (Variable("AZURE_CLIENT_ID") is { } id && Variable("AZURE_CLIENT_SECRET") is { } secret && url is not null)
        {
            return ServerConnection.To(new ServerLogin(url, Variable("AZURE_TENANT_ID") ?? "adfs", id, secret, null, file));
        }

        if (saved is not null && (url is null || SameServer(saved.Url, url)))
        {
            return ServerConnection.To(saved with { AuthorityFile = file ?? saved.AuthorityFile });
        }

        if (url is not null)
        {
            return new Problem(ProblemKind.Unauthenticated, "NotSignedIn", $"You are not signed in to {url}; sign in with: bartizan login --server {url}", "--server");
        }

        var here = Path.GetFullPath("data");
        return File.Exists(Path.Combine(here, LocalConnection.FileName))
            ? ServerConnection.ToFolder(here)
            : new Problem(
                ProblemKind.NotFound, "NoServer", "No server is named. Say where one is: --data DIR for one on this machine, or sign in once with: bartizan login --server URL", "--data");
    }

    /// <summary>A person's token changes with each use: keeps the new one.</summary>
    public static void Keep(ServerConnection connection)
    {
        if (connection.Login.RefreshToken is not null && SavedLogin.Read() is { } saved && saved.Url == connection.Login.Url && saved.RefreshToken != connection.Login.RefreshToken)
        {
            SavedLogin.Write(connection.Login);
        }
    }

    public string? Url(ParseResult result) => result.GetValue(server);

    public string? Data(ParseResult result) => result.GetValue(data);

    public string? Authority(ParseResult result) => result.GetValue(authority);

    private static bool SameServer(string a, string b) => a.TrimEnd('/').Equals(b.TrimEnd('/'), StringComparison.OrdinalIgnoreCase);

    private static string? FromAuthority() => Variable("AZURE_AUTHORITY_HOST") is { } host && Uri.TryCreate(host, UriKind.Absolute, out var url) ? url.GetLeftPart(UriPartial.Authority) : null;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
