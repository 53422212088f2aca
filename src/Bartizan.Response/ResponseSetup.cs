using Bartizan.Connectors.Azure;
using Bartizan.Connectors.Http;
using Bartizan.Connectors.Notifications;
using Bartizan.Connectors.Taxii;
using Bartizan.Response.Automation;
using Bartizan.Response.Fixes;
using Bartizan.Response.Notifications;
using Bartizan.Response.Playbooks;
using Bartizan.Response.ThreatFeeds;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Bartizan.Response;

/// <summary>Makes response known to a host: automation rules act on incidents in the background, playbooks run, mail goes out, fixes are carried out. Needs an <see cref="ISecretSeal"/> and <see cref="IAlertRecipients"/>.</summary>
public static class ResponseSetup
{
    public static IServiceCollection AddResponse(this IServiceCollection services)
    {
        services.AddSingleton(p => new OutboundHttp(p.GetRequiredService<IOptions<PlaybookOptions>>().Value.AllowedHosts));
        services.AddSingleton<AzureConnections>();
        services.AddSingleton<ArmClient>();
        services.AddSingleton<MailSender>();
        services.AddSingleton<AlertMail>();
        services.AddSingleton<IHostedService>(p => p.GetRequiredService<AlertMail>());
        services.AddSingleton<TaxiiClient>();
        services.AddSingleton<TaxiiFeeds>();
        services.AddSingleton<IHostedService>(p => p.GetRequiredService<TaxiiFeeds>());
        services.AddSingleton<FixPlans>();
        services.AddSingleton<FixRunner>();
        services.AddSingleton<IHostedService>(p => p.GetRequiredService<FixRunner>());
        services.AddSingleton<PlaybookStore>();
        services.AddSingleton<PlaybookSubjects>();
        services.AddSingleton<PlaybookStarter>();
        services.AddSingleton<IHostedService>(p => p.GetRequiredService<PlaybookStarter>());
        services.AddSingleton<AutomationRuleStore>();
        services.AddSingleton<AutomationActor>();
        services.AddSingleton<AutomationTrails>();
        services.AddSingleton<AutomationRunner>();
        services.AddSingleton<AlertAutomation>();
        services.AddSingleton<IHostedService>(p => p.GetRequiredService<AlertAutomation>());
        services.AddSingleton<AutomationLoop>();
        services.AddSingleton<IHostedService>(p => p.GetRequiredService<AutomationLoop>());
        return services;
    }
}
