using System.CommandLine;

namespace Bartizan.Server.Hosting;

/// <summary>The server's command line.</summary>
internal static class ServerCommand
{
    public static RootCommand Create(Func<ServerOptions, CancellationToken, Task<int>> run)
    {
        var data = new Option<string>("--data")
        {
            Description = "The folder that holds everything: events, records, keys, certificates. It is made if it is not there.",
            DefaultValueFactory = _ => "data",
            HelpName = "DIR",
        };
        var port = new Option<int>("--port") { Description = "The port on localhost; 0 takes a free one.", DefaultValueFactory = _ => ServerOptions.DefaultPort, HelpName = "N" };
        port.Validators.Add(r =>
        {
            if (r.Tokens.Count == 1 && (!int.TryParse(r.Tokens[0].Value, out var n) || n is < 0 or > 65535))
            {
                r.AddError($"--port takes a number from 0 to 65535, not '{r.Tokens[0].Value}'.");
            }
        });
        var urls = new Option<string?>("--urls") { Description = "Addresses to listen on in place of localhost, such as https://0.0.0.0:8443.", HelpName = "URLS" };
        urls.Validators.Add(r =>
        {
            if (r.Tokens.Count == 1 && ServerOptions.ReadUrls(r.Tokens[0].Value).Problem is { } problem)
            {
                r.AddError(problem.Message);
            }
        });
        var sample = new Option<bool>("--sample") { Description = "Load the sample estate before starting: 300 resources and a day of events with one intrusion." };
        var syslog = new Option<string?>("--syslog") { Description = "Receive syslog and CEF, over UDP and TCP, on this port of localhost or ADDRESS:PORT. Syslog proves nothing of its sender: trust the network it comes by.", HelpName = "PORT" };
        syslog.Validators.Add(r =>
        {
            if (r.Tokens.Count == 1 && ServerOptions.ReadEndPoint(r.Tokens[0].Value).Problem is { } problem)
            {
                r.AddError(problem.Message);
            }
        });
        var content = new Option<string?>("--content") { Description = "The folder with tables, policies and rules; found beside the program if not given.", HelpName = "DIR" };
        var certificate = new Option<string?>("--certificate") { Description = "A certificate of your own, PEM with its chain, in place of the local authority's.", HelpName = "FILE" };
        var key = new Option<string?>("--certificate-key") { Description = "The private key of --certificate, PEM.", HelpName = "FILE" };
        var root = new RootCommand("Bartizan: keeps watch over an estate. Starts the server and prints its address.\n\nExit codes: 0 stopped, 1 broke, 2 wrong use, 3 data folder, 4 address or certificate.")
        {
            data, port, urls, sample, syslog, content, certificate, key,
        };
        root.SetAction((result, cancellationToken) => run(
            new ServerOptions
            {
                DataFolder = Path.GetFullPath(result.GetValue(data)!),
                Port = result.GetValue(port),
                Urls = ServerOptions.ReadUrls(result.GetValue(urls)).Value,
                WithSample = result.GetValue(sample),
                Syslog = result.GetValue(syslog) is { } place ? ServerOptions.ReadEndPoint(place).Value : null,
                ContentFolder = result.GetValue(content),
                CertificateFile = result.GetValue(certificate),
                CertificateKeyFile = result.GetValue(key),
            },
            cancellationToken));
        return root;
    }
}
