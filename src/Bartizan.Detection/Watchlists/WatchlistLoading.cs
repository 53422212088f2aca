using Microsoft.Extensions.Hosting;

namespace Bartizan.Detection.Watchlists;

/// <summary>Reads the watchlists before the first rule runs.</summary>
internal sealed class WatchlistLoading(WatchlistStore watchlists) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => watchlists.LoadAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
