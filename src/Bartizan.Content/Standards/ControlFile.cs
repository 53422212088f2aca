using Bartizan.Content.Documents;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Content.Standards;

/// <summary>Reads the controls of the secure score.</summary>
internal static class ControlFile
{
    public static IReadOnlyList<ScoreControl> Read(string file, List<FileDiagnostic> diagnostics)
    {
        if (!File.Exists(file))
        {
            return [];
        }

        var reading = new SourceReading(SourceDocument.Read(Path.GetFileName(file), File.ReadAllText(file)));
        var controls = new List<ScoreControl>();
        if (reading.Root() is { } root)
        {
            foreach (var map in reading.Maps(root, "controls"))
            {
                var (id, name) = (reading.RequiredText(map, "id"), reading.RequiredText(map, "name"));
                if (id is not null && name is not null)
                {
                    controls.Add(new ScoreControl(id, name, reading.Integer(map, "max") ?? 0, reading.Text(map, "description") ?? ""));
                }
            }
        }

        diagnostics.AddRange(reading.Diagnostics);
        return controls;
    }
}
