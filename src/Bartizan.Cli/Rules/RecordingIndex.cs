using System.Text.Json;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Cli.Rules;

/// <summary>One recording of an index: its files and the techniques that were carried out in it.</summary>
internal sealed record Recording(string Id, IReadOnlyList<string> Techniques, IReadOnlyList<string> Files);

/// <summary>An index of recordings: one JSON object a line, files named relative to it.</summary>
internal static class RecordingIndex
{
    public static Outcome<IReadOnlyList<Recording>> Read(FileInfo index)
    {
        if (!index.Exists)
        {
            return new Problem(ProblemKind.NotFound, "FileNotFound", $"{index.FullName} does not exist.", "--recordings");
        }

        var recordings = new List<Recording>();
        var number = 0;
        foreach (var line in File.ReadLines(index.FullName))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                using var document = JsonDocument.Parse(line);
                recordings.Add(Read(document.RootElement, index.DirectoryName ?? "."));
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                return new Problem(ProblemKind.Invalid, "InvalidIndex", $"{index.Name}({number}): a recording is an object with id, techniques and files; {e.Message}", "--recordings");
            }
        }

        return recordings;
    }

    private static Recording Read(JsonElement record, string folder) => new(
        record.GetProperty("id").ToString(),
        record.TryGetProperty("techniques", out var techniques) ? [.. techniques.EnumerateArray().Select(t => t.ToString())] : [],
        [.. record.GetProperty("files").EnumerateArray()
            .Select(f => f.ValueKind == JsonValueKind.Object ? f.GetProperty("zip").GetString()! : f.ToString())
            .Distinct(StringComparer.Ordinal)
            .Select(f => Path.Combine(folder, f.Replace('/', Path.DirectorySeparatorChar)))]);
}
