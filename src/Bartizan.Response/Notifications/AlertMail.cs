using Bartizan.Connectors.Notifications;
using Bartizan.Detection.Alerts;
using Bartizan.Store.Records;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bartizan.Response.Notifications;

/// <summary>
/// Sends mail about alerts to whoever wants it. Up to which alert each has had mail is kept, so a mail server that is away for a while, or a
/// restart, loses none; what waits for one person goes as one mail.
/// </summary>
public sealed partial class AlertMail(RecordStore records, AlertStore alerts, IAlertRecipients recipients, MailSender sender, TimeProvider time, ILogger<AlertMail> logger) : BackgroundService
{
    private const int MaxAtOnce = 1_000;
    private const int DailyHour = 7;
    private static readonly TimeSpan sweepEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan longestPause = TimeSpan.FromHours(1);

    private readonly RecordSet<MailPosition> positions = records.Open(MailPosition.Kind);
    private readonly Dictionary<string, (int Failures, DateTimeOffset Next)> waiting = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Sends what is due; returns how many mails went out. Nothing that was raised before somebody asked for mail is sent to them.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        if (await sender.FindAsync(cancellationToken).ConfigureAwait(false) is not { } server)
        {
            return 0;
        }

        var sent = 0;
        foreach (var recipient in await recipients.AllAsync(cancellationToken).ConfigureAwait(false))
        {
            sent += await SendAsync(recipient, server.Value.Portal, cancellationToken).ConfigureAwait(false) ? 1 : 0;
        }

        return sent;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogSweep(logger, e);
            }

            await Task.Delay(sweepEvery, time, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> SendAsync(AlertRecipient recipient, string? portal, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = recipient.Address.ToLowerInvariant();
        if ((await positions.FindAsync(id, cancellationToken).ConfigureAwait(false))?.Value is not { } position)
        {
            position = new MailPosition(recipient.Address, await alerts.LastSequenceAsync(cancellationToken).ConfigureAwait(false), now);
            await positions.PutAsync(id, position, null, "mail", cancellationToken).ConfigureAwait(false);
            return false;
        }

        if (position.Sent >= DueSince(recipient.Rhythm, now) || (waiting.TryGetValue(id, out var wait) && wait.Next > now))
        {
            return false;
        }

        var fresh = await alerts.AfterAsync(position.Sequence, MaxAtOnce, cancellationToken).ConfigureAwait(false);
        var told = fresh.Where(a => a.SuppressedBy is null && a.Severity >= recipient.Least).ToList();
        if (told.Count > 0)
        {
            var outcome = await sender.SendAsync(AlertMailText.Write(recipient, told, portal), cancellationToken).ConfigureAwait(false);
            if (!outcome.IsSuccess)
            {
                var failures = waiting.GetValueOrDefault(id).Failures + 1;
                waiting[id] = (failures, now + TimeSpan.FromTicks(Math.Min(longestPause.Ticks, sweepEvery.Ticks << Math.Min(failures, 10))));
                LogNotSent(logger, outcome.Problem.Message);
                return false;
            }
        }

        waiting.Remove(id);
        if (fresh.Count > 0 || recipient.Rhythm != MailRhythm.AtOnce)
        {
            // A digest is over when all that waited was told; of a flood the rest is next.
            await positions.PutAsync(
                id, position with { Sequence = fresh.Count > 0 ? fresh[^1].Sequence : position.Sequence, Sent = fresh.Count < MaxAtOnce ? now : position.Sent }, null, "mail", cancellationToken).ConfigureAwait(false);
        }

        return told.Count > 0;
    }

    /// <summary>Mail that was sent since this moment is enough.</summary>
    private static DateTimeOffset DueSince(MailRhythm rhythm, DateTimeOffset now)
    {
        var hour = new DateTimeOffset(now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour), TimeSpan.Zero);
        return rhythm switch
        {
            MailRhythm.AtOnce => DateTimeOffset.MaxValue,
            MailRhythm.Hourly => hour,
            _ => hour.AddHours(-(hour.Hour - DailyHour + 24) % 24),
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A mail about alerts was not sent and is tried again: {Reason}")]
    private static partial void LogNotSent(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A sweep of mail failed; the next one begins in a minute.")]
    private static partial void LogSweep(ILogger logger, Exception exception);
}
