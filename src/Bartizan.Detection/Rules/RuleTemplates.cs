using Bartizan.Content.Rules;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Rules;

/// <summary>The rules that come with the product or were imported as files: what live rules are made from.</summary>
public sealed class RuleTemplates
{
    private readonly Dictionary<Guid, RuleDefinition> templates = [];
    private readonly List<FileDiagnostic> diagnostics = [];

    /// <param name="folder">A folder of rule files; null for none.</param>
    public RuleTemplates(string? folder)
    {
        foreach (var file in folder is null ? [] : RuleFile.ReadFolder(folder))
        {
            diagnostics.AddRange(file.Diagnostics);
            foreach (var rule in file.Rules)
            {
                templates.TryAdd(rule.Id, rule);
            }
        }
    }

    public IReadOnlyCollection<RuleDefinition> All => templates.Values;

    /// <summary>What is wrong with the files; rules with errors are left out.</summary>
    public IReadOnlyList<FileDiagnostic> Diagnostics => diagnostics;

    public RuleDefinition? Find(Guid id) => templates.GetValueOrDefault(id);
}

/// <summary>That a template was made into a rule once.</summary>
internal sealed record InstalledTemplate(string Hash)
{
    public static RecordKind<InstalledTemplate> Kind { get; } = new("installedTemplates", InstalledTemplateJson.Default.InstalledTemplate) { AuditsValues = false };
}

[System.Text.Json.Serialization.JsonSerializable(typeof(InstalledTemplate))]
internal sealed partial class InstalledTemplateJson : System.Text.Json.Serialization.JsonSerializerContext;
