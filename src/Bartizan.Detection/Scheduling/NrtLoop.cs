using System.Collections.Concurrent;
using Bartizan.Store.Ingestion;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bartizan.Detection.Scheduling;

/// <summary>Hears of new events and runs the near-real-time rules over them, at most once a second.</summary>
public sealed partial class NrtLoop(NrtRules nrt, EventIngestion ingestion, TimeProvider time, ILogger<NrtLoop> logger) : BackgroundService
{
    private static readonly TimeSpan pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<EventsAppended> heard = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var listening = ListenAsync(stoppingToken);
        try
        {
            await nrt.RecoverAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogRound(logger, e);
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(false);
            var appended = new List<EventsAppended>();
            while (heard.TryDequeue(out var one))
            {
                appended.Add(one);
            }

            try
            {
                await nrt.RunAsync(appended, stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogRound(logger, e);
            }
        }

        await listening.ConfigureAwait(false);
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await foreach (var appended in ingestion.Appended.ListenAsync(cancellationToken).ConfigureAwait(false))
        {
            heard.Enqueue(appended);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of near-real-time rules failed; the next one begins in a second.")]
    private static partial void LogRound(ILogger logger, Exception exception);
}
