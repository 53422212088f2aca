namespace Bartizan.Store.Ingestion;

/// <summary>A stream that can only be read.</summary>
internal abstract class ReadingStream(Stream inner) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    protected Stream Inner => inner;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>Bytes already read from a stream, then the stream's rest.</summary>
internal sealed class PrefixedStream(byte[] first, Stream rest) : ReadingStream(rest)
{
    private int position;

    public override int Read(Span<byte> buffer)
    {
        if (position >= first.Length)
        {
            return Inner.Read(buffer);
        }

        var count = Math.Min(buffer.Length, first.Length - position);
        first.AsSpan(position, count).CopyTo(buffer);
        position += count;
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        position < first.Length ? ValueTask.FromResult(Read(buffer.Span)) : Inner.ReadAsync(buffer, cancellationToken);
}

/// <summary>Counts what is read through it.</summary>
internal sealed class CountedStream(Stream inner) : ReadingStream(inner)
{
    public long Count { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        var read = Inner.Read(buffer);
        Count += read;
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await Inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Count += read;
        return read;
    }
}

/// <summary>Unpacked bytes, charged to the budget as they are read.</summary>
internal sealed class BoundedStream(Stream inner, UnpackingBudget budget, Func<long> packed) : ReadingStream(inner)
{
    private long unpacked;

    public override int Read(Span<byte> buffer) => Charge(Inner.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Charge(await Inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

    private int Charge(int read)
    {
        unpacked += read;
        budget.Take(read, unpacked, packed());
        return read;
    }
}
