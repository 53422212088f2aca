using System.Collections.Concurrent;
using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assignments;
using Bartizan.Posture.Governance;
using Bartizan.Store.Records;
using Bartizan.Store.Resources;
using Microsoft.Extensions.Logging;

namespace Bartizan.Posture.Evaluation;

/// <summary>
/// Keeps the findings up to date for as long as it runs: everything at the start and once a day, what changes as it changes, and
/// everything anew when a definition, an assignment, an exemption or an attestation does.
/// </summary>
public sealed partial class PostureWatch(
    PostureSweep sweep, GovernanceRound governance, ResourceStore resources, RecordStore records, TimeProvider time, ILogger<PostureWatch> logger) : IDisposable
{
    /// <summary>Above this many changes at once, judging everything is less work than finding what depends on each.</summary>
    private const int SweepAbove = 1_000;

    private static readonly TimeSpan FullEvery = TimeSpan.FromHours(24);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    /// <summary>Changes come in bursts; a short wait gathers one without being noticed.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<ResourceId, bool> pending = new();
    private readonly SemaphoreSlim signal = new(0);
    private int needsSweep;

    public void Dispose() => signal.Dispose();

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var listening = Task.WhenAll(ListenToResourcesAsync(stop.Token), ListenToRecordsAsync(stop.Token));
        try
        {
            await TryAsync(sweep.SweepAsync, cancellationToken).ConfigureAwait(false);
            await TryAsync(governance.RunAsync, cancellationToken).ConfigureAwait(false);
            while (!cancellationToken.IsCancellationRequested)
            {
                await signal.WaitAsync(LookEvery, cancellationToken).ConfigureAwait(false);
                await Task.Delay(Gather, time, cancellationToken).ConfigureAwait(false);
                await CatchUpAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops.
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        while (signal.Wait(0, CancellationToken.None))
        {
            // Every notice gathered so far is answered below.
        }

        var ids = pending.Keys.ToList();
        ids.ForEach(i => pending.TryRemove(i, out _));
        var isDue = sweep.SweptAt is not { } last || time.GetUtcNow() - last > FullEvery || HasRunOut(last);
        if (Interlocked.Exchange(ref needsSweep, 0) == 1 || ids.Count > SweepAbove || isDue)
        {
            await TryAsync(sweep.SweepAsync, cancellationToken).ConfigureAwait(false);
        }
        else if (ids.Count > 0)
        {
            await TryAsync(c => sweep.ReviseAsync(ids, c), cancellationToken).ConfigureAwait(false);
        }

        await TryAsync(governance.RunAsync, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An exemption or attestation that ends changes the score without anything else having changed.</summary>
    private bool HasRunOut(DateTimeOffset since)
    {
        var now = time.GetUtcNow();
        return sweep.Plan.Exemptions.Select(e => e.ExpiresOn).Concat(sweep.Plan.Attestations.Select(a => a.ExpiresOn)).Any(end => end > since && end <= now);
    }

    private async Task ListenToResourcesAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in resources.Changes.ListenAsync(cancellationToken).ConfigureAwait(false))
        {
            if (ScoreRows.IsOfPosture(change.Type))
            {
                continue;
            }

            // The feed drops notices that nobody takes in time; a burst near its size is answered by a sweep.
            if (pending.Count > SweepAbove)
            {
                Interlocked.Exchange(ref needsSweep, 1);
            }
            else
            {
                pending[change.Id] = true;
            }

            signal.Release();
        }
    }

    private async Task ListenToRecordsAsync(CancellationToken cancellationToken)
    {
        await foreach (var change in records.Changes.ListenAsync(cancellationToken).ConfigureAwait(false))
        {
            if (PolicyRecords.Holds(change.Kind))
            {
                Interlocked.Exchange(ref needsSweep, 1);
                signal.Release();
            }
            else if (change.Kind == GovernanceRuleBook.KindName)
            {
                signal.Release();
            }
        }
    }

    private async Task TryAsync(Func<CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        try
        {
            await run(cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The loop is the edge: whatever went wrong is said, and the next round tries again.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Interlocked.Exchange(ref needsSweep, 1);
            LogFailed(logger, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Judging resources failed; it is tried again within a minute")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
