using System.Globalization;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Agent;

/// <summary>The agent's command line.</summary>
internal sealed record AgentOptions
{
    public const string Usage = """
        bartizan-agent --server URL --data DIR --credential FILE [--ca FILE] [--file FILE]... [--buffer MB]

        Sends signs of life (Heartbeat) and the lines of syslog files (Syslog) of this Linux host to a Bartizan server.

          --server URL        the server's address, https://HOST:PORT
          --data DIR          where rows wait until the server has them; made if it is not there
          --credential FILE   a service principal, as 'bartizan service-principal create --output json' writes it
          --ca FILE           the authority to trust, in PEM; those of this machine if not given
          --file FILE         a syslog file to follow; again for more. /var/log/syslog or /var/log/messages if not given
          --buffer MB         how much may wait on disk, 64 if not given; beyond it the oldest rows are dropped and counted

        Exit codes: 0 stopped, 1 broke, 2 wrong use.
        """;

    private const int DefaultBuffer = 64;
    private const int MaxBuffer = 65_536;

    private static readonly string[] usualFiles = ["/var/log/syslog", "/var/log/auth.log", "/var/log/messages", "/var/log/secure"];

    public required Uri Server { get; init; }

    public required string DataFolder { get; init; }

    public required string CredentialFile { get; init; }

    public string? AuthorityFile { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    public required long BufferBytes { get; init; }

    public static Outcome<AgentOptions> Read(IReadOnlyList<string> arguments)
    {
        var given = new Dictionary<string, List<string>>();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var name = arguments[i];
            if (name is not ("--server" or "--data" or "--credential" or "--ca" or "--file" or "--buffer"))
            {
                return Refuse(name, $"There is no option '{name}'.");
            }

            if (i + 1 == arguments.Count || arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                return Refuse(name, $"{name} needs a value.");
            }

            if (!given.TryGetValue(name, out var values))
            {
                given[name] = values = [];
            }

            if (values.Count == 1 && name != "--file")
            {
                return Refuse(name, $"{name} is given twice.");
            }

            values.Add(arguments[i + 1]);
        }

        if (One("--server") is not { } url || !Uri.TryCreate(url, UriKind.Absolute, out var server) || server.Scheme != Uri.UriSchemeHttps)
        {
            return Refuse("--server", "Say with --server where to send rows: https://HOST:PORT.");
        }

        if (One("--data") is not { } folder)
        {
            return Refuse("--data", "Say with --data in which folder rows wait.");
        }

        if (One("--credential") is not { } credential)
        {
            return Refuse("--credential", "Say with --credential by which service principal to sign in.");
        }

        var megabytes = DefaultBuffer;
        if (One("--buffer") is { } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out megabytes) || megabytes is < 1 or > MaxBuffer))
        {
            return Refuse("--buffer", $"--buffer takes a number of megabytes from 1 to {MaxBuffer}, not '{text}'.");
        }

        return new AgentOptions
        {
            Server = server,
            DataFolder = Path.GetFullPath(folder),
            CredentialFile = Path.GetFullPath(credential),
            AuthorityFile = One("--ca") is { } authority ? Path.GetFullPath(authority) : null,
            Files = given.TryGetValue("--file", out var files) ? [.. files.Select(Path.GetFullPath).Distinct()] : [.. usualFiles.Where(File.Exists)],
            BufferBytes = megabytes * 1024L * 1024,
        };

        string? One(string name) => given.TryGetValue(name, out var values) ? values[0] : null;

        static Problem Refuse(string name, string message) => new(ProblemKind.Invalid, "InvalidArgument", message, name);
    }
}
