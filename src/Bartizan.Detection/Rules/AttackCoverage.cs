using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Rules;

/// <summary>How well one technique of ATT&amp;CK is covered.</summary>
/// <param name="Claimed">Enabled rules that name it.</param>
/// <param name="Tested">Those of them that carry events which must fire them.</param>
/// <param name="Seen">Alerts that named it since the moment asked for.</param>
/// <param name="Available">Templates that name it and are no rule of this workspace, or are switched off.</param>
public sealed record TechniqueCoverage(
    string Technique, IReadOnlyList<string> Tactics, IReadOnlyList<RuleDefinition> Claimed, IReadOnlyList<RuleDefinition> Tested, long Seen, IReadOnlyList<RuleDefinition> Available);

/// <summary>What the rules claim to detect, what their tests show, and what was seen.</summary>
public sealed class AttackCoverage(RuleStore rules, RuleTemplates templates, AlertStore alerts)
{
    public async Task<IReadOnlyList<TechniqueCoverage>> SinceAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var live = (await rules.AllAsync(cancellationToken).ConfigureAwait(false)).Select(r => r.Value.Definition).ToList();
        var enabled = live.Where(r => r.IsEnabled).ToList();
        var names = enabled.Select(r => r.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var available = templates.All.Concat(live.Where(r => !r.IsEnabled)).Where(r => !names.Contains(r.Name)).DistinctBy(r => r.Name, StringComparer.OrdinalIgnoreCase).ToList();
        var covered = new List<TechniqueCoverage>();
        foreach (var technique in enabled.Concat(available).SelectMany(r => r.Techniques).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase))
        {
            bool Names(RuleDefinition rule) => rule.Techniques.Contains(technique, StringComparer.OrdinalIgnoreCase);
            var (claimed, others) = (enabled.Where(Names).OrderBy(r => r.Name, StringComparer.Ordinal).ToList(), available.Where(Names).OrderBy(r => r.Name, StringComparer.Ordinal).ToList());
            covered.Add(new TechniqueCoverage(
                technique,
                [.. claimed.Concat(others).SelectMany(r => r.Tactics).Distinct().OrderBy(AttackTactics.OrderOf)],
                claimed,
                [.. claimed.Where(IsTested)],
                await alerts.CountAsync([new RecordFilter.Equal("technique", technique), new RecordFilter.Range("time", RecordValue.Of(since), null)], cancellationToken).ConfigureAwait(false),
                others));
        }

        return covered;
    }

    // A rule of the workspace loses the events of its file when it is edited by the API; its template still has them.
    private bool IsTested(RuleDefinition rule) =>
        rule.Tests.Any(t => t.Fires) || (Guid.TryParse(rule.TemplateId, out var id) && templates.Find(id) is { } template && template.Query == rule.Query && template.Tests.Any(t => t.Fires));
}
