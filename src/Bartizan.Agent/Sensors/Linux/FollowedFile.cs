using System.Globalization;
using System.Security.Cryptography;

namespace Bartizan.Agent.Sensors.Linux;

/// <summary>
/// Reads what is appended to a log file, over its rotation by renaming or by copying and emptying. The file is known by how it begins, since
/// its name stays while the file behind it changes.
/// </summary>
internal sealed class FollowedFile(string path)
{
    public const int MaxLine = 32 * 1024;
    private const int MaxMark = 256;
    private const int ChunkLength = 512 * 1024;

    private bool wasMissing;

    /// <summary>The next whole lines after a position and the position behind them; null when there is nothing new.</summary>
    public (IReadOnlyList<string> Lines, string Position)? Read(string? position)
    {
        if (!File.Exists(path))
        {
            wasMissing = true;
            return null;
        }

        if (Mark.Parse(position) is not { } mark)
        {
            // A file that is seen for the first time is followed from its end, one that has only now come into being from its beginning.
            using var first = Open(path);
            var end = wasMissing ? 0 : first.Length;
            return ([], Mark.Of(first, end).ToString());
        }

        using (var file = Open(path))
        {
            if (mark.IsOf(file))
            {
                return ReadLines(file, mark, isEnded: false);
            }
        }

        if (mark.Length > 0 && FindRotated(mark) is { } rotated)
        {
            using var old = Open(rotated);
            if (ReadLines(old, mark, isEnded: true) is { Lines.Count: > 0 } rest)
            {
                return rest;
            }
        }

        using var fresh = Open(path);
        return ReadLines(fresh, Mark.Of(fresh, 0), isEnded: false) ?? ([], Mark.Of(fresh, 0).ToString());
    }

    private static (IReadOnlyList<string> Lines, string Position)? ReadLines(FileStream file, Mark mark, bool isEnded)
    {
        file.Position = mark.Offset;
        var bytes = new byte[(int)Math.Min(ChunkLength, Math.Max(0, file.Length - mark.Offset))];
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var chunk = bytes.AsSpan(0, read);
        var lines = new List<string>();
        var used = 0;
        while (used < chunk.Length)
        {
            var length = chunk[used..].IndexOf((byte)'\n');
            if (length < 0)
            {
                // A line still being written waits; one without end, or the last of a file that is over, does not.
                if (!isEnded && chunk.Length < ChunkLength && chunk.Length - used < MaxLine)
                {
                    break;
                }

                if (chunk.Length == ChunkLength && used > 0)
                {
                    break;
                }

                length = chunk.Length - used;
                Add(chunk.Slice(used, length));
                used += length;
                break;
            }

            Add(chunk.Slice(used, length));
            used += length + 1;
        }

        return used == 0 ? null : (lines, Mark.Of(file, mark.Offset + used).ToString());

        void Add(ReadOnlySpan<byte> line)
        {
            var text = System.Text.Encoding.UTF8.GetString(line[..Math.Min(line.Length, MaxLine)]).TrimEnd('\r');
            if (text.Length > 0)
            {
                lines.Add(text);
            }
        }
    }

    private string? FindRotated(Mark mark)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (var candidate in Directory.EnumerateFiles(folder, Path.GetFileName(path) + "?*").Where(f => !f.EndsWith(".gz", StringComparison.Ordinal)).Take(50))
        {
            try
            {
                using var file = Open(candidate);
                if (mark.IsOf(file))
                {
                    return candidate;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone again, or not ours to read.
            }
        }

        return null;
    }

    private static FileStream Open(string file) => new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>A place in a file, and how the file begins.</summary>
    private sealed record Mark(long Offset, int Length, string Hash)
    {
        public static Mark Of(FileStream file, long offset)
        {
            var length = (int)Math.Min(MaxMark, offset);
            return new Mark(offset, length, HashOf(file, length));
        }

        public static Mark? Parse(string? text) =>
            text?.Split(':') is [var offset, var length, var hash]
            && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var marked) && marked <= MaxMark
                ? new Mark(at, marked, hash)
                : null;

        public bool IsOf(FileStream file) => file.Length >= Offset && HashOf(file, Length) == Hash;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Offset}:{Length}:{Hash}");

        private static string HashOf(FileStream file, int length)
        {
            var bytes = new byte[length];
            file.Position = 0;
            return file.ReadAtLeast(bytes, length, throwOnEndOfStream: false) == length ? Convert.ToHexString(SHA256.HashData(bytes), 0, 16) : "";
        }
    }
}
