using Bartizan.Content.Rules;
using Bartizan.Testing;

namespace Bartizan.Content.Tests.Rules;

/// <summary>The rules under <c>content/rules</c>, as files.</summary>
public sealed class OwnRulesTests
{
    private static readonly IReadOnlyList<RuleFile> files = [.. RuleFile.ReadFolder(Path.Combine(RepositoryRoot.Path, "content", "rules"))];

    [Fact]
    public void Every_file_holds_one_rule_and_reads_without_a_complaint()
    {
        Assert.True(files.Count >= 80, $"{files.Count} files");
        Assert.All(files, f => Assert.True(f.Rules.Count == 1 && f.Diagnostics.Count == 0, string.Join('\n', f.Diagnostics)));
    }

    [Fact]
    public void Ids_and_names_are_used_once()
    {
        var rules = files.SelectMany(f => f.Rules).ToList();
        Assert.Equal(rules.Count, rules.Select(r => r.Id).Distinct().Count());
        Assert.Equal(rules.Count, rules.Select(r => r.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Every_rule_says_its_technique_and_its_entities_and_brings_events_that_fire_it_and_events_that_do_not()
    {
        Assert.All(files.SelectMany(f => f.Rules), r =>
        {
            Assert.NotEmpty(r.Tactics);
            Assert.NotEmpty(r.Techniques);
            Assert.NotEmpty(r.EntityMappings);
            Assert.Contains(r.Tests, t => t.Fires);
            Assert.Contains(r.Tests, t => !t.Fires);
        });
    }
}
