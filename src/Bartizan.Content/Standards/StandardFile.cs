using Bartizan.Content.Documents;
using Bartizan.Content.Policies;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;

namespace Bartizan.Content.Standards;

/// <summary>Reads standards; a control takes checks by name and, through <c>builtIns</c>, every check that answers to one of those.</summary>
public static class StandardFile
{
    public static IReadOnlyList<StandardDefinition> ReadFolder(string folder, IReadOnlyList<CheckDefinition> checks, List<FileDiagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(checks);
        ArgumentNullException.ThrowIfNull(diagnostics);
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var standards = new List<StandardDefinition>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.yaml").Where(f => Path.GetFileName(f) != "secure-score.yaml").Order(StringComparer.Ordinal))
        {
            if (Read(Path.GetFileName(file), File.ReadAllText(file), checks, diagnostics) is { } standard)
            {
                standards.Add(standard);
            }
        }

        return standards;
    }

    /// <summary>Reads one standard; null when it lacks what it must have.</summary>
    public static StandardDefinition? Read(string file, string text, IReadOnlyList<CheckDefinition> checks, List<FileDiagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(checks);
        ArgumentNullException.ThrowIfNull(diagnostics);
        var reading = new SourceReading(SourceDocument.Read(file, text));
        StandardDefinition? standard = null;
        if (reading.Root() is { } root && reading.RequiredText(root, "name") is { } name && reading.RequiredText(root, "title") is { } title)
        {
            var byBuiltIn = checks.SelectMany(c => c.BuiltIns.Select(b => (b, c.Name))).ToLookup(x => x.b, x => x.Name, StringComparer.OrdinalIgnoreCase);
            var known = checks.Select(c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var environments = reading.Texts(root, "environments").Select(e => Enum.TryParse<CloudEnvironment>(e, true, out var v) ? v : CloudEnvironment.Azure).ToList();
            standard = new StandardDefinition(name, title, environments.Count == 0 ? [CloudEnvironment.Azure] : environments, [.. Controls()])
            {
                Description = reading.Text(root, "description"),
                InitiativeId = reading.Text(root, "initiative"),
            };

            IEnumerable<StandardControl> Controls()
            {
                foreach (var map in reading.Maps(root, "controls"))
                {
                    if (reading.RequiredText(map, "id") is not { } id)
                    {
                        continue;
                    }

                    var builtIns = reading.Texts(map, "builtIns");
                    var named = reading.Scalars(map, "checks");
                    foreach (var scalar in named.Where(s => !known.Contains(s.Text)))
                    {
                        reading.Error("BC023", scalar.Span, $"There is no check '{scalar.Text}'.", Hint(scalar.Text, known));
                    }

                    var all = named.Select(s => s.Text).Where(known.Contains).Concat(builtIns.SelectMany(b => byBuiltIn[b]));
                    yield return new StandardControl(id, reading.Text(map, "title") ?? "", [.. all.Distinct(StringComparer.OrdinalIgnoreCase)], builtIns);
                }
            }
        }

        diagnostics.AddRange(reading.Diagnostics);
        return standard;
    }

    private static string? Hint(string name, HashSet<string> known) => NearestName.Find(name, known) is { } near ? $"Did you mean '{near}'?" : null;
}
