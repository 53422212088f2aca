using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Ingestion;
using Microsoft.Extensions.Logging;

namespace Bartizan.Connectors.Syslog;

/// <summary>
/// Receives syslog over UDP and TCP on one port and appends it: CEF to <c>CommonSecurityLog</c>, the rest to <c>Syslog</c>. Plain syslog carries no
/// proof of who sends; listen where only trusted senders reach.
/// </summary>
public sealed partial class SyslogListener(IPEndPoint address, EventIngestion ingestion, TimeProvider time, ILogger<SyslogListener> logger) : IAsyncDisposable
{
    /// <summary>Senders beyond this many at once are refused.</summary>
    private const int MaxConnections = 512;

    private const int QueuedDatagrams = 65_536;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(200);
    private const int BatchBytes = 1024 * 1024;

    private readonly CancellationTokenSource stopping = new();
    private readonly List<Task> loops = [];
    private Socket? udp;
    private TcpListener? tcp;
    private int connections;
    private long lost;

    /// <summary>Where it listens, once started.</summary>
    public IPEndPoint LocalEndPoint => (IPEndPoint)(tcp?.LocalEndpoint ?? address);

    /// <summary>Datagrams that came faster than they could be kept.</summary>
    public long Lost => Interlocked.Read(ref lost);

    /// <summary>Opens the port; a port that is taken or may not be opened is a problem.</summary>
    public Outcome<bool> Start()
    {
        try
        {
            tcp = new TcpListener(address);
            tcp.Start();
            udp = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 8 * 1024 * 1024 };
            udp.Bind(LocalEndPoint);
        }
        catch (SocketException e)
        {
            tcp?.Dispose();
            udp?.Dispose();
            return new Problem(ProblemKind.Conflict, "SyslogPortUnavailable", $"Syslog cannot listen on {address}: {e.Message}. Choose another port with --syslog.", "--syslog");
        }

        loops.Add(AcceptAsync(stopping.Token));
        loops.Add(ReceiveAsync(stopping.Token));
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        tcp?.Dispose();
        udp?.Dispose();
        await Task.WhenAll(loops).ConfigureAwait(false);
        stopping.Dispose();
    }

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await tcp!.AcceptSocketAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    return;
                }

                continue;
            }

            if (Interlocked.Increment(ref connections) > MaxConnections)
            {
                Interlocked.Decrement(ref connections);
                LogRefused(MaxConnections);
                socket.Dispose();
                continue;
            }

            _ = ServeAsync(socket, cancellationToken);
        }
    }

    /// <summary>One sender: bytes to lines, lines to the store, in the sender's order; the socket is not read while the store is behind.</summary>
    private async Task ServeAsync(Socket socket, CancellationToken cancellationToken)
    {
        var sender = (socket.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "";
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
            var lines = new ArrayBufferWriter<byte>(64 * 1024);
            while (true)
            {
                var read = await pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
                var buffer = read.Buffer;
                while (lines.WrittenCount < BatchBytes && SyslogFrames.TryRead(ref buffer, read.IsCompleted, lines))
                {
                }

                pipe.AdvanceTo(buffer.Start, lines.WrittenCount < BatchBytes ? buffer.End : buffer.Start);
                await AppendAsync(sender, lines, cancellationToken).ConfigureAwait(false);
                if (read.IsCompleted && buffer.IsEmpty)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The sender is gone, or the server stops; what was framed has been appended.
        }
        finally
        {
            Interlocked.Decrement(ref connections);
        }
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        var queue = Channel.CreateBounded<(string Sender, byte[] Message)>(new BoundedChannelOptions(QueuedDatagrams) { SingleReader = true });
        var writing = WriteDatagramsAsync(queue.Reader, cancellationToken);
        var bytes = new byte[64 * 1024];
        var any = new IPEndPoint(address.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var received = await udp!.ReceiveFromAsync(bytes, any, cancellationToken).ConfigureAwait(false);
                var sender = ((IPEndPoint)received.RemoteEndPoint).Address.ToString();
                if (received.ReceivedBytes > 0 && !queue.Writer.TryWrite((sender, bytes[..received.ReceivedBytes])))
                {
                    Interlocked.Increment(ref lost);
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // A sender's port that is closed answers here too; the next datagram is read all the same.
            }
        }

        queue.Writer.Complete();
        await writing.ConfigureAwait(false);
    }

    /// <summary>Datagrams are gathered for a moment by sender, so that a burst is one append.</summary>
    private async Task WriteDatagramsAsync(ChannelReader<(string Sender, byte[] Message)> queue, CancellationToken cancellationToken)
    {
        try
        {
            while (await queue.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
            {
                await Task.Delay(Gather, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                var senders = new Dictionary<string, ArrayBufferWriter<byte>>();
                var gathered = 0;
                while (gathered < BatchBytes && queue.TryRead(out var datagram))
                {
                    gathered += datagram.Message.Length;
                    if (!senders.TryGetValue(datagram.Sender, out var lines))
                    {
                        senders.Add(datagram.Sender, lines = new ArrayBufferWriter<byte>());
                    }

                    SyslogFrames.Write(new ReadOnlySequence<byte>(datagram.Message.AsMemory().TrimEnd("\r\n\0"u8.ToArray())), lines);
                }

                foreach (var (sender, lines) in senders)
                {
                    await AppendAsync(sender, lines, CancellationToken.None).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task AppendAsync(string sender, ArrayBufferWriter<byte> lines, CancellationToken cancellationToken)
    {
        if (lines.WrittenCount == 0)
        {
            return;
        }

        using var mapper = new SyslogMapper(time) { Sender = sender };
        using var content = new MemoryStream(lines.WrittenSpan.ToArray(), writable: false);
        var appended = await ingestion.AppendAsync(mapper, content, new IngestionOptions { Source = $"syslog {sender}", File = "syslog" }, cancellationToken).ConfigureAwait(false);
        lines.ResetWrittenCount();
        if (!appended.TryGetValue(out _, out var problem))
        {
            LogNotKept(sender, problem.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Syslog from {Sender} could not be kept: {Reason}")]
    private partial void LogNotKept(string sender, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A syslog connection was refused: {Most} are open already.")]
    private partial void LogRefused(int most);
}
