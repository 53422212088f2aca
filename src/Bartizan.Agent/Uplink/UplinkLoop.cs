using Bartizan.Agent.Buffer;

namespace Bartizan.Agent.Uplink;

/// <summary>Sends what the buffer holds, in order, for as long as the agent runs. Between failures it waits ever longer, or as long as it is told.</summary>
internal sealed class UplinkLoop(DiskBuffer buffer, Func<NumberedBatch, CancellationToken, Task<SendOutcome>> send, TimeProvider time, Action<string> say)
{
    private static readonly TimeSpan pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan longestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan longestToldWait = TimeSpan.FromMinutes(15);

    private int failures;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(await StepAsync(cancellationToken).ConfigureAwait(false), time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>One attempt; returns how long to wait before the next.</summary>
    internal async Task<TimeSpan> StepAsync(CancellationToken cancellationToken)
    {
        if (buffer.Peek() is not { } batch)
        {
            return pause;
        }

        switch (await send(batch, cancellationToken).ConfigureAwait(false))
        {
            case SendOutcome.Accepted accepted:
                if (accepted.RejectedRows > 0)
                {
                    say($"The server refused {accepted.RejectedRows} of {batch.Batch.Count} rows for {batch.Batch.Table}; its dead-letter table has them.");
                }

                if (failures > 0)
                {
                    say($"The server takes rows again; {buffer.WaitingRows()} wait.");
                }

                failures = 0;
                buffer.Release(batch);
                return TimeSpan.Zero;
            case SendOutcome.Refused refused:
                say($"{batch.Batch.Count} rows for {batch.Batch.Table} were given up: {refused.Reason}.");
                buffer.Release(batch, isRefused: true);
                return TimeSpan.Zero;
            case SendOutcome.Later later:
                if (failures++ == 0)
                {
                    say($"Rows wait on disk: {later.Reason}.");
                }

                return later.After is { } told ? (told < longestToldWait ? told : longestToldWait) : Backoff();
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>1, 2, 4 … 60 seconds, moved by up to a quarter so that a fleet does not return all at once.</summary>
    private TimeSpan Backoff()
    {
        var wait = Math.Min(longestWait.TotalSeconds, Math.Pow(2, Math.Min(failures - 1, 10)));
        return TimeSpan.FromSeconds(wait * (0.75 + (buffer.AgentId.GetHashCode() & 0xFF) / 512.0));
    }
}
