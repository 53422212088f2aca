using Bartizan.Detection.Alerts;
using Bartizan.Detection.Anomalies;
using Bartizan.Detection.Bookmarks;
using Bartizan.Detection.Fusion;
using Bartizan.Detection.Incidents;
using Bartizan.Detection.Rows;
using Bartizan.Detection.Rules;
using Bartizan.Detection.Scheduling;
using Bartizan.Detection.Simulation;
using Bartizan.Detection.Suppression;
using Bartizan.Detection.ThreatIntelligence;
using Bartizan.Detection.Watchlists;
using Bartizan.Store;
using Bartizan.Store.Queries;
using Bartizan.Store.Records;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bartizan.Detection;

/// <summary>Makes detection known to a host: rules run in the background, alerts are raised, incidents are kept.</summary>
public static class DetectionSetup
{
    public static IServiceCollection AddDetection(this IServiceCollection services)
    {
        services.AddSingleton<RowOutbox>();
        services.AddSingleton<RuleStore>();
        services.AddSingleton(p => new RuleTemplates(p.GetRequiredService<DataFolder>().Options.ContentFolder is { } content ? Path.Combine(content, "rules") : null));
        services.AddSingleton(p => new AnomalyRules(
            p.GetRequiredService<RecordStore>(), p.GetRequiredService<DataFolder>().Options.ContentFolder is { } anomalies ? Path.Combine(anomalies, "anomalies") : null, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AnomalyRunner>();
        services.AddSingleton<AnomalyLoop>();
        services.AddSingleton<IHostedService>(p => p.GetRequiredService<AnomalyLoop>());
        services.AddSingleton<RuleInstallation>();
        services.AddSingleton<AlertStore>();
        services.AddSingleton<AlertSimulation>();
        services.AddSingleton<AttackCoverage>();
        services.AddSingleton<IncidentStore>();
        services.AddSingleton<IncidentComments>();
        services.AddSingleton<IncidentTasks>();
        services.AddSingleton<IncidentMerging>();
        services.AddSingleton<IncidentMetrics>();
        services.AddSingleton<BookmarkStore>();
        services.AddSingleton<SimilarIncidents>();
        services.AddSingleton<SuppressionStore>();
        services.AddSingleton<AlertIntake>();
        services.AddSingleton<AskQuery>(p => p.GetRequiredService<QueryRunner>().RunAsync);
        services.AddSingleton<RuleRunner>();
        services.AddSingleton<RuleHealth>();
        services.AddSingleton<RuleScheduler>();
        services.AddSingleton<TriggeredRuns>();
        services.AddSingleton<IHostedService>(p => p.GetRequiredService<TriggeredRuns>());
        services.AddSingleton<FusionIncidents>();
        services.AddHostedService<FusionLoop>();
        services.AddSingleton<IndicatorStore>();
        services.AddSingleton<WatchlistStore>();
        services.AddHostedService<WatchlistLoading>();
        services.AddSingleton<NrtRules>();
        services.AddHostedService<NrtLoop>();
        services.AddSingleton<RuleLoop>();
        services.AddSingleton<IHostedService>(p => p.GetRequiredService<RuleLoop>());
        return services;
    }
}
