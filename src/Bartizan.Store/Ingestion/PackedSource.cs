using System.IO.Compression;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Store.Ingestion;

/// <summary>The plain streams inside what was sent: itself, what gzip unpacks, or the entries of a zip and of zips in it; bounded in size, ratio and depth.</summary>
internal static class PackedSource
{
    /// <summary>A zip of zips is how recordings of several machines are handed over; deeper than that lies nothing but trouble.</summary>
    private const int MostDepth = 2;

    public static async IAsyncEnumerable<(string Name, Stream Content)> OpenAsync(
        Stream stream, string name, IngestionLimits limits, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var budget = new UnpackingBudget(limits);
        var (head, whole) = await PeekAsync(stream, cancellationToken).ConfigureAwait(false);
        switch (head)
        {
            case [0x1F, 0x8B, ..]:
                var counted = new CountedStream(whole);
                yield return (name, new BoundedStream(new GZipStream(counted, CompressionMode.Decompress), budget, () => counted.Count));
                break;
            case [(byte)'P', (byte)'K', 3 or 5, 4 or 6]:
                await foreach (var entry in EntriesAsync(whole, name, limits, budget, 1, cancellationToken).ConfigureAwait(false))
                {
                    yield return entry;
                }

                break;
            default:
                yield return (name, whole);
                break;
        }
    }

    private static async IAsyncEnumerable<(string Name, Stream Content)> EntriesAsync(
        Stream stream, string name, IngestionLimits limits, UnpackingBudget budget, int depth,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var seekable = stream.CanSeek ? stream : await SpoolAsync(stream, limits, cancellationToken).ConfigureAwait(false);
        using var zip = new ZipArchive(seekable, ZipArchiveMode.Read, leaveOpen: true);
        if (zip.Entries.Count > limits.ZipEntries)
        {
            throw new IngestionStop(new Problem(
                ProblemKind.TooLarge, "TooManyEntries", $"The zip has {zip.Entries.Count:N0} entries; at most {limits.ZipEntries:N0} are read.", name));
        }

        foreach (var entry in zip.Entries)
        {
            // macOS packs a shadow of each file; folders have no name of their own.
            if (entry.Name.Length == 0 || entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal) || entry.Name.StartsWith("._", StringComparison.Ordinal))
            {
                continue;
            }

            var (head, content) = await PeekAsync(await entry.OpenAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            var label = $"{name}/{entry.FullName}";
            var packed = Math.Max(1, entry.CompressedLength);
            var bounded = new BoundedStream(content, budget, () => packed);
            if (head is [(byte)'P', (byte)'K', 3, 4])
            {
                if (depth == MostDepth)
                {
                    throw new IngestionStop(new Problem(ProblemKind.NotSupported, "NestedArchive", $"'{label}' is a zip within a zip within a zip; unpack it first.", label));
                }

                await foreach (var inner in EntriesAsync(bounded, label, limits, budget, depth + 1, cancellationToken).ConfigureAwait(false))
                {
                    yield return inner;
                }

                continue;
            }

            yield return (label, head is [0x1F, 0x8B, ..]
                ? new BoundedStream(new GZipStream(bounded, CompressionMode.Decompress), budget, () => packed)
                : bounded);
        }
    }

    /// <summary>The first four bytes, and a stream that still begins with them.</summary>
    private static async Task<(byte[] Head, Stream Whole)> PeekAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new byte[4];
        var read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (stream.CanSeek)
        {
            stream.Seek(-read, SeekOrigin.Current);
            return (head[..read], stream);
        }

        return (head[..read], new PrefixedStream(head[..read], stream));
    }

    private static async Task<Stream> SpoolAsync(Stream stream, IngestionLimits limits, CancellationToken cancellationToken)
    {
        var file = new FileStream(
            Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (file.Length + read > limits.PackedBytes)
            {
                await file.DisposeAsync().ConfigureAwait(false);
                throw new IngestionStop(new Problem(ProblemKind.TooLarge, "ArchiveTooLarge", $"The zip is larger than {limits.PackedBytes:N0} bytes."));
            }

            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }

        file.Position = 0;
        return file;
    }
}

/// <summary>Ends the reading of a stream with a problem; caught by the ingestion, which keeps what came before.</summary>
internal sealed class IngestionStop(Problem problem) : IOException(problem.Message)
{
    public Problem Problem { get; } = problem;
}

/// <summary>How much may still be unpacked from one upload, nested streams together.</summary>
internal sealed class UnpackingBudget(IngestionLimits limits)
{
    /// <summary>Below this a high ratio is no danger: short logs of one repeated line pack very well.</summary>
    private const long RatioFreeBytes = 64 * 1024 * 1024;

    private long unpacked;

    public void Take(int bytes, long ownUnpacked, long ownPacked)
    {
        unpacked += bytes;
        if (unpacked > limits.UnpackedBytes)
        {
            throw new IngestionStop(new Problem(
                ProblemKind.TooLarge, "UnpackedTooLarge", $"The archive unpacks to more than {limits.UnpackedBytes:N0} bytes; the rest was not read."));
        }

        if (ownUnpacked > RatioFreeBytes && ownUnpacked / Math.Max(1, ownPacked) > limits.PackingRatio)
        {
            throw new IngestionStop(new Problem(
                ProblemKind.TooLarge, "ArchiveBomb", $"The archive unpacks to more than {limits.PackingRatio} times its size, as no log does; the rest was not read."));
        }
    }
}
