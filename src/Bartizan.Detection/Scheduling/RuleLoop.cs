using Bartizan.Detection.Rows;
using Bartizan.Detection.Rules;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bartizan.Detection.Scheduling;

/// <summary>The background loop: makes rules of new templates once, then looks every second which rules are due.</summary>
public sealed partial class RuleLoop(
    RuleScheduler scheduler, RuleInstallation installation, RowOutbox outbox, TimeProvider time, ILogger<RuleLoop> logger) : BackgroundService
{
    private static readonly TimeSpan pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await outbox.FlushAsync(stoppingToken).ConfigureAwait(false);
        foreach (var diagnostic in await installation.RunAsync(stoppingToken).ConfigureAwait(false))
        {
            LogTemplate(logger, diagnostic.ToString());
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await scheduler.RunAskedAsync(stoppingToken).ConfigureAwait(false);
                await scheduler.RunDueAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogRound(logger, e);
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(false);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rule template: {Diagnostic}")]
    private static partial void LogTemplate(ILogger logger, string diagnostic);

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of rules failed; the next one begins in a second.")]
    private static partial void LogRound(ILogger logger, Exception exception);
}
