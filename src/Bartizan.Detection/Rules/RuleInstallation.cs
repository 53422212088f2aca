using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bartizan.Content.Rules;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Rules;

/// <summary>
/// Makes live rules of templates that are new, and brings rules that nobody edited up to their template. A rule that somebody
/// removed does not come back.
/// </summary>
public sealed class RuleInstallation(RuleTemplates templates, RuleStore rules, RecordStore records)
{
    /// <summary>Installs; returns what was wrong with template files or stood in the way.</summary>
    public async Task<IReadOnlyList<FileDiagnostic>> RunAsync(CancellationToken cancellationToken)
    {
        var diagnostics = new List<FileDiagnostic>(templates.Diagnostics);
        var seen = records.Open(InstalledTemplate.Kind);
        foreach (var template in templates.All.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            var id = template.Id.ToString("D");
            var hash = HashOf(template);
            var installed = await seen.FindAsync(id, cancellationToken).ConfigureAwait(false);
            if (installed?.Value.Hash == hash)
            {
                continue;
            }

            var live = await rules.FindAsync(template.Id, cancellationToken).ConfigureAwait(false);
            if (installed is null ? live is null : live?.Value.TemplateHash is not null)
            {
                var outcome = await rules.PutAsync(template with { TemplateId = id }, hash, null, "templates", cancellationToken).ConfigureAwait(false);
                if (!outcome.IsSuccess)
                {
                    diagnostics.Add(new FileDiagnostic(template.Name, 1, 1, Diagnostic.Warning("BD001", default, outcome.Problem.Message)));
                    continue;
                }
            }

            await seen.PutAsync(id, new InstalledTemplate(hash), null, "templates", cancellationToken).ConfigureAwait(false);
        }

        return diagnostics;
    }

    private static string HashOf(RuleDefinition template)
    {
        var bare = new LiveRule { Definition = template with { Tests = [] }, Created = default, LastModified = default };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(bare, RuleJson.Default.LiveRule))));
    }
}
