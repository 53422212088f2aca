using Bartizan.Response.Automation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bartizan.Response;

/// <summary>Makes response known to a host: automation rules act on incidents in the background.</summary>
public static class ResponseSetup
{
    public static IServiceCollection AddResponse(this IServiceCollection services)
    {
        services.AddSingleton<AutomationRuleStore>();
        services.AddSingleton<AutomationActor>();
        services.AddSingleton<AutomationTrails>();
        services.AddSingleton<AutomationRunner>();
        services.AddSingleton<AutomationLoop>();
        services.AddSingleton<IHostedService>(p => p.GetRequiredService<AutomationLoop>());
        return services;
    }
}
