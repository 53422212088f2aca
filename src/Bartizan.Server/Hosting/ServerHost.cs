using System.Net;
using Bartizan.Foundation.Outcomes;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Serilog;
using Serilog.Events;

namespace Bartizan.Server.Hosting;

/// <summary>Kestrel and the log, set up.</summary>
internal static class ServerHost
{
    /// <summary>Bodies of ordinary requests; imports set their own limits.</summary>
    public const long MaxBody = 4 * 1024 * 1024;

    public static void Configure(WebApplicationBuilder builder, ServerOptions options, ServerCertificate certificate)
    {
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBody;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
            kestrel.Limits.MaxConcurrentConnections = 20_000;
            kestrel.ConfigureHttpsDefaults(https => https.ServerCertificateSelector = (_, _) => certificate.Current);
            Listen(kestrel, options);
        });
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.AddSerilog(log => log
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("OpenIddict", LogEventLevel.Warning)

            // A start that fails is said in one sentence, not by a stack.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
            .WriteTo.Console(restrictedToMinimumLevel: LogEventLevel.Warning, formatProvider: System.Globalization.CultureInfo.InvariantCulture, standardErrorFromLevel: LogEventLevel.Verbose)
            .WriteTo.File(
                Path.Combine(options.DataFolder, "logs", "server-.log"), rollingInterval: RollingInterval.Day, retainedFileCountLimit: 14,
                fileSizeLimitBytes: 100_000_000, rollOnFileSizeLimit: true, formatProvider: System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Starts listening; a taken port is a problem, said with its remedy.</summary>
    public static async Task<Problem?> ListenAsync(WebApplication app, ServerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            return Taken(options);
        }
        catch (System.Net.Sockets.SocketException e)
        {
            return new Problem(ProblemKind.Unavailable, "AddressUnusable", $"This machine cannot listen on the address asked for ({e.Message}); choose another with --urls or --port.", "--urls");
        }
    }

    /// <summary>
    /// Whether the port is taken, asked before anything is opened: said later, the background loops have begun already and must be stopped again.
    /// Another program may still take it in between; then the start says the same.
    /// </summary>
    public static Problem? FindTaken(ServerOptions options)
    {
        if (options.Urls.Count > 0 || options.Port == 0)
        {
            return null;
        }

        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, options.Port);
        try
        {
            probe.Start();
            return null;
        }
        catch (System.Net.Sockets.SocketException e) when (e.SocketErrorCode == System.Net.Sockets.SocketError.AddressAlreadyInUse)
        {
            return Taken(options);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Whatever else is wrong with the address, the start itself says best.
            return null;
        }
    }

    /// <summary>The address to tell people: localhost where it is among them.</summary>
    public static string Address(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var uri = new Uri(addresses.First().Replace("//[::]", "//localhost", StringComparison.Ordinal).Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal));
        return IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip) ? $"https://localhost:{uri.Port}" : uri.GetLeftPart(UriPartial.Authority);
    }

    private static Problem Taken(ServerOptions options)
    {
        var where = options.Urls.Count > 0 ? string.Join(", ", options.Urls) : $"Port {options.Port} on localhost";
        return new Problem(ProblemKind.Conflict, "AddressInUse", $"{where} is taken by another program; stop that, or choose another port with --port.", "--port");
    }

    private static void Listen(KestrelServerOptions kestrel, ServerOptions options)
    {
        if (options.Urls.Count == 0)
        {
            // "localhost" is two addresses, which cannot share a port that the system is still to choose.
            if (options.Port == 0)
            {
                kestrel.Listen(IPAddress.Loopback, 0, o => o.UseHttps());
            }
            else
            {
                kestrel.ListenLocalhost(options.Port, o => o.UseHttps());
            }
        }

        foreach (var url in options.Urls)
        {
            if (url.IdnHost == "localhost")
            {
                kestrel.ListenLocalhost(url.Port, o => o.UseHttps());
            }
            else if (IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out var address))
            {
                kestrel.Listen(address, url.Port, o => o.UseHttps());
            }
            else
            {
                // A name: listen on all addresses; the certificate carries the name.
                kestrel.ListenAnyIP(url.Port, o => o.UseHttps());
            }
        }
    }
}
