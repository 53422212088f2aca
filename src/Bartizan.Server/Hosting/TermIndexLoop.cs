using Bartizan.Store;

namespace Bartizan.Server.Hosting;

/// <summary>Keeps the index over words up with the events that come in.</summary>
internal sealed partial class TermIndexLoop(DataFolder folder, TimeProvider time, ILogger<TermIndexLoop> logger) : BackgroundService
{
    private static readonly TimeSpan pause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Run(() => folder.Indexing.RunAsync(stoppingToken), stoppingToken).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // The edge of a background loop: searches read more without the index, and the log has the fault.
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFault(e);
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(false);
            }
#pragma warning restore CA1031
        }
    }

    [LoggerMessage(LogLevel.Error, "The index over words stopped; it goes on in a minute.")]
    private partial void LogFault(Exception exception);
}
