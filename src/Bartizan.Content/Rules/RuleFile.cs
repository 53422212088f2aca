using Bartizan.Content.Documents;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Content.Rules;

/// <summary>The rules that one file holds, and what is wrong with it. A rule with an error is left out.</summary>
public sealed record RuleFile(string File, IReadOnlyList<RuleDefinition> Rules, IReadOnlyList<FileDiagnostic> Diagnostics)
{
    /// <summary>
    /// Reads Sentinel's rule YAML, one alert rule as the API shows it, an ARM export with <c>resources</c>, or a list
    /// (<c>value</c>) of alert rules; and Sigma's rules, translated.
    /// </summary>
    public static RuleFile Read(string file, string text)
    {
        var reading = new SourceReading(SourceDocument.Read(file, text));
        var rules = new List<RuleDefinition>();
        if (reading.Document.Root is SourceList list)
        {
            ReadAll(list.Items.OfType<SourceMap>());
        }
        else if (reading.Root() is { } root)
        {
            ReadAll(reading.Maps(root, "resources") is { Count: > 0 } resources ? resources.Where(IsAlertRule)
                : root["value"] is SourceList ? reading.Maps(root, "value")
                : [root]);
        }

        return new RuleFile(file, rules, reading.Diagnostics);

        void ReadAll(IEnumerable<SourceMap> maps)
        {
            foreach (var map in maps)
            {
                if ((SigmaReader.IsSigma(map) ? new SigmaReader(reading).Read(map) : new RuleReader(reading).Read(map)) is { } rule)
                {
                    rules.Add(rule);
                }
            }
        }
    }

    /// <summary>Every rule file below a folder, in the order of their paths.</summary>
    public static IEnumerable<RuleFile> ReadFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => Path.GetExtension(f).ToLowerInvariant() is ".yaml" or ".yml" or ".json")
            .Order(StringComparer.Ordinal))
        {
            yield return Read(Path.GetRelativePath(folder, file), System.IO.File.ReadAllText(file));
        }
    }

    private static bool IsAlertRule(SourceMap resource) =>
        resource["type"] is SourceScalar type && type.Text.EndsWith("alertRules", StringComparison.OrdinalIgnoreCase);
}
