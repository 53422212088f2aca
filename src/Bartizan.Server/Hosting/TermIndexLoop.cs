using Bartizan.Store;

namespace Bartizan.Server.Hosting;

/// <summary>Keeps the index over words up with the events that come in.</summary>
internal sealed class TermIndexLoop(DataFolder folder) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => folder.Indexing.RunAsync(stoppingToken), stoppingToken);
}
