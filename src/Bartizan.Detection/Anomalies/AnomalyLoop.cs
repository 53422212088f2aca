using Bartizan.Content.Anomalies;
using Bartizan.Detection.Rows;
using Bartizan.Store;
using Bartizan.Store.Records;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bartizan.Detection.Anomalies;

/// <summary>
/// Looks for anomalies on whole multiples of each rule's frequency, a little later so that late events are in. What was found and that it was
/// looked for are written together: no stretch is told twice, none is lost over a crash. Stretches missed for longer than a day are given up.
/// </summary>
public sealed partial class AnomalyLoop(AnomalyRules rules, AnomalyRunner runner, RecordStore records, RowOutbox outbox, DataFolder folder, TimeProvider time, ILogger<AnomalyLoop> logger) : BackgroundService
{
    private static readonly TimeSpan pause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan delay = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan catchUp = TimeSpan.FromDays(1);

    private readonly RecordSet<AnomalyState> states = records.Open(AnomalyState.Kind);

    /// <summary>Looks at every stretch that is due; returns how many anomalies were found.</summary>
    public async Task<long> RunDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var found = 0L;
        foreach (var (setting, _) in await rules.AllAsync(cancellationToken).ConfigureAwait(false))
        {
            var definition = rules.Definition(setting.DefinitionId)!;
            if (!setting.IsEnabled)
            {
                continue;
            }

            var newest = Floor(now - delay, definition.Frequency);
            var last = (await states.FindAsync(setting.Id.ToString("D"), cancellationToken).ConfigureAwait(false))?.Value.LastSlot ?? newest - definition.Frequency;
            var slot = last + definition.Frequency;
            if (newest - slot > catchUp)
            {
                slot = newest - Floor(catchUp, definition.Frequency);
            }

            for (; slot <= newest; slot += definition.Frequency)
            {
                found += await RunAsync(definition, setting, slot, cancellationToken).ConfigureAwait(false);
            }
        }

        return found;
    }

    /// <summary>Looks at one stretch and keeps what is found; again for the same stretch, it writes the same rows under the same ids.</summary>
    public async Task<long> RunAsync(AnomalyDefinition definition, AnomalySetting setting, DateTimeOffset slot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(setting);
        var run = await runner.RunAsync(definition, setting, slot, folder.Options.WorkspaceId, cancellationToken).ConfigureAwait(false);
        if (run.Problem is { } problem)
        {
            LogFailed(logger, setting.Name, problem.Message);
        }

        var state = states.Put(setting.Id.ToString("D"), new AnomalyState(setting.Id, slot, run.Rows.Count, run.Problem?.Message));
        await records.ApplyAsync(run.Rows.Count == 0 ? [state] : [state, outbox.Hold("Anomalies", run.Rows)], "detection", cancellationToken).ConfigureAwait(false);
        await outbox.FlushAsync(cancellationToken).ConfigureAwait(false);
        return run.Rows.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        foreach (var diagnostic in rules.Diagnostics)
        {
            LogFile(logger, diagnostic.ToString());
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            // Not at once: the first minute belongs to the start.
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(false);
            try
            {
                await RunDueAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogRound(logger, e);
            }
        }
    }

    private static DateTimeOffset Floor(DateTimeOffset moment, TimeSpan step) => new(moment.UtcTicks - (moment.UtcTicks % step.Ticks), TimeSpan.Zero);

    private static TimeSpan Floor(TimeSpan span, TimeSpan step) => new(span.Ticks - (span.Ticks % step.Ticks));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Anomaly: {Diagnostic}")]
    private static partial void LogFile(ILogger logger, string diagnostic);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The anomaly rule '{Rule}' failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, string rule, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of anomaly rules failed; the next one begins in a minute.")]
    private static partial void LogRound(ILogger logger, Exception exception);
}
