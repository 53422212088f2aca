using System.Globalization;

namespace Bartizan.Agent.Buffer;

/// <summary>
/// Batches on disk, oldest first, from when they are read until the server has them. Each is on disk before <see cref="Append"/> returns. It
/// holds a bounded number of bytes: beyond that the oldest segment goes, and its rows are counted.
/// </summary>
public sealed class DiskBuffer : IDisposable
{
    private const string SegmentPattern = "*.rows";

    private readonly Lock gate = new();
    private readonly string folder;
    private readonly string stateFile;
    private readonly long maxBytes;
    private readonly long segmentBytes;
    private readonly FileStream ownership;
    private readonly List<Segment> segments = [];
    private readonly Dictionary<string, string> positions;
    private BufferState state;
    private FileStream? current;
    private long next;

    private DiskBuffer(string folder, long maxBytes, FileStream ownership, BufferState state)
    {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.ownership = ownership;
        this.state = state;
        segmentBytes = Math.Max(1, maxBytes / 16);
        stateFile = StateFile(folder);
        positions = new Dictionary<string, string>(state.Positions);
        next = state.SentThrough + 1;
        Recover();
    }

    public Guid AgentId => state.AgentId;

    public long DroppedRows => Volatile.Read(ref state).DroppedRows;

    public long RefusedRows => Volatile.Read(ref state).RefusedRows;

    /// <summary>Opens the buffer in a folder, made if it is not there; a batch that was being written when the process died is cut off.</summary>
    /// <exception cref="IOException">The folder cannot be used, or another agent uses it.</exception>
    public static DiskBuffer Open(string folder, long maxBytes, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        Directory.CreateDirectory(folder);
        var ownership = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            var state = BufferState.Read(StateFile(folder));
            if (state is null)
            {
                // A new identity, so that its batch numbers cannot be taken for those of one whose state was lost.
                state = new BufferState { AgentId = Guid.CreateVersion7(time.GetUtcNow()) };
                state.Write(StateFile(folder));
            }

            return new DiskBuffer(folder, maxBytes, ownership, state);
        }
        catch
        {
            ownership.Dispose();
            throw;
        }
    }

    /// <summary>Where a sensor goes on; null when it has not read yet.</summary>
    public string? PositionOf(string source)
    {
        lock (gate)
        {
            return positions.GetValueOrDefault(source);
        }
    }

    /// <summary>Keeps a batch. Without rows only its position is remembered, until the next one with rows at the latest.</summary>
    public void Append(RowBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (gate)
        {
            positions[batch.Source] = batch.Position;
            if (batch.Count == 0)
            {
                return;
            }

            var frame = BatchFrame.Write(new NumberedBatch(next, batch));
            if (current is null || segments[^1].Length + frame.Length > segmentBytes)
            {
                OpenSegment();
            }

            current!.Write(frame);
            current.Flush(flushToDisk: true);
            segments[^1].Add(next, batch.Count, segments[^1].Length, frame.Length);
            next++;
            Shrink();
        }
    }

    /// <summary>The oldest batch that has not been sent; null when there is none.</summary>
    public NumberedBatch? Peek()
    {
        lock (gate)
        {
            return segments.FirstOrDefault(s => s.Last > state.SentThrough)?.FirstAfter(state.SentThrough);
        }
    }

    /// <summary>The server has the batch, or will never take it: it is not sent again.</summary>
    public void Release(NumberedBatch batch, bool isRefused = false)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (gate)
        {
            if (batch.Number <= state.SentThrough)
            {
                return;
            }

            Save(state with { SentThrough = batch.Number, RefusedRows = state.RefusedRows + (isRefused ? batch.Batch.Count : 0) });
            foreach (var segment in segments.Where(s => s.Last <= state.SentThrough).ToList())
            {
                Remove(segment);
            }
        }
    }

    /// <summary>Rows that wait to be sent.</summary>
    public long WaitingRows()
    {
        lock (gate)
        {
            return segments.Sum(s => s.RowsAfter(state.SentThrough));
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            current?.Dispose();
            current = null;
            Save(state);
            ownership.Dispose();
        }
    }

    private static string StateFile(string folder) => Path.Combine(folder, "state.json");

    private void Recover()
    {
        foreach (var path in Directory.GetFiles(folder, SegmentPattern).Order(StringComparer.Ordinal))
        {
            var segment = new Segment(path);
            ReadOnlyMemory<byte> bytes = File.ReadAllBytes(path);
            while (BatchFrame.TryRead(bytes[(int)segment.Length..], out var batch, out var length))
            {
                segment.Add(batch.Number, batch.Batch.Count, segment.Length, length);
                positions[batch.Batch.Source] = batch.Batch.Position;
            }

            if (segment.Length == 0)
            {
                File.Delete(path);
                continue;
            }

            if (bytes.Length > segment.Length)
            {
                using var torn = new FileStream(path, FileMode.Open, FileAccess.Write);
                torn.SetLength(segment.Length);
                torn.Flush(flushToDisk: true);
            }

            segments.Add(segment);
            next = Math.Max(next, segment.Last + 1);
        }

        foreach (var sent in segments.Where(s => s.Last <= state.SentThrough).ToList())
        {
            Remove(sent);
        }
    }

    private void OpenSegment()
    {
        current?.Dispose();
        var path = Path.Combine(folder, next.ToString("D19", CultureInfo.InvariantCulture) + ".rows");
        current = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete);
        segments.Add(new Segment(path));
    }

    /// <summary>Too many bytes: the oldest go, and what had not been sent of them is counted.</summary>
    private void Shrink()
    {
        while (segments.Count > 1 && segments.Sum(s => s.Length) > maxBytes)
        {
            var oldest = segments[0];
            Save(state with { SentThrough = Math.Max(state.SentThrough, oldest.Last), DroppedRows = state.DroppedRows + oldest.RowsAfter(state.SentThrough) });
            Remove(oldest);
        }
    }

    private void Remove(Segment segment)
    {
        // Positions must outlive the batches that carried them.
        Save(state);
        if (segments.Count > 0 && segment == segments[^1])
        {
            current?.Dispose();
            current = null;
        }

        segments.Remove(segment);
        File.Delete(segment.Path);
    }

    private void Save(BufferState changed)
    {
        var written = changed with { Positions = new Dictionary<string, string>(positions) };
        written.Write(stateFile);
        Volatile.Write(ref state, written);
    }

    private sealed class Segment(string path)
    {
        private readonly List<(long Number, int Rows, long Offset, int Length)> batches = [];

        public string Path => path;

        public long Length { get; private set; }

        public long Last => batches.Count == 0 ? 0 : batches[^1].Number;

        public void Add(long number, int rows, long offset, int length)
        {
            batches.Add((number, rows, offset, length));
            Length = offset + length;
        }

        public long RowsAfter(long number) => batches.Where(b => b.Number > number).Sum(b => (long)b.Rows);

        public NumberedBatch? FirstAfter(long number)
        {
            var (_, _, offset, length) = batches.First(b => b.Number > number);
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Position = offset;
            var bytes = new byte[length];
            stream.ReadExactly(bytes);
            return BatchFrame.TryRead(bytes, out var batch, out _) ? batch : throw new InvalidDataException($"The buffer's file '{path}' was altered while the agent ran.");
        }
    }
}
