using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bartizan.Content.Samples;

/// <summary>
/// The sample estate under <c>content/sample</c>: resources, and one day of events whose times are moved so that the day ends at a
/// moment of the reader's choice.
/// </summary>
public sealed class SampleEstate
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private readonly string folder;
    private readonly TimeSpan shift;

    private SampleEstate(string folder, TimeSpan shift, DateTimeOffset end)
    {
        this.folder = folder;
        this.shift = shift;
        End = end;
    }

    /// <summary>When the day of events begins, after the move.</summary>
    public DateTimeOffset Start => End.AddDays(-1);

    public DateTimeOffset End { get; }

    /// <exception cref="DirectoryNotFoundException">There is no sample in the folder.</exception>
    public static SampleEstate Open(string folder, DateTimeOffset end)
    {
        var manifest = Path.Combine(folder, "sample.json");
        if (!File.Exists(manifest))
        {
            throw new DirectoryNotFoundException($"No sample estate at '{folder}': sample.json is missing.");
        }

        using var document = JsonDocument.Parse(File.ReadAllText(manifest));
        var dayStart = document.RootElement.GetProperty("dayStart").GetDateTimeOffset();
        return new SampleEstate(folder, end - dayStart.AddDays(1), end);
    }

    /// <summary>One resource a line, in the shapes that resource import reads.</summary>
    public Stream OpenResources() => File.OpenRead(Path.Combine(folder, "resources.jsonl"));

    /// <summary>The names of the tables that have events.</summary>
    public IReadOnlyList<string> Tables =>
        [.. Directory.GetFiles(Path.Combine(folder, "events"), "*.jsonl.gz").Select(f => Path.GetFileName(f)[..^".jsonl.gz".Length]).Order(StringComparer.Ordinal)];

    /// <summary>The events of one table, with every time moved.</summary>
    public IEnumerable<JsonElement> ReadEvents(string table)
    {
        using var file = File.OpenRead(Path.Combine(folder, "events", table + ".jsonl.gz"));
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        while (reader.ReadLine() is { } line)
        {
            yield return Move(JsonNode.Parse(line)!.AsObject());
        }
    }

    private JsonElement Move(JsonObject row)
    {
        foreach (var (name, value) in row.ToList())
        {
            if (value is JsonValue scalar && scalar.TryGetValue<string>(out var text)
                && DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                row[name] = (time + shift).UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
            }
        }

        return JsonSerializer.SerializeToElement<JsonNode>(row);
    }
}
