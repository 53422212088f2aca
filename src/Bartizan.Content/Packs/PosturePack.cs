using Bartizan.Content.Policies;
using Bartizan.Content.Standards;
using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Aliases;

namespace Bartizan.Content.Packs;

/// <summary>Everything of posture that <c>content/</c> holds: checks, their aliases, the secure score's controls, standards.</summary>
public sealed record PosturePack(
    IReadOnlyList<CheckDefinition> Checks,
    AliasTable Aliases,
    IReadOnlyList<ScoreControl> Controls,
    IReadOnlyList<StandardDefinition> Standards,
    IReadOnlyList<FileDiagnostic> Diagnostics)
{
    public static PosturePack Empty { get; } = new([], AliasTable.Empty, [], [], []);

    /// <summary>Reads the folder <c>content/</c>. What is wrong is said and left out; the rest is read.</summary>
    public static PosturePack ReadFolder(string folder)
    {
        var diagnostics = new List<FileDiagnostic>();
        var checks = new List<CheckDefinition>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var keys = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in CheckFile.ReadFolder(Path.Combine(folder, "policies")))
        {
            diagnostics.AddRange(file.Diagnostics);
            foreach (var check in file.Checks)
            {
                if (names.Add(check.Name) && keys.Add(check.Key))
                {
                    checks.Add(check);
                }
                else
                {
                    diagnostics.Add(At(file.File, "BC022", $"The name or key of the check '{check.Name}' is taken already."));
                }
            }
        }

        var aliases = ReadAliases(Path.Combine(folder, "policies", "aliases.json"), diagnostics);
        var controls = ControlFile.Read(Path.Combine(folder, "standards", "secure-score.yaml"), diagnostics);
        var standards = StandardFile.ReadFolder(Path.Combine(folder, "standards"), checks, diagnostics);
        return new PosturePack(checks, aliases, controls, standards, diagnostics);
    }

    private static FileDiagnostic At(string file, string code, string message) => new(file, 1, 1, Diagnostic.Error(code, default, message));

    private static AliasTable ReadAliases(string file, List<FileDiagnostic> diagnostics)
    {
        if (!File.Exists(file))
        {
            return AliasTable.Empty;
        }

        if (AliasTable.Parse(File.ReadAllText(file)).TryGetValue(out var table, out var problem))
        {
            return table;
        }

        diagnostics.Add(At(Path.GetFileName(file), problem.Code, problem.Message));
        return AliasTable.Empty;
    }
}
