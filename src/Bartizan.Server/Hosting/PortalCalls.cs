using System.Net.Http.Headers;
using System.Security.Claims;
using Bartizan.Server.Auth;
using Bartizan.Wire.Client;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Bartizan.Server.Hosting;

/// <summary>
/// The portal's way to the API: the same address and the same routes that everybody uses, over loopback, with a ticket that says for whom. Only this
/// server's own certificate is accepted there.
/// </summary>
internal sealed class PortalCalls(IServer server, ServerCertificate certificate) : IDisposable
{
    private readonly SocketsHttpHandler connection = new()
    {
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        SslOptions =
        {
#pragma warning disable CA5359 // The check is stricter than the usual one: exactly this certificate.
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(certificate.Current.RawData),
#pragma warning restore CA5359
        },
    };

    public static IServiceCollection Add(IServiceCollection services)
    {
        services.AddSingleton<PortalCalls>();
        services.AddScoped(provider => new BartizanClient(provider.GetRequiredService<PortalCalls>().For(
            provider.GetRequiredService<AuthenticationStateProvider>(), provider.GetRequiredService<PortalTickets>())));
        return services;
    }

    public void Dispose() => connection.Dispose();

    private HttpClient For(AuthenticationStateProvider who, PortalTickets tickets) =>
        new(new TicketHandler(who, tickets, connection), disposeHandler: false) { BaseAddress = Loopback(), Timeout = TimeSpan.FromMinutes(10) };

    private Uri Loopback()
    {
        var address = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First()
            .Replace("//[::]", "//localhost", StringComparison.Ordinal).Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal));
        return address;
    }

    private sealed class TicketHandler(AuthenticationStateProvider who, PortalTickets tickets, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var user = (await who.GetAuthenticationStateAsync().ConfigureAwait(false)).User;
            if (user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue(PortalTickets.Scheme, tickets.Issue(id, user.Identity?.Name ?? id));
            }

            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
    }
}
