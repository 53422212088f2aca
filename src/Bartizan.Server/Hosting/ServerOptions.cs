using System.Net;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Server.Hosting;

/// <summary>What the command line says.</summary>
internal sealed record ServerOptions
{
    public const int DefaultPort = 8443;

    public required string DataFolder { get; init; }

    public int Port { get; init; } = DefaultPort;

    /// <summary>Addresses in the form <c>https://host:port</c>; empty for localhost on <see cref="Port"/>.</summary>
    public IReadOnlyList<Uri> Urls { get; init; } = [];

    public bool WithSample { get; init; }

    /// <summary>Where syslog is received; null for nowhere.</summary>
    public IPEndPoint? Syslog { get; init; }

    /// <summary>The folder <c>content/</c>; null to look for it.</summary>
    public string? ContentFolder { get; init; }

    /// <summary>A certificate and key in PEM of the user's own; null for one from the local authority.</summary>
    public string? CertificateFile { get; init; }

    public string? CertificateKeyFile { get; init; }

    /// <summary>Names that the certificate must be good for, beside localhost.</summary>
    public IReadOnlyList<string> Hosts => [.. Urls.Select(u => u.IdnHost.Trim('[', ']')).Where(h => h is not ("localhost" or "*" or "+" or "0.0.0.0" or "::")).Distinct()];

    /// <summary>A port, for localhost, or an address and port.</summary>
    public static Outcome<IPEndPoint> ReadEndPoint(string text) =>
        ushort.TryParse(text, out var port) ? new IPEndPoint(IPAddress.Loopback, port)
        : IPEndPoint.TryParse(text, out var address) ? address
        : new Problem(ProblemKind.Invalid, "InvalidAddress", $"'{text}' is not a place to receive syslog; write a port, such as 1514, or ADDRESS:PORT.", "--syslog");

    public static Outcome<IReadOnlyList<Uri>> ReadUrls(string? text)
    {
        var urls = new List<Uri>();
        foreach (var part in (text ?? "").Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var readable = part.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
            if (!Uri.TryCreate(readable, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps || url.AbsolutePath != "/")
            {
                return new Problem(
                    ProblemKind.Invalid, "InvalidUrl", $"'{part}' is not an address to listen on; write it as https://HOST:PORT, several with ';' between them.", "--urls");
            }

            urls.Add(url);
        }

        return urls;
    }
}
