using System.Xml.Linq;
using Bartizan.Testing;

namespace Bartizan.Architecture.Tests;

/// <summary>The house as the repository has it: rooms, their references, and the table that says what they may be.</summary>
internal static class House
{
    public static string Source { get; } = Path.Combine(RepositoryRoot.Path, "src");

    public static IReadOnlyList<string> Rooms { get; } =
        [.. Directory.GetDirectories(Source, "Bartizan.*").Select(d => Path.GetFileName(d)["Bartizan.".Length..]).Order(StringComparer.Ordinal)];

    public static string ProjectFile(string room) => Path.Combine(Source, $"Bartizan.{room}", $"Bartizan.{room}.csproj");

    public static IReadOnlyList<string> ReferencesOf(string projectFile) =>
        [.. XDocument.Load(projectFile).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')))
            .Where(n => n.StartsWith("Bartizan.", StringComparison.Ordinal))
            .Select(n => n["Bartizan.".Length..]).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> PackagesOf(string projectFile) =>
        [.. XDocument.Load(projectFile).Descendants("PackageReference").Select(r => r.Attribute("Include")!.Value)];

    /// <summary>The table under "Who may know whom" of docs/ARCHITECTURE.md: room to the rooms it may reference.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Table()
    {
        var lines = File.ReadAllLines(Path.Combine(RepositoryRoot.Path, "docs", "ARCHITECTURE.md"));
        var table = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var line in lines.SkipWhile(l => l != "## Who may know whom").Skip(1).TakeWhile(l => !l.StartsWith("## ", StringComparison.Ordinal)))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            if (cells.Length != 4 || cells[1] == "room" || cells[1].StartsWith("---", StringComparison.Ordinal))
            {
                continue;
            }

            var allowed = Words(cells[2]).Where(w => w != "nothing").Append("Foundation").ToList();
            foreach (var room in Words(cells[1]))
            {
                table.Add(room, [.. allowed.Where(a => a != room).Order(StringComparer.Ordinal)]);
            }
        }

        return table;
    }

    private static string[] Words(string cell) => cell.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
