using Bartizan.Detection.Incidents;
using Bartizan.Store.Records;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bartizan.Response.Automation;

/// <summary>
/// Listens for changed incidents and lets automation rules act on them. The feed may lose notices and the process may end; a sweep at the
/// start and every minute looks at whatever changed meanwhile.
/// </summary>
public sealed partial class AutomationLoop : BackgroundService
{
    private const string PositionId = "incidents";
    private static readonly TimeSpan sweepEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan overlap = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan keepEvery = TimeSpan.FromMinutes(10);
    private static readonly RecordKind<AutomationPosition> kind = new("automationPositions", AutomationJson.Default.AutomationPosition) { AuditsValues = false };

    private readonly AutomationRunner runner;
    private readonly AutomationRuleStore rules;
    private readonly IncidentStore incidents;
    private readonly TimeProvider time;
    private readonly ILogger<AutomationLoop> logger;
    private readonly RecordSet<AutomationPosition> positions;
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly HashSet<Guid> failed = [];
    private DateTimeOffset? through;
    private DateTimeOffset kept;

    public AutomationLoop(RecordStore records, AutomationRunner runner, AutomationRuleStore rules, IncidentStore incidents, TimeProvider time, ILogger<AutomationLoop> logger)
    {
        ArgumentNullException.ThrowIfNull(records);
        this.runner = runner;
        this.rules = rules;
        this.incidents = incidents;
        this.time = time;
        this.logger = logger;
        positions = records.Open(kind);
    }

    /// <summary>Switches expired rules off, then looks at every incident that changed since the last sweep; returns how many rules acted.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var name in await rules.ExpireAsync(cancellationToken).ConfigureAwait(false))
        {
            LogExpired(logger, name);
        }

        var start = time.GetUtcNow();
        var enabled = await rules.EnabledAsync(cancellationToken).ConfigureAwait(false);
        if (enabled.Count == 0)
        {
            through = start;
            return 0;
        }

        var since = (through ?? (await positions.FindAsync(PositionId, cancellationToken).ConfigureAwait(false))?.Value.Through ?? DateTimeOffset.MinValue + overlap) - overlap;
        var first = enabled.Min(r => r.EnabledSince) ?? start;
        var acted = 0;
        IReadOnlyList<Guid> changed = await ChangedSinceAsync(since > first ? since : first, cancellationToken).ConfigureAwait(false);
        foreach (var id in changed.Union(failed).ToList())
        {
            acted += await HandleAsync(id, cancellationToken).ConfigureAwait(false);
        }

        through = start;
        if (start - kept >= keepEvery)
        {
            await positions.PutAsync(PositionId, new AutomationPosition(start), null, "automation", cancellationToken).ConfigureAwait(false);
            kept = start;
        }

        return acted;
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
        await foreach (var notice in incidents.Changes.ListenAsync(cancellationToken).ConfigureAwait(false))
        {
            if (notice.IsDeleted)
            {
                await runner.ForgetAsync(notice.Id, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await HandleAsync(notice.Id, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task SweepAlwaysAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogSweep(logger, e);
            }

            await Task.Delay(sweepEvery, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<int> HandleAsync(Guid id, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var acted = await runner.HandleAsync(id, cancellationToken).ConfigureAwait(false);
            failed.Remove(id);
            return acted;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            failed.Add(id);
            LogFailed(logger, id, e);
            return 0;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<IReadOnlyList<Guid>> ChangedSinceAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var changed = new List<Guid>();
        string? continuation = null;
        do
        {
            var page = (await incidents.ListAsync(
                new RecordQuery
                {
                    Filters = [new RecordFilter.Range("modified", RecordValue.Of(since), null)],
                    OrderBy = new RecordOrder("modified"),
                    Take = 500,
                    Continuation = continuation,
                },
                cancellationToken).ConfigureAwait(false)).Value;
            changed.AddRange(page.Items.Select(i => i.Value.Id));
            continuation = page.Continuation;
        }
        while (continuation is not null);

        return changed;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The automation rule '{Rule}' has come to its end and was switched off.")]
    private static partial void LogExpired(ILogger logger, string rule);

    [LoggerMessage(Level = LogLevel.Error, Message = "Automation failed on incident {Incident}; the next sweep tries again.")]
    private static partial void LogFailed(ILogger logger, Guid incident, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A sweep of automation failed; the next one begins in a minute.")]
    private static partial void LogSweep(ILogger logger, Exception exception);
}
