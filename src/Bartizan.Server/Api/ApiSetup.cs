using System.Text.Json.Nodes;
using Bartizan.Response.Notifications;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Api.Detection;
using Bartizan.Server.Api.Investigation;
using Bartizan.Server.Api.Logs;
using Bartizan.Server.Api.Posture;
using Bartizan.Server.Api.Response;
using Bartizan.Server.Api.Tenancy;
using Bartizan.Store.Resources;
using Bartizan.Wire.Client;

namespace Bartizan.Server.Api;

/// <summary>The API: one file per resource type, in folders named as the rooms.</summary>
internal static class ApiSetup
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.DefaultIgnoreCondition = BartizanClient.Json.DefaultIgnoreCondition;
            // What names a property twice could be read two ways.
            o.SerializerOptions.AllowDuplicateProperties = false;
            o.SerializerOptions.NumberHandling = BartizanClient.Json.NumberHandling;
            foreach (var converter in BartizanClient.Json.Converters)
            {
                o.SerializerOptions.Converters.Add(converter);
            }

            o.SerializerOptions.Converters.Add(new WholeNodes<JsonObject>());
            o.SerializerOptions.Converters.Add(new WholeNodes<JsonNode>());
        });
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.AddSingleton<Subscriptions>();
        services.AddSingleton<PolicyScans>();
        services.AddSingleton<Inventory>();
        services.AddSingleton<InventoryWrites>();
        services.AddSingleton<SavedSearches>();
        services.AddHostedService(s => s.GetRequiredService<SavedSearches>());
        services.AddSingleton<LogsRun>();
        services.AddSingleton<ResourceImport>();
        services.AddSingleton<IAlertRecipients, AlertRecipients>();
        return services;
    }

    /// <summary>Before routing: faults become answers, addresses become one form.</summary>
    public static IApplicationBuilder UseApiDialect(this IApplicationBuilder app) =>
        app.UseMiddleware<ArmFaults>().UseMiddleware<Auth.Tokens.Authority>().UseMiddleware<ArmPath>();

    /// <summary>After authentication: api-version and the caller's roles.</summary>
    public static IApplicationBuilder UseApiGate(this IApplicationBuilder app) => app.UseMiddleware<ArmGate>();

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapHealth();
        routes.MapOpenApi();
        routes.MapServer();
        routes.MapSubscriptions();
        routes.MapManagementGroups();
        routes.MapRoles();
        routes.MapServicePrincipals();
        routes.MapPeople();
        routes.MapProviders();
        routes.MapTagNames();
        routes.MapTags();
        routes.MapSecurityLocations();
        routes.MapResources();
        routes.MapImports();
        routes.MapPosture();
        routes.MapLogs();
        routes.MapSchema();
        routes.MapWorkspaceTables();
        routes.MapResourceGraph();
        routes.MapIngestion();
        routes.MapDetection();
        routes.MapInvestigation();
        routes.MapAutomationRules();
        routes.MapPlaybooks();
        routes.MapFixes();
        routes.MapAzureConnections();
        routes.MapMailServers();
        routes.MapTaxiiFeeds();
    }
}
