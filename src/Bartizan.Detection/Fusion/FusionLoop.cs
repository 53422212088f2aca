using Bartizan.Detection.Incidents;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bartizan.Detection.Fusion;

/// <summary>Looks for chains a little after incidents have come or changed, and every few minutes in any case.</summary>
public sealed partial class FusionLoop(FusionIncidents fusion, IncidentStore incidents, TimeProvider time, ILogger<FusionLoop> logger) : BackgroundService
{
    private static readonly TimeSpan longestPause = TimeSpan.FromMinutes(5);

    // Alerts of one attack come in bursts; a chain is better drawn when the burst is over.
    private static readonly TimeSpan settling = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await using var notices = incidents.Changes.ListenAsync(listening.Token).GetAsyncEnumerator(listening.Token);
        var next = notices.MoveNextAsync().AsTask();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var changed = new HashSet<Guid>();
                if (await Task.WhenAny(next, Task.Delay(longestPause, time, stoppingToken)).ConfigureAwait(false) == next)
                {
                    await Task.Delay(settling, time, stoppingToken).ConfigureAwait(false);
                    while (next.IsCompletedSuccessfully && next.Result)
                    {
                        changed.Add(notices.Current.Id);
                        next = notices.MoveNextAsync().AsTask();
                    }
                }

                try
                {
                    await fusion.RunAsync(time.GetUtcNow(), stoppingToken).ConfigureAwait(false);
                    foreach (var moment in await PastAsync(changed, stoppingToken).ConfigureAwait(false))
                    {
                        await fusion.RunAsync(moment, stoppingToken).ConfigureAwait(false);
                    }
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    LogRound(logger, e);
                }
            }
        }
        finally
        {
            // Only what has ended may be disposed of.
            await listening.CancelAsync().ConfigureAwait(false);
            await next.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    /// <summary>A replay raises alerts of long ago: their months are looked at as they stood then.</summary>
    private async Task<IReadOnlyList<DateTimeOffset>> PastAsync(HashSet<Guid> changed, CancellationToken cancellationToken)
    {
        var border = time.GetUtcNow() - FusionIncidents.Window;
        var moments = new List<DateTimeOffset>();
        foreach (var id in changed)
        {
            if ((await incidents.FindAsync(id, cancellationToken).ConfigureAwait(false))?.Value.LastActivity is { } last && last < border)
            {
                moments.Add(last);
            }
        }

        // The last moment of each stretch, so that one look sees what belongs together.
        moments.Sort();
        return [.. moments.Where((m, i) => i == moments.Count - 1 || moments[i + 1] - m > FusionIncidents.Window / 2)];
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A search for chains of alerts failed; the next one begins within five minutes.")]
    private static partial void LogRound(ILogger logger, Exception exception);
}
