using System.Threading.Channels;

namespace Bartizan.Foundation.Feeds;

/// <summary>
/// Announces that something has changed, within the process. Announcing never waits: a listener that falls behind
/// loses its oldest notices, so a notice says where to look, never what is there.
/// </summary>
public sealed class Feed<T>
{
    private const int Backlog = 4096;

    private readonly Lock gate = new();
    private Channel<T>[] listeners = [];

    public void Announce(T notice)
    {
        foreach (var listener in Volatile.Read(ref listeners))
        {
            listener.Writer.TryWrite(notice);
        }
    }

    /// <summary>Everything announced from now on, until <paramref name="cancellationToken"/> ends the listening.</summary>
    public async IAsyncEnumerable<T> ListenAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (gate)
        {
            listeners = [.. listeners, channel];
        }

        try
        {
            await foreach (var notice in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return notice;
            }
        }
        finally
        {
            lock (gate)
            {
                listeners = [.. listeners.Where(l => l != channel)];
            }
        }
    }
}
