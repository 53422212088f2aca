using System.Security.Claims;
using System.Text.Encodings.Web;
using Bartizan.Wire.Client;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Bartizan.Portal.Tests.Screens;

/// <summary>The portal on a loopback port, over the invented API; everybody is signed in.</summary>
internal sealed class InventedServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private InventedApi api = new(Mood.Usual);

    private InventedServer()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(InventedServer).Assembly.GetName().Name, EnvironmentName = "Development", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.UseStaticWebAssets();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddPortal();
        builder.Services.AddAuthentication("Anybody").AddScheme<AuthenticationSchemeOptions, Anybody>("Anybody", null);
        builder.Services.AddAuthorization();
        builder.Services.AddScoped(_ => new BartizanClient(new HttpClient(api, disposeHandler: false) { BaseAddress = new Uri("http://invented") }));
        app = builder.Build();
        app.UsePortalSecurity();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapPortal();
    }

    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<InventedServer> StartAsync()
    {
        var server = new InventedServer();
        await server.app.StartAsync();
        return server;
    }

    /// <summary>What circuits opened from now on are told: a fresh API of that mood. One origin for every mood keeps the browser's caches warm.</summary>
    public void Answer(Mood mood) => api = new InventedApi(mood);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private sealed class Anybody(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "Ana Example")], "Anybody")), "Anybody")));
    }
}
