using Bartizan.Investigation.Exploration;
using Bartizan.Investigation.Graph;
using Bartizan.Investigation.Profiles;
using Bartizan.Store;
using Microsoft.Extensions.DependencyInjection;

namespace Bartizan.Investigation;

/// <summary>Makes investigation known to a host.</summary>
public static class InvestigationSetup
{
    public static IServiceCollection AddInvestigation(this IServiceCollection services)
    {
        services.AddSingleton<IncidentGraphs>();
        services.AddSingleton<Explorer>();
        services.AddSingleton<EntityProfiles>();
        services.AddSingleton(p =>
        {
            var folder = p.GetRequiredService<DataFolder>();
            return new QuestionLibrary(folder.Options.ContentFolder is { } content ? Path.Combine(content, "exploration") : null, folder.Catalog);
        });
        return services;
    }
}
