using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bartizan.Detection.Fusion;

/// <summary>Looks for chains every few minutes.</summary>
public sealed partial class FusionLoop(FusionIncidents fusion, TimeProvider time, ILogger<FusionLoop> logger) : BackgroundService
{
    private static readonly TimeSpan pause = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(false);
            try
            {
                await fusion.RunAsync(time.GetUtcNow(), stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogRound(logger, e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A search for chains of alerts failed; the next one begins in five minutes.")]
    private static partial void LogRound(ILogger logger, Exception exception);
}
