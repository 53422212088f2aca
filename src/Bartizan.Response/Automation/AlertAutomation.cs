using Bartizan.Detection.Alerts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bartizan.Response.Automation;

/// <summary>
/// Lets automation rules act on alerts as they are raised, in their order. Alerts are counted, so that none is passed over after a crash; the
/// feed only says when to look.
/// </summary>
public sealed partial class AlertAutomation(AutomationRuleStore rules, AlertStore alerts, AutomationActor actor, AutomationTrails trails, TimeProvider time, ILogger<AlertAutomation> logger) : BackgroundService
{
    private const int Batch = 200;
    private static readonly TimeSpan sweepEvery = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim turn = new(1, 1);
    private long? position;

    /// <summary>Looks at every alert that was raised since the last sweep; returns how many rules acted.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            position ??= await trails.AlertPositionAsync(cancellationToken).ConfigureAwait(false) ?? 0;
            var queue = AutomationDecision.InOrder(await rules.EnabledAsync(cancellationToken).ConfigureAwait(false), TriggersOn.Alerts, TriggersWhen.Created);
            if (queue.Count == 0)
            {
                // Rules look at nothing that was raised before they were switched on.
                position = await alerts.LastSequenceAsync(cancellationToken).ConfigureAwait(false);
                return 0;
            }

            var acted = 0;
            while (await alerts.AfterAsync(position.Value, Batch, cancellationToken).ConfigureAwait(false) is { Count: > 0 } fresh)
            {
                foreach (var alert in fresh)
                {
                    var runs = new List<AutomationRun>();
                    foreach (var rule in queue)
                    {
                        if (await actor.ActAsync(rule, alert, cancellationToken).ConfigureAwait(false) is { } run)
                        {
                            runs.Add(run);
                        }
                    }

                    acted += runs.Count;
                    position = alert.Sequence;
                    if (runs.Count > 0)
                    {
                        await trails.PutAsync(position.Value, runs, cancellationToken).ConfigureAwait(false);
                    }
                }

                await trails.PutAsync(position.Value, [], cancellationToken).ConfigureAwait(false);
            }

            return acted;
        }
        finally
        {
            turn.Release();
        }
    }

    public override void Dispose()
    {
        turn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await Task.WhenAll(ListenAsync(stoppingToken), SweepAlwaysAsync(stoppingToken)).ConfigureAwait(false);
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in alerts.Raised.ListenAsync(cancellationToken).ConfigureAwait(false))
        {
            await TrySweepAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SweepAlwaysAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await TrySweepAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(sweepEvery, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task TrySweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SweepAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogSweep(logger, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Automation on alerts failed; the next sweep begins in a minute.")]
    private static partial void LogSweep(ILogger logger, Exception exception);
}
