using Bartizan.Portal.Parts;
using Bartizan.Portal.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FluentUI.AspNetCore.Components;

namespace Bartizan.Portal;

/// <summary>
/// The screens. The host registers a scoped <c>BartizanClient</c> that speaks for the signed-in user, calls
/// <see cref="UsePortalSecurity"/> early in its pipeline and <see cref="MapPortal"/> among its endpoints.
/// </summary>
public static class PortalHosting
{
    public static IServiceCollection AddPortal(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddFluentUIComponents();
        services.AddCascadingAuthenticationState();
        services.AddScoped<Browser>();
        services.AddScoped<Toasts>();
        return services;
    }

    /// <summary>Adds the security headers to every answer; call it before static files and endpoints.</summary>
    public static IApplicationBuilder UsePortalSecurity(this IApplicationBuilder app) => app.UseMiddleware<ContentSecurity>();

    /// <summary>Maps the pages and their static files. The host decides who may see them.</summary>
    public static RazorComponentsEndpointConventionBuilder MapPortal(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapStaticAssets().AllowAnonymous();
        return endpoints.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
