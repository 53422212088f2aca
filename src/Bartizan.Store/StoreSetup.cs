using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Bartizan.Store.Queries;

namespace Bartizan.Store;

/// <summary>Makes the store known to a host.</summary>
public static class StoreSetup
{
    /// <summary>Uses a folder that is open already, so that the host can say what was wrong with it before it starts.</summary>
    public static IServiceCollection AddStore(this IServiceCollection services, DataFolder folder)
    {
        services.TryAddSingleton(TimeProvider.System);

        // By factory, so that the container disposes of it.
        services.AddSingleton(_ => folder);
        return services.AddDoors();
    }

    /// <summary>Opens the folder when it is first asked for.</summary>
    /// <exception cref="InvalidOperationException">On first use, when the folder cannot be opened; the message says why.</exception>
    public static IServiceCollection AddStore(this IServiceCollection services, StoreOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(p =>
        {
            var opened = DataFolder.Open(options, p.GetRequiredService<TimeProvider>());
            return opened.IsSuccess ? opened.Value : throw new InvalidOperationException(opened.Problem.Message);
        });
        return services.AddDoors();
    }

    private static IServiceCollection AddDoors(this IServiceCollection services)
    {
        services.AddSingleton(p => p.GetRequiredService<DataFolder>().Catalog);
        services.AddSingleton(p => p.GetRequiredService<DataFolder>().Records);
        services.AddSingleton(p => p.GetRequiredService<DataFolder>().Records.Audit);
        services.AddSingleton(p => p.GetRequiredService<DataFolder>().Ingestion);
        services.AddSingleton(p => p.GetRequiredService<DataFolder>().Resources);
        services.AddSingleton(p => p.GetRequiredService<DataFolder>().Records.Changes);
        services.AddSingleton(p => p.GetRequiredService<DataFolder>().Ingestion.Appended);
        services.AddSingleton(p => p.GetRequiredService<DataFolder>().Resources.Changes);
        services.AddSingleton<TableFunctions>();
        services.AddSingleton(p =>
        {
            var folder = p.GetRequiredService<DataFolder>();
            return new QueryRunner(folder.Events, folder.Catalog, folder.Terms, p.GetRequiredService<TableFunctions>(), p.GetRequiredService<TimeProvider>(), p.GetService<ILogger<QueryRunner>>() ?? NullLogger<QueryRunner>.Instance);
        });
        return services;
    }
}
