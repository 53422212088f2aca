using Bartizan.Content.Documents;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Content.Policies;

/// <summary>The checks that one file holds, and what is wrong with it. A check with an error is left out.</summary>
public sealed record CheckFile(string File, IReadOnlyList<CheckDefinition> Checks, IReadOnlyList<FileDiagnostic> Diagnostics)
{
    /// <summary>Reads a file of checks: what holds for all of them at the top, then <c>checks</c>.</summary>
    public static CheckFile Read(string file, string text)
    {
        var reading = new SourceReading(SourceDocument.Read(file, text));
        var checks = new List<CheckDefinition>();
        if (reading.Root() is { } root)
        {
            var reader = new CheckReader(reading, root);
            foreach (var map in reading.Maps(root, "checks"))
            {
                if (reader.Read(map) is { } check)
                {
                    checks.Add(check);
                }
            }
        }

        return new CheckFile(file, checks, reading.Diagnostics);
    }

    /// <summary>Every file of checks below a folder, in the order of their paths.</summary>
    public static IEnumerable<CheckFile> ReadFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var file in Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            yield return Read(Path.GetRelativePath(folder, file), System.IO.File.ReadAllText(file));
        }
    }
}
