using Bartizan.Content.Rules;
using Bartizan.Detection.Scheduling;
using Bartizan.Detection.Trials;
using Bartizan.Store;
using Bartizan.Store.Queries;
using Bartizan.Testing;

namespace Bartizan.Detection.Tests.ThreatIntelligence;

/// <summary>The rules under <c>content/rules/threatintel</c>, which compare events with indicators.</summary>
public sealed class MatchingRulesTests
{
    [Fact]
    public async Task Each_kind_of_value_is_matched_while_its_indicator_is_active()
    {
        var content = Path.Combine(RepositoryRoot.Path, "content");
        using var folder = DataFolder.Open(new StoreOptions { ContentFolder = content, MemoryMegabytes = 512 }, TimeProvider.System).Value;
        var files = RuleFile.ReadFolder(Path.Combine(content, "rules", "threatintel")).ToList();
        var trial = new RuleTrial(folder, new RuleRunner(FolderQueries.Over(folder, TimeProvider.System).RunAsync, TimeProvider.System));
        var outcomes = new List<TrialOutcome>();
        foreach (var rule in files.SelectMany(f => f.Rules))
        {
            outcomes.AddRange(await trial.RunAsync(rule, default));
        }

        Assert.Equal(14, outcomes.Count);
        Assert.Empty(outcomes.Where(o => !o.IsPassed).Select(o => $"{o.Rule.Name}: {o.Test.Name}: {o.Complaint}"));
    }
}
